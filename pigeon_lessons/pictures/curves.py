"""Lines over iterations or epochs: one run's curves, lists of numbers compared, noise under its running average."""

from math import isfinite

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from pigeon_lessons import checks
from pigeon_lessons.history import History
from pigeon_lessons.pictures import given
from pigeon_lessons.pictures.picture import finished
from pigeon_lessons.pictures.style import COLORS, CROSS, GRAY, STAR, TRAIN, VAL, look, styled
from pigeon_lessons.words import BEST, count, describe, describe_curve, number

LABELS = {"iteration": "iterations (updates)", "epoch": "epochs", "tau": "training clock τ = Σ lr / (1 − momentum)",
          "loss": "loss (nats)", "accuracy": "accuracy"}
CLOCKS = ("epoch", "iteration", "tau")
"""What a run can be drawn over."""


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


def _count_only_wholes(ax):
    """Put no tick at epoch 2.5."""
    if isinstance(ax.xaxis.get_major_locator(), MaxNLocator):  # a logarithmic axis has another
        ax.xaxis.get_major_locator().set_params(integer=True)


def plot_curves(curves, *, xlabel=LABELS["iteration"], ylabel=LABELS["loss"], ax=None):
    """Draw several lists of numbers in one figure, each with a color and a dash of its own.

    `curves` maps a label to its values, drawn at 0, 1, 2, …, or to a pair (positions, values).
    Raises TypeError for what is no list of numbers, ValueError when there are none or the two of a pair
    differ in length.

    >>> plot_curves({"batch 1": [0.7, 0.2, 0.4], "batch 32": [0.7, 0.5]})
    batch 1 falls from 0.7 to 0.4; lowest 0.2, highest 0.7. batch 32 falls from 0.7 to 0.5.
    """
    given.labeled("curves", curves, "curve", "{'a label': [numbers]}")
    title = f"{given.text('ylabel', ylabel)} over {given.text('xlabel', xlabel)}".capitalize()
    pairs = {}
    for label, curve in curves.items():
        positions, values = curve if isinstance(curve, tuple) and len(curve) == 2 else (None, curve)
        values = given.numbers(f"curve {label!r}", values)
        positions = np.arange(len(values)) if positions is None else given.numbers(f"positions of {label!r}", positions)
        if len(positions) != len(values):
            raise ValueError(f"curve {label!r} must have a position for each value, "
                             f"got {len(positions)} positions and {len(values)} values; give as many of both")
        pairs[label] = positions, values
    ax = given.axes(ax)
    if all((positions % 1 == 0).all() for positions, _ in pairs.values()):
        _count_only_wholes(ax)
    for index, (label, (positions, values)) in enumerate(pairs.items()):
        ax.plot(positions, values, linewidth=1.6, label=given.short(label), **look(index))
    return finished(ax, title, [describe_curve(str(label), values.tolist()) for label, (_, values) in pairs.items()],
                    xlabel=xlabel, ylabel=ylabel)


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
    starts = np.maximum(ends - window, 0)
    with np.errstate(invalid="ignore", over="ignore"):  # what comes after an infinite loss has no average
        sums = np.concatenate([[0.0], np.cumsum(values)])
        return (sums[ends] - sums[starts]) / (ends - starts)


def plot_running_average(values, window, *, skip=0, ylabel="mini-batch loss (nats)", ax=None):
    """Draw `values` over iterations, faint, under their running average over `window` iterations.

    `skip`: leave out that many iterations at the start, so that the rest fills the height; the
    average still uses them. Raises TypeError or ValueError for a `window` below 1, or a `skip` below 0 or
    beyond the last value.

    >>> plot_running_average([4.0, 0.0], window=2)
    The raw curve falls from 4 to 0. Its running average over 2 falls from 4 to 2.
    """
    values, skip = given.numbers("values", values), checks.whole_number("skip", skip, least=0)
    if skip >= len(values):
        raise ValueError(f"skip must be less than the {len(values)} values there are, got {skip}; leave out fewer")
    average, raw = running_average(values, window)[skip:], values[skip:]
    title, ax = f"{given.text('ylabel', ylabel)} and its running average".capitalize(), given.axes(ax)
    iterations = np.arange(skip + 1, skip + 1 + len(raw))
    _count_only_wholes(ax)
    ax.plot(iterations, raw, linewidth=0.8, linestyle="-", color=GRAY, alpha=0.6, label="raw")
    ax.plot(iterations, average, linewidth=2.0, linestyle="-", color=COLORS[0], label=f"running average over {window}")
    words = [describe_curve("The raw curve", raw.tolist()),
             describe_curve(f"Its running average over {window}", average.tolist())]
    return finished(ax, title, words, xlabel=LABELS["iteration"], ylabel=ylabel)


def plot_by_iteration_and_epoch(runs, metric="train_loss"):
    """Draw runs twice on one y-axis: over iterations on the left, over epochs on the right.

    `runs` maps a label to a History, or to any mapping of equally long lists "iteration", "epoch" and
    `metric`, a loss. `.ax` are the left Axes; the right ones are the second of `.figure.axes`.
    Raises TypeError or ValueError when there is no run, or a run lacks one of the three lists.

    >>> run = {"iteration": [0, 64, 128], "epoch": [0, 0.5, 1], "train_loss": [0.7, 0.4, 0.3]}
    >>> plot_by_iteration_and_epoch({"batch 8": run})
    batch 8: loss 0.7 at the start, 0.3 after 128 iterations, which are 1 epoch.
    """
    checks.one_of("metric", metric, ("train_loss", "val_loss"))
    given.labeled("runs", runs, "run", "{'a label': history}")
    left, right = map(styled, Figure(figsize=(9.0, 3.4), layout="constrained").subplots(1, 2, sharey=True))
    sentences, axes = [], {"iteration": left, "epoch": right}
    for index, (label, run) in enumerate(runs.items()):
        given.labeled(f"run {label!r}", run, "column", "a history")
        missing = [name for name in (*axes, metric) if not len(run.get(name, ()))]
        if missing:
            raise ValueError(f"run {label!r} must have values of {missing[0]!r}, got only {sorted(run)}; record them")
        columns = {name: given.numbers(f"{name} of run {label!r}", run[name]) for name in (*axes, metric)}
        if len({len(column) for column in columns.values()}) > 1:
            raise ValueError(f"run {label!r} must have columns of equal length, "
                             f"got {[len(column) for column in columns.values()]}; record all of them each time")
        for x, ax in axes.items():
            ax.plot(columns[x], columns[metric], linewidth=1.8, label=given.short(label), **look(index))
        start, end = (number(columns[metric][at]) for at in (0, -1))
        iterations, epochs = (count(columns[x][-1], x) for x in axes)
        sentences.append(f"{label}: loss {start} at the start, {end} after {iterations}, which are {epochs}.")
    right.set_xlabel(LABELS["epoch"])
    return finished(left, "Loss over iterations and over epochs", sentences, xlabel=LABELS["iteration"],
                    ylabel=LABELS["loss"])
