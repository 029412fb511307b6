"""How a claim quotes a sentence: the numbers are read from the words, as the lesson has them, and compared."""

import re
from functools import cache
from pathlib import Path

import torch

from pigeon_lessons.authoring.numbers import Prose, numbers

LESSONS = Path(__file__).parents[2] / "lessons"
ABOUT = re.compile(r"(about|around|close to|hardly|near|nearly|almost|roughly) (\S+ = )?\S{0,2}$")
ABOVE = re.compile(r"(more than|above|at least|beyond) \S{0,2}$")
BELOW = re.compile(r"(less than|fewer than|below|under|at most) \S{0,2}$")


def stands(chapter, words, *computed):
    """Assert that the lesson of a chapter says `words`, and that each number in them is the computed one.

    `computed` has for each number a value, or several that all have to fit, such as one for each seed. Shares are
    compared with "93.1 %" as 0.931. As rounded in the words; after "about" to a tenth of it; after "more than" or
    "below" as a bound. Signs are not compared. `...` stands for a number that something else proves.

    `pigeon-lessons check` reads these calls: chapter and words have to be written out.
    """
    assert _prose(chapter).find(words), f"lessons/{chapter}_*.md does not say {words!r}"
    found = numbers(words)
    assert len(found) == len(computed), f"{words!r} holds {len(found)} numbers, {len(computed)} are computed"
    for number, values in zip(found, computed, strict=True):
        for value in () if values is ... else torch.as_tensor(values, dtype=torch.float64).flatten().abs().tolist():
            value *= 100 if number.is_percent else 1
            assert _fits(number, value, words[:number.start]), f"{words!r}: {number.short} is computed as {value:.6g}"


def _fits(number, value, before):
    if ABOVE.search(before):
        return value > number.value
    if BELOW.search(before):
        return value < number.value
    near = 0.5 / 10**number.decimals
    if ABOUT.search(before):
        near = max(near, number.value / 10)
    return abs(number.value - value) <= near * (1 + 1e-6)


@cache
def _prose(chapter):
    path, = LESSONS.glob(f"{chapter}_*.md")
    return Prose.of(path.read_text(encoding="utf-8"))
