"""Small curves side by side on one scale, to be told apart at a glance."""

import numpy as np
from matplotlib.figure import Figure

from pigeon_lessons.pictures import given
from pigeon_lessons.pictures.picture import Picture
from pigeon_lessons.pictures.style import COLORS, styled
from pigeon_lessons.words import number

PARTS = 5  # a curve in words is the mean of each fifth


TOP = 2.0  # nats
COLUMNS = 3


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
    words = " ".join(_draw(styled(ax), name, losses)
                     for ax, (name, (_, losses)) in zip(panels, curves.items(), strict=False))
    figure.supxlabel("iterations (updates)", fontsize=10)
    figure.supylabel("mini-batch loss (nats)", fontsize=10)
    return Picture(figure.axes[0], f"Mini-batch losses of {len(curves)} runs side by side", words)


def _draw(ax, name, losses):
    """Draw one curve and return it in words."""
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
