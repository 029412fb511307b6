"""What a chapter's text and notebook last agreed on, which of them changed since, and how git joins both changes.

`refresh` notes in the notebook, under `agreed`, a label of each cell: its name, which is a digest of its words, and
its tags. So the labels tell which side changed, whatever the program that saved it and whatever the clock says.
"""

import re
import tempfile
from contextlib import suppress
from functools import cached_property
from pathlib import Path

import nbformat

from pigeon_lessons import files
from pigeon_lessons.authoring import AuthoringError
from pigeon_lessons.authoring.pairing import git
from pigeon_lessons.authoring.reading import ids, read_cells, read_notebook, read_text, source_of, tags

AGREED = "agreed"
SEEN = re.compile(r"(?s)(?:<!--.*?-->|\s)*([^\r\n]*)")
"""A cell's first line that a reader sees."""


def labeled(cells):
    """Return {label: cell}, in their order, of the cells that hold anything; equal labels mean equal cells.

    >>> list(labeled([nbformat.v4.new_code_cell("1 + 1", metadata={"tags": ["solution"]})]))
    ['51acba95 solution']
    """
    cells = [cell for cell in cells if cell.source.strip()]
    return {" ".join(filter(None, [name, *tags(cell), str(cell.metadata.get("mystnb", ""))])): cell
            for name, cell in zip(ids(cells), cells, strict=True)}


def compare(text, notebook):
    """Return the Difference between a reading.Text and its chapter's notebook, None when they say the same.

    Compared are kind, source, tags and words for pictures of each cell; outputs, ids and other metadata are not.
    """
    difference = Difference(text, notebook)
    return difference if list(difference.mine) != list(difference.theirs) else None


def adopt(chapter):
    """Bring what changed in the chapter's notebook alone into its text; return the Difference, None if there is none.

    The rest of the text, its header too, stays byte for byte. Where both changed one place, the text gets both
    versions between git's markers. Raises AuthoringError when a file cannot be read or a cell is no text.
    """
    text, notebook = read_text(chapter), read_notebook(chapter)
    difference = compare(text, notebook) if notebook else None
    if difference is None or not difference.only_in_notebook:
        return None
    difference.keep_beside_if_both_changed()
    files.replace(chapter.text, difference.merged[0].encode())
    notebook.metadata[AGREED] = list(difference.theirs)  # from now on the text has all that the notebook has
    files.replace(chapter.notebook, (nbformat.writes(notebook) + "\n").encode())
    return difference


class Difference:
    """How a chapter's text and its notebook differ; as a string, a sentence that says who changed and what to do.

    `mine`, `theirs`: the cells of the text and of the notebook, by label.
    """

    def __init__(self, text, notebook):
        self.text, self.notebook = text, notebook
        self.mine, self.theirs = labeled(text.notebook.cells), labeled(notebook.cells)

    @cached_property
    def base(self):
        """The labels that both had; where the notebook lost them, as in Colab, those of the text that git has."""
        noted = self.notebook.metadata.get(AGREED)
        known = isinstance(noted, list) and all(isinstance(label, str) for label in noted)
        return noted if known else list(self._committed)

    @property
    def only_in_notebook(self):
        """Whether the notebook holds what the text does not: to make it anew would lose that."""
        return self.merged[0] != self.text.source

    def __str__(self):
        chapter = self.text.chapter
        number, name = chapter.number, chapter.name
        lines = {id(cell): line for line, cell in zip(self.text.lines, self.text.notebook.cells, strict=True)}
        text = f"{self.text.name} changed, {self._changes(self.mine, lambda _, cell: f'line {lines[id(cell)]}')}"
        if not self.only_in_notebook:
            return f"notebooks/{name}.ipynb: is stale: {text}; run `pigeon-lessons refresh {number}`"
        notebook = self._changes(self.theirs, lambda number, cell: f"cell {number} ({SEEN.search(cell.source)[1]:.40})")
        also = f"; and {text}" if list(self.mine) != self.base else ""
        both = f"; places where both changed: {self.merged[1]}" if self.merged[1] else ""
        return (f"notebooks/{name}.ipynb: changed since it agreed with its text, {notebook}{also}{both}; to bring that "
                f"into the text, run `pigeon-lessons adopt {number}`")

    def keep_beside_if_both_changed(self):
        """Where both changed one place, write the notebook's version beside the text."""
        if self.merged[1]:
            files.replace(self.text.chapter.beside, self.theirs_as_text.encode())

    def _changes(self, side, place):
        new = [place(number, side[label]) for number, label in enumerate(side, start=1) if label not in self.base]
        gone = len(set(self.base) - set(side)) - len(new)
        new[3:] = [f"{len(new) - 3} more"] * (len(new) > 3)
        return ", ".join(new + [f"fewer cells: {gone}"] * (gone > 0)) or "the order of cells"

    @cached_property
    def merged(self):
        """(text, conflicts): the text with what changed in the notebook alone, and how often both changed one place."""
        if list(self.theirs) == self.base:
            return self.text.source, 0
        known = {**self._committed, **self.theirs, **self.mine}
        unknown = nbformat.from_dict({"cell_type": "code", "source": "?", "metadata": {}})  # changed twice since git's
        base = source_of(known.get(label, unknown) for label in self.base)
        names = self.text.name, "what both agreed on", f"notebooks/{self.text.chapter.notebook.name}"
        with tempfile.TemporaryDirectory() as folder:
            paths = [Path(folder) / str(number) for number in range(3)]
            for path, source in zip(paths, (self.text.source, base, self.theirs_as_text), strict=True):
                path.write_bytes(source.encode())
            try:
                run = git("merge-file", "-p", "-q", *(word for name in names for word in ("-L", name)), *paths)
            except FileNotFoundError:
                raise AuthoringError(f"{names[2]}: was changed, and the text may be, too; install git, which joins "
                                     "them") from None
        if run.returncode not in range(128):  # no number of conflicts: it has failed
            raise AuthoringError(f"{names[2]}: git cannot join it with its text; delete what no text holds, such as "
                                 "the character '\\x00'")
        return run.stdout.decode(), run.returncode

    @cached_property
    def theirs_as_text(self):
        """The notebook's cells as a text; AuthoringError if one cannot be written so that it is read again."""
        source = source_of(self.theirs.values())
        read = [*labeled(read_cells(source).cells), None]
        for number, (label, again) in enumerate(zip(self.theirs, read, strict=False), start=1):
            if label != again:
                raise AuthoringError(f"notebooks/{self.text.chapter.name}.ipynb: cell {number} cannot be brought into "
                                     "the text; it holds a line, such as `+++`, that begins a new cell there")
        return source

    @cached_property
    def _committed(self):
        with suppress(Exception):  # no git, no commit, or a text that cannot be read: one source less
            return labeled(read_cells(self.text.chapter.committed(self.text.chapter.text)).cells)
        return {}
