"""Exercises that are judged by a right answer and by the slips that are usual: a number, or a function.

A function is called with several inputs, drawn from a seed, beside one that is right. What differs is compared
with functions that make the usual mistakes: the one that agrees in every case is the diagnosis.
"""

import numbers
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import cached_property
from math import isclose
from operator import or_
from random import Random

import torch

from pigeon_lessons.data import Digits
from pigeon_lessons.questions import kinds
from pigeon_lessons.questions.content import Exercise, declared

UNTOUCHED = "untouched"
"""The message of a slip that is no slip, but the code as the lesson gives it, for the student to mend."""
AS_GIVEN = "Not attempted yet: the code is as it was given. Mend it and run the cell again."


def exercises(chapter, judged):
    """Return a chapter's exercises by their keys: those of `judged`, and those whose judges need no code.

    The latter stand in the chapter's `asked.toml`, as the arguments of `number_exercise` or, where they have
    "values", of `table_exercise`; so do the hints of all. ValueError where one has hints alone, or a judge alone.
    """
    found = declared(chapter).get("exercises", {})
    for key in found.keys() ^ (judged.keys() | {key for key, one in found.items() if "right" in one}):
        raise ValueError(f'exercise "{chapter}/{key}" must have its hints in asked.toml and its judge in questions.py, '
                         'got one of them alone; a number or a table has the "right" answer beside its hints instead')
    return {key: replace(judged[key], **one) if key in judged else
            (table_exercise if "values" in one else number_exercise)(**one) for key, one in found.items()}


def number_exercise(right, slips, *, otherwise, hints, brackets="", tolerance=1e-6):
    """Return an exercise whose answer is one number, or, where `right` is a list, as many numbers in `brackets`.

    `slips`: pairs (wrong answer, message), `otherwise` is the message for any other; `tolerance` is relative.

    >>> exercise = number_exercise(32, [(31, "The short last batch counts too.")], otherwise="Divide.", hints=[])
    >>> exercise.judge(32.0), exercise.judge(31.0), exercise.judge(5.0)
    (None, 'The short last batch counts too.', 'Divide.')
    """
    def judge(answer):
        messages = ((right, None), *slips)
        return next((message for value, message in messages if same(answer, value, tolerance)), otherwise)

    asks = kinds.numbers_in_brackets(brackets, len(right)) if isinstance(right, list) else kinds.number
    return Exercise(asks=asks, judge=judge, hints=hints)


def table_exercise(right, values, *, messages, hints, each_once=False):
    """Return an exercise to give each letter one of `values`: those of `right`, a dict.

    `messages`: what is said of a wrong letter, by the letter or by the value that was given to it; "{letter}" and
    "{given}" in it stand for them. `each_once`: no value belongs to two letters, which is told first.

    >>> exercise = table_exercise({"A": "ill", "B": "well"}, ["ill", "well"], hints=[],
    ...                           messages={"ill": "{letter} is not ill.", "well": "{letter} is not well."})
    >>> exercise.judge({"A": "well", "B": "ill"})
    '0 of 2 are right. A is not well.'
    """
    def judge(answer):
        given = list(answer.values())
        twice = next((value for value in given if given.count(value) > 1), None)
        if each_once and twice:
            return f"Each of them belongs to one letter; {twice!r} stands there more than once."
        wrong = [letter for letter in right if answer[letter] != right[letter]]
        if not wrong:
            return None
        value = answer[wrong[0]]
        message = messages.get(wrong[0]) or messages[value]
        return f"{len(right) - len(wrong)} of {len(right)} are right. {message.format(letter=wrong[0], given=value)}"

    return Exercise(asks=kinds.table("".join(right), values), judge=judge, hints=hints)


def function_exercise(right, cases, *, otherwise, slips=(), returns=kinds.number, observe=None, differs=None):
    """Return an exercise whose answer is a function that does what `right` does.

    `cases(draw)` gives the arguments of each call, a tuple, drawn by the `random.Random` it is given.
    `slips`: pairs (function, message): the message is given if the student's function agrees with the
    slip in every case; `otherwise` is the message where none does. `returns` is the kind of the result.
    `observe(function, *arguments)` runs the function where not its result is compared but what it does;
    then `differs(call, wanted, given)` returns what is wrong with that in words, or None.

    >>> def twice(x): return 2 * x
    >>> exercise = function_exercise(twice, lambda draw: [(3,), (5,)], otherwise="Multiply.",
    ...                              slips=[(lambda x: x + 3, "You add.")])
    >>> exercise.judge(kinds.watched(lambda x: x + 3))
    'twice(5) should be 10; yours gives 8. You add.'
    """
    judge = _FunctionJudge(right, cases, slips, otherwise, returns, observe or _result, differs or _differing_result)
    return Exercise(asks=kinds.function, judge=judge)


