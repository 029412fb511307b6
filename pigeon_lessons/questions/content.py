"""What the chapters ask, found by name; it shows and judges nothing.

In the room of a chapter, `asked.toml` holds what a student reads, as plain data, which the book reads as well: quizzes,
predictions, and of each exercise its hints and what is told of a wrong answer. An exercise whose answer is a number or
a table is there as a whole. What judges the others is code, the JUDGES of `questions.py`: each makes an exercise of its
words, as `function_exercise` does. Where a message holds what was found, it stands in the code.

A lesson names all of them "<chapter>/<key>", as in `quiz("batching/recall-1")`.
Texts are plain; `backticks` mark code. The solutions stand beside, in `solutions.md`: a hand-out may come without.
"""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from pigeon_lessons import rooms
from pigeon_lessons.questions.marking import number_exercise, table_exercise
from pigeon_lessons.words import number as written

NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")


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

    def has(self, answer):
        """Return whether this may be the answer."""
        return isinstance(answer, str) and answer in self.options

    def told(self, answer):
        """Return an answer in words."""
        return answer

    def read(self, chosen):
        """Return the chosen option; ValueError for None."""
        if chosen is None:
            raise ValueError("Choose one of the answers, then record it.")
        return chosen


@dataclass(frozen=True)
class Number:
    """A prediction that is a number from `low` to `high`, in `unit` ("" for a mere number)."""

    question: str
    low: float
    high: float
    unit: str = ""

    @property
    def span(self):
        """What may be guessed, in words: "a number from 0 to 100 %"."""
        return f"a number from {written(self.low)} to {self.told(self.high)}"

    def has(self, answer):
        """Return whether this may be the answer."""
        return isinstance(answer, (int, float)) and not isinstance(answer, bool) and self.low <= answer <= self.high

    def told(self, answer):
        """Return an answer in words, with its unit."""
        return f"{written(answer)} {self.unit}".rstrip()

    def read(self, text):
        """Return the number that a student typed, the unit behind it or not.

        Raises ValueError, with the reason in the student's words, for what is not plainly one number.

        >>> Number("How many?", 0, 100, "%").read("12.5 %")
        12.5
        """
        text = text.strip()
        if not text:
            raise ValueError(f"Give {self.span}, then record it.")
        if "," in text:
            raise ValueError("Write it without a comma: 2.5 for two and a half, 1000 for a thousand.")
        found = NUMBER.fullmatch(text.removesuffix(self.unit).rstrip())
        if not found:
            raise ValueError("That cannot be read as a number. Write digits and a point, such as 12.5, or 1e-3: "
                             f"{self.span}.")
        if not self.has(float(found[0])):
            raise ValueError(f"That is out of range. Give {self.span}.")
        return float(found[0])


def declared(chapter):
    """Return what stands in a chapter's `asked.toml`."""
    return tomllib.loads(rooms.text(chapter, "asked.toml"))


@cache
def asked(chapter):
    """Return all that a chapter asks: by kind, "quizzes", "predictions" or "exercises", and by key.

    Raises ValueError where an exercise has words and no judge, or a judge and no words.

    >>> asked("batching")["predictions"]["time"].options[0]
    'less than 4 times'
    """
    words = {"quizzes": {}, "predictions": {}, "exercises": {}} | declared(chapter)
    return {"quizzes": {key: Quiz(one["question"], [Option(**option) for option in one["options"]])
                        for key, one in words["quizzes"].items()},
            "predictions": {key: (Choice if "options" in one else Number)(**one)
                            for key, one in words["predictions"].items()},
            "exercises": _exercises(chapter, words["exercises"], rooms.module(chapter, "questions").JUDGES)}


def _exercises(chapter, words, judges):
    for key in words.keys() ^ (judges.keys() | {key for key, one in words.items() if "right" in one}):
        raise ValueError(f'exercise "{chapter}/{key}" must have its hints in asked.toml and its judge in questions.py, '
                         'got one of them alone; a number or a table has the "right" answer beside its hints instead')
    return {key: judges.get(key, table_exercise if "values" in one else number_exercise)(**one)
            for key, one in words.items()}


def find(kind, name):
    """Return what is asked under `name`, "<chapter>/<key>"; `kind` is one of those of `asked`.

    Raises TypeError if the name is not a string, ValueError if nothing is called so.

    >>> find("quizzes", "batching/recall-9")
    Traceback (most recent call last):
    ValueError: name must be one of "batching/recall-1"...; got 'batching/recall-9'
    """
    if not isinstance(name, str):
        raise TypeError(f'name must be a string like "batching/recall-1", got {name!r}')
    chapter, _, key = name.partition("/")
    if chapter not in rooms.chapters():
        raise ValueError(f'name must start with a chapter ({", ".join(rooms.chapters())}) and "/", got {name!r}')
    known = asked(chapter)[kind]
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
    find("exercises", name)
    chapter, _, key = name.partition("/")
    found = re.search(rf"(?ms)^## {re.escape(key)}\n+```python\n(.*?)^```", rooms.text(chapter, "solutions.md"))
    return found[1].rstrip() if found else ""
