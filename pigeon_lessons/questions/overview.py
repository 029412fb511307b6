"""What there is to do in each chapter, and how far a student has come; it reads what is stored and asks nothing."""

import tomllib
from html import escape

from IPython.display import display

from pigeon_lessons import rooms
from pigeon_lessons.questions import storage
from pigeon_lessons.questions.content import asked
from pigeon_lessons.questions.feedback import Shown

HEADINGS = ("Chapter", "Questions", "Predictions", "Exercises", "Challenges")
KINDS = {"quizzes": "right", "predictions": "guess", "exercises": "passed", "challenges": "met"}
"""What a chapter asks, and the field that says that one is done."""


def progress():
    """Show, for each chapter, how many questions, predictions, exercises and challenges are done; nothing is returned.

    >>> progress()
    Chapter             Questions  Predictions  Exercises  Challenges
    00 meet the pigeon  ...
    """
    display(overview([(f"{number:02} {chapter.replace('_', ' ')}", *(_count(kind, chapter) for kind in KINDS))
                      for number, chapter in enumerate(rooms.chapters())]))


def named(kind, chapter):
    """Return what a chapter asks of a kind, by the name under which its answer is kept."""
    if kind != "challenges":
        return {f"{chapter}/{key}": one for key, one in asked(chapter)[kind].items()}
    panel = tomllib.loads(rooms.text(chapter, "explorer.toml"))
    return {f"{panel['name']}/{one['text']}": one for one in panel.get("challenges", ())}


def is_done(kind, one, record):
    """Return whether a record says that this one of a kind is done; whatever it holds, it does no harm."""
    found = record.get(KINDS[kind])
    return one.has(found) if kind == "predictions" else found is True


def _count(kind, chapter):
    """Return (how many of a kind are done in a chapter, of how many)."""
    asks = named(kind, chapter)
    return sum(is_done(kind, one, storage.progress.record(kind, name)) for name, one in asks.items()), len(asks)


def overview(rows):
    """Return a table of rows (name, pairs (done, of how many) …)."""
    table = [HEADINGS, *((name, *(f"{done} of {total}" if total else "–" for done, total in counts))
                         for name, *counts in rows)]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    words = "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in table)
    head, *body = ("".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in row)
                   for tag, row in zip(("th", *["td"] * len(rows)), table, strict=True))
    lines = "".join(f"<tr>{row}</tr>" for row in body)
    return Shown(words, f"<table><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>")
