"""Several runs that differ only by their seed, drawn as mean ± standard deviation over the single runs."""

import numpy as np

from pigeon_lessons import checks
from pigeon_lessons.history import History
from pigeon_lessons.pictures import given
from pigeon_lessons.pictures.curves import CLOCKS, LABELS
from pigeon_lessons.pictures.picture import finished
from pigeon_lessons.pictures.style import look
from pigeon_lessons.words import WRITTEN, count

SPLITS = {"train": "training", "val": "validation"}


def plot_bands(runs, metric="val_loss", *, x="epoch", ax=None):
    """Draw groups of runs: each group's mean, a band of ± one standard deviation, and its runs, faint.

    `runs` maps a label to a list of Histories that were evaluated at the same points.
    `metric` is a column such as "val_loss"; `x` is "epoch", "iteration" or "tau", the training clock.
    Raises TypeError for anything but Histories, KeyError for a column that one lacks, ValueError when there is no
    group, a group has no run, or its runs were evaluated at different points. A value that is not finite leaves a gap.

    >>> from pigeon_lessons import History
    >>> seeds = [History({"epoch": [0, 1], "val_loss": [0.7, end]}) for end in (0.2, 0.4)]
    >>> plot_bands({"lr 0.05": seeds})
    lr 0.05, mean ± SD of 2 runs: validation loss 0.7 ± 0 at the start, 0.3 ± 0.141 at the end; lowest mean 0.3 ...
    """
    checks.one_of("x", x, CLOCKS)
    checks.one_of("metric", metric, ("train_loss", "val_loss", "train_accuracy", "val_accuracy"))
    given.labeled("runs", runs, "group", "{'a label': [histories]}")
    groups = {label: _stacked(label, histories, metric, x) for label, histories in runs.items()}
    split, measure = metric.split("_")
    ax, sentences = given.axes(ax), []
    for index, (label, (positions, values)) in enumerate(groups.items()):
        with np.errstate(invalid="ignore", over="ignore"):  # what is not finite has no mean
            mean = values.mean(axis=0)
            spread = values.std(axis=0, ddof=min(1, len(values) - 1))  # a sample, as in `stdev`
            spread[np.ptp(values, axis=0) == 0] = 0  # the mean of equal values may be rounded to another one
        ax.plot(positions, values.T, linewidth=0.6, alpha=0.35, **look(index))
        ax.fill_between(positions, mean - spread, mean + spread, color=look(index)["color"], alpha=0.18, linewidth=0)
        ax.plot(positions, mean, linewidth=2.2, label=given.short(label), **look(index))
        sentences.append(_in_words(label, positions, mean, spread, len(values), measure, SPLITS[split], x))
    return finished(ax, f"{SPLITS[split].capitalize()} {measure}: mean and spread over seeds", sentences,
                    xlabel=LABELS[x], ylabel=f"{SPLITS[split]} {LABELS[measure]}")


def _stacked(label, histories, metric, x):
    """Return the positions [points] and the values [runs, points] of one group."""
    if not isinstance(histories, (list, tuple)) or not all(isinstance(history, History) for history in histories):
        raise TypeError(f"group {label!r} must be a list of Histories, got {given.briefly(histories)}; "
                        "sweep() gives one, or write [trainer.history]")
    if not histories:
        raise ValueError(f"group {label!r} must hold at least one run, got none; leave it out")
    positions = histories[0][x]
    if any(history[x] != positions for history in histories):
        raise ValueError(f"the runs of group {label!r} must be evaluated at the same {x}s; "
                         "train them with the same batch size, epochs and evaluate_every")
    name = f"{metric} of group {label!r}"
    return given.numbers(x, positions), np.array([given.numbers(name, history[metric]) for history in histories])


def _in_words(label, positions, mean, spread, how_many, measure, split, x):
    write = WRITTEN[measure]
    points = [f"{write(mean[at])} ± {write(spread[at])}" for at in (0, -1)]
    words = f"{label}, mean ± SD of {count(how_many, 'run')}: {split} {measure} {points[0]} at the start, "
    words += f"{points[1]} at the end"
    if np.isfinite(mean).any():
        finite, (best, side) = np.where(np.isfinite(mean), mean, np.nan), (
            (np.nanargmin, "lowest") if measure == "loss" else (np.nanargmax, "highest"))
        at = int(best(finite))
        words += f"; {side} mean {write(mean[at])} after {count(positions[at], x)}"
    return words + "."
