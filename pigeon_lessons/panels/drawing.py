"""How a scene is drawn: charts by the front end, where it can, the rest and all that is saved by matplotlib.

Python trains, and only numbers and PNG files travel. `stations` are (name, story, settings) of where the panel stands
and of each preset.
"""

import base64
import io

import ipywidgets as widgets
import numpy as np
from matplotlib import style
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image
from traitlets import Dict, List

from pigeon_lessons.front_end import AnyWidget, module
from pigeon_lessons.panels.html import head
from pigeon_lessons.panels.summary import name_settings
from pigeon_lessons.pictures.picture import figure_html

DOTS_PER_INCH = 110
LIVE = "<p><i>A picture of the panel. Run this cell in Jupyter, or “Run All Cells”, and the sliders are live.</i></p>"

if AnyWidget:
    class Front(AnyWidget):
        """The part of a panel that runs in the browser, front/notebook.js: charts, and names for its controls.

        `charts`: metric and x-axis of each, as `Curves.charts`. `now`, `others`: the runs of a scene as it gives them
        as dicts; `scene`: the rest of it that charts need. What has not changed is not sent again.
        """

        _esm = module("axes", "runs", "chart", "curves", "notebook")
        charts, others = List().tag(sync=True), List().tag(sync=True)
        now, scene = Dict().tag(sync=True), Dict().tag(sync=True)


class Shown:
    """What a panel shows of its scenes: `widgets`, from left to right.

    `picture` says what is drawn, `train` are the digits it is drawn of. `on_message(dict)` hears of pinned runs that
    are asked for: {"recall": slot} or {"drop": slot}.
    """

    def __init__(self, picture, train, on_message):
        self._picture, self._train = picture, train
        self.front = Front(charts=[list(chart) for chart in picture.charts]) if AnyWidget else None
        self.is_live = bool(AnyWidget and picture.charts)
        has_image = not self.is_live or picture.aside
        self._image = widgets.Image(format="png").add_class("pigeon-figure") if has_image else None
        self.widgets = [one for one in (self.front, self._image) if one is not None]
        if self.front is not None:
            self.front.add_class("pigeon-front").on_msg(lambda _, message, buffers: on_message(message))

    def draw(self, scene):
        """Show `scene`; a picture beside charts, which takes longer, waits for the end of the run."""
        if self.is_live:
            told = scene.for_charts()
            with self.front.hold_sync():
                self.front.now, self.front.others = told.pop("now"), told.pop("others")
                self.front.scene = told
        if self._image is not None and (scene.state != "training" or not self.is_live):
            self._image.value = png(self._picture, scene, self._train, is_beside=self.is_live)

    def scale(self, is_fitted=False):
        """Let the charts fit their axes to what is there, or start anew with those they always start with."""
        if self.is_live:
            self.front.send({"is_fitted": is_fitted})


def png(picture, scene, train, *, is_beside=False, colors=None):
    """Return a scene as the bytes of a PNG file, all of it or what is beside charts, whatever others draw with.

    Quickly, or with few `colors` in a quarter of the bytes.
    """
    width, height = picture.size
    with style.context(["default", {"font.size": 9}]):
        figure, file = Figure(figsize=(width / 2 if is_beside else width, height), dpi=DOTS_PER_INCH), io.BytesIO()
        canvas = FigureCanvasAgg(figure)
        if is_beside:
            figure.subplots_adjust(left=0.15, right=0.97, top=0.91, bottom=0.19)
            picture.aside(figure.subplots(), scene)
        else:
            picture.draw(figure, scene, train)
        canvas.draw()
    drawn = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
    if colors is None:
        drawn.save(file, "PNG", compress_level=1)
    else:
        drawn.quantize(colors).save(file, "PNG", optimize=True)
    return file.getvalue()


def preset_words(explorer, names, stations):
    """Return each station with its story and its settings `names`, one a line.

    The words name no measured number, so that they are the same on every machine.
    """
    lines = [f"{explorer.title}. {explorer.intro}"]
    for name, story, settings in stations:
        lines.append(" ".join(filter(None, [f"{name}:", story, f"({name_settings(settings, names)})"])))
    return "\n".join(lines)


def preset_grid(session, train, stations):
    """Return the same as HTML, each with its picture and its run in words; and the first picture as base64, for LaTeX.

    The runs come from the session's cache and go there, so a preset that is clicked later is there at once.
    """
    explorer, figures, pngs = session.explorer, [], []
    for (name, story, _), scene in zip(stations, session.scenes_of([one[2] for one in stations]), strict=True):
        pngs.append(png(explorer.picture, scene, train, colors=128))
        figures.append(figure_html(pngs[-1], f"{explorer.title}: {name}",
                                   f"{story} {scene.summary}".lstrip(), lead=f"{name}.", width=800))
    grid = (f'{head(explorer)}{LIVE}<div style="display: grid; gap: 14px; '
            f'grid-template-columns: repeat(auto-fit, minmax(min(560px, 100%), 1fr))">{"".join(figures)}</div>')
    return grid, base64.b64encode(pngs[0]).decode()


def last_picture(explorer, scene, train):
    """Return what a panel shows now as HTML, for a notebook that is saved."""
    figure = figure_html(png(explorer.picture, scene, train, colors=128), explorer.title, scene.summary, width=700)
    return f"{head(explorer)}{LIVE}{figure}"
