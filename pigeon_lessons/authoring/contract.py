"""What every chapter must be, as rules that read its text and its committed notebook; nothing is run.

Each rule is a generator of sentences, one for each thing to mend. Links have a module of their own.
"""

import ast
import re

from pigeon_lessons.authoring import AuthoringError
from pigeon_lessons.authoring.links import link_problems
from pigeon_lessons.authoring.pairing import (
    METADATA_FILTER,
    OUTPUT_VARIES,
    Chapter,
    drift,
    read_notebook,
    read_text,
    tags,
)

SECTIONS = ["Recall", "The question", "Predict", "Run", "Explain", "Explore", "Common mistakes", "Your turn",
            "Key points"]
"""The second-level headings of a chapter, in this order; the first chapter has nothing to recall."""
CALLS = {"Recall": ("quiz", 2), "Predict": ("predict", 1), "Explore": ("explore", 1), "Your turn": ("check", 2)}
"""What the student does in a section, as the name of the call and how often it stands there at least."""
LESSON = {"title": str, "questions": list, "objectives": list, "prerequisites": list, "minutes": int,
          "key_points": list}
"""The keys of the `lesson` block at the top of the text, each with its type."""
MOST_LINES = 25
SPOILERS = {"hint", "solution"}
TIMERS = {"perf_counter", "perf_counter_ns", "process_time", "monotonic", "default_timer", "timeit"}
IMAGE = re.compile(r"<img[^>]*>")
MACHINE = re.compile(r"0x[0-9a-f]{6,}|(?:/home|/Users|/root|/tmp)/|[A-Z]:\\Users")


def find_problems(chapter):
    """Return what is wrong with a chapter, a list of sentences; empty when nothing is."""
    try:
        text = read_text(chapter)
    except AuthoringError as error:
        return [str(error)]
    problems = [
        *header_problems(text.metadata),
        *lesson_problems(text.metadata.get("lesson"), chapter),
        *section_problems(text.cells, chapter.name),
        *call_problems(text.cells, chapter.name),
        *code_problems(text.cells),
        *link_problems(text.cells, chapter),
    ]
    notebook = read_notebook(chapter)
    if notebook is not None:
        problems += output_problems(notebook)
    stale = drift(chapter)
    return [f"{chapter.name}: {problem}" for problem in problems] + ([stale] if stale else [])


def header_problems(metadata):
    """Yield what is missing for JupyterLab to open the notebook and to write changes back into the text."""
    if metadata.get("jupytext", {}).get("notebook_metadata_filter") != METADATA_FILTER:
        yield f"the front matter needs, under `jupytext:`, the line `notebook_metadata_filter: {METADATA_FILTER}`"


def lesson_problems(lesson, chapter):
    """Yield what is wrong with the `lesson` block; chapters among the prerequisites must come before, in order."""
    if not isinstance(lesson, dict):
        yield f"the front matter needs a block `lesson:` with {', '.join(LESSON)}"
        return
    for key, kind in LESSON.items():
        value = lesson.get(key)
        if not isinstance(value, kind) or (not value and key != "prerequisites"):
            yield f"lesson.{key} must be a {kind.__name__} and not empty, got {value!r}"
    for key in lesson.keys() - LESSON.keys():
        yield f"lesson.{key} is not a key of a lesson; there are {', '.join(LESSON)}"
    earlier = [item for item in lesson.get("prerequisites") or [] if re.match(r"\d\d_", str(item))]
    if earlier != sorted(earlier):
        yield f"prerequisites must be in the order of the chapters, got {', '.join(earlier)}"
    for name in earlier:
        if name >= chapter.name or not Chapter(chapter.root, name).text.exists():
            yield f"prerequisite {name!r} must be a chapter before this one"


def section_problems(cells, name):
    """Yield what is wrong with the headings: one title, then exactly the sections, in their order."""
    titles = [heading for level, heading in headings(cells) if level == 1]
    if len(titles) != 1:
        yield f"there must be one title (# …), got {len(titles)}"
    wanted = _sections_of(name)
    found = [heading for level, heading in headings(cells) if level == 2]
    if found != wanted:
        place = next((i for i, (a, b) in enumerate(zip(found, wanted, strict=False)) if a != b),
                     min(len(found), len(wanted)))
        got = repr(found[place]) if place < len(found) else "the end"
        expected = repr(wanted[place]) if place < len(wanted) else "the end"
        yield f"section {place + 1} must be {expected}, got {got}; the order is {', '.join(wanted)}"