def drawing(seed):
    """Return what cases are drawn by: the same for the same seed, and nothing secret."""
    return Random(seed)  # noqa: S311 # nosec


def _result(function, *arguments):
    return function(*arguments)


def _differing_result(call, wanted, given):
    missing = " Is a `return` missing?" if given is None else ""
    return None if same(given, wanted) else f"{call} should be {told(wanted)}; yours gives {told(given)}.{missing}"


@dataclass
class _FunctionJudge:
    """Judges a function as `function_exercise` says; what is right and what slips do is found out once."""

    right: Callable
    make_cases: Callable
    slips: Sequence
    otherwise: str
    returns: Callable
    observe: Callable
    differs: Callable

    def __call__(self, function):
        for arguments, wanted in zip(self.cases, self.wanted, strict=True):
            call = f"{self.right.__name__}({', '.join(map(told, arguments))})"
            given = self.observe(function, *deepcopy(arguments))
            try:
                complaint = self.differs(call, wanted, self.returns(given, call))
            except kinds.Unfit as unfit:
                complaint = str(unfit)
            if complaint:
                return f"{complaint} {self.diagnosis(function) or self.otherwise}"
        return None

    @cached_property
    def cases(self):
        return list(self.make_cases(drawing(1)))

    @cached_property
    def wanted(self):
        return self.results(self.right)

    @cached_property
    def of_slips(self):
        return [(self.results(slip), message) for slip, message in self.slips]

    def results(self, function):
        """Return what a function does in each case; of one that ends with an error, that."""
        results = []
        for arguments in self.cases:
            try:
                results.append(self.observe(function, *deepcopy(arguments)))
            except Exception:
                results.append(Exception)
        return results

    def diagnosis(self, function):
        """Return the message of the slip that agrees with the function everywhere, else where it is wrong, or None."""
        given = self.results(function)
        is_right = list(map(same, given, self.wanted))
        close = None
        for results, message in self.of_slips:
            agrees = list(map(same, results, given))
            if all(agrees) and message is UNTOUCHED:
                raise kinds.NotAttempted(AS_GIVEN)
            if all(agrees):
                return message
            if not close and message is not UNTOUCHED and all(map(or_, agrees, is_right)):
                close = message
        if not close and given[0] is not None and len(given) > 1 and all(same(one, given[0]) for one in given):
            return "Yours gives the same whatever it is given. Let it depend on its arguments."
        return close


def same(one, other, tolerance=1e-4):
    """Return whether two results are the same; numbers nearly, sequences and tensors item by item.

    >>> same([1, 2.00001], (1.0, 2)), same(1, True), same(torch.zeros(2, 1), torch.zeros(2))
    (True, False, False)
    """
    if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
        return len(one) == len(other) and all(same(a, b, tolerance) for a, b in zip(one, other, strict=True))
    if isinstance(one, torch.Tensor) and isinstance(other, torch.Tensor):
        return one.shape == other.shape and torch.allclose(one.double(), other.double(), tolerance, 1e-7)
    try:
        if isinstance(one, (bool, str, dict)) or isinstance(other, (bool, str, dict)):
            return type(one) is type(other) and bool(one == other)
        if any(isinstance(item, (numbers.Real, torch.Tensor)) for item in (one, other)):
            return isclose(float(one), float(other), rel_tol=tolerance, abs_tol=1e-9)
    except (TypeError, ValueError, OverflowError, RuntimeError):
        return False
    return one is other


def told(value):
    """Return an argument or a result as it would be written, in short."""
    if isinstance(value, torch.Tensor):
        return told(value.tolist()) if value.numel() <= 4 else f"a tensor of shape {list(value.shape)}"
    if isinstance(value, (list, tuple)) and len(value) <= 12:
        return f"[{', '.join(map(told, value))}]"
    if isinstance(value, Digits):
        return f"{len(value)} digits"
    if isinstance(value, float):
        return f"{value:.5g}"
    return repr(value) if isinstance(value, (int, str, dict, type(None))) else type(value).__name__
