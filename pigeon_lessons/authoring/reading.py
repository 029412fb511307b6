"""Reads a chapter's two files into notebooks; whatever is wrong with a file is one sentence that names file and line.

What the two say is not judged here: see contract.py, and merging.py for whether they say the same.
"""

import itertools
import json
import re
import warnings
from dataclasses import dataclass, field

import jupytext
import nbformat
import yaml
from nbformat.validator import iter_validate

from pigeon_lessons.authoring import AuthoringError

FORMAT = {"extension": ".md", "format_name": "myst"}
KEPT = {"notebook_metadata_filter": "-all", "cell_metadata_filter": "tags,mystnb,-all"}
"""Of the metadata, what jupytext writes into a text: nothing of a notebook's, two keys of a cell's. It stands in
pyproject.toml too, for JupyterLab, and in each notebook."""
CONFLICT = re.compile(r"(?:<{7}|\|{7}|>{7})(?: |$)")
UNSEEN = re.compile("[\0\v\f\x1c-\x1e\x85\u2028\u2029]")  # some programs end a line at these, others do not
HEADER = re.compile(r"<!--\n(.*?\n)??-->\n", re.DOTALL)


@dataclass
class Text:
    """A text as a notebook without outputs or ids, and where its parts stand in the file `name`, counted from 1."""

    name: str
    notebook: nbformat.NotebookNode
    source: str
    lines: list = field(default_factory=list)
    """The first line of each cell's own words or code."""

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


def parse_text(path, name):
    """Return the Text in the file `path`, called `name` in messages.

    Raises AuthoringError, with the line, for a file that is not UTF-8, begins with a byte order mark or holds
    conflict markers, for a header that is not a mapping of plain values, and for cells that jupytext cannot read.
    """
    source = _decoded(path, name).replace("\r\n", "\n")
    for number, line in enumerate(source.split("\n"), start=1):
        if CONFLICT.match(line):
            raise AuthoringError(f"{name}:{number}: a conflict marker of git; keep one version and delete the markers")
        if unseen := UNSEEN.search(line):
            raise AuthoringError(f"{name}:{number}: an unseen character, {unseen[0]!r}; delete it")
    text = Text(name, None, source)
    header = _header(text)
    try:
        text.notebook = read_cells(source)
    except Exception as error:  # jupytext lets through whatever its YAML and Markdown parsers raise
        number, reason = _broken_cell(source), (str(error).splitlines() or [type(error).__name__])[0]
        hint = "; tags stand in brackets: `:tags: [solution]`" if "'array'" in reason else ""
        raise AuthoringError(f"{name}:{number}: not a cell that jupytext can read: {reason}{hint}") from error
    text.notebook.metadata = nbformat.from_dict(header)
    text.lines = list(_first_lines(source.split("\n"), text.notebook.cells))
    for line, cell in zip(text.lines, text.notebook.cells, strict=True):
        if problem := _not_plain(cell.metadata, "the cell"):
            raise AuthoringError(f"{name}:{line}: {problem}")
    return text


def parse_notebook(path, name):
    """Return the notebook in the file `path`, called `name` in messages.

    Raises AuthoringError for a file that is no valid notebook of format 4.
    """
    source = _decoded(path, name)
    for number, line in enumerate(source.split("\n"), start=1):
        if CONFLICT.match(line):
            raise AuthoringError(f"{name}:{number}: a conflict marker of git")
    try:
        notebook = nbformat.v4.reads(source)
        if notebook.nbformat != 4:
            raise ValueError(notebook.nbformat)
        for number, cell in enumerate(notebook.cells, start=1):
            if notebook.nbformat_minor >= 5:  # older ones, as from Colab, have no ids
                cell.setdefault("id", f"cell-{number}")
        problem = next(iter_validate(notebook), None)
        json.dumps(notebook, ensure_ascii=False).encode()
    except json.JSONDecodeError as error:
        raise AuthoringError(f"{name}:{error.lineno}: not JSON: {error.msg}") from error
    except Exception as error:  # nbformat takes for granted that JSON is a notebook
        raise AuthoringError(f"{name}: not a notebook that Jupyter can read: {type(error).__name__}") from error
    if problem is not None:
        place = "".join(f"[{part!r}]" for part in problem.absolute_path)
        raise AuthoringError(f"{name}: not a notebook that Jupyter can read: {problem.message[:120]}, at {place}")
    return notebook


