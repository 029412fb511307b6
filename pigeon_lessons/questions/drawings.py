"""Judges a function that draws with matplotlib, by the Axes that it returns."""

import matplotlib.pyplot as plt
from matplotlib.axes import Axes

from pigeon_lessons.questions import kinds


def judge(draw, cases, missing):
    """Return the first thing that is wrong when `draw` is called with each of `cases`, or None.

    `missing(ax, case)` says what the drawing lacks. Whatever is drawn, no figure stays open.
    """
    for case in cases:
        open_before = plt.get_fignums()
        plt.figure()  # so that nothing is drawn into a figure of the student's
        try:
            ax = draw(case)
            complaint = missing(ax, case) if isinstance(ax, Axes) else (
                "Return the Axes: begin with `figure, ax = plt.subplots()` and end with `return ax`. "
                f"Yours is {kinds.named(ax)}.")
        finally:
            for number in set(plt.get_fignums()) - set(open_before):
                plt.close(number)
        if complaint:
            return complaint
    return None


def unnamed_axis(ax, **words):
    """Return what is to be written on an axis: `words` gives for "x" and "y" the word that belongs there; or None.

    >>> unnamed_axis(plt.figure().subplots(), x="epoch")
    'The x-axis should say what it shows, with the word "epoch": `ax.set_xlabel(…)`.'
    """
    for axis, word in words.items():
        if word not in getattr(ax, f"get_{axis}label")().lower():
            return f"The {axis}-axis should say what it shows, with the word \"{word}\": `ax.set_{axis}label(…)`."
    return None
