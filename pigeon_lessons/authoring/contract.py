"""What every chapter must be, as rules that read its text and its committed notebook; nothing is run.

Each rule is a generator of (line, sentence), one for each thing to mend. Links have a module of their own.
"""

import ast
import re
import warnings
from collections import Counter
from itertools import zip_longest

from pigeon_lessons.authoring import AuthoringError
from pigeon_lessons.authoring.links import link_problems
from pigeon_lessons.authoring.merging import compare
from pigeon_lessons.authoring.minutes import minutes_problems
from pigeon_lessons.authoring.numbers import number_problems, quotes_of
from pigeon_lessons.authoring.pairing import OUTPUT_VARIES, Chapter, read_notebook, read_text, tags
from pigeon_lessons.authoring.prose import headings
from pigeon_lessons.authoring.reading import source_of

SECTIONS = ["Recall", "The question", "Predict", "Run", "Explain", "Explore", "Common mistakes", "Your turn",
            "Key points"]
"""The second-level headings of a chapter, in this order; the first chapter has nothing to recall."""
CALLS = {"Recall": ("quiz", 2), "Predict": ("predict", 1), "Explore": ("explore", 1), "Your turn": ("check", 2)}
"""What the student does in a section, as the name of the call and how often it stands there at least."""
LESSON = {"title": str, "questions": list, "objectives": list, "prerequisites": list, "minutes": int,
          "key_points": list}
"""The keys of the `lesson` block in the header of a text, each with its type; what a list holds are texts."""
NO_CALL = {("Explore", "09_leaving_the_nest")}
"""Where it need not stand: that chapter has no panel, what is explored there is the student's own code."""
MOST_LINES, MOST_ARGUMENTS, MOST_IMPORTS = 25, 4, 8
SPOILERS = {"hint", "solution"}
TIMERS = {"perf_counter", "perf_counter_ns", "process_time", "monotonic", "default_timer", "timeit"}
IMAGE = re.compile(r"<img[^>]*>")
MACHINE = re.compile(r"0x[0-9a-f]{6,}|(?:/home|/Users|/root|/tmp)/|[A-Z]:\\Users")


def find_problems(chapter):
    """Return what is wrong with a chapter, a list of sentences that name file and line; empty when nothing is."""
    try:
        text = read_text(chapter)
    except AuthoringError as error:
        return [str(error)]
    problems = [
        *form_problems(text),
        *lesson_problems(text, chapter),
        *section_problems(text, chapter.name),
        *call_problems(text, chapter.name),
        *code_problems(text),
        *minutes_problems(text),
        *link_problems(text, chapter),
    ]
    found = [f"{text.name}:{line}: {problem}" for line, problem in sorted(problems, key=lambda problem: problem[0])]
    try:
        notebook = read_notebook(chapter)
    except AuthoringError as error:
        return [*found, str(error)]
    if notebook is None:
        return [*found, f"lessons/{chapter.text.name}: there is no notebook yet; run `pigeon-lessons refresh "
                        f"{chapter.name[:2]}`"]
    unproven = number_problems(text, notebook, quotes_of(chapter))
    found += [f"{text.name}:{line}: {problem}" for line, problem in unproven]
    found += [f"notebooks/{chapter.notebook.name}: {problem}" for problem in output_problems(notebook)]
    difference = compare(chapter, text, notebook)
    return [*found, str(difference)] if difference else found


def form_problems(text):
    """Yield the first line that JupyterLab would write in another way: to save would change it without an edit."""
    lines, saved = text.source.splitlines(), source_of(text.notebook.cells).splitlines()
    if place := next((n for n, pair in enumerate(zip_longest(lines, saved)) if pair[0] != pair[1]), None):
        yield place + 1, (f"JupyterLab would save this line as {saved[place] if place < len(saved) else None!r}; to "
                          "refresh the chapter writes it so")


