"""Chapters as sources for nbgrader: each exercise an answer and a locked check, worth what `lessons/points.toml` says.

nbgrader itself is not imported: its files are notebooks whose cells say in their metadata what they are.
"""

import ast
import shutil
import tomllib
from bisect import bisect_right
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell

from pigeon_lessons.authoring import TEMPLATES, AuthoringError
from pigeon_lessons.authoring.prose import headings
from pigeon_lessons.authoring.reading import read_text
from pigeon_lessons.questions.content import solution_of

LAST = "Key points"
"""The section before which questions to be answered in words stand."""


def nbgrader_source(chapters, out):
    """Write the chapters as assignments of an nbgrader course, `out`/source/NN_name, and a configuration beside them.

    An assignment that is there is written anew. Raises AuthoringError for an entry of points.toml that cannot be used.
    """
    points = read_points(chapters[0].root)
    made = {chapter.name: for_grading(chapter, points.get(chapter.room, {})) for chapter in chapters}
    for name, notebook in made.items():
        folder = Path(out) / "source" / name
        folder.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, folder / f"{name}.ipynb")
    config = Path(out) / "nbgrader_config.py"
    if not config.exists():
        shutil.copyfile(TEMPLATES / "nbgrader_config.txt", config)


def for_grading(chapter, points):
    """Return a chapter's notebook with nbgrader's metadata; `points` is its table of points.toml."""
    text = read_text(chapter)
    notebook, trees, words = text.notebook, {id(cell): tree for _, cell, tree in text.code}, []
    for key, entry in points.items():
        if isinstance(entry, dict):
            words += [new_markdown_cell(f"### In words\n\n{entry['question']}", id=f"question-{key}"[:64]),
                      _marked(new_markdown_cell("", id=f"answer-{key}"[:64]), key, grade=True, solution=True,
                              points=entry["points"])]
    end = next((heading.line for heading in headings(text.source) if heading.words == LAST), len(text.source))
    place = bisect_right(text.lines, end) - 1
    notebook.cells[place:place] = words
    notebook.cells = [part for cell in notebook.cells for part in _parted(cell, trees.get(id(cell)), points)]
    return notebook


def read_points(root):
    """Return lessons/points.toml: for each chapter's room, its exercises and written questions with their points."""
    try:
        points = tomllib.loads((root / "lessons" / "points.toml").read_text(encoding="utf-8"))
    except ValueError as error:  # no TOML, or not UTF-8
        raise AuthoringError(f"lessons/points.toml: {error}") from error
    for chapter, table in points.items():
        for key, entry in table.items() if isinstance(table, dict) else [("", None)]:
            number = entry.get("points") if isinstance(entry, dict) and entry.get("question") else entry
            if type(number) not in (int, float) or number < 0:
                raise AuthoringError(f"lessons/points.toml: {chapter}.{key} must be a number of points, or "
                                     f'{{ points = 2, question = "…" }}, got {entry!r:.60}')
    return points


def _parted(cell, tree, points):
    """Return an exercise's cell in two, the answer and its check, and any other cell as it is; `tree` is its syntax."""
    check = next((node.value for node in (tree.body if tree else ()) if isinstance(node, ast.Expr) and isinstance(
        node.value, ast.Call) and getattr(node.value.func, "id", "") == "check"), None)
    if check is None:
        return [cell]
    lines, name, given = cell.source.split("\n"), ast.literal_eval(check.args[0]), ast.unparse(check.args[1])
    key, solution = name.partition("/")[2], solution_of(name)
    if given.isidentifier() and "\nanswer = " in f"\n{solution}" and given != "answer":
        solution += f"\n{given} = answer"
    answer = "\n".join(lines[:check.lineno - 1]).rstrip()
    rest = "\n".join(lines[check.lineno - 1:])
    return [_marked(new_code_cell(f"{answer}\n\n### BEGIN SOLUTION\n{solution}\n### END SOLUTION", id=cell.id),
                    f"answer-{key}", solution=True),
            _marked(new_code_cell(f"from pigeon_lessons import check\n\nassert {rest}", id=f"check-{key}"[:64]), key,
                    grade=True, locked=True, points=points.get(key, 1))]


def _marked(cell, name, *, grade=False, solution=False, locked=False, points=0):
    cell.metadata["nbgrader"] = {"schema_version": 3, "grade_id": name, "grade": grade, "solution": solution,
                                 "locked": locked, "task": False, **({"points": points} if grade else {})}
    return cell
