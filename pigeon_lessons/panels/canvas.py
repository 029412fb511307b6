"""A matplotlib figure whose picture is one `Image` widget: the browser swaps the pixels, nothing else changes.

No pyplot: the figure belongs to the panel alone and ends with it. Axes, ticks and legends take most of the
time to draw and seldom change, so their pixels are kept, and only the curves are drawn over them.
"""

import io

import ipywidgets as widgets
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

DOTS_PER_INCH = 100


class Canvas:
    """A picture of fixed size, `width` × `height` inches, drawn by an object of class `picture`.

    `widget` is what a panel shows. `picture(figure, train)` makes its artists once; its `draw(scene)` moves them;
    `train` are the digits in which a scene names positions. What it has set
    "animated" is drawn over the kept pixels; a change of any other artist has all drawn anew.
    """

    def __init__(self, picture, train):
        self.figure = Figure(figsize=picture.size, dpi=DOTS_PER_INCH, facecolor="white")
        self._agg = FigureCanvasAgg(self.figure)
        self.picture = picture(self.figure, train)
        self._still = None
        width, height = (round(inches * DOTS_PER_INCH) for inches in picture.size)
        self.widget = widgets.Image(format="png", width=width, height=height)
        self.widget.add_class("pigeon-picture")

    def draw(self, scene):
        """Draw `scene` and send the picture."""
        self.picture.draw(scene)
        self.widget.value = self.png()

    def png(self, colors=None):
        """Return the figure as it stands as the bytes of a PNG file; with few `colors`, of a quarter the size."""
        picture = Image.fromarray(self._pixels()).convert("RGB")
        file = io.BytesIO()
        if colors is None:
            picture.save(file, "PNG", compress_level=1)  # for the screen: speed counts, not bytes
        else:
            picture.quantize(colors).save(file, "PNG", optimize=True)
        return file.getvalue()

    def _pixels(self):
        if self.figure.stale or self._still is None:
            self._agg.draw()
            self._still = self._agg.copy_from_bbox(self.figure.bbox)
        else:
            self._agg.restore_region(self._still)
        moving = self.figure.findobj(lambda artist: artist.get_animated())  # legends are made anew now and then
        for artist in sorted(moving, key=lambda artist: artist.get_zorder()):
            artist.axes.draw_artist(artist)
        self.figure.stale = False  # a legend lays itself out while it is drawn, which is no change
        return np.asarray(self._agg.buffer_rgba())
