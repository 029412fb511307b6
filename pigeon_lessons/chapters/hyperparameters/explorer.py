"""Chapter 06's panel: the accuracy of the run shown, and a map that fills as the student walks over it."""

import numpy as np
from matplotlib.patches import Rectangle
from matplotlib.ticker import PercentFormatter

from pigeon_lessons.panels.controls import CONTROLS, written
from pigeon_lessons.panels.curves import Curves
from pigeon_lessons.pictures.style import COLORS
from pigeon_lessons.words import count, percent

RATES = CONTROLS["lr"].choices[2:-1]
SIZES = CONTROLS["num_hidden"].choices
AWAY = ("batch_size", "epochs", "seed", "repeats")


class Heatmap(Curves):
    """Left the accuracy curves; right mean final validation accuracy by learning rate and hidden units, as visited."""

    charts = (("accuracy", None),)

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

    @staticmethod
    def aside(ax, scene):
        """Fill the cells that were visited with the present other settings, and frame the run shown."""
        cells = np.full((len(SIZES), len(RATES)), np.nan)
        for cell in scene.picture["cells"]:
            row, column, accuracy = cell["row"], cell["column"], cell["accuracy"]
            cells[row, column] = accuracy
            ax.text(column, row, f"{100 * accuracy:.0f}", ha="center", va="center", fontsize=8,
                    color="black" if accuracy > 0.92 else "white")
        edges = (np.arange(len(steps) + 1) - 0.5 for steps in (RATES, SIZES))
        colors = ax.pcolormesh(*edges, cells, cmap="cividis", vmin=0.85, vmax=0.98, edgecolors="white", linewidth=1.5)
        bar = ax.figure.colorbar(colors, ax=ax, extend="both", format=PercentFormatter(1, 0, " %"), aspect=30, pad=0.02)
        bar.outline.set_visible(False)
        ax.set_facecolor("#f3f4f6")
        ax.set_xticks(range(len(RATES)), [written(rate) for rate in RATES], fontsize=8, rotation=60)
        ax.set_yticks(range(len(SIZES)), [written(size) for size in SIZES], fontsize=9)
        ax.set(xlabel="learning rate", ylabel="hidden units")
        ax.set_title("final validation accuracy, where you have been", fontsize=9)
        if scene.picture["here"]:
            row, column = scene.picture["here"]
            ax.add_patch(Rectangle((column - 0.5, row - 0.5), 1, 1, fill=False, edgecolor=COLORS[1], linewidth=2.5))

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
