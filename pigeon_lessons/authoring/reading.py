"""Reads a chapter's two files; whatever is wrong with one of them is one sentence that names file and line.

What the two say is not judged here: see contract.py, and merging.py for whether they say the same.
"""

import ast
import hashlib
import itertools
import json
import re
import warnings
from collections import Counter
from dataclasses import dataclass
from functools import cached_property

import jupytext
import nbformat
import yaml
from jupytext.myst import myst_to_notebook
from nbformat.validator import iter_validate

from pigeon_lessons.authoring import AuthoringError
from pigeon_lessons.authoring.pairing import Chapter

KEPT = {"notebook_metadata_filter": "-all", "cell_metadata_filter": "tags,mystnb,-all"}
"""Of the metadata, what jupytext writes into a text: nothing of a notebook's, two keys of a cell's. It stands in
pyproject.toml too, for JupyterLab, and in each notebook."""
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
NEVER_RUN = "nbval-skip"
"""Tag of an optional cell, such as one that needs the network: neither refresh nor the tests run it."""
OUTPUT_VARIES = "nbval-ignore-output"
"""Tag of a cell whose output differs from run to run, such as a time: it runs, but nothing is compared."""
CONFLICT = re.compile(r"(?:<{7}|\|{7}|>{7})(?: |$)")
UNSEEN = re.compile("[\0\v\f\x1c-\x1e\x85\u2028\u2029]")  # some programs end a line at these, others do not
ATTACHED = re.compile(r"\]\((attachment:[^)]*)\)")
HEADER = re.compile(r"<!--\n(.*?\n??)-->\n", re.DOTALL)


@dataclass
class Text:
    """The text of a chapter, read: its `source`, and its cells as a notebook without outputs."""

    chapter: Chapter
    source: str
    notebook: nbformat.NotebookNode = None
    lines: tuple = ()
    """Where each cell's own words or code begin, counted from 1."""

    @property
    def name(self):
        """The file, as messages call it."""
        return f"lessons/{self.chapter.text.name}"

    @property
    def header(self):
        """The first lines, from `<!--` to `-->`, as they stand in the file; "" when there are none.

        To Markdown and jupytext they are a comment in the first cell: shown nowhere, and never written anew.
        """
        found = HEADER.match(self.source)
        return found[0] if found else ""

    def line_of(self, key):
        """Return the line of a key in the header, 1 when it is not there."""
        lines = self.header.splitlines()
        return next((number for number, line in enumerate(lines, start=1) if line.lstrip().startswith(f"{key}:")), 1)

    @cached_property
    def saved(self):
        """The source as JupyterLab's jupytext would save it."""
        return source_of(self.notebook.cells)

    @cached_property
    def code(self):
        """(line, cell, syntax tree) of each code cell; None instead of a tree where it is not plain Python."""
        pairs = zip(self.lines, self.notebook.cells, strict=True)
        return [(line, cell, _tree(cell.source)) for line, cell in pairs if cell.cell_type == "code"]


def read_text(chapter):
    """Return the Text of a chapter; the same text gives the same notebook, cell ids included.

    Raises AuthoringError, with the line, for a file that is not UTF-8, begins with a byte order mark or holds
    conflict markers, for a header that is no mapping, for cells that jupytext cannot read, and for a picture that
    was pasted into a cell.
    """
    text = Text(chapter, _decoded(chapter.text))
    if not text.source.strip():
        raise AuthoringError(f"{text.name}:1: nothing stands in it; write the chapter, or delete the file")
    for number, line in enumerate(text.source.split("\n"), start=1):
        if unseen := UNSEEN.search(line):
            raise AuthoringError(f"{text.name}:{number}: an unseen character, {unseen[0]!r}; delete it")
        if attached := ATTACHED.search(line):
            raise AuthoringError(f"{text.name}:{number}: the picture {attached[1]!r} stands in the notebook alone, a "
                                 "text cannot hold it; save it as a file beside the notebook and link to that")
    header = _header(text)
    try:
        text.notebook = read_cells(text.source)
    except Exception as error:
        number, reason = _broken_cell(text.source), (str(error).splitlines() or [type(error).__name__])[0]
        hint = "; tags stand in brackets: `:tags: [nbval-skip]`" if "'array'" in reason else ""
        raise AuthoringError(f"{text.name}:{number}: not a cell that jupytext can read: {reason}{hint}") from error
    starts, lines = text.notebook.metadata["source_map"], text.source.split("\n")
    for start, cell, name in zip(starts, text.notebook.cells, ids(text.notebook.cells), strict=True):
        cell["id"], first = name, cell.source.split("\n")[0].rstrip()
        text.lines += (next((at for at in range(start, len(lines)) if lines[at].rstrip() == first), start) + 1,)
    text.notebook.metadata = nbformat.from_dict({**header, "kernelspec": KERNEL})
    return text