def read_cells(source):
    """Return the notebook whose cells a text holds, as JupyterLab's jupytext reads it."""
    with warnings.catch_warnings(action="ignore"):
        return jupytext.reads(source, fmt=FORMAT)


def source_of(cells):
    """Return the text that holds these cells, as JupyterLab's jupytext writes it."""
    bare = [{"cell_type": cell.cell_type, "metadata": cell.metadata, "source": trimmed(cell)} for cell in cells]
    notebook = {"cells": bare, "nbformat": 4, "nbformat_minor": 5,
                "metadata": {"jupytext": {**KEPT, "default_lexer": "ipython3"}}}
    return jupytext.writes(nbformat.from_dict(notebook), fmt=FORMAT)


def trimmed(cell):
    """Return the cell's source without what editors add to it: blank ends, and line ends of Windows."""
    return cell.source.replace("\r\n", "\n").lstrip("\n").rstrip()


def _decoded(path, name):
    content = path.read_bytes()
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        number = content.count(b"\n", 0, error.start) + 1
        what = f"not UTF-8 (byte 0x{content[error.start]:02x})"
        raise AuthoringError(f"{name}:{number}: {what}; save it as UTF-8") from None
    if text.startswith("\ufeff"):
        raise AuthoringError(f"{name}:1: begins with a byte order mark; save it as UTF-8 without one")
    return text


def _header(text):
    """Return what the header says, {} when there is none."""
    if not text.header:
        if text.source.startswith(("---", "<!--")):
            raise AuthoringError(f"{text.name}:1: the header must stand between a line `<!--` and a line `-->`")
        return {}
    try:
        header = yaml.safe_load(text.header[5:-4])
        json.dumps(header, default=str, skipkeys=True)  # raises ValueError when a list holds itself
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        number = min(mark.line + 2, text.header.count("\n") - 1) if mark else 1  # the last line may lack a bracket
        reason = getattr(error, "problem", None) or str(error).splitlines()[0]
        raise AuthoringError(f"{text.name}:{number}: the header is not YAML: {reason}") from error
    except (ValueError, RecursionError) as error:  # a date such as 2024-13-45, a thousand brackets
        raise AuthoringError(f"{text.name}:1: the header is not YAML: {error}") from error
    if not isinstance(header, dict):
        raise AuthoringError(f"{text.name}:1: the header must be keys and values, got {header!r:.60}")
    for key, value in header.items():
        if problem := _not_plain(value, key) if isinstance(key, str) else f"key {key!r} is not a word":
            raise AuthoringError(f"{text.name}:{text.line_of(key)}: {problem}")
    return header


def _not_plain(value, where):
    """Say what in a header's value would not survive as JSON: dates, sets, nan, keys that are no words; or None."""
    if isinstance(value, dict):
        odd = next((key for key in value if not isinstance(key, str)), None)
        return (f"{where}: key {odd!r} is not a word; put it in quotes" if odd is not None else
                next(filter(None, (_not_plain(part, f"{where}.{key}") for key, part in value.items())), None))
    if isinstance(value, list):
        return next(filter(None, (_not_plain(part, where) for part in value)), None)
    try:
        json.dumps(value, allow_nan=False)
    except (TypeError, ValueError):
        return f"{where} is a {type(value).__name__}, {value!s:.40}; put it in quotes"
    return None


def _broken_cell(source):
    """Return the line of the first cell that jupytext cannot read: the text up to it can be read, with it it cannot."""
    lines = source.split("\n")
    starts = [number for number, line in enumerate(lines) if line.startswith(("```{", "~~~{", "+++"))]
    for start, end in itertools.pairwise([*starts, len(lines)]):
        try:
            read_cells("\n".join(lines[:end]))
        except Exception:
            return start + 1
    return 1


def _first_lines(lines, cells):
    """Yield the first line of each cell; between two cells stand only fences, options and blank lines."""
    place = 0
    for cell in cells:
        wanted = cell.source.split("\n")
        found = (start for start in range(place, len(lines)) if [
            line.rstrip() for line in lines[start:start + len(wanted)]] == [line.rstrip() for line in wanted])
        start = next(found, place) if cell.source.strip() else place
        yield start + 1
        place = start + len(wanted)
