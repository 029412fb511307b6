"""What every chapter must be, as rules that read its text and its committed notebook; nothing is run.

Each rule is a generator of (line, sentence), one for each thing to mend. Minutes and numbers have modules of their own.
"""

import ast
import os
import re
from collections import Counter
from itertools import pairwise, zip_longest

from pigeon_lessons.authoring import AuthoringError
from pigeon_lessons.authoring.merging import compare
from pigeon_lessons.authoring.minutes import minutes_problems
from pigeon_lessons.authoring.numbers import number_problems, quotes_of
from pigeon_lessons.authoring.pairing import Chapter
from pigeon_lessons.authoring.prose import ELSEWHERE, anchors, headings, links
from pigeon_lessons.authoring.reading import OUTPUT_VARIES, code_cells, read_notebook, read_text, tags
from pigeon_lessons.chapters import CHAPTERS, PANELS

SECTIONS = ["Recall", "The question", "Predict", "Run", "Explain", "Explore", "Common mistakes", "Your turn",
            "Key points"]
"""The second-level headings of a chapter, in this order; the first chapter has nothing to recall."""
CALLS = {"Recall": ("quiz", 2), "Predict": ("predict", 1), "Explore": ("explore", 1), "Your turn": ("check", 2)}
"""What the student does in a section, as the name of the call and how often it stands there at least.

Where a chapter has no panel, what is explored is the student's own code.
"""
LESSON = {"title": str, "questions": list, "objectives": list, "prerequisites": list, "minutes": int,
          "key_points": list}
"""The keys of the `lesson` block in the header of a text, each with its type; what a list holds are texts."""
MOST_LINES, MOST_ARGUMENTS, MOST_IMPORTS = 25, 4, 8
SPOILERS = {"hint", "solution"}
TIMER = re.compile(r"\b(?:perf_counter|perf_counter_ns|process_time|monotonic|default_timer|timeit)\b")
DRAWING = re.compile(r"\b(?:plt|pyplot|matplotlib)\b")
IMAGE = re.compile(r"<img[^>]*>")
OTHER_TEXT = re.compile(r"\d\d_\w+\.md")
MACHINE = re.compile(r"0x[0-9a-f]{6,}|(?:/home|/Users|/root|/tmp)/|[A-Z]:\\Users")


def find_problems(chapter):
    """Return what is wrong with a chapter, a list of sentences that name file and line; empty when nothing is."""
    try:
        text = read_text(chapter)
    except AuthoringError as error:
        return [str(error)]
    rules = (form_problems, lesson_problems, section_problems, call_problems, code_problems, minutes_problems,
             link_problems)
    problems, said = [problem for rule in rules for problem in rule(text)], []
    try:
        if notebook := read_notebook(chapter):
            said += [f"notebooks/{chapter.notebook.name}: {problem}" for problem in output_problems(notebook)]
            said += [str(difference)] if (difference := compare(text, notebook)) else []
            problems += number_problems(text, notebook, quotes_of(chapter))
        else:
            said.append(f"{text.name}: there is no notebook yet; run `pigeon-lessons refresh {chapter.number}`")
    except AuthoringError as error:
        said.append(str(error))
    return [f"{text.name}:{line}: {problem}" for line, problem in sorted(problems)] + said


def form_problems(text):
    """Yield the first line that JupyterLab would write in another way: to save would change it without an edit."""
    for number, (line, other) in enumerate(zip_longest(text.source.split("\n"), text.saved.split("\n")), start=1):
        if line != other:
            yield number, f"JupyterLab would save this line as {other!r}; to refresh the chapter writes it so"
            return


