"""Lines over iterations or epochs: a run's curves, lists of numbers, a running average, the spread of many runs."""

from math import isfinite

import numpy as np
from matplotlib.ticker import MaxNLocator

from pigeon_lessons import checks
from pigeon_lessons.history import History
from pigeon_lessons.pictures import given
from pigeon_lessons.pictures.picture import finished
from pigeon_lessons.pictures.style import COLORS, CROSS, GRAY, STAR, TRAIN, VAL, look
from pigeon_lessons.words import BEST, MEASURES, count, describe, describe_curve, number

LABELS = {"iteration": "iterations (updates)", "epoch": "epochs", "tau": "training clock τ = Σ lr / (1 − momentum)",
          "loss": "loss (nats)", "accuracy": "accuracy"}
CLOCKS = ("epoch", "iteration", "tau")


def plot_history(history, metric="loss", *, x="epoch", ax=None):
    """Draw a run's `metric` ("loss" or "accuracy") on the training and validation digits.

    Solid: training. Dashed: validation, with a star at its earliest best row. A cross: the last row before the
    training digits' `metric` stopped being finite. `x` is "epoch", "iteration" or "tau", the training clock.
    Raises TypeError unless `history` is a History, ValueError for another metric or x or a history without rows,
    KeyError if it has no such column.

    >>> from pigeon_lessons import History
    >>> plot_history(History({"epoch": [0, 1, 2], "train_loss": [0.7, 0.4, 0.3]}))
    Training loss falls from 0.7 to 0.3 over 2 epochs.
    """
    checks.one_of("metric", metric, ("loss", "accuracy"))
    checks.one_of("x", x, CLOCKS)
    if not isinstance(history, History):
        raise TypeError(f"history must be a History, got {given.briefly(history)}; give trainer.history")
    positions, train = (given.numbers(name, history[name]) for name in (x, f"train_{metric}"))
    val = given.numbers(f"val_{metric}", history.get(f"val_{metric}", ()), least=0)
    ax = given.axes(ax)
    ax.plot(positions, train, label="training", **TRAIN)
    if len(val):
        ax.plot(positions, val, label="validation", **VAL)
    if np.isfinite(val).any():
        best = history.best(f"val_{metric}", mode=BEST[metric])
        ax.plot(best[x], best[f"val_{metric}"], label="best validation", **STAR)
    if isfinite(train[0]) and not np.isfinite(train).all():
        last = int(np.isfinite(train).argmin()) - 1
        ax.plot(positions[last], train[last], label="diverged", **CROSS)
    if x != "tau":
        _count_only_wholes(ax)
    return finished(ax, f"{metric.capitalize()} over {LABELS[x]}", [describe(history, metrics=(metric,))],
                    xlabel=LABELS[x], ylabel=LABELS[metric])


def plot_curves(curves, *, xlabel=LABELS["iteration"], ylabel=LABELS["loss"], ax=None):
    """Draw several lists of numbers in one figure, each with a color and a dash of its own.

    `curves` maps a label to its values, drawn at 0, 1, 2, …, or to a pair (positions, values). Raises TypeError for
    what is no list of numbers, ValueError when there are none or the two of a pair differ in length.

    >>> plot_curves({"batch 1": [0.7, 0.2, 0.4], "batch 32": [0.7, 0.5]})
    batch 1 falls from 0.7 to 0.4; lowest 0.2, highest 0.7. batch 32 falls from 0.7 to 0.5.
    """
    curves = given.curves("curves", curves, "curve")
    xlabel, ylabel, ax = given.text("xlabel", xlabel), given.text("ylabel", ylabel), given.axes(ax)
    if all((positions == positions.round()).all() for positions, _ in curves.values()):
        _count_only_wholes(ax)
    draw_lines(ax, curves)
    sentences = [describe_curve(str(label), values.tolist()) for label, (_, values) in curves.items()]
    return finished(ax, f"{ylabel} over {xlabel}".capitalize(), sentences, xlabel=xlabel, ylabel=ylabel)


def draw_lines(ax, curves, **style):
    """Draw {label: (positions, values)}, each with a color and a dash of its own."""
    for index, (label, (positions, values)) in enumerate(curves.items()):
        ax.plot(positions, values, label=given.short(label), **{"linewidth": 1.6, **look(index), **style})


def running_average(values, window):
    """Return, for each position, the mean of the last `window` values: float64 of the same length.

    The first `window` - 1 positions have fewer values behind them and average those. No value ahead
    of a position is used, so what is drawn at iteration i was known at iteration i.
    Raises TypeError or ValueError if `window` is not a whole number of at least 1, or `values` no list of numbers.

    >>> running_average([4.0, 2.0, 0.0, 0.0], window=2).tolist()
    [4.0, 3.0, 1.0, 0.0]
    """
    window = checks.whole_number("window", window, least=1, remedy="50 is usual for batches of 1, 4 for batches of 32")
    values = given.numbers("values", values, least=0)
    ends = np.arange(1, len(values) + 1)
    starts = np.maximum(ends - min(window, len(values)), 0)
    with np.errstate(invalid="ignore"):  # what comes after an infinite loss has no average
        sums = np.concatenate([[0.0], np.cumsum(values)])
        return (sums[ends] - sums[starts]) / (ends - starts)


