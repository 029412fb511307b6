"""Hyper-parameters' picture: the accuracy of the run shown, and a map that fills as the student walks over it."""

import numpy as np
from matplotlib.patches import Rectangle

from pigeon_lessons.panels.controls import CONTROLS, written
from pigeon_lessons.panels.curves import Curves
from pigeon_lessons.panels.moving import moving
from pigeon_lessons.pictures.style import COLORS
from pigeon_lessons.words import count

RATES = CONTROLS["lr"].choices[2:-1]
SIZES = CONTROLS["num_hidden"].choices
AWAY = ("batch_size", "epochs", "seed", "repeats")


class Heatmap(Curves):
    """Left the accuracy curves; right mean final validation accuracy by learning rate and hidden units, as visited."""

    charts_of = (("accuracy", None),)

    def __init__(self, figure):
        super().__init__(figure)
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

    def draw(self, scene):
        """Fill the cells that were visited with the present other settings."""
        super().draw(scene)
        cells = np.full((len(SIZES), len(RATES)), np.nan)
        for text in self.texts.values():
            text.set_text("")
        for place, accuracy in self._visited(scene).items():
            cells[place] = accuracy
            self.texts[place].set_text(f"{100 * accuracy:.0f}")
            self.texts[place].set_color("black" if accuracy > 0.92 else "white")
        self.map.set_array(cells)
        place = position(scene.now.settings)
        self.here.set_visible(place is not None)
        if place:
            self.here.set_xy((place[1] - 0.5, place[0] - 0.5))

    def words(self, scene):
        """Return how much of the map is filled, and where it is highest."""
        visited = self._visited(scene)
        if not visited:
            return ""
        row, column = max(visited, key=visited.get)
        return (f"{count(len(visited), 'cell')} of the map visited; the highest accuracy, "
                f"{100 * visited[row, column]:.1f} %, is at learning rate {written(RATES[column])} with "
                f"{count(SIZES[row], 'hidden unit')}.")

    @staticmethod
    def _visited(scene):
        """Return (row, column) → accuracy of every visited run that differs in nothing but rate and size."""
        now = scene.now.settings
        return {position(settings): accuracy for accuracy, settings in scene.visited
                if position(settings) and all(settings[name] == now[name] for name in AWAY)}


def position(settings):
    """Return the cell (row, column) of a setting; None beside the map."""
    if settings["lr"] not in RATES or settings["num_hidden"] not in SIZES:
        return None
    return SIZES.index(settings["num_hidden"]), RATES.index(settings["lr"])
