"""From a chapter's text to the executed notebook."""

import os

import nbformat

from pigeon_lessons.authoring import AuthoringError
from pigeon_lessons.authoring.executing import execute, keep_varying_outputs, normalize
from pigeon_lessons.authoring.pairing import keep_attachments, read_notebook, read_text


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
