"""Puts a figure into the notebook together with its words; the one place that talks to IPython about pictures."""

import base64
import io
from html import escape

from IPython.display import display
from matplotlib.axes import Axes
from PIL import Image

DOTS_PER_INCH = 160
"""Drawn finer than it is shown (96), so that it stays sharp on a dense screen."""


def show(ax):
    """Show the figure of `ax` in the notebook, its description under it and as its alternative text.

    `ax` are Axes that one of the plot functions returned; the words of all Axes in their figure are
    joined. Outside a notebook the words are printed. Raises TypeError for anything but Axes, and
    ValueError when nobody left words in them: a figure without words is lost on who cannot see it.

    >>> from pigeon_lessons import plot_curves
    >>> show(plot_curves({"Loss": [0.7, 0.2]}))
    Loss falls from 0.7 to 0.2.
    """
    if not isinstance(ax, Axes):
        raise TypeError(f"ax must be Axes, such as a plot function returns, got {type(ax).__name__}; "
                        "write show(plot_history(history))")
    picture = _Picture(ax.figure)
    if not repr(picture):
        raise ValueError(f"ax must carry a description, got {ax!r} without; set ax.words to what is to be seen")
    display(picture)


class _Picture:
    """A figure as IPython displays it: HTML where that is understood, its words elsewhere."""

    def __init__(self, figure):
        self.figure = figure

    def __repr__(self):
        return " ".join(filter(None, (getattr(ax, "words", "") for ax in self.figure.axes)))

    def _repr_html_(self):
        words = escape(repr(self))
        width = round(self.figure.get_figwidth() * 96)
        return (f'<figure style="margin: 0"><img style="width: {width}px; max-width: 100%" alt="{words}" '
                f'src="data:image/png;base64,{_png(self.figure)}"/>'
                f'<figcaption style="max-width: {max(width, 640)}px">{words}</figcaption></figure>')


def _png(figure):
    """Return the figure as a base64 PNG of 256 colors: a third of the bytes, and none too few for lines."""
    drawn, packed = io.BytesIO(), io.BytesIO()
    figure.savefig(drawn, format="png", dpi=DOTS_PER_INCH)
    Image.open(drawn).convert("RGB").quantize(256).save(packed, "PNG", optimize=True)
    return base64.b64encode(packed.getvalue()).decode()
