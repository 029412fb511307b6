"""Writes the tables of book/instructor_guide.md that follow from the lessons: `python .ci/guide.py`."""

import re
from pathlib import Path

from nbformat.v4 import new_markdown_cell

from pigeon_lessons.authoring.grading import read_points
from pigeon_lessons.authoring.minutes import A_MINUTE, work
from pigeon_lessons.authoring.pairing import find_chapters
from pigeon_lessons.authoring.reading import read_text

ROOT = Path(__file__).parents[1]
GUIDE = ROOT / "book" / "instructor_guide.md"
PARTS = {"to Predict": "", "Run and Explain": "Run", "Explore": "Explore", "Mistakes": "Common mistakes",
         "Your turn": "Your turn"}
"""The columns of the timings, each with the section that it begins with."""


def timings():
    """Return how many minutes each part of each chapter takes, as `check` counts them."""
    yield f"| chapter | minutes | {' | '.join(PARTS)} |"
    yield "|---|---:|" + "---:|" * len(PARTS)
    for chapter in find_chapters(ROOT):
        notebook, parts = read_text(chapter).notebook, {name: [] for name in PARTS}
        here = next(iter(parts))
        for cell in notebook.cells:
            for piece in re.split(r"(?m)^(?=## )", cell.source) if cell.cell_type == "markdown" else [None]:
                heading = re.match(r"## (.+)", piece or "")
                here = next((name for name, start in PARTS.items() if heading and heading[1] == start), here)
                parts[here].append(cell if piece is None else new_markdown_cell(piece))
        minutes = [sum(number / A_MINUTE[kind] for kind, number in work(cells).items()) for cells in parts.values()]
        columns = " | ".join(f"{one:.0f}" for one in minutes)
        yield f"| {chapter.number} {notebook.metadata.lesson['title']} | {sum(minutes):.0f} | {columns} |"


def discussions():
    """Return the questions to be answered in words, by chapter."""
    points = read_points(ROOT)
    for chapter in find_chapters(ROOT):
        for entry in points.get(chapter.room, {}).values():
            if isinstance(entry, dict):
                yield f"- {chapter.number}: {entry['question']}"


def written(page):
    """Return the page with its tables as they are now."""
    for table in (timings, discussions):
        lines = "\n".join(table())
        page = re.sub(rf"(?s)(<!-- {table.__name__}: .*? -->\n).*?(\n<!-- end of {table.__name__} -->)",
                      lambda found, lines=lines: found[1] + lines + found[2], page)
    return page


if __name__ == "__main__":
    GUIDE.write_text(written(GUIDE.read_text(encoding="utf-8")), encoding="utf-8")
