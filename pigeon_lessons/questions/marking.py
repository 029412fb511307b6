"""Exercises, judged by a right answer and by the slips that are usual: a number, a table, or a function.

A function is called with several inputs, drawn from a seed, beside one that is right. What differs is compared
with functions that make the usual mistakes: the one that agrees in every case is the diagnosis.
What is said of each slip is given as its words; `content` reads them.
"""

import numbers
from collections.abc import Callable, Sequence
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import combinations
from math import isclose
from operator import call, or_
from random import Random

import torch

from pigeon_lessons.data import Digits
from pigeon_lessons.questions import kinds

AS_GIVEN = "Not attempted yet: the code is as it was given. Mend it and run the cell again."


@dataclass(frozen=True)
class Exercise:
    """A task with its judge.

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

    asks = kinds.number if not isinstance(right, list) else kinds.in_brackets(
        kinds.number, len(right), f"Give {len(right)} numbers in brackets: {brackets}.")
    return Exercise(asks, judge, hints=hints)


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

    return Exercise(kinds.table("".join(right), values), judge, hints=hints)


def function_exercise(right, cases, slips=None, *, mend=(), usual=(), returns=kinds.number, observe=None, differs=None):
    """Return what makes, of its words, the exercise to write a function that does what `right` does.

    `cases(draw)` gives the arguments of each call, a tuple, drawn by the `random.Random` it is given.
    `slips`: functions with a typical mistake, by name; `usual`: others, as pairs (function, message).
    `mend`: the faults of the code that the lesson gives, by name; `right(…, faults=…)` has those that it is told.
    `returns` is the kind of the result. `observe(function, *arguments)` runs the function where not its result is
    compared but what it does; then `differs(call, wanted, given)` returns what is wrong with that in words, or None.

    The words: `hints`; in `slips`, by the name of a slip or of a fault, the message that is given if the student's
    function agrees with it in every case; `otherwise` is the message where none does; `left` says how many faults are
    still there, beginning with one.

    >>> def twice(x): return 2 * x
    >>> exercise = function_exercise(twice, lambda draw: [(3,), (5,)], {"sum": lambda x: x + 3})(
    ...     slips={"sum": "You add."}, otherwise="Multiply.", hints=[])
    >>> exercise.judge(kinds.watched(lambda x: x + 3))
    'twice(5) should be 10; yours gives 8. You add.'
    """
    named = slips or {}

    def worded(*, otherwise, hints, slips=None, left=()):
        said = slips or {}
        for name in said.keys() ^ {*named, *mend}:
            raise ValueError(f'slip "{name}" of {right.__name__} must have a function in questions.py and a message in '
                             "asked.toml, got one of them alone; give it the other")
        judged = [*usual, *((function, said[name]) for name, function in named.items())]
        for number in range(len(mend), 0, -1):
            for faults in combinations(mend, number):
                message = None if number == len(mend) else f"{left[number - 1]} {said[faults[0]]}"
                judged.append((partial(right, faults=faults), message))
        return Exercise(kinds.function, _FunctionJudge(
            right, cases, judged, otherwise, kinds.anything if observe else returns, observe or call,
            differs or _differing_result), hints=hints)

    return worded


def drawing(seed):
    """Return what cases are drawn by: the same for the same seed, and nothing secret."""
    return Random(seed)  # noqa: S311 # nosec


def _differing_result(call, wanted, given):
    missing = " Is a `return` missing?" if given is None else ""
    return None if same(given, wanted) else f"{call} should be {told(wanted)}; yours gives {told(given)}.{missing}"


@dataclass
class _FunctionJudge:
    """Judges a function as `function_exercise` says; what is right and what slips do is found out once.

    `slips`: pairs (function, message), None for the message of the code as the lesson gives it.
    """

    right: Callable
    make_cases: Callable
    slips: Sequence
    otherwise: str
    returns: Callable
    observe: Callable
    differs: Callable

    def __call__(self, function):
        for arguments, wanted in zip(self.cases, self.wanted, strict=True):
            asked = f"{self.right.__name__}({', '.join(map(told, arguments))})"
            given = self.observe(function, *deepcopy(arguments))
            try:
                complaint = self.differs(asked, wanted, self.returns(given, asked))
            except kinds.Unfit as unfit:
                complaint = str(unfit)
            if complaint:
                return f"{complaint} {self.diagnosis(function)}".rstrip()
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
                result = self.observe(function, *deepcopy(arguments))
                with suppress(kinds.Unfit):  # an array is compared as a list, as it is judged
                    result = self.returns(result)
            except Exception:
                result = Exception
            results.append(result)
        return results

    def diagnosis(self, function):
        """Return the message of the slip that agrees with the function everywhere, else where it is wrong, if any does.

        Where only the kind of its results is wrong, there is no slip to name.
        """
        given = self.results(function)
        is_right = list(map(same, given, self.wanted))
        if all(is_right):
            return ""
        close = None
        for results, message in self.of_slips:
            agrees = list(map(same, results, given))
            if all(agrees) and message is None:
                raise kinds.NotAttempted(AS_GIVEN)
            if all(agrees):
                return message
            if not close and all(map(or_, agrees, is_right)):
                close = message
        if not close and given[0] is not None and len(given) > 1 and all(same(one, given[0]) for one in given):
            return "Yours gives the same in every case. Does it use its arguments?"
        return close or self.otherwise


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
            one, other = (item.detach() if isinstance(item, torch.Tensor) else item for item in (one, other))
            return isclose(float(one), float(other), rel_tol=tolerance, abs_tol=1e-9)
    except (TypeError, ValueError, OverflowError, RuntimeError):
        return False
    return one is other


def told(value):
    """Return an argument or a result as it would be written, in short."""
    if isinstance(value, torch.Tensor):
        return told(value.tolist()) if value.numel() <= 4 else f"a tensor of shape {list(value.shape)}"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(told, value))}]" if len(value) <= 12 else f"a list of {len(value)}"
    if isinstance(value, Digits):
        return f"{len(value)} digits"
    if isinstance(value, float):
        return f"{value:.5g}"
    return repr(value) if isinstance(value, (int, str, dict, type(None))) else type(value).__name__
