"""A noisy curve and its running average, drawn together so that the average hides nothing."""

import numpy as np

from pigeon_lessons import checks
from pigeon_lessons.pictures.curves import LABELS
from pigeon_lessons.pictures.picture import Picture
from pigeon_lessons.pictures.style import COLORS, GRAY, new_axes
from pigeon_lessons.words import describe_curve


def running_average(values, window):
    """Return, for each position, the mean of the last `window` values: float64 of the same length.

    The first `window` - 1 positions have fewer values behind them and average those. No value ahead
    of a position is used, so what is drawn at iteration i was known at iteration i.

    Raises TypeError or ValueError if `window` is not a whole number of at least 1.

    >>> running_average([4.0, 2.0, 0.0, 0.0], window=2).tolist()
    [4.0, 3.0, 1.0, 0.0]
    """
    window = checks.whole_number("window", window, least=1, remedy="50 is usual for batches of 1, 4 for batches of 32")
    ends = np.arange(1, len(values) + 1)
    starts = np.maximum(ends - window, 0)
    sums = np.concatenate([[0.0], np.cumsum(values, dtype=float)])
    return (sums[ends] - sums[starts]) / (ends - starts)


def plot_running_average(values, window, *, skip=0, ylabel="mini-batch loss (nats)", ax=None):
    """Draw `values` over iterations, faint, under their running average over `window` iterations.

    `skip`: leave out that many iterations at the start, so that the rest fills the height; the
    average still uses them. Raises TypeError or ValueError for a `window` below 1, or a `skip` below 0 or
    beyond the last value.

    >>> plot_running_average([4.0, 0.0], window=2).words
    'The raw curve falls from 4 to 0. Its running average over 2 falls from 4 to 2.'
    """
    skip = checks.whole_number("skip", skip, least=0)
    if skip >= len(values):
        raise ValueError(f"skip must be less than the {len(values)} values there are, got {skip}; leave out fewer")
    average = running_average(values, window)[skip:]
    values = list(values)[skip:]
    ax = ax or new_axes()
    iterations = range(skip + 1, skip + 1 + len(values))
    ax.plot(iterations, values, linewidth=0.8, linestyle="-", color=GRAY, alpha=0.6, label="raw")
    ax.plot(iterations, average, linewidth=2.0, linestyle="-", color=COLORS[0], label=f"running average over {window}")
    ax.set(xlabel=LABELS["iteration"], ylabel=ylabel)
    ax.legend(frameon=False)
    words = describe_curve("The raw curve", values)
    words += " " + describe_curve(f"Its running average over {window}", list(average))
    return Picture(ax, f"Running average of the {ylabel}", words)
