"""Checks of arguments: each either passes a value on or says what is wrong with it and what to do.

Every room may import this one; it imports nothing of ours.
The messages have one shape: *name*, the value received, the remedy.
"""

import math
import numbers
import operator
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

BOUNDS = {"above": (operator.gt, "greater than"), "least": (operator.ge, "at least"),
          "below": (operator.lt, "less than"), "most": (operator.le, "at most")}
"""How a number can be bounded: the name of the bound, how it is compared, and in words."""


def plain(value):
    """Return Python's own value for a scalar of numpy or torch, or an array of no dimension; all else as it is."""
    is_scalar = getattr(value, "ndim", None) == 0 and hasattr(value, "item")
    return value.item() if is_scalar and not getattr(value, "is_meta", False) else value


def number(name, value, *, remedy):
    """Return a real number as Python's own int or float, an infinite one if no float can hold it; else TypeError.

    >>> number("loss", float("inf"), remedy="train first")
    inf
    """
    own = plain(value)
    if isinstance(own, bool) or not isinstance(own, numbers.Real):
        raise TypeError(f"{name} must be a number, got {value!r}; {remedy}")
    try:
        return int(own) if math.isfinite(own) and isinstance(own, numbers.Integral) else float(own)
    except OverflowError:  # Python's whole numbers and fractions know no bounds
        return math.inf if own > 0 else -math.inf


def whole_number(name, value, *, least, most=math.inf, remedy=None):
    """Return `value` as an int if it is a whole number from `least` to `most`; scalars of numpy and torch are too.

    Raises TypeError for anything that is not a whole number (True and 2.0 included), ValueError outside the bounds.

    >>> whole_number("batch_size", 32, least=1)
    32
    """
    remedy = remedy or "give a whole number " + (
        f"of at least {least}, such as {max(least, 1)}" if most == math.inf else f"from {least} to {most}")
    own = plain(value)
    if isinstance(own, bool) or not isinstance(own, numbers.Integral):
        raise TypeError(f"{name} must be a whole number, got {value!r}; {remedy}")
    return _bounded(name, value, int(own), {"least": least, "most": most}, remedy)


def real_number(name, value, *, remedy, **bounds):
    """Return `value` as a float if it is a finite number inside `bounds`, such as above=0 or most=1, see BOUNDS.

    Raises TypeError for anything that is not a number, ValueError for nan, infinities and values out of bounds.

    >>> real_number("lr", 0.005, above=0, remedy="try 0.005")
    0.005
    """
    own = _bounded(name, value, float(number(name, value, remedy=remedy)), bounds, remedy)
    if not math.isfinite(own):
        raise ValueError(f"{name} must be finite, got {value!r}; {remedy}")
    return own


def _bounded(name, value, own, bounds, remedy):
    for kind, bound in bounds.items():
        is_inside, words = BOUNDS[kind]
        if not is_inside(own, bound):
            raise ValueError(f"{name} must be {words} {bound}, got {value!r}; {remedy}")
    return own


def position(index, count, things, remedy):
    """Return an index as an int if it is that of one of `count` things; negative ones count from the end.

    Raises TypeError for what is no whole number, IndexError beyond the ends.
    """
    number = whole_number("index", index, least=-math.inf, remedy=remedy)
    if not -count <= number < count:
        raise IndexError(f"index must be that of one of {count} {things}, got {number}; {remedy}")
    return number


def yes_or_no(name, value):
    """Return `value` if it is True or False; TypeError for anything else, 0, 1 and "no" included."""
    if not isinstance(value, bool):
        raise TypeError(f"{name} must be True or False, got {value!r}; write it without quotation marks")
    return value


def one_of(name, value, choices):
    """Return `value`, as Python's own, if it is one of `choices`, texts or whole numbers; ValueError otherwise.

    >>> one_of("metric", "loss", ("loss", "accuracy"))
    'loss'
    """
    own = plain(value)
    if not isinstance(own, (str, int)) or isinstance(own, bool) or own not in choices:
        raise ValueError(f"{name} must be one of {', '.join(map(repr, choices))}, got {value!r}; choose one of these")
    return own


def list_of(things, name, values):
    """Return the argument `name` as a list of `things`; TypeError for one alone, or what is no collection.

    >>> list_of("settings", "candidates", ({}, {}))
    [{}, {}]
    """
    is_list = isinstance(values, Iterable) and getattr(values, "ndim", 1)  # arrays of no dimension are none
    if isinstance(values, (str, bytes, Mapping)) or not is_list:
        raise TypeError(f"{name} must be a list of {things}, got {values!r}; put one alone in brackets")
    return list(values)


def file_path(name, value, *, such_as):
    """Return the name of a file as a `Path`, "~" expanded; TypeError for what is none, ValueError for what cannot be.

    >>> file_path("path", "runs/latest.ckpt", such_as="latest.ckpt").name
    'latest.ckpt'
    """
    remedy = f'give a file name such as "{such_as}"'
    if not isinstance(value, (str, os.PathLike)) or not isinstance(os.fspath(value), str):
        raise TypeError(f"{name} must be a string or a Path, got {value!r}; {remedy}")
    text = os.fspath(value)
    with suppress(UnicodeEncodeError):
        if text and b"\0" not in os.fsencode(text):
            return Path(os.path.expanduser(text))
    raise ValueError(f"{name} must not be empty or hold what no file name can, got {text!r}; {remedy}")


def evaluate_every(value):
    """Return after how many iterations to evaluate again, at least 1; None, which is once an epoch, stays None."""
    return None if value is None else whole_number("evaluate_every", value, least=1,
                                                   remedy="None evaluates once an epoch")
