"""Measured shares with their confidence intervals, one row each."""

from pigeon_lessons.pictures.picture import Picture
from pigeon_lessons.pictures.style import COLORS, new_axes
from pigeon_lessons.words import percent


def plot_intervals(intervals, *, xlabel="accuracy (%), with its 95 % confidence interval", ax=None):
    """Draw measured shares as points with the interval around each.

    `intervals` maps a label to (low, measured, high), each 0..1. Raises ValueError when there are none
    or the three are not in this order.

    >>> plot_intervals({"test": (0.944, 0.953, 0.96)}).words
    'test: 95.3 %, interval 94.4 % to 96.0 %.'
    """
    if not intervals:
        raise ValueError("intervals must hold at least one, got none; give {'a label': (low, measured, high)}")
    for label, (low, measured, high) in intervals.items():
        if not 0 <= low <= measured <= high <= 1:
            raise ValueError(f"interval {label!r} must be 0 ≤ low ≤ measured ≤ high ≤ 1, "
                             f"got {(low, measured, high)}; give shares, not per cent")
    ax = ax or new_axes(height=0.9 + 0.45 * len(intervals))
    for row, (low, measured, high) in enumerate(intervals.values()):
        ax.errorbar(100 * measured, row, xerr=[[100 * (measured - low)], [100 * (high - measured)]], marker="o",
                    color=COLORS[row % len(COLORS)], capsize=4, linewidth=2)
    ax.set_yticks(range(len(intervals)), list(intervals))
    ax.set(xlabel=xlabel, ylim=(len(intervals) - 0.5, -0.5))
    words = " ".join(f"{label}: {percent(measured)}, interval {percent(low)} to {percent(high)}."
                     for label, (low, measured, high) in intervals.items())
    return Picture(ax, f"Confidence intervals of {', '.join(intervals)}", words)
