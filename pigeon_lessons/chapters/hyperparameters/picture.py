"""Hyper-parameters' picture: the accuracy of the run shown, and a map that fills as the student walks over it."""

import numpy as np
from matplotlib.patches import Rectangle

from pigeon_lessons.panels.controls import CONTROLS, written
from pigeon_lessons.panels.curves import Curves
from pigeon_lessons.panels.moving import moving
from pigeon_lessons.pictures.style import COLORS
from pigeon_lessons.words import count, percent

RATES = CONTROLS["lr"].choices[2:-1]
SIZES = CONTROLS["num_hidden"].choices
AWAY = ("batch_size", "epochs", "seed", "repeats")


class Heatmap(Curves):
    """Left the accuracy curves; right mean final validation accuracy by learning rate and hidden units, as visited."""

    charts_of = (("accuracy", None),)

    def __init__(self, figure, train):
        super().__init__(figure, train)
        ax = self.ax = self.other_axes[0]
        edges = (np.arange(len(steps) + 1) - 0.5 for steps in (RATES, SIZES))
        self.map = ax.pcolormesh(*edges, np.full((len(SIZES), len(RATES)), np.nan), cmap="cividis", vmin=0.85,
                                 vmax=0.98, edgecolors="white", linewidth=1.5)
        ax.set_facecolor("#f3f4f6")
        ax.set_xticks(range(len(RATES)), [written(rate) for rate in RATES], fontsize=8, rotation=45)
        ax.set_yticks(range(len(SIZES)), [written(size) for size in SIZES], fontsize=9)
        ax.set(xlabel="learning rate", ylabel="hidden units")
        ax.set_title("final validation accuracy in %, where you have been", fontsize=10)
        figure.subplots_adjust(bottom=0.17)
        self.here = ax.add_patch(Rectangle((0, 0), 1, 1, fill=False, edgecolor=COLORS[1], linewidth=2.5))
        self.texts = {(row, column): ax.text(column, row, "", ha="center", va="center", fontsize=8)
                      for row in range(len(SIZES)) for column in range(len(RATES))}
        moving(self.map, self.here, *self.texts.values())

    @staticmethod
    def measure(run, result, view, visited):
        """Find the run shown on the map, and every visited run that differs from it in nothing but rate and size.

        "here": (row, column), or None beside the map. "cells": for each {"row", "column", "accuracy"}.
        """
        found = {position(one["settings"]): one["accuracy"] for one in visited
                 if all(one["settings"][name] == result.settings[name] for name in AWAY)}
        return {"here": position(result.settings), "rates": RATES, "sizes": SIZES,
                "cells": [{"row": place[0], "column": place[1], "accuracy": accuracy}
                          for place, accuracy in found.items() if place]}

    def draw(self, scene):
        """Fill the cells that were visited with the present other settings."""
        super().draw(scene)
        cells = np.full((len(SIZES), len(RATES)), np.nan)
        for text in self.texts.values():
            text.set_text("")
        for cell in scene.picture["cells"]:
            place = cell["row"], cell["column"]
            cells[place] = cell["accuracy"]
            self.texts[place].set(text=f"{100 * cells[place]:.0f}", color="black" if cells[place] > 0.92 else "white")
        self.map.set_array(cells)
        here = scene.picture["here"]
        self.here.set_visible(here is not None)
        if here:
            self.here.set_xy((here[1] - 0.5, here[0] - 0.5))

    @staticmethod
    def words(result, measured):
        """Return how much of the map is filled, and where it is highest."""
        cells = measured["cells"]
        if not cells:
            return ""
        best = max(cells, key=lambda cell: cell["accuracy"])
        rate, size = written(RATES[best["column"]]), count(SIZES[best["row"]], "hidden unit")
        return (f"{count(len(cells), 'cell')} of the map visited; the highest accuracy, {percent(best['accuracy'])}, "
                f"is at learning rate {rate} with {size}.")


def position(settings):
    """Return the cell (row, column) of a setting; None beside the map."""
    if settings["lr"] not in RATES or settings["num_hidden"] not in SIZES:
        return None
    return SIZES.index(settings["num_hidden"]), RATES.index(settings["lr"])
