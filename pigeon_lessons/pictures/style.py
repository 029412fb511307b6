"""The look that all figures share: palette, dashes, grid, size. It draws no data."""

from cycler import cycler
from matplotlib.figure import Figure

COLORS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00")
"""Six colors that stay apart for color-blind readers (Okabe & Ito, "Color universal design", 2008)."""
DASHES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1)), (0, (1, 1)))
"""A dash for each color, so that no figure relies on color alone."""
INK = "#111827"
"""For what is in the foreground: the run shown, titles."""
GRAY = "#767676"
"""For what is only there to compare with: baselines, ghosts, single seeds."""


def new_axes(width=7.0, height=3.4):
    """Return fresh Axes, `width` × `height` inches, in the shared style; pyplot knows nothing of them.

    >>> new_axes().figure.get_size_inches().tolist()
    [7.0, 3.4]
    """
    return styled(Figure(figsize=(width, height), layout="constrained").add_subplot())


def styled(ax):
    """Give Axes the shared style: the palette in its fixed order, a light grid, no box."""
    ax.set_prop_cycle(cycler(color=COLORS, linestyle=DASHES))
    ax.grid(True, color="#d9d9d9", linewidth=0.6)
    ax.set_axisbelow(True)
    ax.spines[["top", "right"]].set_visible(False)
    return ax
