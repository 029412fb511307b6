"""Checks of what plot functions are given: each passes it on, ready to draw, or says what is wrong and what to do.

Labels come from data: they may be of any length and hold any sign, and stand in a figure as they are.
"""

from collections.abc import Mapping
from numbers import Real
from reprlib import repr as briefly

import numpy as np
from matplotlib.axes import Axes

from pigeon_lessons import checks
from pigeon_lessons.pictures.style import new_axes

LONGEST = 48
"""Letters of a label that a legend has room for."""


def axes(ax, **size):
    """Return `ax`, or fresh Axes of this size if it is None; TypeError for anything else."""
    if ax is not None and not isinstance(ax, Axes):
        raise TypeError(f"ax must be matplotlib Axes, got {briefly(ax)}; leave it out, or give a picture's .ax")
    return new_axes(**size) if ax is None else ax


def numbers(name, values, *, least=1):
    """Return a list, array or tensor of real numbers, nan and infinities included, as float64 [n].

    Raises TypeError for anything else, ValueError for fewer than `least` numbers.

    >>> numbers("losses", [1, 0.5])
    array([1. , 0.5])
    """
    try:
        if isinstance(values, (str, bytes, Mapping, set)):
            raise TypeError("in no order, or no numbers")
        listed = list(map(checks.plain, values.tolist() if hasattr(values, "tolist") else values))
        if not all(isinstance(value, Real) and not isinstance(value, bool) for value in listed):
            raise TypeError("other things among the numbers")
        array = np.array([float(value) for value in listed])
    except (TypeError, ValueError, OverflowError) as error:
        raise TypeError(f"{name} must be a list of numbers, got {briefly(values)}; give one number for each point"
                        ) from error
    if len(array) < least:
        raise ValueError(f"{name} must hold at least {least} numbers, got {len(array)}; record more")
    return array


def labeled(name, things, what, example):
    """Return `things` if it is a mapping and not empty; TypeError or ValueError, with an `example`, otherwise."""
    if not isinstance(things, Mapping):
        raise TypeError(f"{name} must be a dict, got {briefly(things)}; give {example}")
    if not things:
        raise ValueError(f"{name} must hold at least one{what and ' '}{what}, got none; give {example}")
    return things


def text(name, value):
    """Return `value` if it is a string; TypeError otherwise."""
    if not isinstance(value, str):
        raise TypeError(f"{name} must be a string, got {briefly(value)}; put it into quotation marks")
    return value


def short(label):
    """Return a label as one line that fits into a legend; matplotlib leaves out labels that begin with "_".

    >>> short("_a"), len(short("a" * 300))
    (' _a', 48)
    """
    line = " ".join(str(label).split())
    line = line if len(line) <= LONGEST else line[:LONGEST - 1] + "…"
    return f" {line}" if line.startswith("_") else line
