"""Which text belongs to which notebook, and whether the two still say the same.

A chapter is a pair: `lessons/NN_name.md`, the text that people edit, and `notebooks/NN_name.ipynb`,
made from it, with outputs. Modification times are never asked: only contents count. Nothing is run here.
"""

import hashlib
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from pigeon_lessons.authoring import AuthoringError
from pigeon_lessons.authoring.reading import parse_notebook, parse_text

METADATA_FILTER = ("lesson,-jupytext.text_representation.jupytext_version,"
                   "-jupytext.text_representation.format_version")
"""Stands in each text and each notebook: jupytext then finds the two equal, and JupyterLab, which refuses a notebook
that is newer than its text and differs from it, opens it; what only says which jupytext wrote the text is left out."""
NEVER_RUN = "nbval-skip"
"""Tag of an optional cell, such as one that needs the network: neither refresh nor the tests run it."""
OUTPUT_VARIES = "nbval-ignore-output"
"""Tag of a cell whose output differs from run to run, such as a time: it runs, but nothing is compared."""
ATTACHED = re.compile(r"\battachment:([^)\s\"'>]+)")


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
    """Return the chapter's reading.Text; the same text gives the same notebook, cell ids included.

    Raises AuthoringError, naming file and line, when the text is not MyST that jupytext can read.
    """
    text = parse_text(chapter.text, f"lessons/{chapter.text.name}")
    text.notebook.metadata.get("jupytext", {}).pop("text_representation", None)
    _give_stable_ids(text.notebook.cells)
    return text


def read_notebook(chapter):
    """Return the chapter's committed notebook, or None when there is none yet.

    Raises AuthoringError when Jupyter could not read it; what `refresh` then does is to make it anew.
    """
    if not chapter.notebook.exists():
        return None
    try:
        return parse_notebook(chapter.notebook, f"notebooks/{chapter.notebook.name}")
    except AuthoringError as error:
        raise AuthoringError(f"{error}; make it anew: `pigeon-lessons refresh {chapter.name[:2]}`") from error


def drift(chapter, text, notebook):
    """Yield how the chapter's `notebook` differs from its `text`, in one sentence; nothing when they say the same.

    Compared are kind, source and tags of each cell, and the `lesson` block; outputs and ids are not.
    """
    name, remedy = f"notebooks/{chapter.notebook.name}", f"run `pigeon-lessons refresh {chapter.name[:2]}`"
    if notebook is None:
        yield f"{name}: there is no notebook yet; {remedy}"
    elif place := _first_difference(text, notebook):
        yield f"{name}: the notebook is stale: {place}; {remedy}"


def stray_files(root):
    """Yield a sentence for each file of `root` that belongs to no chapter: nobody can edit or refresh it."""
    for path in sorted((Path(root) / "notebooks").glob("*.ipynb")):
        if not Chapter(Path(root), path.stem).text.exists():
            yield (f"notebooks/{path.name}: there is no lessons/{path.stem}.md to make it from; "
                   f"rename or delete it as its text was")
    for path in sorted((Path(root) / "lessons").glob("*.md")):
        if not re.fullmatch(r"\d\d_\w+", path.stem):
            yield f"lessons/{path.name}: no chapter; the name must be two digits, _ and a name, such as 09_name.md"


def keep_attachments(notebook, old):
    """Give the cells of `notebook` that show an attachment the picture that the notebook `old` holds by that name."""
    pictures = {name: picture for cell in old.cells for name, picture in cell.get("attachments", {}).items()}
    for cell in notebook.cells:
        held = {name: pictures[name] for name in ATTACHED.findall(cell.source) if name in pictures}
        if held and cell.cell_type == "markdown":
            cell["attachments"] = held


def tags(cell):
    """Return the cell's tags, a list of strings."""
    return cell.metadata.get("tags", [])


def _first_difference(text, notebook):
    if text.notebook.metadata.get("lesson") != notebook.metadata.get("lesson"):
        return f"the lesson block differs from the text ({text.name}:{text.line_of('lesson')})"
    for number, (one, other) in enumerate(zip(text.notebook.cells, notebook.cells, strict=False), start=1):
        if _content(one) != _content(other):
            return f"cell {number} differs from the text ({text.name}:{text.lines[number - 1]})"
    if len(text.notebook.cells) != len(notebook.cells):
        return f"it has {len(notebook.cells)} cells, the text has {len(text.notebook.cells)}"
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