def lesson_problems(text):
    """Yield what is wrong with the `lesson` block; chapters among the prerequisites must come before, in order."""
    lesson = text.notebook.metadata.get("lesson")
    if not isinstance(lesson, dict):
        yield 1, f"the text must begin with a header, `<!--`, `lesson:` with {', '.join(LESSON)}, and `-->`"
        return
    for key, kind in LESSON.items():
        value, line = lesson.get(key), text.line_of(key)
        if type(value) is not kind or (not value and key != "prerequisites"):
            yield line, f"lesson.{key} must be a {kind.__name__} and not empty, got {value!r:.60}"
        elif kind is list and (odd := [part for part in value if not isinstance(part, str)]):
            yield line, f"lesson.{key} must hold texts, got {odd[0]!r:.60}; put it in quotes"
    for key in lesson.keys() - LESSON.keys():
        yield text.line_of(key), f"lesson.{key} is not a key of a lesson; there are {', '.join(LESSON)}"
    needed, line = lesson.get("prerequisites"), text.line_of("prerequisites")
    earlier = [name for name in needed if re.match(r"\d\d_", str(name))] if isinstance(needed, list) else []
    if earlier != sorted(earlier):
        yield line, f"prerequisites must be in the order of the chapters, got {', '.join(earlier)}"
    for name in earlier:
        if name >= text.chapter.name or not Chapter(text.chapter.root, name).text.exists():
            yield line, f"prerequisite {name!r} must be a chapter before this one"


def section_problems(text):
    """Yield what is wrong with the headings: one title, the sections in their order, no level left out."""
    found = headings(text.source)
    titles = [heading.line for heading in found if heading.level == 1]
    if len(titles) != 1:
        yield titles[1] if titles else 1, f"there must be one title (# …), got {len(titles)}"
    for above, heading in pairwise(found):
        if heading.level > above.level + 1:
            yield heading.line, (f"the heading {heading.words!r} must be of level {above.level + 1}, got "
                                 f"{heading.level}; levels go down one by one")
    wanted = SECTIONS[1:] if text.chapter.number == "00" else SECTIONS
    sections = [heading for heading in found if heading.level == 2]
    for number, (section, words) in enumerate(zip_longest(sections, wanted), start=1):
        if section is None or section.words != words:
            line, got = (section.line, repr(section.words)) if section else (text.source.count("\n"), "the end")
            yield line, (f"section {number} must be {repr(words) if words else 'the end'}, got {got}; the order is "
                         f"{', '.join(wanted)}")
            return


def call_problems(text):
    """Yield the sections in which the student has too little to do, and calls that would spoil an answer."""
    sections = [heading for heading in headings(text.source) if heading.level == 2]
    calls = [(line, _name(call)) for line, _, tree in text.code for call in _find(tree, ast.Call)]
    room = text.chapter.room
    has_panel = room in PANELS.values() or room not in CHAPTERS  # of one without a room it is not known
    for section, following in zip_longest(sections, sections[1:]):
        wanted, least = CALLS.get(section.words, ("", 0))
        end = following.line if following else len(text.source)
        count = sum(name == wanted and section.line < line < end for line, name in calls)
        if count < least and (wanted != "explore" or has_panel):
            yield section.line, f'section "{section.words}" must call {wanted}() at least {least} times, got {count}'
    for line, name in calls:
        if name in SPOILERS:
            yield line, f"{name}() must not be called in a cell, all would see its output; name it in a comment"


def link_problems(text):
    """Yield the links and pictures that lead nowhere: not to a file, seen from the notebook, or not to a heading in it.

    A link to another chapter's notebook is alive when that has a text.
    """
    for link in links(text.source):
        kind = "link" if link.alt is None else "picture"
        if link.alt == "":
            yield link.line, f"the picture {link.target!r} needs an alternative text: ![what is seen](…)"
        if not ELSEWHERE.match(link.target) and (problem := _dead(link.target, text)):
            yield link.line, f"the {kind} {link.target!r} {problem}"


