"""The shape of what is asked, and how it is found by name; it shows and judges nothing.

A content module, `pigeon_lessons/chapters/<chapter>/questions.py`, holds three dicts of plain data:

    QUIZZES = {"recall-1": Quiz("How many …?", [Option("4", "Yes: …", right=True), Option("8", "No: …")])}
    PREDICTIONS = {"noise": Choice("Will it …?", ["faster", "slower"]),
                   "share": Number("How many percent …?", low=0, high=100, unit="%")}
    EXERCISES = {"iterations": Exercise(check=function, hints=["…", "…"], solution="answer = 32")}

A lesson names them "<chapter>/<key>", as in `quiz("batching/recall-1")`.
Texts are plain; `backticks` mark code.
"""

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
    """A task with its judge.

    `check` takes the student's answer, a value or a function, and returns None if it is right, else a
    message that says what is wrong with it. It need not care for `...`, nor for what the student's
    function raises or leaves as `...`: the engine reports those.
    `hints` go from a nudge to nearly the answer. `solution` is code that defines `answer`; it may use
    what the first code cell of the lesson defines.
    """

    check: Callable[[object], str | None]
    hints: Sequence[str]
    solution: str


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
