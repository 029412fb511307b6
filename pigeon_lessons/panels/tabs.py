"""The tabs under a panel: runs in numbers, first-layer weights, worst mistakes, data and settings to take along."""

import base64
import json

import ipywidgets as widgets
import torch

from pigeon_lessons.panels import html
from pigeon_lessons.panels.summary import csv_text
from pigeon_lessons.pictures import plot_digits, plot_weights

NOT_YET = "The weights are kept at the epochs that the slider offers; let the run come to one of them."
MISTAKES = 16


class Tabs:
    """Five tabs, of which only the open one is filled.

    `on_open(change)` has to call `show`; `apply(settings)` moves the panel's controls, `unpin(slot)`
    forgets a pinned run.
    """

    def __init__(self, on_open, apply, unpin):
        self._runs = html.column([html.note("pigeon-table"), html.row([], "pigeon-unpins")], "pigeon-runs")
        self._unpin = unpin
        self._weights, self._mistakes = (html.note("pigeon-tab-picture") for _ in range(2))
        self._data, self._message = html.note("pigeon-downloads"), html.note("pigeon-settings-message")
        self._settings = widgets.Textarea(description="settings", rows=6, layout={"width": "auto"})
        self._settings.add_class("pigeon-settings")
        self._apply = apply
        use = html.button("apply", "Use these settings", "move the sliders to the settings in the box", self._on_apply)
        pages = {"Runs": self._runs, "Weights": self._weights, "Worst mistakes": self._mistakes, "Data": self._data,
                 "Settings": html.column([self._settings, use, self._message], "pigeon-settings-page")}
        self.widget = widgets.Tab(list(pages.values()), titles=list(pages), selected_index=0)
        self.widget.add_class("pigeon-tabs")
        self.widget.observe(on_open, names="selected_index")

    def show(self, scene, canvas, settings):
        """Fill the open tab with what belongs to `scene`."""
        index = self.widget.selected_index
        if index == 0:
            self._show_runs(scene)
        elif index in (1, 2):
            page, draw = ((self._weights, weights), (self._mistakes, worst))[index - 1]
            page.value = NOT_YET if scene.now.pigeon is None else draw(scene)
        elif index == 3:
            self._data.value = downloads(csv_text(scene), canvas.png())
        elif index == 4:
            self._settings.value = json.dumps(settings, indent=1)
            self._message.value = ""

    def _show_runs(self, scene):
        table, unpins = self._runs.children
        table.value = html.table(scene)
        if [button.slot for button in unpins.children] != sorted(scene.pins):
            for button in unpins.children:
                html.close(button)
            unpins.children = [html.unpin_button(slot, self._unpin) for slot in sorted(scene.pins)]

    def _on_apply(self, button):
        try:
            self._apply(json.loads(self._settings.value))
        except Exception as error:  # whatever was pasted, the answer is a sentence
            self._message.value = f"These settings cannot be used: {html.escape(str(error))}"


def weights(scene):
    """Return the first layer of the run shown as an HTML picture; at most 64 units of it."""
    pigeon = scene.now.pigeon
    if pigeon.hidden.out_features > 64:
        return "More than 64 hidden units do not fit in one picture; choose fewer."
    return plot_weights(pigeon).html()


def worst(scene):
    """Return the digits on which the run shown is most wrong as an HTML picture."""
    digits = scene.val if scene.val is not None else scene.train
    with torch.no_grad():
        chances = scene.now.pigeon(digits.images).sigmoid()
    order = (chances - digits.targets).abs().flatten().argsort(descending=True, stable=True)[:MISTAKES]
    return plot_digits(digits[order], chances[order]).html()


def downloads(text, png):
    """Return links to the data behind the picture, and to the picture."""
    csv, picture = data_uri("text/csv", text.encode()), data_uri("image/png", png)
    return (f'<a download="pigeon-runs.csv" href="{csv}">Download the curves (CSV)</a> · '
            f'<a download="pigeon-runs.png" href="{picture}">Download the picture (PNG)</a>')


def data_uri(kind, content):
    """Return bytes as an address that holds them."""
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"
