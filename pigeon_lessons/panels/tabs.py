"""The tabs under a panel: runs in numbers, first-layer weights, worst mistakes, data and settings to take along."""

import base64
import json
from html import escape

import ipywidgets as widgets
import torch

from pigeon_lessons.model import Pigeon
from pigeon_lessons.panels import html
from pigeon_lessons.panels.summary import csv_text, table
from pigeon_lessons.pictures.digits import plot_digits, plot_weights

NOT_SEEN = ("No picture: more than 64 hidden units do not fit in one, and weights that are not finite have no color; "
            "choose fewer units, or a lower learning rate.")
NO_ANSWERS = "No picture: the answers of this Pigeon are no numbers any more; choose a lower learning rate."
NO_OBJECT = 'settings must be a JSON object such as {"lr": 0.05}; copy them from such a box'


class Tabs:
    """Five tabs, of which only the open one is filled. `open` is its title; `digits` are those that mistakes are of.

    `on_open(change)` has to bring a scene to `show`; `apply(settings)` moves the panel's controls.
    """

    def __init__(self, digits, on_open, apply):
        self._digits, self._apply = digits, apply
        self._full, self._table, self._weights, self._mistakes, self._data, self._message = (
            widgets.HTML().add_class(kind) for kind in (
                "pigeon-full", "pigeon-table", "pigeon-tab-picture", "pigeon-tab-picture", "pigeon-downloads",
                "pigeon-settings-message"))
        self._settings = widgets.Textarea(description="settings", rows=6, layout={"width": "auto"})
        self._settings.add_class("pigeon-settings")
        use = html.button("apply", "Use these settings", "move the sliders to the settings in the box", self._on_apply)
        pages = {"Runs": widgets.VBox([self._full, self._table]), "Weights": self._weights,
                 "Worst mistakes": self._mistakes, "Data": self._data,
                 "Settings": widgets.VBox([self._settings, use, self._message])}
        self.widget = widgets.Tab(list(pages.values()), titles=list(pages), selected_index=0).add_class("pigeon-tabs")
        self.widget.observe(on_open, names="selected_index")

    @property
    def open(self):
        """The title of the tab that is open."""
        return self.widget.titles[self.widget.selected_index or 0]

    def show(self, scene, png):
        """Fill the open tab with what belongs to `scene`; `png()` is its picture as a file."""
        if self.open == "Runs":
            self._full.value, self._table.value = f"<p>{html.sentences(scene.summary)}</p>", html.table(table(scene))
        elif self.open == "Weights":
            self._weights.value = picture_of_weights(scene.details["weights"])
        elif self.open == "Worst mistakes":
            chances, worst = scene.details["chances"], self._digits[scene.details["positions"]]
            self._mistakes.value = plot_digits(worst, chances).html() if chances else NO_ANSWERS
        elif self.open == "Data":
            self._data.value = downloads(csv_text(scene), png())
        else:
            settings = {name: scene.now.settings[name] for name in scene.names}
            self._settings.value, self._message.value = json.dumps(settings, indent=1), ""

    def _on_apply(self):
        try:
            self._apply(read_settings(self._settings.value))
        except Exception as error:  # whatever was pasted, the answer is a sentence
            self._message.value = f"These settings cannot be used: {escape(str(error))}."


def read_settings(text):
    """Return the settings in a text as a dict; ValueError, with what settings look like, for any other text."""
    try:
        settings = json.loads(text)
    except (ValueError, RecursionError):
        settings = None
    if not isinstance(settings, dict):
        raise ValueError(NO_OBJECT)
    return settings


def picture_of_weights(weights):
    """Return first-layer weights [units, 784] as an HTML picture; a sentence for None."""
    if weights is None:
        return NOT_SEEN
    pigeon = Pigeon(len(weights))
    pigeon.hidden.weight = torch.nn.Parameter(torch.tensor(weights))
    return plot_weights(pigeon).html()


def downloads(text, png):
    """Return links to the data behind the picture, and to the picture."""
    csv, picture = (f"data:{kind};base64,{base64.b64encode(content).decode()}"
                    for kind, content in (("text/csv", text.encode()), ("image/png", png)))
    return (f'<a download="pigeon-runs.csv" href="{csv}">Download the curves (CSV)</a> · '
            f'<a download="pigeon-runs.png" href="{picture}">Download the picture (PNG)</a>')
