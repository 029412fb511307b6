"""No number in the prose of a chapter can change unnoticed: each is changed here, one at a time, and each is missed."""

import ast
import itertools
import random
import re
from dataclasses import replace

import pytest
from nbformat.v4 import new_notebook

from pigeon_lessons.authoring.contract import find_problems
from pigeon_lessons.authoring.numbers import CELL, HEADING, find, number_problems, numbers, prose_of, quotes_of
from pigeon_lessons.authoring.pairing import Chapter, find_chapters
from pigeon_lessons.authoring.reading import read_notebook, read_text
from tests.authoring.tiny import PROJECT, header, write
from tests.chapters.claims import stands

CHAPTERS = find_chapters(PROJECT)
TEXT = header('  title: "Tiny, in 7 parts"\n  key_points:\n    - After 4 epochs it is right.\n') + """
# A lesson of 2 pages

The loss falls to 0.52, the accuracy rises to 93 %. After [chapter 03](03_rate.ipynb) there are 784 pixels.

```{code-cell} ipython3
loss = run(lr=0.35)
```

## Below

The noise scale is about 16, after
*8* epochs. <!-- given: 8 -->

1. It **halves**, to 17.
"""
CLAIMS = """\
stands("01", "of 2 pages", pages)
stands("01", "After 4 epochs", count)
stands("01", "about 16, after 8", noise, ...)
"""


@pytest.fixture
def chapter(tmp_path):
    """Return a chapter with claims about it; what it prints is put in by `problems`."""
    (tmp_path / "tests" / "chapters").mkdir(parents=True)
    (tmp_path / "tests" / "chapters" / "test_claims_01_tiny.py").write_text(CLAIMS)
    chapter = Chapter(tmp_path, "01_tiny")
    write(chapter, TEXT)
    return chapter


def problems(chapter, text=TEXT, printed="loss 0.5234, accuracy 0.931"):
    write(chapter, text)
    notebook = read_notebook(chapter)
    cell = next(cell for cell in notebook.cells if cell.cell_type == "code")
    cell.outputs = [{"output_type": "stream", "name": "stdout", "text": printed}]
    return list(number_problems(read_text(chapter), notebook, quotes_of(chapter)))


def test_numbers_that_are_printed_quoted_given_or_fixed_are_proven_and_one_that_is_not_is_named(chapter):
    line = TEXT.split("\n").index("1. It **halves**, to 17.") + 1
    assert [(number, problem[:18]) for number, problem in problems(chapter)] == [(line, "17 is neither prin")]


@pytest.mark.parametrize(("old", "new", "word", "problem"), [
    ("0.52,", "0.53,", "The loss", "0.53 is neither printed under its heading nor quoted"),
    ("93 %", "94 %", "The loss", "94 is neither printed"),
    ("chapter 03]", "chapter 04]", "The loss", "4 is neither printed"),
    ("784 pixels", "785 pixels", "The loss", "785 is neither printed"),
    ("about 16", "about 61", "The noise", "this should say 'about 16, after 8', which tests/chapters/test_claims_"),
    ("*8* epochs", "*9* epochs", "The noise", "this should say 'about 16, after 8'"),
    ("of 2 pages", "of 3 pages", "# A lesson", "this should say 'of 2 pages'"),
    ("of 2 pages", "of two pages", "<!--", "test_claims_01_tiny.py:1 quotes 'of 2 pages', which is not said here"),
    ("After 4 epochs", "After 5 epochs", "    - After", "this should say 'After 4 epochs'"),
    ("given: 8", "given: 8, 8", "*8*", "8 is marked 2 times, but stands 1 times"),
    ("0.52,", "0.5,", "The loss", "0.5 could become 0.3 unnoticed; quote it in a claim, or mark it: "),
])
def test_a_changed_number_is_missed_with_its_line(chapter, old, new, word, problem):
    text = TEXT.replace(old, new, 1)
    line = next(number for number, line in enumerate(text.split("\n"), start=1) if line.startswith(word))
    assert any(number == line and problem in sentence for number, sentence in problems(chapter, text))


def test_check_names_file_and_line(chapter):
    line = TEXT.split("\n").index("1. It **halves**, to 17.") + 1
    assert any(problem.startswith(f"lessons/01_tiny.md:{line}: 17 is neither") for problem in find_problems(chapter))


def test_a_number_is_missed_when_the_output_changes_or_stands_under_another_heading(chapter):
    assert any("0.52 is neither" in problem for _, problem in problems(chapter, printed="loss 0.5334, accuracy 0.931"))
    text = TEXT.replace("about 16", "about 16 and 0.35", 1)
    assert any("0.35 is neither" in problem for _, problem in problems(chapter, text))


def test_an_output_that_differs_each_time_proves_nothing(chapter):
    text = TEXT.replace("ipython3\n", "ipython3\n:tags: [nbval-ignore-output]\n\n", 1)
    assert any("0.52 is neither" in problem for _, problem in problems(chapter, text))


