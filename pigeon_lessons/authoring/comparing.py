"""What a chapter's outputs were and are: one page with numbers, figures and words side by side. Nothing is run."""

import difflib
import re
import subprocess
from html import escape
from pathlib import Path
from string import Template

import nbformat

from pigeon_lessons.authoring import AuthoringError
from pigeon_lessons.authoring.reading import parse_notebook

PAGE = Path(__file__).parent / "templates" / "diff.html"
NUMBER = re.compile(r"[-−]?\d[\d,]*(?:\.\d+)?(?:e[-+]?\d+)?")


def before_and_after(chapter, given=None):
    """Return [(number of the code cell, its source, outputs before, outputs after)] where the outputs differ.

    Before is the notebook `given`, else the one in git's last commit. Outputs are (words, pictures as base64).
    Raises AuthoringError when a notebook is not there or cannot be read.
    """
    if given is None:
        run = subprocess.run(["git", "-C", chapter.root, "show", f"HEAD:./notebooks/{chapter.notebook.name}"],  # noqa: S603, S607
                             capture_output=True)
        if run.returncode:
            raise AuthoringError(f"notebooks/{chapter.name}.ipynb: git has none to compare with; name one, --with FILE")
        old = nbformat.reads(run.stdout.decode(), as_version=4)
    else:
        old = parse_notebook(given, str(given))
    new = parse_notebook(chapter.notebook, f"notebooks/{chapter.notebook.name}")
    one, other = ([cell for cell in notebook.cells if cell.cell_type == "code"] for notebook in (old, new))
    sources = ([cell.source for cell in cells] for cells in (one, other))
    found, matcher = [], difflib.SequenceMatcher(None, *sources, autojunk=False)
    for _, start, end, first, last in matcher.get_opcodes():
        for step in range(max(end - start, last - first)):
            was, now = (cells[at + step] if at + step < stop else None
                        for cells, at, stop in ((one, start, end), (other, first, last)))
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
    for number, source, (words, pictures), (new_words, new_pictures) in changes:
        moved = numbers(words, new_words)
        said = ", ".join(f"{one} → {other}{f' ({change:+.1%})' if change is not None else ''}"
                         for one, other, change in moved or [])
        said = said or ("the figure alone" if words == new_words else "other words")
        told.append(f"{name}, code cell {number}: {said}")
        sides = "".join(f"<div><pre>{escape(text)}</pre>{''.join(map(_image, shown))}</div>"
                        for text, shown in ((words, pictures), (new_words, new_pictures)))
        parts.append(f"<h2>Code cell {number}: {escape(said)}</h2><pre class=code>{escape(source)}</pre>"
                     f"<div class=sides>{sides}</div>")
    page = Template(PAGE.read_text(encoding="utf-8")).substitute(name=escape(name), parts="\n".join(parts))
    Path(path).write_text(page, encoding="utf-8")
    return told


def _outputs(cell):
    outputs = cell.outputs if cell else []
    words = "\n".join(out.get("text", "") or out.get("data", {}).get("text/plain", "") or out.get("evalue", "")
                      for out in outputs)
    return words, [out.data["image/png"] for out in outputs if "image/png" in out.get("data", {})]


def _image(base64):
    return f'<img alt="" src="data:image/png;base64,{escape(base64)}">'
