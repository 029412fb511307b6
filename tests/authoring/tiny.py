"""What the tests of authoring share: a chapter small enough to be written anew, or spoiled, in each test."""

from pathlib import Path

import nbformat

from pigeon_lessons.authoring.pairing import METADATA_FILTER, read_text

PROJECT = Path(__file__).parents[2]


def front_matter(lesson, jupytext=""):
    """Return the first lines of a text: `lesson` and `jupytext` are what stands, indented, under these two keys."""
    return f"""\
---
jupytext:
  notebook_metadata_filter: {METADATA_FILTER}
{jupytext}kernelspec:
  display_name: Python 3
  language: python
  name: python3
lesson:
{lesson}---
"""


def write(chapter, text):
    """Write the text of a chapter, and the notebook that says the same, into folders made for them."""
    for path in (chapter.text, chapter.notebook):
        path.parent.mkdir(exist_ok=True)
    chapter.text.write_text(text, encoding="utf-8")
    nbformat.write(read_text(chapter).notebook, chapter.notebook)