def lesson_problems(text, chapter):
    """Yield what is wrong with the `lesson` block; chapters among the prerequisites must come before, in order."""
    lesson = text.notebook.metadata.get("lesson")
    if not isinstance(lesson, dict):
        yield 1, f"the text must begin with a header, `<!--`, `lesson:` with {', '.join(LESSON)}, and `-->`"
        return
    for key, kind in LESSON.items():
        value, line = lesson.get(key), text.line_of(key)
        if type(value) is not kind or (not value and key != "prerequisites"):
            yield line, f"lesson.{key} must be a {kind.__name__} and not empty, got {value!r:.60}"
        elif kind is list and not all(isinstance(part, str) for part in value):
            odd = next(part for part in value if not isinstance(part, str))
            yield line, f"lesson.{key} must hold texts, got {odd!r:.60}; put it in quotes"
    for key in lesson.keys() - LESSON.keys():
        yield text.line_of(key), f"lesson.{key} is not a key of a lesson; there are {', '.join(LESSON)}"
    if not isinstance(lesson.get("prerequisites"), list):
        return
    line = text.line_of("prerequisites")
    earlier = [item for item in lesson["prerequisites"] if isinstance(item, str) and re.match(r"\d\d_", item)]
    if earlier != sorted(earlier):
        yield line, f"prerequisites must be in the order of the chapters, got {', '.join(earlier)}"
    for name in earlier:
        if name >= chapter.name or not Chapter(chapter.root, name).text.exists():
            yield line, f"prerequisite {name!r} must be a chapter before this one"


def section_problems(text, name):
    """Yield what is wrong with the headings: one title, the sections in their order, no level left out."""
    found = _headings(text)
    titles = [line for line, level, _ in found if level == 1]
    if len(titles) != 1:
        yield titles[1] if titles else 1, f"there must be one title (# …), got {len(titles)}"
    for (_, above, _), (line, level, words) in zip(found, found[1:], strict=False):
        if level > above + 1:
            yield line, f"the heading {words!r} must be of level {above + 1}, got {level}; levels go down one by one"
    wanted, sections = _sections_of(name), [(line, words) for line, level, words in found if level == 2]
    if [words for _, words in sections] != wanted:
        place = next((i for i, ((_, a), b) in enumerate(zip(sections, wanted, strict=False)) if a != b),
                     min(len(sections), len(wanted)))
        line, got = (sections[place][0], repr(sections[place][1])) if place < len(sections) else (
            len(text.source.splitlines()), "the end")
        expected = repr(wanted[place]) if place < len(wanted) else "the end"
        yield line, f"section {place + 1} must be {expected}, got {got}; the order is {', '.join(wanted)}"


def call_problems(text, name):
    """Yield the sections in which the student has too little to do, and calls that would spoil an answer."""
    sections = [(line, words) for line, level, words in _headings(text) if level == 2]
    calls = [(line, _name(node)) for line, cell in _code(text) if (tree := _parse(cell))
             for node in _calls(tree)]
    for heading, (call, least) in CALLS.items():
        start = next((line for line, words in sections if words == heading), None)
        end = next((line for line, _ in sections if start and line > start), len(text.source))
        count = sum(found == call and start < line < end for line, found in calls) if start else 0
        if heading in _sections_of(name) and count < least and (heading, name) not in NO_CALL:
            yield start or 1, f'section "{heading}" must call {call}() at least {least} times, got {count}'
    for line, spoiler in calls:
        if spoiler in SPOILERS:
            yield line, f"{spoiler}() must not be called in a cell, all would see its output; name it in a comment"


