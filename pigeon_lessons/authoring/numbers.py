"""The numbers in a lesson's prose: what proves each, and which could change without anybody noticing. Nothing is run.

A number may stand in a sentence when one of these holds:

- a claim in `tests/chapters/` quotes the words around it: `stands("01", "falls to 0.06", loss)`;
- the text gives it, for definitions and the reader's own arithmetic: `<!-- given: 16, 0.5 -->` in its paragraph;
- it is one of the fixed expressions of the book, or the number of the chapter that its link leads to;
- it equals, as rounded there, a number that stands under the same heading: in an output, a picture's words or the code.

A claim, a mark and an expression fit one number only. The last rule fits many, so it is tried on changed numbers too:
where one of them would pass, `<!-- printed: 16 -->` says which one is meant, beside being printed. The numbers of
both marks are those that their paragraph holds, each as often as it stands there.
"""

import ast
import re
from bisect import bisect_left, bisect_right
from collections import Counter
from functools import cache
from math import log
from typing import NamedTuple

from pigeon_lessons.authoring import AuthoringError
from pigeon_lessons.authoring.reading import HEADER, OUTPUT_VARIES, code_cells, tags
from pigeon_lessons.model import PIXELS, SIDE
from pigeon_lessons.setting import Setting

SETTING, COIN = Setting(), round(log(2), 3)
UNITS = SETTING.num_hidden
PACKAGE = (PIXELS, UNITS * PIXELS + 2 * UNITS + 1, 1024, 5000, SETTING.lr, SETTING.momentum, COIN)
"""What every chapter may name: pixels, parameters, digits to learn from, digits in all, defaults, a coin toss."""
FIXED = (
    "smaller than 3", "logit above 0", "Above 0 it says", f"{PIXELS} pixels", f"{UNITS} hidden units", "1 channel",
    f"1 × {SIDE} × {SIDE}", f"{SIDE} × {SIDE}", f"{SIDE} rows × {SIDE} columns", f"[n, 1, {SIDE}, {SIDE}]", "[n, 1]",
    f"{SETTING.batch_size} images", f"batch of {SETTING.batch_size}", f"batches of {SETTING.batch_size}",
    rf"\ln 2 = {COIN}", "1/√n", r"1/\sqrt n", "(1 − momentum)", r"(1 - \mu)")
"""Expressions of the book; a number in them is right."""

CELL = re.compile(r"^```\{code-cell\}.*?^```$", re.DOTALL | re.MULTILINE)
ALT = re.compile(r"^ *alt: (.*(?:\n {6}.*)*)$", re.MULTILINE)
ITEM = re.compile(r"^    - (?!\d\d_)(.*)$", re.MULTILINE)  # of questions, objectives, key points
HEADING = re.compile(r"^#{1,6} ", re.MULTILINE)
MARK = re.compile(r"<!-- (given|printed): (.*?) -->")
LINK = re.compile(r"\[([^\]]*)\]\((?:(\d\d)_)?[^)]*\)")
SILENT = re.compile(r"^```.*?^```$|(?<=^### )\d+\.|^\*\*\d+\.|^ *(?:\d+\.|-) |\*|<!--.*?-->", re.DOTALL | re.MULTILINE)
"""What readers do not see, or see as the order of things: marks, emphasis, the counting of lists and exercises."""
BREAK = re.compile(r"\n[\s\0]*\n")
NUMBER = re.compile(r"(?<![\w.])(?P<whole>\d{1,3}(?:(?:,|\{,\})\d{3})+|\d+)(?:\.(?P<part>\d+))?(?![\d_])"
                    r"(?P<percent>\s?\\?%)?")


class Number(NamedTuple):
    """A number as written: `value` is 93.1 for "93.1 %", which has one decimal; it stands at [start:end]."""

    value: float
    decimals: int = 0
    is_percent: bool = False
    start: int = 0
    end: int = 0

    @property
    def short(self):
        """The digits without commas, as numbers are compared."""
        return f"{self.value:.{self.decimals}f}"


