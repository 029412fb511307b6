"""How a claim quotes a sentence: the numbers are read from the words, as the lesson has them, and compared."""

import re
from functools import cache
from pathlib import Path

import torch

from pigeon_lessons.authoring.numbers import Number, find, numbers, prose_of

LESSONS = Path(__file__).parents[2] / "lessons"
ABOUT = re.compile(r"(about|around|close to|hardly|near|nearly|almost|roughly) (\S+ = )?\S{0,2}$")
ABOVE = re.compile(r"(more than|above|at least|beyond) \S{0,2}$")
BELOW = re.compile(r"(less than|fewer than|below|under|at most) \S{0,2}$")
COUNTS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10}
PARTS = {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "seventh": 7, "eighth": 8, "tenth": 10, "fortieth": 40}


def stands(chapter, words, *computed, **spelled):
    """Assert that the lesson of a chapter says `words`, and that each number in them is the computed one.

    `computed` has for each number a value, or several that all have to fit, such as one for each seed. Shares are
    compared with "93.1 %" as 0.931. As rounded in the words; after "about" to a tenth of it; after "more than" or
    "below" as a bound. Signs are not compared. `...` stands for a number that something else proves. `spelled` has
    those that are written in letters, by their words: `seven=7`; parts, `two_thirds=0.66`, are compared to a tenth.

    `pigeon-lessons check` reads these calls: chapter and words have to be written out.
    """
    assert find(words, _prose(chapter)), f"lessons/{chapter}_*.md does not say {words!r}"
    found = numbers(words)
    assert len(found) == len(computed), f"{words!r} holds {len(found)} numbers, {len(computed)} are computed"
    for number, values in zip(found, computed, strict=True):
        for value in () if values is ... else torch.as_tensor(values, dtype=torch.float64).flatten().abs().tolist():
            value *= 100 if number.is_percent else 1
            assert _fits(number, value, words[:number.start]), f"{words!r}: {number.short} is computed as {value:.6g}"
    for word, values in spelled.items():
        before, found, _ = words.lower().partition(word.replace("_", " "))
        assert found, f"{words!r} does not say {word!r}"
        for value in torch.as_tensor(values, dtype=torch.float64).flatten().abs().tolist():
            assert _fits(*_said(word, re.sub(r"\ban? $", "", before), value)), f"{words!r}: {word} is {value:.6g}"


def _said(word, before, value):
    """Return what `_fits` asks for of a number word; a part of a whole is always said roughly."""
    *count, last = word.split("_")
    part = PARTS.get(last.removesuffix("s"))
    if not part:
        return Number(COUNTS[last]), value, before
    is_bound = ABOVE.search(before) or BELOW.search(before)
    return Number(COUNTS[count[0] if count else "one"] / part, 2), value, before if is_bound else "about "


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
    return prose_of(path.read_text(encoding="utf-8"))
