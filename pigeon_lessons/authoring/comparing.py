"""What a chapter's outputs were and are: one page with numbers, figures and words side by side. Nothing is run."""

import difflib
import re
from html import escape
from pathlib import Path
from typing import NamedTuple

import nbformat

from pigeon_lessons.authoring import AuthoringError, template
from pigeon_lessons.authoring.reading import code_cells, read_notebook

PICTURE = '<img alt="" src="data:image/png;base64,{}">'
NUMBER = re.compile(r"[-−]?\d[\d,]*(?:\.\d+)?(?:e[-+]?\d+)?")


class Outputs(NamedTuple):
    """What a cell shows: words, and pictures as base64."""

    words: str = ""
    pictures: tuple = ()


def before_and_after(chapter):
    """Return [(number of the code cell, its source, Outputs before, Outputs after)] where the outputs differ.

    Before is the notebook in git's last commit. Raises AuthoringError when there is none, or none that can be read.
    """
    new = read_notebook(chapter)
    try:
        sides = [code_cells(one) for one in (nbformat.reads(chapter.committed(chapter.notebook), as_version=4), new)]
    except Exception as error:  # there is none on one side, or git's is no notebook, whatever nbformat says to that
        raise AuthoringError(f"notebooks/{chapter.name}.ipynb: git has none that can be compared with; refresh and "
                             "commit it") from error
    matcher = difflib.SequenceMatcher(None, *([cell.source for cell in cells] for cells in sides), autojunk=False)
    found = []
    for _, start, end, first, last in matcher.get_opcodes():
        for step in range(max(end - start, last - first)):
            was, now = (cells[at + step] if at + step < stop else None
                        for cells, at, stop in zip(sides, (start, first), (end, last), strict=True))
            if (before := _outputs(was)) != (after := _outputs(now)):
                found.append((first + step + 1, (now or was).source, before, after))
    return found


def numbers(before, after):
    """Return [(before, after, relative change or None)] of the numbers that differ, if only numbers do, else None.

    >>> numbers("loss 0.50 after 32", "loss 0.55 after 32")
    [('0.50', '0.55', 0.1...)]
    >>> numbers("it falls", "it rises")
    """
    if NUMBER.sub("#", before) != NUMBER.sub("#", after):
        return None
    values = [[(text, float(text.replace(",", "").replace("−", "-"))) for text in NUMBER.findall(words)]
              for words in (before, after)]
    return [(one, other, (new - old) / abs(old) if old else None)
            for (one, old), (other, new) in zip(*values, strict=True) if old != new]


def write_page(path, name, changes):
    """Write the HTML page for the chapter `name`; return a sentence for each cell, for the terminal."""
    told, parts = [], []
    for number, source, before, after in changes:
        said = ", ".join(f"{one} → {other}{f' ({change:+.1%})' if change is not None else ''}"
                         for one, other, change in numbers(before.words, after.words) or [])
        said = said or ("the figure alone" if before.words == after.words else "other words")
        told.append(f"{name}, code cell {number}: {said}")
        sides = "".join(f"<div><pre>{escape(words)}</pre>{''.join(map(PICTURE.format, pictures))}</div>"
                        for words, pictures in (before, after))
        parts.append(f"<h2>Code cell {number}: {escape(said)}</h2><pre class=code>{escape(source)}</pre>"
                     f"<div class=sides>{sides}</div>")
    page = template("diff.html").substitute(name=escape(name), parts="\n".join(parts))
    Path(path).write_text(page, encoding="utf-8")
    return told


def _outputs(cell):
    outputs = cell.outputs if cell else []
    words = (out.get("text", "") or out.get("data", {}).get("text/plain", "") or out.get("evalue", "")
             for out in outputs)
    pictures = (escape(out.get("data", {}).get("image/png", "")) for out in outputs)
    return Outputs("\n".join(words), tuple(filter(None, pictures)))