def test_the_mark_printed_says_which_one_is_meant_and_still_wants_it_printed(chapter):
    text = TEXT.replace("0.52,", "0.5,", 1).replace("784 pixels.", "784 pixels.\n<!-- printed: 0.5 -->", 1)
    assert len(problems(chapter, text)) == 1
    assert any("0.5 is neither" in problem for _, problem in problems(chapter, text, "loss 0.31, accuracy 0.931"))


def test_a_project_without_claims_is_not_judged(chapter):
    (chapter.root / "tests" / "chapters" / "test_claims_01_tiny.py").unlink()
    (chapter.root / "tests" / "chapters").rmdir()
    assert problems(chapter) == []


@pytest.mark.parametrize(("claims", "said"), [
    (b"x = 1\n<<<<<<< HEAD\n", "test_claims_01_tiny.py:2: not Python: "),
    (b"\xff", "test_claims_01_tiny.py:1: not Python: "),
    (b'stands("01")\nstands("01", f"of {pages} pages", pages)\n', "2 is neither printed under its heading"),
])
def test_claims_that_cannot_be_read_are_named_and_those_that_quote_no_words_prove_nothing(chapter, claims, said):
    (chapter.root / "tests" / "chapters" / "test_claims_01_tiny.py").write_bytes(claims)
    assert any(said in problem for problem in find_problems(chapter))


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.name)
def test_a_chapter_proves_its_numbers_and_each_change_of_any_of_them_is_noticed(chapter):
    text, notebook, quotes = read_text(chapter), read_notebook(chapter), quotes_of(chapter)
    assert list(number_problems(text, notebook, quotes)) == []
    dice, survivors, tried = random.Random(1), [], 0
    for part in parts(text):
        prose = prose_of(part.source)
        said = [quote for quote in quotes if find(quote.words, prose)]
        assert list(number_problems(part, notebook, said)) == []
        for number in numbers(prose):
            tried += 1
            before, written, after = (part.source[:number.start], part.source[number.start:number.end],
                                      part.source[number.end:])
            for other in others(written, dice):
                if not list(number_problems(replace(part, source=before + other + after), notebook, said)):
                    survivors.append((before[-20:] + written + after[:20], other))
    assert survivors == []
    assert tried == len(numbers(prose_of(text.source)))


def parts(text):
    """Yield a text from heading to heading, each part with its own code: what proves a number stands in its part."""
    places = [0, *(heading.start() for heading in HEADING.finditer(prose_of(text.source))), len(text.source)]
    code = iter(text.code)
    for start, end in itertools.pairwise(places):
        source = text.source[start:end]
        cells = list(itertools.islice(code, len(CELL.findall(source))))
        yield replace(text, source=source, lines=tuple(line for line, _, _ in cells),
                      notebook=new_notebook(cells=[cell for _, cell, _ in cells]))


def others(written, dice):
    """Return a number spoiled in several ways: some of its digits, two of them exchanged, ten times as large."""
    first, last = re.search("[1-9]|.$", written).start(), len(written) - 1
    places = [place for place, sign in enumerate(written) if sign.isdigit()]
    ways = {f"{written}0" if "." not in written else re.sub(r"\.(\d)", r"\1.", written) + "0"}
    for place, step in ((last, 1), (last, -1), (first, 1), (first, 4), (dice.choice(places), dice.randrange(1, 10))):
        ways.add(f"{written[:place]}{(int(written[place]) + step) % 10}{written[place + 1:]}")
    for one, other in itertools.pairwise(places):
        ways.add(f"{written[:one]}{written[other]}{written[one + 1:other]}{written[one]}{written[other + 1:]}")
    return sorted(way for way in ways if numbers(way) and numbers(way)[0].value != numbers(written)[0].value)


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.name)
def test_a_claim_fails_when_a_computed_value_is_altered(chapter):
    for quote in quotes_of(chapter):
        found = numbers(quote.words)
        scales = [100 if number.is_percent else 1 for number in found]
        right = [number.value / scale for number, scale in zip(found, scales, strict=True)]
        for place, (number, scale) in enumerate(zip(found, scales, strict=True)):
            step = 10**-number.decimals / scale
            altered = [1.3 * right[place] + step, 0.7 * right[place] - step]
            assert any(refused(chapter, quote.words, [*right[:place], value, *right[place + 1:]]) for value in altered)


def refused(chapter, words, values):
    try:
        stands(chapter.name[:2], words, *values)
    except AssertionError:
        return True
    return False


def test_what_a_claim_computes_is_never_a_number_typed_once_more():
    for path in (PROJECT / "tests" / "chapters").glob("test_claims_*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "stands":
                typed = [ast.unparse(argument) for argument in call.args[2:]
                         if not any(isinstance(part, (ast.Name, ast.Starred)) for part in ast.walk(argument))
                         and ast.unparse(argument) != "..."]
                assert not typed, f"{path.name}:{call.lineno}"
