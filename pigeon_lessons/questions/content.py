"""The shape of what is asked, and how it is found by name; it shows and judges nothing.

In the room of a chapter, `asked.toml` holds all that is plain data, which the book reads as well: quizzes, predictions,
the hints of each exercise, and whole exercises whose answer is a number or a table. `questions.py` takes them in, and
adds what judges the other exercises:

    QUIZZES, PREDICTIONS = asked("batching")
    EXERCISES = exercises("batching", {"mean-loss": function_exercise(…)})

A lesson names all of them "<chapter>/<key>", as in `quiz("batching/recall-1")`.
Texts are plain; `backticks` mark code. The solutions stand beside, in `solutions.md`: a hand-out may come without.
"""

import re
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pigeon_lessons import rooms


@dataclass(frozen=True)
class Option:
    """One answer to a quiz question, and why it is right or wrong."""

    text: str
    why: str
    right: bool = False


@dataclass(frozen=True)
class Quiz:
    """A question with options, shown in this order; at least one is right."""

    question: str
    options: Sequence[Option]


@dataclass(frozen=True)
class Choice:
    """A prediction that is one of a few words; `reveal` is given the one that came true."""

    question: str
    options: Sequence[str]


@dataclass(frozen=True)
class Number:
    """A prediction that is a number from `low` to `high`, in `unit` ("" for a mere number)."""

    question: str
    low: float
    high: float
    unit: str = ""


@dataclass(frozen=True)
class Exercise:
    """A task with its judge; `marking` makes the usual ones.

    `asks` is the kind of the answer, one of `kinds`: it returns the answer checked, or says that it is unfit.
    `judge` takes the checked answer and returns None or what a `kinds.Right` says if it is right,
    else a message that says what is wrong.
    It need not care for `...`, nor for what the student's function raises: the engine reports those.
    `looks` names what every new answer uses up; they are counted. `hints` go from a nudge to nearly the answer.
    """

    asks: Callable
    judge: Callable[[object], str | None]
    looks: str = ""
    hints: Sequence[str] = ()


def asked(chapter):
    """Return a chapter's quizzes and predictions, each by its key, from its `asked.toml`.

    >>> asked("batching")[1]["time"].options[0]
    'less than 4 times'
    """
    found = declared(chapter)
    quizzes = {key: Quiz(one["question"], [Option(**option) for option in one["options"]])
               for key, one in found.get("quizzes", {}).items()}
    return quizzes, {key: (Choice if "options" in one else Number)(**one)
                     for key, one in found.get("predictions", {}).items()}


def declared(chapter):
    """Return what stands in a chapter's `asked.toml`."""
    return tomllib.loads(rooms.text(chapter, "asked.toml"))


def find(kind, name):
    """Return what a content module has under `name`, "<chapter>/<key>".

    `kind` is the dict to look in: "QUIZZES", "PREDICTIONS" or "EXERCISES".
    Raises TypeError if the name is not a string, ValueError if nothing is called so.

    >>> find("QUIZZES", "batching/recall-9")
    Traceback (most recent call last):
    ValueError: name must be one of "batching/recall-1"...; got 'batching/recall-9'
    """
    if not isinstance(name, str):
        raise TypeError(f'name must be a string like "batching/recall-1", got {name!r}')
    chapter, _, key = name.partition("/")
    if chapter not in rooms.chapters():
        raise ValueError(f'name must start with a chapter ({", ".join(rooms.chapters())}) and "/", got {name!r}')
    known = getattr(rooms.questions(chapter), kind)
    if key not in known:
        names = ", ".join(f'"{chapter}/{other}"' for other in known)
        raise ValueError(f"name must be one of {names or 'none yet'}; got {name!r}")
    return known[key]


def solution_of(name):
    """Return the code that solves an exercise, from its chapter's `solutions.md`, or "" where that is left out.

    It may use what the first code cell of the lesson defines. Raises what `find` raises.

    >>> solution_of("batching/third").startswith("answer = ")
    True
    """
    find("EXERCISES", name)
    chapter, _, key = name.partition("/")
    found = re.search(rf"(?ms)^## {re.escape(key)}\n+```python\n(.*?)^```", rooms.text(chapter, "solutions.md"))
    return found[1].rstrip() if found else ""
