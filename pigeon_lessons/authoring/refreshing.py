"""From a chapter's text to the files that others open: the executed notebook, and the edition for students."""

import os
import shutil
from pathlib import Path

import nbformat

from pigeon_lessons.authoring import AuthoringError
from pigeon_lessons.authoring.executing import execute, keep_varying_outputs, normalize
from pigeon_lessons.authoring.pairing import keep_attachments, read_notebook, read_text, tags

SOLUTION = "solution"
"""Tag of a cell that students are not given."""


def refresh(chapter, on_cell=None):
    """Make the chapter's notebook anew from its text: run it and keep the outputs; return whether it changed.

    Twice in a row gives the same bytes. Raises AuthoringError when a cell fails; the old notebook is then kept.
    """
    text = read_text(chapter)
    try:
        old = read_notebook(chapter)
    except AuthoringError:  # conflict markers, for example: what is made anew needs no mending
        old = None
    chapter.notebook.parent.mkdir(exist_ok=True)
    execute(text, chapter.notebook.parent, on_cell)
    notebook = text.notebook
    normalize(notebook)
    if old is not None:
        keep_varying_outputs(notebook, old)
        keep_attachments(notebook, old)
    return _write(notebook, chapter.notebook)


def student_edition(chapters, folder):
    """Write the chapters into `folder`/notebooks as students get them: no outputs, no cells tagged `solution`.

    The glossary they link to comes along. Raises AuthoringError when `folder` has something in it.
    """
    folder = Path(folder)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise AuthoringError(f"{folder} is not an empty folder; name a new one")
    for chapter in chapters:
        notebook, made = read_text(chapter).notebook, read_notebook(chapter)
        if made is not None:
            keep_attachments(notebook, made)
        notebook.cells = [cell for cell in notebook.cells if SOLUTION not in tags(cell)]
        (folder / "notebooks").mkdir(parents=True, exist_ok=True)
        _write(notebook, folder / "notebooks" / chapter.notebook.name)
        glossary = chapter.root / "book" / "glossary.md"
        if glossary.exists():
            (folder / "book").mkdir(exist_ok=True)
            shutil.copyfile(glossary, folder / "book" / glossary.name)


def _write(notebook, path):
    """Write the notebook whole or not at all; return whether the file is new or changed."""
    nbformat.validate(notebook)
    content = (nbformat.writes(notebook) + "\n").encode()
    if path.exists() and path.read_bytes() == content:
        return False
    unfinished = path.with_suffix(".part")
    unfinished.write_bytes(content)
    os.replace(unfinished, path)
    return True
