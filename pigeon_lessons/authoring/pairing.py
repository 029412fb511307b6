"""Which text belongs to which notebook, and how the cells of both are named.

A chapter is a pair: `lessons/NN_name.md`, the text that people edit, and `notebooks/NN_name.ipynb`,
made from it, with outputs. Whether the two still say the same is seen in merging.py. Nothing is run here.
"""

import hashlib
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from pigeon_lessons.authoring import AuthoringError
from pigeon_lessons.authoring.reading import parse_notebook, parse_text, trimmed

KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
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

    @property
    def beside(self):
        """The path of the notebook's own text, written when it and the text changed in the same place."""
        return self.root / "lessons" / f"{self.name}.md.notebook"


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
    for cell, name in zip(text.notebook.cells, ids(text.notebook.cells), strict=True):
        cell["id"] = name
    text.notebook.metadata["kernelspec"] = KERNEL
    return text


def read_notebook(chapter):
    """Return the chapter's committed notebook, or None when there is none yet.

    Raises AuthoringError when Jupyter could not read it; `refresh` then makes it anew.
    """
    if not chapter.notebook.exists():
        return None
    try:
        return parse_notebook(chapter.notebook, f"notebooks/{chapter.notebook.name}")
    except AuthoringError as error:
        raise AuthoringError(f"{error}; make it anew: `pigeon-lessons refresh {chapter.name[:2]}`") from error


def stray_files(root):
    """Yield a sentence for each file of `root` that belongs to no chapter: nobody can edit or refresh it."""
    for path in sorted((Path(root) / "notebooks").glob("*.ipynb")):
        if not Chapter(Path(root), path.stem).text.exists():
            yield (f"notebooks/{path.name}: there is no lessons/{path.stem}.md to make it from; "
                   f"rename or delete it as its text was")
    for path in sorted((Path(root) / "lessons").glob("*.md")):
        if not re.fullmatch(r"\d\d_\w+", path.stem):
            yield f"lessons/{path.name}: no chapter; the name must be two digits, _ and a name, such as 09_name.md"
    for path in sorted((Path(root) / "lessons").glob("*.md.notebook")):
        yield f"lessons/{path.name}: left when text and notebook changed in one place; delete it when the text has both"


def keep_attachments(notebook, old):
    """Give the cells of `notebook` that show an attachment the picture that the notebook `old` holds by that name.

    Two cells may hold different pictures by one name: then each keeps its own, as long as its words stay.
    """
    by_name = {name: picture for cell in old.cells for name, picture in cell.get("attachments", {}).items()}
    by_words = {trimmed(cell): cell.get("attachments", {}) for cell in old.cells}
    for cell in notebook.cells:
        pictures = by_name | by_words.get(trimmed(cell), {})
        held = {name: pictures[name] for name in ATTACHED.findall(cell.source) if name in pictures}
        if held and cell.cell_type == "markdown":
            cell["attachments"] = held


def tags(cell):
    """Return the cell's tags, a list of strings."""
    return cell.metadata.get("tags", [])


def ids(cells):
    """Return a name for each cell after its kind and content: an edit changes the name of the edited cell alone."""
    seen, names = Counter(), []
    for cell in cells:
        digest = hashlib.sha256(f"{cell.cell_type}\n{trimmed(cell)}".encode()).hexdigest()[:8]
        seen[digest] += 1
        names.append(digest if seen[digest] == 1 else f"{digest}-{seen[digest]}")
    return names
