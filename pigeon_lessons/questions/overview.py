"""How far a student has come, chapter by chapter; it reads what is stored and asks nothing."""

from html import escape

from IPython.display import display

from pigeon_lessons import rooms
from pigeon_lessons.questions import storage
from pigeon_lessons.questions.content import asked
from pigeon_lessons.questions.feedback import Shown
from pigeon_lessons.questions.revealing import guess_of

HEADINGS = ("Chapter", "Questions", "Predictions", "Exercises", "Challenges")


def progress():
    """Show, for each chapter, how many questions, predictions, exercises and challenges are done; nothing is returned.

    >>> progress()
    Chapter             Questions  Predictions  Exercises  Challenges
    00 meet the pigeon  ...
    """
    display(overview([_row(number, chapter) for number, chapter in enumerate(rooms.chapters())]))


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


def _row(number, chapter):
    """Return the chapter's name and its four counts."""
    found, panel = asked(chapter), rooms.explorer_of(chapter)

    def count(kind, keys, key, owner=chapter):
        return sum(storage.progress.record(kind, f"{owner}/{one}").get(key) is True for one in keys), len(keys)

    guesses = [guess_of(f"{chapter}/{key}", one) for key, one in found["predictions"].items()]
    return (f"{number:02} {chapter.replace('_', ' ')}", count("quizzes", found["quizzes"], "right"),
            (len(guesses) - guesses.count(None), len(guesses)), count("exercises", found["exercises"], "passed"),
            count("challenges", [one.text for one in panel.challenges], "met", panel.name) if panel else (0, 0))
