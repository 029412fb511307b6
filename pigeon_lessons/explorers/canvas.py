"""A matplotlib figure whose picture is one `Image` widget: the browser swaps the pixels, nothing else changes.

No pyplot: the figure belongs to the panel alone and ends with it.
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

    `widget` is what a panel shows. `picture(figure)` makes its artists once; its `draw(scene)` moves them.
    """

    def __init__(self, picture):
        self.figure = Figure(figsize=picture.size, dpi=DOTS_PER_INCH, facecolor="white")
        self._agg = FigureCanvasAgg(self.figure)
        self.picture = picture(self.figure)
        width, height = (round(inches * DOTS_PER_INCH) for inches in picture.size)
        self.widget = widgets.Image(format="png", width=width, height=height)
        self.widget.add_class("pigeon-picture")

    def draw(self, scene):
        """Draw `scene` and send the picture. The words of it become the picture's alternative text."""
        self.picture.draw(scene)
        self.widget.value = self.png()

    def png(self):
        """Return the figure as it stands as the bytes of a PNG file."""
        self._agg.draw()
        file = io.BytesIO()
        Image.fromarray(np.asarray(self._agg.buffer_rgba())).convert("RGB").save(file, "PNG", compress_level=1)
        return file.getvalue()