def code_problems(text):
    """Yield what is wrong with the code cells: too much of a thing, magics, unseen figures, times that are compared."""
    for line, cell in _code(text):
        if len(cell.source.splitlines()) > MOST_LINES:
            yield line, f"the cell has {len(cell.source.splitlines())} lines, more than {MOST_LINES}; split it"
        tree = _parse(cell)
        if tree is None:
            yield line, "the cell is not plain Python; magics and unfinished code do not belong in a lesson"
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and (count := len(_arguments(node))) > MOST_ARGUMENTS:
                yield line + node.lineno - 1, f"{node.name} has {count} arguments, more than {MOST_ARGUMENTS}"
        if (count := sum(len(node.names) for node in _imports(tree))) > MOST_IMPORTS:
            yield line, f"the cell imports {count} names, more than {MOST_IMPORTS}; import each where it is first used"
        if OUTPUT_VARIES not in tags(cell) and TIMERS & _names(tree):
            yield line, f"the cell measures time; give it the tag {OUTPUT_VARIES}, or its output can never be compared"
        shown = {id(argument) for call in _calls(tree) if _name(call) == "display" for argument in call.args}
        shown |= {id(last.value) for last in tree.body[-1:] if isinstance(last, ast.Expr)}
        for call in _calls(tree):
            if _name(call).startswith("plot_") and id(call) not in shown:
                yield line + call.lineno - 1, ("the cell makes a figure that is not seen; let it be the last line, or "
                                               f"display({_name(call)}(…))")
        if {"plt", "pyplot", "matplotlib"} & _names(tree) and not _own_words(cell):
            yield line, ("the cell draws by itself; put what is to be seen into words in its metadata, "
                         "`mystnb: image: alt: …`, or use a plot_ function")


def output_problems(notebook):
    """Yield what the committed outputs must not hold: pictures without words, and traces of one machine."""
    if "widgets" in notebook.metadata:
        yield "the notebook holds widget state; refresh it"
    for name, count in Counter(cell.get("id", number) for number, cell in enumerate(notebook.cells)).items():
        if count > 1:
            yield f"{count} cells have the id {name!r}; refresh it"
    for number, cell in enumerate((cell for cell in notebook.cells if cell.cell_type == "code"), start=1):
        for output in cell.outputs:
            data = output.get("data", {})
            if any(kind.startswith("image/") for kind in data) and not (
                    _own_words(cell) or "<figcaption" in data.get("text/html", "")):
                yield f"code cell {number} leaves a picture without words; use a plot_ function"
            if any('alt="' not in tag or 'alt=""' in tag for tag in IMAGE.findall(data.get("text/html", ""))):
                yield f"code cell {number} leaves a picture without alternative text; use a plot_ function"
            words = output.get("text", "") + data.get("text/plain", "") + output.get("evalue", "")
            if OUTPUT_VARIES not in tags(cell) and (trace := MACHINE.search(words)):
                yield f"code cell {number} prints {trace[0]!r}, which is another on the next machine"


def _own_words(cell):
    """Return the words that a cell's author gave to the picture that its code draws without our plot functions."""
    return cell.metadata.get("mystnb", {}).get("image", {}).get("alt", "")


def _headings(text):
    """Return (line, level, words) of each heading, with its line in the file."""
    return [(line + heading.line - 1, heading.level, heading.words)
            for line, cell in zip(text.lines, text.notebook.cells, strict=True) if cell.cell_type == "markdown"
            for heading in headings(cell.source)]


def _code(text):
    return [(line, cell) for line, cell in zip(text.lines, text.notebook.cells, strict=True)
            if cell.cell_type == "code"]


def _sections_of(name):
    return SECTIONS[1:] if name.startswith("00") else SECTIONS


def _parse(cell):
    try:
        with warnings.catch_warnings(action="ignore"):  # of an escape that is none, as in "\\d"
            return ast.parse(cell.source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):  # as Python names code that it cannot parse
        return None


def _calls(tree):
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call)]


def _arguments(function):
    """Return the names that a caller fills in: not `self`."""
    given = function.args
    every = [*given.posonlyargs, *given.args, *given.kwonlyargs]
    return [one.arg for one in every if one.arg != "self"]


def _imports(tree):
    return [node for node in ast.walk(tree) if isinstance(node, (ast.Import, ast.ImportFrom))]


def _name(call):
    return getattr(call.func, "id", getattr(call.func, "attr", ""))


def _names(tree):
    """Return all names that code mentions: variables, attributes, imported modules and their parts."""
    return {getattr(node, "id", getattr(node, "attr", None)) for node in ast.walk(tree)} | {
        part for node in _imports(tree)
        for alias in node.names for part in f"{getattr(node, 'module', '')}.{alias.name}".split(".")}
