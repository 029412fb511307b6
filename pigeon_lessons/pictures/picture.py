"""A figure with its words, one value that displays itself; nowhere else does a figure become HTML or a PNG.

What is drawn in it, and what the words are, is said by the plot functions.
"""

import base64
import io
from html import escape

from matplotlib import rc_context
from matplotlib.artist import Artist
from matplotlib.text import Text
from PIL import Image

from pigeon_lessons.pictures.style import is_dark

DOTS_PER_INCH = 160  # finer than it is shown (96), so that it stays sharp on a dense screen
DARK = ("<style>:is([data-theme=dark], [data-jp-theme-light=false], .vscode-dark) .pigeon-figure "
        "{filter: invert(.93) hue-rotate(180deg)}</style>")
"""Turns black on white into white on black where the page is dark, and leaves the hues what they are."""
IN_LATEX = str.maketrans({sign: f"\\{sign}" for sign in "&%$#_{}"} | {
    "\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"})
"""How LaTeX is told to print a sign as it is."""
MOST_NAMED = 18  # curves in a legend; more leave no room for themselves


class Picture:
    """What a plot function returns: a figure and, in words, what is to be seen in it.

    `ax`: the Axes drawn on, the first of them if there are several. `figure`: theirs. `title`: a few words, the
    figure's alternative text. `words`: all that was said of any Axes of the figure, its caption and plain text.

    As the last line of a cell it shows itself; `display(picture)` shows it elsewhere; `print(picture)` gives the words.

    >>> from pigeon_lessons import plot_curves
    >>> plot_curves({"Loss": [0.7, 0.2]})
    Loss falls from 0.7 to 0.2.
    """

    def __init__(self, ax, title, words):
        self.ax, self.figure = ax, ax.figure.figure  # of a subfigure the whole
        ax.add_artist(_Said(title, words))

    @property
    def title(self):
        return "; ".join(dict.fromkeys(said.title for said in self._said()))

    @property
    def words(self):
        return " ".join(said.words for said in self._said())

    def __repr__(self):
        return self.words

    def png(self):
        """Return the figure as the bytes of a PNG file of 256 colors: a third of the size, and enough for lines."""
        drawn, packed = io.BytesIO(), io.BytesIO()
        with rc_context({"text.usetex": False, "savefig.bbox": None}):  # names are no TeX; as large as html() says
            for text in self.figure.findobj(Text):
                text.set_usetex(False)
            self.figure.savefig(drawn, format="png", dpi=DOTS_PER_INCH)
        Image.open(drawn).convert("RGB").quantize(256).save(packed, "PNG", optimize=True)
        return packed.getvalue()

    def html(self):
        """Return the figure with its words as HTML, as wide as it is on paper, but never wider than the page."""
        return self._repr_mimebundle_()["text/html"]

    def _repr_mimebundle_(self, include=None, exclude=None):
        png = self.png()
        html = figure_html(png, self.title, self.words, width=round(self.figure.get_figwidth() * 96),
                           turns_dark=not is_dark(self.figure))
        return {"text/plain": self.words, "text/html": html, "image/png": base64.b64encode(png).decode()}

    def _ipython_display_(self):
        """Publish the picture and then, for readers that take no HTML, its words: LaTeX has either or."""
        from IPython.display import display  # there already if it calls this, and slow to load for who only draws

        display(self._repr_mimebundle_(), raw=True)
        display({"text/html": "", "text/latex": self.words.translate(IN_LATEX)}, raw=True)

    def _said(self):
        return [artist for ax in self.figure.axes for artist in ax.get_children() if isinstance(artist, _Said)]


class _Said(Artist):
    """What is to be seen on some Axes, as an artist that draws nothing: cleared, copied and saved with them."""

    def __init__(self, title, words):
        super().__init__()
        self.title, self.words = (text.encode("utf-8", "replace").decode() for text in (title, words))


def finished(ax, title, sentences, *, xlabel, ylabel=""):
    """Name the axes, and the curves in a legend above them, where it hides none, and return the Picture."""
    ax.set_xlabel(xlabel, parse_math=False)
    ax.set_ylabel(ylabel, parse_math=False)
    handles, labels = (part[:MOST_NAMED] for part in ax.get_legend_handles_labels())
    if labels:
        room, widths = ax.bbox.width / ax.figure.dpi * 13, [len(label) + 6 for label in labels]  # in letters
        columns = len(labels) if sum(widths) <= room else max(1, int(room // max(widths)))
        legend = ax.legend(handles, labels, frameon=False, loc="lower left", bbox_to_anchor=(0, 1), borderaxespad=0.2,
                           handlelength=2.8, ncols=columns)
        for text in legend.get_texts():
            text.set_parse_math(False)
    return Picture(ax, title, " ".join(sentences))


def figure_html(png, title, words, *, lead="", width=None, turns_dark=True):
    """Return a PNG file with alternative text `title` and the caption `words` as HTML; `lead` opens the caption, bold.

    It is `width` pixels wide, or as wide as there is room; all texts are escaped. On a dark page it
    turns dark if `turns_dark`, that is, if it is not so already.

    >>> figure_html(b"...", "Loss", "It falls & falls.", width=400)[-43:]
    'It falls &amp; falls.</figcaption></figure>'
    """
    wide = f"width: {width}px; max-width: 100%" if width else "width: 100%"
    bold = f"<b>{escape(lead)}</b> " if lead else ""
    turning = "pigeon-figure " * turns_dark
    return (f'<figure style="margin: 0">{DARK}<img class="{turning}dark-light" '  # the book leaves this one to us
            f'style="{wide}; background: white; border-radius: 8px" alt="{escape(title)}" '
            f'src="data:image/png;base64,{base64.b64encode(png).decode()}"/>'
            f'<figcaption style="max-width: {max(width or 0, 640)}px">{bold}{escape(words)}</figcaption></figure>')