def numbers(text):
    """Return the numbers that stand in a text; digits inside a name are none.

    >>> [number.value for number in numbers("1,024 images, 93.1 %, of `float32`")]
    [1024.0, 93.1]
    """
    return [Number(float(re.sub("[{},]", "", found["whole"]) + f".{found['part'] or 0}"), len(found["part"] or ""),
                   bool(found["percent"]), found.start(), found.end("part" if found["part"] else "whole"))
            for found in NUMBER.finditer(text)]


def prose_of(source):
    """Return what a reader of a lesson's source reads, each word where it stands in the source, all else as "\\0".

    Left out are the header, code, link targets and emphasis; a picture's own words are not.

    >>> prose_of("After *8* [epochs](02_epochs.ipynb).").replace("\\0", "")
    'After 8 epochs.'
    """
    header = HEADER.match(source)
    start = header.end() if header else 0
    seen = _only(ITEM, source[:start]) + CELL.sub(lambda cell: _only(ALT, cell[0]), source[start:])
    seen = LINK.sub(lambda link: _only(LINK, link[0]), seen)
    return SILENT.sub(lambda silent: _hidden(silent[0]), seen)


def find(words, prose):
    """Return (start, end) wherever words stand in a prose, as whole ones: "above 1" does not stand in "above 10"."""
    return [found.span() for found in _pattern(words).finditer(prose)]


class Quote(NamedTuple):
    """A call of `stands`: where it is made, the words it quotes, and for each number in them whether it proves it."""

    where: str
    words: str
    proves: list


def quotes_of(chapter):
    """Return the Quotes that the claims about a chapter make; None where a project keeps no claims.

    Raises AuthoringError for a file of claims that is not Python.
    """
    folder = chapter.root / "tests" / "chapters"
    if not folder.is_dir():
        return None
    quotes = []
    for path in sorted(folder.glob("test_claims_*.py")):
        for call in _calls_of_stands(path.name, path.read_bytes()):
            number, words, *computed = [getattr(argument, "value", None) for argument in call.args]
            if number == chapter.number and isinstance(words, str):
                is_star = any(isinstance(argument, ast.Starred) for argument in call.args)
                proves = [is_star or value is not ... for value in computed + [None] * is_star * len(words)]
                quotes.append(Quote(f"tests/chapters/{path.name}:{call.lineno}", words, proves))
    return quotes


def number_problems(text, notebook, quotes):
    """Yield (line, sentence) for each number in the prose of a reading.Text that nothing proves or that could rot.

    `notebook` holds the outputs; `quotes` are those of the chapter, None for no judgment.
    """
    if quotes is None:
        return
    prose = prose_of(text.source)
    found = numbers(prose)
    right, fast, problems = _pins(text.source, prose, found, quotes)
    heads = [heading.start() for heading in HEADING.finditer(prose)]
    known = _known(text, notebook, heads)
    for number in found:
        here = _rounded(known[bisect_right(heads, number.start)][number.is_percent], number.decimals)
        if number not in right and number.short not in here:
            problems.append((number.start, f"{number.short} is neither printed under its heading nor quoted by a "
                             f"claim; print it, claim it, or mark it when it is given: <!-- given: {number.short} -->"))
        elif number not in fast and (others := here & _changed(number.short)):
            problems.append((number.start, f"{number.short} could become {min(others)} unnoticed; quote it in a claim, "
                                           f"or mark it: <!-- printed: {number.short} -->"))
    yield from ((text.source.count("\n", 0, place) + 1, problem) for place, problem in problems)


def _pins(source, prose, found, quotes):
    """Return the numbers that are right, those that cannot become others, and what is wrong with quotes and marks."""
    right, fast, problems = set(), set(), []

    def between(start, end):
        return [number for number in found if start <= number.start < end]

    for quote in quotes:
        places = find(quote.words, prose)
        for inside in (between(*place) for place in places):
            fast.update(inside)
            right.update(number for number, proves in zip(inside, quote.proves, strict=False) if proves)
        if not places:
            other = _pattern(quote.words, any_numbers=True).search(prose)
            problems.append((other.start(), f"this should say {quote.words!r}, which {quote.where} computes") if other
                            else (0, f"{quote.where} quotes {quote.words!r}, which is not said here"))
    ends = [0, *(gap.start() for gap in BREAK.finditer(prose)), len(prose)]  # of paragraphs
    for mark in MARK.finditer(source):
        last = bisect_left(ends, len(prose[:mark.start()].rstrip("\0\n ")), lo=1)
        inside = between(ends[last - 1], ends[last])
        for short, count in Counter(number.short for number in numbers(mark[2])).items():
            same = [number for number in inside if number.short == short]
            fast.update(same)
            right.update(same if mark[1] == "given" else ())
            if len(same) != count:
                problems.append((mark.start(), f"{short} is marked {count} times, but stands {len(same)} times in the "
                                               "paragraph"))
    for expression in FIXED:
        for place in find(expression, prose):
            right.update(between(*place))
    for link in LINK.finditer(source):
        right.update(number for number in between(*link.span(1)) if link[2] and number.value == float(link[2]))
    return right, fast, problems


