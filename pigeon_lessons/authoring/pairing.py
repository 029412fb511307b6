"""Which text belongs to which notebook, and whether the two still say the same.

A chapter is a pair: `lessons/NN_name.md`, the text that people edit, and `notebooks/NN_name.ipynb`,
made from it, with outputs. Modification times are never asked: only contents count. Nothing is run here.
"""

import hashlib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import jupytext
import nbformat

from pigeon_lessons.authoring import AuthoringError

FORMAT = {"extension": ".md", "format_name": "myst"}
METADATA_FILTER = ("lesson,-jupytext.text_representation.jupytext_version,"
                   "-jupytext.text_representation.format_version")
"""Stands in each text and each notebook: jupytext then finds the two equal, and JupyterLab, which refuses a notebook
that is newer than its text and differs from it, opens it; what only says which jupytext wrote the text is left out."""
NEVER_RUN = "nbval-skip"
"""Tag of an optional cell, such as one that needs the network: neither refresh nor the tests run it."""
OUTPUT_VARIES = "nbval-ignore-output"
"""Tag of a cell whose output differs from run to run, such as a time: it runs, but nothing is compared."""


@dataclass(frozen=True)
class Chapter:
    """One chapter, by its `name` ("01_batching"), in the project folder `root`; its files need not exist."""

    root: Path
    name: str

    @property
    def text(self):
        """The path of the text that people edit."""
        return self.root / "lessons" / f"{self.name}.md"

    @property
    def notebook(self):
        """The path of the notebook that is made from it."""
        return self.root / "notebooks" / f"{self.name}.ipynb"


def find_project(start):
    """Return the folder whose `lessons/` holds chapters: `start` or the nearest folder above it.

    Raises AuthoringError when there is none.
    """
    for folder in (Path(start).resolve(), *Path(start).resolve().parents):
        if find_chapters(folder):
            return folder
    raise AuthoringError(f"no lessons/NN_name.md in {start} or above it; change to the project's folder first")


def find_chapters(root, wanted=()):
    """Return the chapters of the project `root` in their order, or only those `wanted`.

    `wanted` names chapters as "01" or "01_batching". Raises AuthoringError for a name that fits none.

    >>> find_chapters(Path("."), ["99"])
    Traceback (most recent call last):
    ...
    pigeon_lessons.authoring.AuthoringError: no chapter '99' in lessons/; there are ...
    """
    chapters = [Chapter(Path(root), path.stem) for path in sorted((Path(root) / "lessons").glob("[0-9][0-9]_*.md"))]
    for name in wanted:
        if not any(_is_called(chapter, name) for chapter in chapters):
            known = ", ".join(chapter.name for chapter in chapters) or "none yet"
            raise AuthoringError(f"no chapter {name!r} in lessons/; there are {known}")
    return [chapter for chapter in chapters if not wanted or any(_is_called(chapter, name) for name in wanted)]


def _is_called(chapter, name):
    return name in (chapter.name, chapter.name.split("_")[0])


def read_text(chapter):
    """Return the chapter's text as a notebook without outputs: the same text, the same notebook, ids included.

    Raises AuthoringError when the text is not MyST that jupytext can read.
    """
    try:
        notebook = jupytext.reads(chapter.text.read_text(encoding="utf-8"), fmt=FORMAT)
    except Exception as error:  # jupytext lets through whatever its YAML and Markdown parsers raise
        raise AuthoringError(f"{chapter.text}: not a lesson that jupytext can read: {error}") from error
    notebook.metadata.get("jupytext", {}).pop("text_representation", None)
    _give_stable_ids(notebook.cells)
    return notebook


def read_notebook(chapter):
    """Return the chapter's committed notebook, or None when there is none yet."""
    if not chapter.notebook.exists():
        return None
    return nbformat.read(chapter.notebook, as_version=4)


def drift(chapter):
    """Return how the notebook differs from the text, in one sentence, or None when they say the same.

    Compared are kind, source and tags of each cell, and the `lesson` block; outputs and ids are not.
    """
    text, notebook = read_text(chapter), read_notebook(chapter)
    if notebook is None:
        return f"{chapter.name}: there is no notebook yet; run `pigeon-lessons refresh {chapter.name[:2]}`"
    place = _first_difference(text, notebook)
    return place and (f"{chapter.name}: the notebook is stale: {place} differs from the text; "
                      f"run `pigeon-lessons refresh {chapter.name[:2]}`")


def stray_notebooks(root):
    """Return the notebooks that have no text, which nobody can edit or refresh."""
    return [path for path in sorted((Path(root) / "notebooks").glob("*.ipynb"))
            if not Chapter(Path(root), path.stem).text.exists()]


def tags(cell):
    """Return the cell's tags, a list of strings."""
    return cell.metadata.get("tags", [])


def _first_difference(text, notebook):
    if text.metadata.get("lesson") != notebook.metadata.get("lesson"):
        return "the lesson block at the top"
    for number, (one, other) in enumerate(zip(text.cells, notebook.cells, strict=False), start=1):
        if _content(one) != _content(other):
            return f"cell {number}"
    if len(text.cells) != len(notebook.cells):
        return f"the number of cells ({len(notebook.cells)} instead of {len(text.cells)})"
    return None


def _content(cell):
    return cell.cell_type, cell.source.strip(), tags(cell)


def _give_stable_ids(cells):
    """Name each cell after its content, so that an edit changes the id of the edited cell alone."""
    seen = Counter()
    for cell in cells:
        digest = hashlib.sha256(f"{cell.cell_type}\n{cell.source}".encode()).hexdigest()[:8]
        seen[digest] += 1
        cell["id"] = digest if seen[digest] == 1 else f"{digest}-{seen[digest]}"
