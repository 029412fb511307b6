"""From a chapter's text to the executed notebook."""

import shutil

import nbformat

from pigeon_lessons import files
from pigeon_lessons.authoring import AuthoringError
from pigeon_lessons.authoring.executing import execute, keep_varying_outputs, normalize
from pigeon_lessons.authoring.merging import AGREED, compare, labeled
from pigeon_lessons.authoring.pairing import keep_attachments, read_notebook, read_text
from pigeon_lessons.authoring.reading import KEPT, read_cells, source_of


def refresh(chapter, on_cell=None):
    """Make the chapter's notebook anew from its text: run it and keep the outputs; return whether it changed.

    The text is brought into the form in which JupyterLab saves it: its blank lines, and lines of a cell's metadata.
    Twice in a row gives the same bytes. Raises AuthoringError, and keeps the old notebook, when a cell fails and when
    the notebook holds what the text does not. One that cannot be read is kept beside the new one, unless it holds
    git's markers: then git has both its versions.
    """
    text, old = read_text(chapter), None
    try:
        old = read_notebook(chapter)
    except AuthoringError as error:
        if "conflict marker" not in str(error):
            shutil.copyfile(chapter.notebook, chapter.notebook.with_suffix(".ipynb.unreadable"))
    difference = compare(chapter, text, old) if old else None
    if difference and difference.only_in_notebook:
        if difference.merged[1]:
            difference.keep_beside()
        raise AuthoringError(str(difference))
    chapter.notebook.parent.mkdir(exist_ok=True)
    saved = source_of(text.notebook.cells)
    plain = [cell.metadata for cell in read_cells(saved).cells] == [cell.metadata for cell in text.notebook.cells]
    execute(text, chapter.notebook.parent, on_cell)
    if plain and saved != text.source:
        files.replace(chapter.text, saved.encode())
    notebook = text.notebook
    normalize(notebook)
    notebook.metadata |= {"jupytext": KEPT, AGREED: list(labeled(notebook.cells))}
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
    files.replace(path, content)
    return True