def _dead(target, text):
    """Return what is wrong with the target of a link, None if it leads somewhere."""
    path, _, anchor = target.partition("#")
    if OTHER_TEXT.fullmatch(path):
        return f"must lead to what students have, {path.removesuffix('.md')}.ipynb"
    file = (text.chapter.notebook.parent / path).resolve() if path else text.chapter.text
    if file.parent == text.chapter.notebook.parent.resolve() and file.suffix == ".ipynb":
        file = Chapter(text.chapter.root, file.stem).text
    if not os.path.exists(file):  # unlike Path.exists, at peace with a name too long for a file
        return "leads to no file, seen from notebooks/"
    if anchor and file.suffix == ".md" and anchor not in anchors(file.read_text(encoding="utf-8", errors="replace")):
        return "leads to no heading there"
    return None


def code_problems(text):
    """Yield what is wrong with the code cells: too much of a thing, magics, unseen figures, times that are compared."""
    for line, cell, tree in text.code:
        if (count := len(cell.source.splitlines())) > MOST_LINES:
            yield line, f"the cell has {count} lines, more than {MOST_LINES}; split it"
        if tree is None:
            yield line, "the cell is not plain Python; magics and unfinished code do not belong in a lesson"
            continue
        for function in _find(tree, ast.FunctionDef):
            given = function.args.posonlyargs + function.args.args + function.args.kwonlyargs
            if (count := sum(one.arg != "self" for one in given)) > MOST_ARGUMENTS:
                yield line + function.lineno - 1, f"{function.name} has {count} arguments, more than {MOST_ARGUMENTS}"
        if (count := sum(len(node.names) for node in _find(tree, ast.Import, ast.ImportFrom))) > MOST_IMPORTS:
            yield line, f"the cell imports {count} names, more than {MOST_IMPORTS}; import each where it is first used"
        if OUTPUT_VARIES not in tags(cell) and TIMER.search(cell.source):
            yield line, f"the cell measures time; give it the tag {OUTPUT_VARIES}, or its output can never be compared"
        calls = _find(tree, ast.Call)
        shown = [argument for call in calls if _name(call) == "display" for argument in call.args]
        shown += [last.value for last in tree.body[-1:] if isinstance(last, ast.Expr)]
        for call in calls:
            if _name(call).startswith("plot_") and call not in shown:
                yield line + call.lineno - 1, ("the cell makes a figure that is not seen; let it be the last line, or "
                                               f"display({_name(call)}(…))")
        if DRAWING.search(cell.source) and not _own_words(cell):
            yield line, ("the cell draws by itself; put what is to be seen into words in its metadata, "
                         "`mystnb: image: alt: …`, or use a plot_ function")


def output_problems(notebook):
    """Yield what the committed outputs must not hold: pictures without words, and traces of one machine."""
    if "widgets" in notebook.metadata:
        yield "the notebook holds widget state; refresh it"
    for name, count in Counter(cell.get("id", number) for number, cell in enumerate(notebook.cells)).items():
        if count > 1:
            yield f"{count} cells have the id {name!r}; refresh it"
    for number, cell in enumerate(code_cells(notebook), start=1):
        for output in cell.outputs:
            data = output.get("data", {})
            html = data.get("text/html", "")
            if any(kind.startswith("image/") for kind in data) and not (_own_words(cell) or "<figcaption" in html):
                yield f"code cell {number} leaves a picture without words; use a plot_ function"
            if any('alt="' not in tag or 'alt=""' in tag for tag in IMAGE.findall(html)):
                yield f"code cell {number} leaves a picture without alternative text; use a plot_ function"
            words = output.get("text", "") + data.get("text/plain", "") + output.get("evalue", "")
            if OUTPUT_VARIES not in tags(cell) and (trace := MACHINE.search(words)):
                yield f"code cell {number} prints {trace[0]!r}, which is another on the next machine"


def _own_words(cell):
    """Return the words that a cell's author gave to the picture that its code draws without our plot functions."""
    return cell.metadata.get("mystnb", {}).get("image", {}).get("alt", "")


def _find(tree, *kinds):
    return [node for node in ast.walk(tree) if isinstance(node, kinds)] if tree else []


def _name(call):
    return getattr(call.func, "id", getattr(call.func, "attr", ""))
