"""Several runs that differ only by their seed, drawn as mean ± standard deviation over the single runs."""

import numpy as np

from pigeon_lessons import checks
from pigeon_lessons.pictures.curves import LABELS
from pigeon_lessons.pictures.picture import Picture
from pigeon_lessons.pictures.style import COLORS, DASHES, new_axes
from pigeon_lessons.words import WRITTEN, count


def plot_bands(runs, metric="val_loss", *, x="epoch", ax=None):
    """Draw groups of runs: each group's mean, a band of ± one standard deviation, and its runs, faint.

    `runs` maps a label to a list of Histories that were evaluated at the same points.
    `metric` is a column such as "val_loss"; `x` is "epoch" or "iteration".
    Raises ValueError when there is no group, a group has no run, or its runs were evaluated at
    different points. A value that is not finite leaves a gap.

    >>> from pigeon_lessons import History
    >>> seeds = [History({"epoch": [0, 1], "val_loss": [0.7, end]}) for end in (0.2, 0.4)]
    >>> plot_bands({"lr 0.05": seeds}).words
    'lr 0.05, mean ± SD of 2 runs: validation loss 0.7 ± 0 at the start, 0.3 ± 0.141 at the end; lowest ...'
    """
    checks.one_of("x", x, ("epoch", "iteration"))
    checks.one_of("metric", metric, ("train_loss", "val_loss", "train_accuracy", "val_accuracy"))
    if not runs:
        raise ValueError("runs must hold at least one group, got none; give {'a label': [histories]}")
    ax = ax or new_axes()
    sentences = []
    for index, (label, histories) in enumerate(runs.items()):
        positions, values = _stacked(label, histories, metric, x)
        mean = values.mean(axis=0)
        spread = values.std(axis=0, ddof=min(1, len(values) - 1))  # a sample, as in `stdev`
        spread[np.ptp(values, axis=0) == 0] = 0  # the mean of equal values may be rounded to another one
        look = {"color": COLORS[index % len(COLORS)], "linestyle": DASHES[index % len(DASHES)]}
        ax.plot(positions, values.T, linewidth=0.6, alpha=0.35, **look)
        ax.fill_between(positions, mean - spread, mean + spread, color=look["color"], alpha=0.18, linewidth=0)
        ax.plot(positions, mean, linewidth=2.2, label=label, **look)
        sentences.append(_in_words(label, positions, mean, spread, len(histories), metric, x))
    split, measure = metric.split("_")
    ax.set(xlabel=LABELS[x], ylabel=f"{SPLITS[split]} {LABELS[measure]}")
    ax.legend(frameon=False, loc="lower left", bbox_to_anchor=(0, 1), ncols=3)  # above: bands leave no free corner
    return Picture(ax, f"{SPLITS[split].capitalize()} {measure}: mean and spread over seeds", " ".join(sentences))


SPLITS = {"train": "training", "val": "validation"}


def _stacked(label, histories, metric, x):
    """Return the positions [points] and the values [runs, points] of one group."""
    if not histories:
        raise ValueError(f"group {label!r} must hold at least one run, got none; leave it out")
    positions = histories[0][x]
    if any(history[x] != positions for history in histories):
        raise ValueError(f"the runs of group {label!r} must be evaluated at the same {x}s; "
                         "train them with the same batch size, epochs and evaluate_every")
    return positions, np.array([history[metric] for history in histories])


def _in_words(label, positions, mean, spread, how_many, metric, x):
    split, measure = metric.split("_")
    write = WRITTEN[measure]
    points = [f"{write(mean[at])} ± {write(spread[at])}" for at in (0, -1)]
    words = f"{label}, mean ± SD of {count(how_many, 'run')}: {SPLITS[split]} {measure} {points[0]} at the start, "
    words += f"{points[1]} at the end"
    if np.isfinite(mean).any():
        best, side = (np.nanargmin, "lowest") if measure == "loss" else (np.nanargmax, "highest")
        at = int(best(mean))
        words += f"; {side} mean {write(mean[at])} after {count(positions[at], x)}"
    return words + "."
