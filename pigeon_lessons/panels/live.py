"""The picture of a panel as a widget: its charts are drawn by the front end, where it can, the rest by matplotlib.

Python trains, and only numbers travel.
"""

import ipywidgets as widgets
from traitlets import Dict, List

from pigeon_lessons.front_end import AnyWidget, module
from pigeon_lessons.panels.static import aside, whole

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
        if not self.is_live:
            self._image.value = whole(self._picture, scene, self._train)
        elif self._image is not None and scene.state != "training":
            self._image.value = aside(self._picture, scene)

    def scale(self, method):
        """Let the charts "fit" their axes to what is there, or "startAnew" with those they always start with."""
        if self.is_live:
            self.front.send({"method": method})
