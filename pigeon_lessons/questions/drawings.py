"""Exercises to draw with matplotlib, judged by the Axes that the student's function returns."""

from functools import partial

import matplotlib.pyplot as plt
from matplotlib.axes import Axes

from pigeon_lessons.questions import kinds
from pigeon_lessons.questions.marking import Exercise, drawing


def drawing_exercise(cases, missing):
    """Return what makes, of its hints, the exercise to draw each of `cases(draw)`, drawn by a `random.Random`.

    `missing(ax, case)` says what the drawing lacks, None if nothing. Whatever is drawn, no figure stays open.
    """
    def judge(draw):
        return next(filter(None, (_complaint(draw, case, missing) for case in cases(drawing(1)))), None)

    return partial(Exercise, kinds.function, judge)


def _complaint(draw, case, missing):
    open_before = plt.get_fignums()
    plt.figure()  # so that nothing is drawn into a figure of the student's
    try:
        ax = draw(case)
        return missing(ax, case) if isinstance(ax, Axes) else (
            "Return the Axes: begin with `figure, ax = plt.subplots()` and end with `return ax`. "
            f"Yours is {kinds.named(ax)}.")
    finally:
        for number in set(plt.get_fignums()) - set(open_before):
            plt.close(number)


def unnamed_axis(ax, **words):
    """Return what is to be written on an axis: `words` gives for "x" and "y" the word that belongs there; or None.

    >>> from matplotlib.figure import Figure
    >>> unnamed_axis(Figure().subplots(), x="epoch")
    'The x-axis should say what it shows, with the word "epoch": `ax.set_xlabel(…)`.'
    """
    for axis, word in words.items():
        if word not in getattr(ax, f"get_{axis}label")().lower():
            return f"The {axis}-axis should say what it shows, with the word \"{word}\": `ax.set_{axis}label(…)`."
    return None
