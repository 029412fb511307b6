"""What a chapter calls optional can be left out: no cell outside uses a name that only cells in there have made."""

import ast
from pathlib import Path

import pytest

from pigeon_lessons.authoring.minutes import OPTIONAL
from pigeon_lessons.authoring.pairing import find_chapters
from pigeon_lessons.authoring.prose import headings
from pigeon_lessons.authoring.reading import read_text


def code_by_part(cells):
    """Return the code outside of optional parts, and that inside, each as one tree."""
    parts, optional = {False: [], True: []}, None  # or the level of the heading that makes it so
    for cell in cells:
        if cell.cell_type == "code":
            parts[bool(optional)].append(cell.source)
            continue
        for heading in headings(cell.source):
            if heading.level <= (optional or heading.level):
                optional = heading.level if heading.words.endswith(OPTIONAL) else None
    return [ast.parse("\n".join(parts[kind])) for kind in (False, True)]


def made(tree):
    nodes = list(ast.walk(tree))
    return ({one.id for one in nodes if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)}
            | {one.name for one in nodes if isinstance(one, (ast.FunctionDef, ast.ClassDef))}
            | {one.arg for one in nodes if isinstance(one, ast.arg)}
            | {(one.asname or one.name).split(".")[0] for one in nodes if isinstance(one, ast.alias)})


@pytest.mark.parametrize("chapter", find_chapters(Path(__file__).parents[2]), ids=lambda chapter: chapter.name)
def test_no_cell_needs_what_an_optional_part_has_made(chapter):
    needed, spare = code_by_part(read_text(chapter).notebook.cells)
    used = {one.id for one in ast.walk(needed) if isinstance(one, ast.Name)}
    assert used & made(spare) <= made(needed)
