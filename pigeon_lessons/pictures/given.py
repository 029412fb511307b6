"""Checks of what plot functions are given: each passes it on, ready to draw, or says what is wrong and what to do."""

from collections.abc import Mapping
from numbers import Real
from reprlib import repr as briefly

import numpy as np
from matplotlib.axes import Axes

from pigeon_lessons import checks
from pigeon_lessons.pictures.style import new_axes

LONGEST = 48  # letters of a label that a legend has room for
BEYOND = 1e300  # no axis reaches so far: such a number is drawn, and spoken of, as infinite


def axes(ax, **size):
    """Return `ax`, or fresh Axes of this size if it is None; TypeError for anything else."""
    if ax is not None and not isinstance(ax, Axes):
        raise TypeError(f"ax must be matplotlib Axes, got {briefly(ax)}; leave it out, or give a picture's .ax")
    return new_axes(**size) if ax is None else ax


def numbers(name, values, *, least=1):
    """Return a list, array or tensor of at least `least` real numbers, nan and infinities included, as float64 [n]."""
    try:
        if isinstance(values, (str, bytes, Mapping, set)):
            raise TypeError("in no order, or no numbers")
        listed = list(map(checks.plain, values.tolist() if hasattr(values, "tolist") else values))
        if not all(isinstance(value, Real) and not isinstance(value, bool) for value in listed):
            raise TypeError("other things among the numbers")
        array = np.array([float(value) for value in listed])
    except (TypeError, ValueError, OverflowError) as error:
        raise TypeError(f"{name} must be a list of numbers, got {briefly(values)}; give one for each point") from error
    if len(array) < least:
        raise ValueError(f"{name} must hold at least {least} numbers, got {len(array)}; record more")
    return np.where(np.abs(array) > BEYOND, np.copysign(np.inf, array), array)


def labeled(name, things, what, example):
    """Return `things` if it is a mapping and not empty; TypeError or ValueError, with an `example`, otherwise."""
    if not isinstance(things, Mapping):
        raise TypeError(f"{name} must be a dict, got {briefly(things)}; give {example}")
    if not things:
        raise ValueError(f"{name} must hold at least one{what and ' '}{what}, got none; give {example}")
    return things


def curves(name, things, what, *, least=1):
    """Return {label: values}, or {label: (positions, values)}, as the latter, all float64 [n]; 0, 1, 2, … for none."""
    pairs = {}
    for label, curve in labeled(name, things, what, "{'a label': [numbers]}").items():
        positions, values = curve if isinstance(curve, tuple) and len(curve) == 2 else (None, curve)
        values = numbers(f"{what} {label!r}", values, least=least)
        positions = np.arange(len(values)) if positions is None else numbers(f"positions of {label!r}", positions)
        if len(positions) != len(values):
            raise ValueError(f"{what} {label!r} must have a position for each value, "
                             f"got {len(positions)} positions and {len(values)} values; give as many of both")
        pairs[label] = positions, values
    return pairs


def text(name, value):
    """Return the name of an axis if it is a string, what cannot be printed replaced; TypeError otherwise."""
    if not isinstance(value, str):
        raise TypeError(f"{name} must be a string, got {briefly(value)}; put it into quotation marks")
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in value)


def short(label):
    """Return a label as one line that fits into a legend; matplotlib leaves out labels that begin with "_".

    >>> short("_a"), len(short("a" * 300))
    (' _a', 48)
    """
    line = text("label", " ".join(str(label).split()))
    line = line if len(line) <= LONGEST else line[:LONGEST - 1] + "…"
    return f" {line}" if line.startswith("_") else line
