"""Lines over iterations or epochs: one run's training curves, or several lists of numbers compared."""

from math import isfinite

from pigeon_lessons import checks
from pigeon_lessons.pictures.picture import Picture
from pigeon_lessons.pictures.style import new_axes
from pigeon_lessons.words import BEST, describe, describe_curve

LABELS = {"iteration": "iterations (updates)", "epoch": "epochs", "loss": "loss (nats)", "accuracy": "accuracy"}


def plot_history(history, metric="loss", *, x="epoch", ax=None):
    """Draw a run's `metric` ("loss" or "accuracy") on the training and validation digits.

    Thin line: training. Thick line: validation, with a star at its earliest best row.
    `x` is "epoch" or "iteration". Raises ValueError for another metric or x, KeyError if the history
    has no such column.

    >>> from pigeon_lessons import History
    >>> plot_history(History({"epoch": [0, 1, 2], "train_loss": [0.7, 0.4, 0.3]})).words
    'Training loss falls from 0.7 to 0.3 over 2 epochs.'
    """
    checks.one_of("metric", metric, ("loss", "accuracy"))
    checks.one_of("x", x, ("epoch", "iteration"))
    ax = ax or new_axes()
    ax.plot(history[x], history[f"train_{metric}"], linewidth=1.2, label="training")
    if f"val_{metric}" in history:
        ax.plot(history[x], history[f"val_{metric}"], linewidth=2.4, label="validation")
    if any(isfinite(value) for value in history.get(f"val_{metric}", ())):
        best = history.best(f"val_{metric}", mode=BEST[metric])
        ax.plot(best[x], best[f"val_{metric}"], marker="*", markersize=12, color="black", linestyle="none",
                label="best validation")
    ax.set(xlabel=LABELS[x], ylabel=LABELS[metric])
    ax.xaxis.get_major_locator().set_params(integer=True)  # there is no epoch 2.5
    ax.legend(frameon=False)
    return Picture(ax, f"{metric.capitalize()} over {LABELS[x]}", describe(history, metrics=(metric,)))


def plot_curves(curves, *, xlabel=LABELS["iteration"], ylabel=LABELS["loss"], ax=None):
    """Draw several lists of numbers in one figure, each with a color and a dash of its own.

    `curves` maps a label to its values, drawn at 0, 1, 2, …, or to a pair (positions, values).
    Raises ValueError when there are none or the two of a pair differ in length.

    >>> plot_curves({"batch 1": [0.7, 0.2, 0.4], "batch 32": [0.7, 0.5]}).words
    'batch 1 falls from 0.7 to 0.4; lowest 0.2, highest 0.7. batch 32 falls from 0.7 to 0.5.'
    """
    if not curves:
        raise ValueError("curves must hold at least one curve, got none; give {'a label': [numbers]}")
    ax = ax or new_axes()
    sentences = []
    for label, curve in curves.items():
        positions, values = curve if isinstance(curve, tuple) else (range(len(curve)), curve)
        if len(positions) != len(values):
            raise ValueError(f"curve {label!r} must have a position for each value, "
                             f"got {len(positions)} positions and {len(values)} values")
        ax.plot(positions, values, linewidth=1.4, label=label)
        sentences.append(describe_curve(label, list(values)))
    ax.set(xlabel=xlabel, ylabel=ylabel)
    ax.legend(frameon=False)
    return Picture(ax, f"{ylabel} over {xlabel}".capitalize(), " ".join(sentences))
