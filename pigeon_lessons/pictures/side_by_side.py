"""Figures of several Axes, which they make themselves: many runs, one loss over both clocks, sigmoid beside loss."""

import numpy as np
from matplotlib.figure import Figure

from pigeon_lessons import checks
from pigeon_lessons.pictures import given
from pigeon_lessons.pictures.curves import LABELS, draw_lines
from pigeon_lessons.pictures.picture import Picture, finished
from pigeon_lessons.pictures.style import COLORS, look, styled
from pigeon_lessons.words import count, number

PARTS = 5  # a curve in words is the mean of each fifth
TOP = 2.0  # nats
COLUMNS = 3


def _pair(**sharing):
    """Return two styled Axes side by side."""
    return map(styled, Figure(figsize=(9.0, 3.4), layout="constrained").subplots(1, 2, **sharing))


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
    for label, run in given.labeled("runs", runs, "run", "{'a label': history}").items():
        given.labeled(f"run {label!r}", run, "column", "a history")
    by_iteration, by_epoch = (given.curves("runs", {
        label: (run.get(x, ()), run.get(metric, ())) for label, run in runs.items()}, f"{metric} of run")
        for x in ("iteration", "epoch"))
    left, right = _pair(sharey=True)
    draw_lines(left, by_iteration)
    draw_lines(right, by_epoch)
    right.set_xlabel(LABELS["epoch"])
    sentences = [f"{label}: loss {number(losses[0])} at the start, {number(losses[-1])} after "
                 f"{count(iterations[-1], 'iteration')}, which are {count(by_epoch[label][0][-1], 'epoch')}."
                 for label, (iterations, losses) in by_iteration.items()]
    return finished(left, "Loss over iterations and over epochs", sentences, xlabel=LABELS["iteration"],
                    ylabel=LABELS["loss"])


def plot_gallery(curves):
    """Draw each curve in a panel of its own, all from 0 to 2 nats.

    `curves` maps a name to the mini-batch losses of a run. A value above 2 is marked by a triangle at the
    rim, and the highest one is written above. Raises TypeError for what is no list of numbers, ValueError when there
    are no curves or one has fewer than five losses.

    >>> plot_gallery({"A": [0.7, 0.6, 0.5, 0.4, 0.3], "B": [0.7, 9.0, 0.6, 0.6, 0.6]}).words[-88:]
    'B: 0.7, 9, 0.6, 0.6, 0.6, each the mean of a fifth of the run; highest 9 at iteration 2.'
    """
    curves = given.curves("curves", curves, "curve", least=PARTS)
    rows = -(-len(curves) // COLUMNS)
    figure = Figure(figsize=(7.0, 2.1 * rows), layout="constrained")
    panels = figure.subplots(rows, COLUMNS, sharex=True, sharey=True, squeeze=False).flat
    for ax in panels[len(curves):]:
        ax.set_axis_off()
    words = " ".join(_draw_small(styled(ax), name, losses)
                     for ax, (name, (_, losses)) in zip(panels, curves.items(), strict=False))
    figure.supxlabel(LABELS["iteration"], fontsize=10)
    figure.supylabel("mini-batch loss (nats)", fontsize=10)
    return Picture(figure.axes[0], f"Mini-batch losses of {len(curves)} runs side by side", words)


def _draw_small(ax, name, losses):
    """Draw one curve of a gallery and return it in words."""
    iterations, over = np.arange(1, len(losses) + 1), losses > TOP
    ax.plot(iterations, losses, linewidth=1.1, color=COLORS[0])
    ax.plot(iterations[over], np.full(over.sum(), 0.98 * TOP), linestyle="none", marker="^", markersize=4,
            color=COLORS[1])
    ax.set_ylim(0, TOP)
    ax.set_title(given.short(name), loc="left", fontweight="bold", parse_math=False)
    words = f"{name}: {', '.join(number(part.mean()) for part in np.array_split(losses, PARTS))}, "
    words += "each the mean of a fifth of the run"
    if np.isfinite(losses).all():
        highest = f"highest {number(losses.max())}"
        ax.set_title(highest if over.any() else "", loc="right", fontsize=9)
        words += f"; {highest} at iteration {losses.argmax() + 1}"
    return words + "."


def plot_sigmoid_and_loss():
    """Draw the sigmoid (left) and the binary cross-entropy of one answer (right, in nats) over logits −6..6.

    `.ax` are the left Axes; the right ones are the second of `.figure.axes`.

    >>> plot_sigmoid_and_loss().words[:69]
    'The sigmoid rises with the logit: 0.0474 at -3, 0.5 at 0, 0.953 at 3.'
    """
    left, right = _pair()
    logits = np.linspace(-6, 6, 121)
    left.plot(logits, _sigmoid(logits), linewidth=1.8, color=COLORS[0])
    right.plot(logits, _loss_of_yes(logits), linewidth=1.8, label='target 1 ("yes" is right)', **look(0))
    right.plot(logits, _loss_of_yes(-logits), linewidth=1.8, label='target 0 ("no" is right)', **look(1))
    finished(right, "Loss of one image over the logit", [
        f"The loss of one image with target 1 falls with the logit: {_listed(_loss_of_yes)}.",
        f"With target 0 it rises: {_listed(lambda logit: _loss_of_yes(-logit))}."],
        xlabel="logit", ylabel="loss of one image (nats)")
    return finished(left, "Probability over the logit", [f"The sigmoid rises with the logit: {_listed(_sigmoid)}."],
                    xlabel="logit", ylabel='probability of "yes"')


def _sigmoid(logit):
    return 1 / (1 + np.exp(-logit))


def _loss_of_yes(logit):
    return np.logaddexp(0, -logit)  # −ln of the probability of "yes"; that of "no" is one of −logit


def _listed(function):
    return ", ".join(f"{number(float(function(logit)))} at {logit}" for logit in (-3, 0, 3))