def _known(text, notebook, heads):
    """Return what stands in code and outputs between two headings, and the package's: values, and as percentages."""
    known = [(set(PACKAGE), set(PACKAGE)) for _ in range(len(heads) + 1)]
    run = {cell.source: cell for cell in code_cells(notebook)}
    for found, cell in zip(CELL.finditer(text.source), code_cells(text.notebook), strict=False):
        values, percentages = known[bisect_right(heads, found.start())]
        outputs = run.get(cell.source, {}).get("outputs", ()) if OUTPUT_VARIES not in tags(cell) else ()
        data = [output.get("data", {}) for output in outputs]
        for words in (cell.source, *(output.get("text", "") for output in outputs),
                      *(part.get(kind, "") for part in data for kind in ("text/plain", "text/latex"))):
            for number in _numbers(words):
                values |= {number.value, number.value / 100} if number.is_percent else {number.value}
                percentages |= {number.value} if number.is_percent else {number.value, 100 * number.value}
    return [tuple(map(frozenset, pair)) for pair in known]


@cache
def _rounded(values, decimals):
    """Return the values as a text may write them: only what is one becomes a zero, or a whole number below 10."""
    least = 0.5 / 10**decimals if decimals else 9.5
    return {f"{value:.{decimals}f}" for value in values if value >= least or value == int(value)}


@cache
def _changed(short):
    """Return what a number becomes by another digit, by the exchange of two, and when it is ten times as large."""
    whole, _, part = short.partition(".")
    digits = whole + part
    ways = {digits[:at] + digit + digits[at + 1:] for at in range(len(digits)) for digit in "0123456789"}
    ways |= {digits[:at] + digits[at:at + 2][::-1] + digits[at + 2:] for at in range(len(digits))}
    ways = {way for way in ways if way[0] != "0" or len(way) == len(part) + 1} | {digits + "0"}
    return {f"{int(way) / 10**len(part):.{len(part)}f}" for way in ways} - {short}


def _hidden(text):
    return re.sub(r"[^\n]", "\0", text)


def _only(pattern, text):
    """Hide all of a text but the first group of each match."""
    shown, end = [], 0
    for found in pattern.finditer(text):
        shown += [_hidden(text[end:found.start(1)]), found[1]]
        end = found.end(1)
    return "".join(shown) + _hidden(text[end:])


@cache
def _pattern(words, any_numbers=False):
    """Compile what finds words in a prose, with anything unseen between their letters, or with any numbers in them."""
    parts = (r"[\d.,]*\d" if any_numbers and part[0].isdigit() else r"[\s\0]+" if part == " " else re.escape(part)
             for part in re.findall(r"\d[\d.,]*(?<=\d)|[^\d]" if any_numbers else r".", words))
    return re.compile(r"(?<![\w.])" + r"\0*".join(parts) + r"(?!\0*[\d_]|[.,]\d)")


@cache  # every chapter asks for the claims of all
def _calls_of_stands(name, source):
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError) as error:  # the second is what Python 3.11 says of a null byte
        line, reason = getattr(error, "lineno", None) or 1, getattr(error, "msg", error)
        raise AuthoringError(f"tests/chapters/{name}:{line}: not Python: {reason}") from error
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call) and len(node.args) > 1
            and getattr(node.func, "id", "") == "stands"]


_numbers = cache(numbers)  # of outputs, which stay as they are while a text is changed