def read_notebook(chapter):
    """Return the chapter's committed notebook, or None when there is none yet.

    Raises AuthoringError for a file that is no valid notebook of format 4; `refresh` then makes it anew.
    """
    if not chapter.notebook.exists():
        return None
    name, anew = f"notebooks/{chapter.notebook.name}", f"to make it anew: `pigeon-lessons refresh {chapter.number}`"
    try:
        notebook = nbformat.v4.reads(_decoded(chapter.notebook))
        for number, cell in enumerate(notebook.cells, start=1):
            if notebook.nbformat_minor >= 5:  # older ones, as from Colab, have no ids
                cell.setdefault("id", f"cell-{number}")
        if notebook.nbformat != 4:
            raise ValueError(f"of format {notebook.nbformat}")
        for problem in iter_validate(notebook):
            raise problem
        json.dumps(notebook, ensure_ascii=False).encode()
    except AuthoringError as error:
        raise AuthoringError(f"{error}; {anew}") from error
    except json.JSONDecodeError as error:
        raise AuthoringError(f"{name}:{error.lineno}: not JSON: {error.msg}; {anew}") from error
    except Exception as error:  # nbformat takes for granted that JSON is a notebook
        raise AuthoringError(f"{name}: not a notebook that Jupyter can read: {error!r:.120}; {anew}") from error
    return notebook


def read_cells(source):
    """Return the notebook whose cells a text holds, as JupyterLab's jupytext reads it; `source_map` has their lines.

    Raises whatever YAML and Markdown parsers raise, and TypeError for a date and the like in a cell's metadata.
    """
    with warnings.catch_warnings(action="ignore"):
        notebook = myst_to_notebook(source, add_source_map=True)
    json.dumps([cell.metadata for cell in notebook.cells], allow_nan=False)
    return notebook


def source_of(cells):
    """Return the text that holds these cells, as JupyterLab's jupytext writes it."""
    bare = [{"cell_type": cell.cell_type, "metadata": cell.metadata, "source": trimmed(cell)} for cell in cells]
    notebook = {"cells": bare, "nbformat": 4, "nbformat_minor": 5,
                "metadata": {"jupytext": {**KEPT, "default_lexer": "ipython3"}}}
    return jupytext.writes(nbformat.from_dict(notebook), fmt="md:myst")


def trimmed(cell):
    """Return the cell's source without what editors add to it: blank ends, and line ends of Windows."""
    return cell.source.replace("\r\n", "\n").lstrip("\n").rstrip()


def code_cells(notebook):
    """Return the code cells of a notebook."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


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


def _decoded(path):
    name, content = f"{path.parent.name}/{path.name}", path.read_bytes()
    try:
        text = content.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        number = content.count(b"\n", 0, error.start) + 1
        what = f"not UTF-8 (byte 0x{content[error.start]:02x})"
        raise AuthoringError(f"{name}:{number}: {what}; save it as UTF-8") from None
    if text.startswith("\ufeff"):
        raise AuthoringError(f"{name}:1: begins with a byte order mark; save it as UTF-8 without one")
    for number, line in enumerate(text.split("\n"), start=1):
        if CONFLICT.match(line):
            raise AuthoringError(f"{name}:{number}: a conflict marker of git; keep one version and delete the markers")
    return text


def _header(text):
    """Return what the header says, {} when there is none; but for the minutes, every value is a text."""
    if not text.header:
        if text.source.startswith(("---", "<!--")):
            raise AuthoringError(f"{text.name}:1: the header must stand between a line `<!--` and a line `-->`")
        return {}
    try:
        header = yaml.load(text.header[5:-4], yaml.BaseLoader)  # only texts, lists, mappings; # noqa: S506 # nosec
    except (yaml.YAMLError, ValueError, RecursionError) as error:  # the last: a thousand brackets
        mark, reason = getattr(error, "problem_mark", None), getattr(error, "problem", str(error).split("\n")[0])
        number = min(mark.line + 2, text.header.count("\n") - 1) if mark else 1  # the last line may lack a bracket
        raise AuthoringError(f"{text.name}:{number}: the header is not YAML: {reason}") from error
    if not isinstance(header, dict):
        raise AuthoringError(f"{text.name}:1: the header must be keys and values, got {header!r:.60}")
    lesson = header.get("lesson")
    if isinstance(lesson, dict) and re.fullmatch(r"\d{1,4}", str(lesson.get("minutes"))):
        lesson["minutes"] = int(lesson["minutes"])
    return header


def _broken_cell(source):
    """Return the line of the first cell that cannot be read: the text up to it can be read, with it it cannot."""
    lines = source.split("\n")
    starts = [number for number, line in enumerate(lines) if line.startswith(("```{", "~~~{", "+++"))]
    for start, end in itertools.pairwise([*starts, len(lines)]):
        try:
            read_cells("\n".join(lines[:end]))
        except Exception:
            return start + 1
    return 1


def _tree(code):
    try:
        with warnings.catch_warnings(action="ignore"):  # of an escape that is none, as in "\\d"
            return ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):  # as Python names code that it cannot parse
        return None
