"""The kinds of answers: each takes what a student gives and returns it checked, or raises Unfit.

A kind is called with the answer, and knows no exercise. What a student's function returns is of a kind as well; such
a kind is also told `what` to call it in the message. Code that comes from the student is run by `watched`, which tells
its errors from the judge's own.
"""

import functools
import numbers
import tomllib
from collections.abc import Coroutine, Iterator
from contextlib import suppress
from importlib import resources
from itertools import islice

import numpy as np
import torch

SAID = tomllib.loads((resources.files(__package__) / "said.toml").read_text(encoding="utf-8"))
"""What the judges of all chapters say."""
LONGEST = 10_000
"""How much of what comes out of a generator is taken."""


class Unfit(Exception):
    """An answer is not of the kind that is asked for, or cannot be tried; its text is for the student."""


class NotAttempted(Exception):
    """The stub of the lesson is as it was."""


class Right(str):
    """What a judge says of an answer that is right; most say None, and the student reads "Right."."""


class Stopped(Exception):
    """The student's own code raised an error, which is the cause of this one."""


def number(answer, what="The answer"):
    """Return one number as a float: from an int, a float, or a tensor or array of one element.

    >>> number(torch.tensor([32]))
    32.0
    >>> number("32")
    Traceback (most recent call last):
    pigeon_lessons.questions.kinds.Unfit: The answer should be a number; yours is the string '32'.
    """
    is_array = isinstance(answer, (torch.Tensor, np.ndarray)) and np.prod(answer.shape) == 1
    if is_array or (isinstance(answer, numbers.Real) and not isinstance(answer, bool)):
        with suppress(TypeError, ValueError, OverflowError, RuntimeError):  # a complex or an endless one
            return float(answer)
    raise _unlike("a number", answer, what)


def truth(answer, what="The answer"):
    """Return True or False, also from numpy and torch.

    >>> truth(np.bool_(True))
    True
    """
    if isinstance(answer, (bool, np.bool_)) or (isinstance(answer, torch.Tensor) and answer.dtype == torch.bool
                                                and answer.numel() == 1):
        return bool(answer)
    raise _unlike("True or False", answer, what)


def list_of_numbers(answer, what="The answer"):
    """Return a list of floats: from a list, a generator, or a tensor or array of one dimension.

    >>> list_of_numbers(np.array([1, 2.5]))
    [1.0, 2.5]
    """
    if isinstance(answer, (torch.Tensor, np.ndarray)) and answer.ndim == 1:
        answer = answer.tolist()
    if not isinstance(answer, list):
        raise _unlike("a list of numbers", answer, what)
    return [number(item, f"Each item of {what.replace('The answer', 'the answer')}") for item in answer]


def in_brackets(kind, how_many, wanted):
    """Return the kind "so many answers of a `kind` in brackets", a tuple; `wanted` asks for it.

    >>> in_brackets(number, 2, "Give 2 numbers in brackets.")((1, 2))
    (1.0, 2.0)
    """

    def all_of(answer):
        if not isinstance(answer, (tuple, list)) or len(answer) != how_many:
            raise Unfit(wanted)
        return tuple(kind(item, "Each part of the answer") for item in answer)

    return all_of


def table(keys, values):
    """Return the kind "a dict that gives each of `keys` one of `values`".

    >>> table("AB", ["ill", "well"])({"A": "ill", "B": "well"})
    {'A': 'ill', 'B': 'well'}
    """

    def of_table(answer):
        if not isinstance(answer, dict) or set(answer) != set(keys):
            raise Unfit(f'Give a dictionary with the letters {", ".join(keys)}: {{"{keys[0]}": "{values[0]}", …}}.')
        for key, value in answer.items():
            if not isinstance(value, str) or value not in values:
                raise Unfit(f"{key}: {named(value)} is not one of these: {', '.join(values)}.")
        return answer

    return of_table


def function(answer, what="The answer"):
    """Return a function as `watched` makes it."""
    if not callable(answer):
        raise Unfit(f"{what} should be a function, given without brackets behind its name; yours is {named(answer)}.")
    return watched(answer)


def anything(answer, what="The answer"):
    """Return the answer as it is: the judge looks at it itself."""
    return answer


def watched(code):
    """Return a callable of the student's so that what it raises comes as Stopped, and a `...` as NotAttempted.

    >>> watched(lambda x: ...)(3)
    Traceback (most recent call last):
    pigeon_lessons.questions.kinds.NotAttempted
    """

    @functools.wraps(code, updated=())
    def run(*arguments, **named_arguments):
        try:
            result = code(*arguments, **named_arguments)
            if isinstance(result, Iterator):
                result = list(islice(result, LONGEST))
        except (Exception, SystemExit) as error:
            raise Stopped from error
        if isinstance(result, Coroutine):
            result.close()  # nobody will await it
            raise Unfit("A function that is made by `async def` gives no result when it is called; write `def` alone.")
        if is_untouched(result):
            raise NotAttempted
        return result

    return run


def is_untouched(answer):
    """Return whether a stub's `...` is still there, alone or in a list, tuple or dict.

    >>> is_untouched((3, ...))
    True
    """
    parts = answer.values() if isinstance(answer, dict) else answer if isinstance(answer, (list, tuple)) else ()
    return answer is ... or any(part is ... for part in parts)


def named(answer):
    """Return what an answer is, in few words.

    >>> named("32"), named([1, 2]), named(torch.zeros(2, 3))
    ("the string '32'", 'the list [1, 2]', 'a Tensor of shape [2, 3]')
    """
    if answer is None:
        return "None, that is, nothing"
    kind = {"str": "string"}.get(type(answer).__name__, type(answer).__name__)
    if isinstance(answer, (torch.Tensor, np.ndarray)):
        return f"a {kind} of shape {list(answer.shape)}"
    try:
        text = repr(answer)
    except Exception:  # a class of the student's may do anything
        return f"a {kind}"
    return f"the {kind} {text if len(text) <= 40 else text[:37] + '…'}"


def _unlike(wanted, answer, what):
    missing = " Is a `return` missing?" if answer is None else ""
    return Unfit(f"{what} should be {wanted}; yours is {named(answer)}.{missing}")
