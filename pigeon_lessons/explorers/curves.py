"""The picture most panels share: loss and accuracy of the present run, the one before, and the pinned ones."""

from math import isfinite

from pigeon_lessons.describe import BEST
from pigeon_lessons.plots.curves import LABELS
from pigeon_lessons.plots.style import COLORS, DASHES, GRAY, styled

INK = "#111827"
START = {"loss": (0.0, 0.8), "accuracy": (0.5, 1.0)}


class Curves:
    """Loss on the left, accuracy on the right. Thin line: training; thick: validation; star: its best epoch."""

    size = (9.0, 3.6)

    def __init__(self, figure):
        left, right = figure.subplots(1, 2)
        figure.subplots_adjust(left=0.065, right=0.985, top=0.93, bottom=0.14, wspace=0.2)
        self.axes = {"loss": styled(left), "accuracy": styled(right)}
        self.lines = {}
        for metric, ax in self.axes.items():
            ax.set(xlabel=LABELS["epoch"], ylabel=LABELS[metric], ylim=START[metric])
            looks = {"before": (GRAY, "-"), **{slot: (COLORS[slot], DASHES[slot]) for slot in range(6)}, "now": (INK, "-")}
            for slot, (color, dash) in looks.items():
                self.lines[metric, slot] = [
                    ax.plot([], [], color=color, linestyle=dash, linewidth=1)[0],
                    ax.plot([], [], color=color, linestyle=dash, linewidth=2.2)[0],
                    ax.plot([], [], color=color, marker="*", markersize=12, linestyle="none")[0]]

    def draw(self, scene):
        """Move every line to what `scene` holds."""
        shown = {"before": scene.before, "now": scene.now, **scene.pins}
        for (metric, slot), (train, val, star) in self.lines.items():
            result = shown.get(slot)
            history = result.history if result else {"epoch": []}
            train.set_data(history["epoch"], history.get(f"train_{metric}", ()))
            val.set_data(history["epoch"] if f"val_{metric}" in history else (), history.get(f"val_{metric}", ()))
            values = history.get(f"val_{metric}", ())
            star.set_data((), ())
            if any(isfinite(value) for value in values):
                best = history.best(f"val_{metric}", mode=BEST[metric])
                star.set_data([best["epoch"]], [best[f"val_{metric}"]])
        for ax in self.axes.values():
            ax.set_xlim(0, max(result.settings["epochs"] for result in shown.values() if result))
