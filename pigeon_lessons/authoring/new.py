"""Writes all that a new chapter needs, so that it keeps the contract and passes every test from its first minute.

What is written stands in `templates/chapter/`, in the folders of the project.
"""

import re
from string import Template

from pigeon_lessons import files
from pigeon_lessons.authoring import TEMPLATES, AuthoringError, template
from pigeon_lessons.authoring.pairing import find_chapters

ROWS = {"README.md": "| $number $title | What does a larger learning rate change? |",
        "book/instructor_guide.md": "| $number $title | say what a student can do afterwards |"}
POINTS, LISTED = "lessons/points.toml", "pigeon_lessons/chapters/__init__.py"


def new_chapter(root, name):
    """Write the chapter `name`, such as "10_dropout", into the project `root`; return the paths of all it wrote.

    It comes behind the chapter with the next lower number. Raises AuthoringError, before anything is written, for a
    name that is none or is taken.
    """
    number, _, room = name.partition("_")
    if not re.fullmatch(r"\d\d_[a-z][a-z0-9_]*", name):
        raise AuthoringError(f"the name must be two digits, _ and small letters, such as 10_dropout, got {name!r}")
    chapters = find_chapters(root)
    if taken := [one.name for one in chapters if one.number == number or one.room == room]:
        raise AuthoringError(f"{name} cannot be written, there is {taken[0]}; choose another number and name")
    before = max((one.name for one in chapters if one.name < name), default=chapters[-1].name)
    parts = {"number": number, "name": room, "title": room.replace("_", " ").capitalize(), "before": before}
    written, there = {}, {name: (root / name).read_text(encoding="utf-8") for name in (*ROWS, POINTS, LISTED)}
    for file in sorted(TEMPLATES.rglob("*.template")):
        place = file.relative_to(TEMPLATES / "chapter").as_posix().removesuffix(".template")
        written[place.replace("NN", number).replace("name", room)] = template(file).substitute(parts)
    written[POINTS] = there[POINTS] + written[POINTS]
    for page, row in ROWS.items():
        written[page] = _with_row(there[page], Template(row).substitute(parts))
    written[LISTED] = there[LISTED].replace(f'"{before[3:]}"', f'"{before[3:]}",\n            "{room}"', 1)
    for name, content in written.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        files.replace(root / name, content.encode())
    return [root / name for name in written]


def _with_row(page, row):
    """Return a page whose table of chapters has one more row, behind those with a lower number."""
    table = page[page.index("| chapter"):].split("\n\n")[0].split("\n")
    last = [line for line in table if re.match(r"\| \d\d ", line) and line[:4] < row[:4]][-1]
    return page.replace(last, f"{last}\n{row}", 1)