def plot_running_average(values, window, *, skip=0, ax=None):
    """Draw `values` over iterations, faint, under their running average over `window` iterations.

    `skip`: leave out that many iterations at the start, so that the rest fills the height; the average still uses
    them. Raises TypeError or ValueError for a `window` below 1, or a `skip` below 0 or beyond the last value.

    >>> plot_running_average([4.0, 0.0], window=2)
    The raw curve falls from 4 to 0. Its running average over 2 falls from 4 to 2.
    """
    values, skip = given.numbers("values", values), checks.whole_number("skip", skip, least=0)
    if skip >= len(values):
        raise ValueError(f"skip must be less than the {len(values)} values there are, got {skip}; leave out fewer")
    average, raw = running_average(values, window)[skip:], values[skip:]
    iterations, ax = np.arange(skip + 1, skip + 1 + len(raw)), given.axes(ax)
    _count_only_wholes(ax)
    ax.plot(iterations, raw, linewidth=0.8, linestyle="-", color=GRAY, alpha=0.6, label="raw")
    ax.plot(iterations, average, linewidth=2.0, linestyle="-", color=COLORS[0],
            label=given.short(f"running average over {window}"))
    sentences = [describe_curve("The raw curve", raw.tolist()),
                 describe_curve(f"Its running average over {window}", average.tolist())]
    return finished(ax, "Mini-batch loss and its running average", sentences, xlabel=LABELS["iteration"],
                    ylabel="mini-batch loss (nats)")


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
    checks.one_of("metric", metric, tuple(MEASURES))
    given.labeled("runs", runs, "group", "{'a label': [histories]}")
    groups = {label: _stacked(label, histories, metric, x) for label, histories in runs.items()}
    (title, write), measure = MEASURES[metric], metric.split("_")[1]
    ax, sentences = given.axes(ax), []
    for index, (label, (positions, values)) in enumerate(groups.items()):
        with np.errstate(invalid="ignore"):  # what is not finite has no mean
            mean = values.mean(axis=0)
            spread = values.std(axis=0, ddof=min(1, len(values) - 1))  # a sample, as in `stdev`
            spread[np.ptp(values, axis=0) == 0] = 0  # the mean of equal values may be rounded to another one
        ax.plot(positions, values.T, linewidth=0.6, alpha=0.35, **look(index))
        ax.fill_between(positions, mean - spread, mean + spread, color=look(index)["color"], alpha=0.18, linewidth=0)
        ax.plot(positions, mean, linewidth=2.2, label=given.short(label), **look(index))
        start, end = (f"{write(mean[at])} ± {write(spread[at])}" for at in (0, -1))
        words = f"{label}, mean ± SD of {count(len(values), 'run')}: {title} {start} at the start, {end} at the end"
        if np.isfinite(mean).any():
            side, sign = ("lowest", 1) if measure == "loss" else ("highest", -1)
            at = int(np.where(np.isfinite(mean), sign * mean, np.inf).argmin())
            place = f"at tau {number(positions[at])}" if x == "tau" else f"after {count(positions[at], x)}"
            words += f"; {side} mean {write(mean[at])} {place}"
        sentences.append(f"{words}.")
    return finished(ax, f"{title.capitalize()}: mean and spread over seeds", sentences, xlabel=LABELS[x],
                    ylabel=title.replace(measure, LABELS[measure]))


def _stacked(label, histories, metric, x):
    """Return the positions [points] and the values [runs, points] of one group."""
    if not isinstance(histories, (list, tuple)) or not all(isinstance(history, History) for history in histories):
        raise TypeError(f"group {label!r} must be a list of Histories, got {given.briefly(histories)}; "
                        "sweep() gives one, or write [trainer.history]")
    if not histories:
        raise ValueError(f"group {label!r} must hold at least one run, got none; leave it out")
    if any(history[x] != histories[0][x] for history in histories):
        raise ValueError(f"the runs of group {label!r} must be evaluated at the same {x}s; "
                         "train them with the same batch size, epochs and evaluate_every")
    values = [given.numbers(f"{metric} of group {label!r}", history[metric]) for history in histories]
    return given.numbers(x, histories[0][x]), np.array(values)


def _count_only_wholes(ax):
    """Put no tick at epoch 2.5."""
    if isinstance(ax.xaxis.get_major_locator(), MaxNLocator):  # a logarithmic axis has another
        ax.xaxis.get_major_locator().set_params(integer=True)
