"""What the tests of authoring share: a chapter small enough to be written anew, or spoiled, in each test."""

from pathlib import Path

import nbformat

from pigeon_lessons.authoring.merging import AGREED, labeled
from pigeon_lessons.authoring.reading import read_text

PROJECT = Path(__file__).parents[2]


def header(lesson):
    """Return the first lines of a text: `lesson` is what stands, indented, under this key."""
    return f"<!--\nlesson:\n{lesson}-->\n"


def write(chapter, text):
    """Write the text of a chapter, and the notebook that says the same as if refreshed, into folders made for them."""
    for path in (chapter.text, chapter.notebook):
        path.parent.mkdir(exist_ok=True)
    chapter.text.write_text(text, encoding="utf-8")
    notebook = read_text(chapter).notebook
    notebook.metadata |= {AGREED: list(labeled(notebook.cells)), "language_info": {
        "name": "python", "pygments_lexer": "ipython3"}}
    nbformat.write(notebook, chapter.notebook)
