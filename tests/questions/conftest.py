"""A student without a past, and questions made up for the purpose, which stand in for those of chapter "batching"."""

import json

import pytest

from pigeon_lessons import rooms
from pigeon_lessons.questions import content
from pigeon_lessons.questions.content import Choice, Number, Option, Quiz
from pigeon_lessons.questions.kinds import Right, function, number
from pigeon_lessons.questions.marking import Exercise, function_exercise, number_exercise
from pigeon_lessons.questions.storage import Progress


def twice(x, faults=()):
    return (7 if "seven" in faults else 2) * x


class Batching:
    """What is asked in place of what chapter "batching" asks."""

    QUIZZES = {"size": Quiz("Which is `smaller`?", [Option("three", "Three is more."),
                                                    Option("two", "Two is less than <three>.", right=True)])}
    PREDICTIONS = {"word": Choice("Faster?", ["faster", "slower"]), "share": Number("How many?", 0, 100, "%"),
                   "rate": Number("Which rate?", -1, 1)}
    EXERCISES = {
        "updates": number_exercise(32, [(31, "The last batch counts too.")], otherwise="Divide.",
                                   hints=["Count.", "Halve."]),
        "double": function_exercise(twice, lambda draw: [(3,), (draw.randint(4, 9),)], {"sum": lambda x: x + 3},
                                    mend=["seven"])(slips={"sum": "You add.", "seven": "Not by 7."},
                                                    otherwise="Multiply.", hints=["Twice."]),
        "list": Exercise(asks=function, judge=lambda answer: ", ".join(answer(3)), hints=["List."]),
        "looks": Exercise(asks=number, judge=lambda answer: None if answer == 1 else "No.", hints=[], looks="the end"),
        "finding": Exercise(asks=number, judge=lambda answer: Right(f"Found: {answer:g}."), hints=[]),
    }
    SOLUTIONS = "# Solutions\n\n## double\n\n```python\ndef twice(x):\n    return 2 * x\n```\n\n## other\n"


@pytest.fixture
def progress(tmp_path, monkeypatch):
    """Progress of a new student; the questions of chapter "batching" are those above."""
    asked = {"quizzes": Batching.QUIZZES, "predictions": Batching.PREDICTIONS, "exercises": Batching.EXERCISES}
    monkeypatch.setattr(content, "asked", lambda chapter: asked)
    monkeypatch.setattr(rooms, "text", lambda chapter, name: Batching.SOLUTIONS)
    monkeypatch.setenv("PIGEON_LESSONS_HOME", str(tmp_path / "home"))
    fresh = Progress()
    for module in ("asking", "checking", "feedback", "revealing", "storage"):
        monkeypatch.setattr(f"pigeon_lessons.questions.{module}.progress", fresh)
    return fresh


@pytest.fixture
def stored(progress):
    """Return a function that reads what is in the student's file."""
    return lambda: json.loads(progress.path.read_text())
