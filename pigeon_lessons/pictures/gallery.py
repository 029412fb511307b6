"""Small curves side by side on one scale, to be told apart at a glance."""

import numpy as np
from matplotlib.figure import Figure

from pigeon_lessons import checks
from pigeon_lessons.pictures import given
from pigeon_lessons.pictures.picture import Picture
from pigeon_lessons.pictures.style import COLORS, styled
from pigeon_lessons.words import number

PARTS = 5  # a curve in words is the mean of each fifth


def plot_gallery(curves, *, top=2.0, columns=3):
    """Draw each curve in a panel of its own, all from 0 to `top` nats.

    `curves` maps a name to the mini-batch losses of a run. A value above `top` is marked by a triangle at the
    rim, and the highest one is written there. Raises TypeError for what is no list of numbers, ValueError when there
    are no curves or one has fewer than five losses.

    >>> plot_gallery({"A": [0.7, 0.6, 0.5, 0.4, 0.3], "B": [0.7, 9.0, 0.6, 0.6, 0.6]}).words[-88:]
    'B: 0.7, 9, 0.6, 0.6, 0.6, each the mean of a fifth of the run; highest 9 at iteration 2.'
    """
    top = checks.real_number("top", top, above=0, remedy="2 nats is usual")
    columns = checks.whole_number("columns", columns, least=1)
    given.labeled("curves", curves, "curve", "{'a name': [losses]}")
    curves = {name: given.numbers(f"curve {name!r}", losses, least=0) for name, losses in curves.items()}
    for name, losses in curves.items():
        if len(losses) < PARTS:
            raise ValueError(f"curve {name!r} must have at least {PARTS} losses, one for each part of its words, "
                             f"got {len(losses)}; train for longer")
    rows, columns = -(-len(curves) // columns), min(columns, len(curves))
    figure = Figure(figsize=(7.0, 2.1 * rows), layout="constrained")
    panels = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False).flat
    for ax in panels[len(curves):]:
        ax.set_axis_off()
    words = " ".join(_draw(styled(ax), *curve, top) for ax, curve in zip(panels, curves.items(), strict=False))
    figure.supxlabel("iterations (updates)", fontsize=10)
    figure.supylabel("mini-batch loss (nats)", fontsize=10)
    return Picture(figure.axes[0], f"Mini-batch losses of {len(curves)} runs side by side", words)


def _draw(ax, name, losses, top):
    """Draw one curve and return it in words."""
    iterations = np.arange(1, len(losses) + 1)
    ax.plot(iterations, losses, linewidth=1.1, color=COLORS[0])
    over = losses > top
    ax.plot(iterations[over], np.full(over.sum(), top * 0.98), linestyle="none", marker="^", markersize=4,
            color=COLORS[1])
    ax.set_ylim(0, top)
    ax.set_title(given.short(name), loc="left", fontweight="bold", parse_math=False)
    means = ", ".join(number(part.mean()) for part in np.array_split(losses, PARTS))
    words = f"{name}: {means}, each the mean of a fifth of the run"
    if np.isfinite(losses).all():
        highest = int(losses.argmax())
        words += f"; highest {number(losses[highest])} at iteration {highest + 1}"
        if over.any():
            ax.set_title(f"highest {number(losses[highest])}", loc="right", fontsize=9)
    return words + "."