def call_problems(cells, name):
    """Yield the sections in which the student has too little to do, and calls that would spoil an answer."""
    section, calls = None, {heading: [] for heading in SECTIONS}
    for cell in cells:
        for level, heading in headings([cell]):
            section = heading if level == 2 else section
        if cell.cell_type == "code":
            calls.setdefault(section, []).extend(_called_names(_parse(cell)))
    for heading, (call, least) in CALLS.items():
        count = calls[heading].count(call)
        if heading in _sections_of(name) and count < least:
            yield f'section "{heading}" must call {call}() at least {least} times, got {count}'
    for spoiler in SPOILERS & {call for names in calls.values() for call in names}:
        yield f"{spoiler}() must not be called in a cell, its output would be seen by all; name it in a comment"


def code_problems(cells):
    """Yield what is wrong with the code cells: length, magics, unseen figures, measured times that are compared."""
    for number, cell in enumerate((cell for cell in cells if cell.cell_type == "code"), start=1):
        where = f"code cell {number}"
        if len(cell.source.splitlines()) > MOST_LINES:
            yield f"{where} has {len(cell.source.splitlines())} lines, more than {MOST_LINES}; split it"
        tree = _parse(cell)
        if tree is None:
            yield f"{where} is not plain Python; magics and unfinished code do not belong in a lesson"
            continue
        if OUTPUT_VARIES not in tags(cell) and TIMERS & _names(tree):
            yield f"{where} measures time; give it the tag {OUTPUT_VARIES}, or its output can never be compared"
        shown = {id(argument) for call in _calls(tree, "display") for argument in call.args}
        shown |= {id(last.value) for last in tree.body[-1:] if isinstance(last, ast.Expr)}
        for call in (call for call in ast.walk(tree) if isinstance(call, ast.Call)):
            if _name(call).startswith("plot_") and id(call) not in shown:
                yield f"{where} makes a figure that is not seen; let it be the last line, or display({_name(call)}(…))"
        if {"plt", "pyplot", "matplotlib"} & _names(tree):
            yield f"{where} uses matplotlib; figures come from the plot_ functions, which put them into words"


def output_problems(notebook):
    """Yield what the committed outputs must not hold: pictures without words, and traces of one machine."""
    if "widgets" in notebook.metadata:
        yield "the notebook holds widget state; refresh it"
    for number, cell in enumerate((cell for cell in notebook.cells if cell.cell_type == "code"), start=1):
        for output in cell.outputs:
            data = output.get("data", {})
            if any(kind.startswith("image/") for kind in data) and "<figcaption" not in data.get("text/html", ""):
                yield f"code cell {number} leaves a picture without words; use a plot_ function"
            if any('alt="' not in tag or 'alt=""' in tag for tag in IMAGE.findall(data.get("text/html", ""))):
                yield f"code cell {number} leaves a picture without alternative text; use a plot_ function"
            words = output.get("text", "") + data.get("text/plain", "") + output.get("evalue", "")
            if OUTPUT_VARIES not in tags(cell) and (trace := MACHINE.search(words)):
                yield f"code cell {number} prints {trace[0]!r}, which is another on the next machine"


def headings(cells):
    """Yield (level, text) of each heading in the Markdown cells; lines inside code fences are none."""
    for cell in cells:
        is_code = cell.cell_type != "markdown"
        for line in cell.source.splitlines():
            if line.lstrip().startswith(("```", "~~~")):
                is_code = not is_code
            elif not is_code and (heading := re.match(r"(#{1,6}) +(.+?) *$", line)):
                yield len(heading[1]), heading[2]


def _sections_of(name):
    return SECTIONS[1:] if name.startswith("00") else SECTIONS


def _parse(cell):
    try:
        return ast.parse(cell.source)
    except SyntaxError:
        return None


def _calls(tree, name):
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call) and _name(node) == name]


def _called_names(tree):
    return [_name(node) for node in ast.walk(tree) if isinstance(node, ast.Call)] if tree else []


def _name(call):
    return getattr(call.func, "id", getattr(call.func, "attr", ""))


def _names(tree):
    """Return all names that code mentions: variables, attributes, imported modules and their parts."""
    return {getattr(node, "id", getattr(node, "attr", None)) for node in ast.walk(tree)} | {
        part for node in ast.walk(tree) if isinstance(node, (ast.Import, ast.ImportFrom))
        for alias in node.names for part in f"{getattr(node, 'module', '')}.{alias.name}".split(".")}
