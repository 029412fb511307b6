"""The picture most panels share: loss and accuracy of the run shown, the one before it, and the pinned ones."""

from math import ceil, floor, inf, isfinite, log10

from pigeon_lessons.describe import number
from pigeon_lessons.explorers.summary import run_labels
from pigeon_lessons.explorers.traces import Trace
from pigeon_lessons.plots.curves import LABELS
from pigeon_lessons.plots.style import COLORS, DASHES, GRAY, styled

INK = "#111827"
SLOTS = {"before": ("#b8bcc4", "-"), **dict(enumerate(zip(COLORS, DASHES, strict=True))),
         "now": (INK, "-")}
METRICS = ("loss", "accuracy")
START = {"loss": (0.0, 0.8), "accuracy": (0.5, 1.0), "log": (0.01, 1.0)}
FARTHEST = {"loss": (0.0, 2.0), "accuracy": (0.0, 1.0), "log": (1e-5, 100.0)}


class Curves:
    """Loss left, accuracy right. Thin line: training; thick: validation; star: its best epoch; ✕: diverged.

    Made once; `draw` moves what is there. The y-limits start where START says and only grow, up to
    FARTHEST; what lies beyond gets an arrow and its number. `fit` is the only thing that shrinks them.
    """

    size = (9.0, 3.7)

    def __init__(self, figure):
        axes = figure.subplots(1, 2)
        figure.subplots_adjust(left=0.062, right=0.988, top=0.955, bottom=0.135, wspace=0.17)
        self.axes = dict(zip(METRICS, axes, strict=True))
        self.traces, self.baselines, self.arrows = {}, {}, {}
        self._limits, self._is_fitted = {}, False
        for metric, ax in self.axes.items():
            styled(ax).set_ylabel(LABELS[metric])
            self.baselines[metric] = ax.axhline(0, color=GRAY, linewidth=1, linestyle=(0, (1, 2)))
            for slot, (color, dash) in SLOTS.items():
                self.traces[metric, slot] = Trace(ax, metric, color, dash, is_faint=slot == "before")
            self.arrows[metric] = ax.text(0, 0, "", ha="center", va="top", fontsize=9, fontweight="bold", color=INK)
        self._label_kinds(self.axes["accuracy"])
        self._labels = None

    def draw(self, scene):
        """Show `scene`: every trace, the baselines, limits, arrows and the legend of what differs."""
        shown = {"before": scene.before, **scene.pins, "now": scene.now}
        for (_, slot), trace in self.traces.items():
            trace.show(shown.get(slot), scene.view)
        for metric, ax in self.axes.items():
            self.baselines[metric].set_ydata([scene.baseline[metric]] * 2)
            self._scale(metric, ax, scene)
            self._point_off_scale(metric, ax)
        self._label_runs(scene)

    def words(self, scene):
        """Return what is to be seen beyond the curves themselves: nothing."""
        return ""

    def fit(self):
        """Forget the limits, so that the next `draw` fits them to what is there."""
        self._limits.clear()
        self._is_fitted = True

    def _scale(self, metric, ax, scene):
        unit = scene.view.get("x", "epoch")
        is_log = metric == "loss" and scene.view.get("log", False)
        if (ax.get_yscale() == "log") != is_log:
            ax.set_yscale("log" if is_log else "linear")
        end = max([self._limits.get((unit, metric), 0), *(result.end(unit) for result in scene.results())])
        self._limits[unit, metric] = end
        ax.set_xlim(-0.01 * end, 1.01 * end)
        ax.set_xlabel(LABELS[unit])
        key = "log" if is_log else metric
        values = [value for slot in SLOTS for value in self.traces[metric, slot].values() if isfinite(value)]
        low, high = self._limits[key] = grown(self._limits.get(key), values, key, is_fitted=self._is_fitted)
        margin = 0 if is_log else 0.015 * (high - low)
        ax.set_ylim(low if is_log else low - margin, high + margin)

    def _point_off_scale(self, metric, ax):
        """Put an arrow and the number at the upper edge where the run shown leaves the picture."""
        trace = self.traces[metric, "now"]
        top = ax.get_ylim()[1]
        beyond = [(value, x) for x, value in trace.points() if value > top]
        if not beyond:
            self.arrows[metric].set_text("")
            return
        value, x = max(beyond, key=lambda point: point[0] if isfinite(point[0]) else inf)
        left, right = ax.get_xlim()
        edge = 0.06 * (right - left)
        self.arrows[metric].set_position((min(max(x, left + edge), right - edge), top))
        self.arrows[metric].set_text(f"▲ {number(value)}")

    def _label_runs(self, scene):
        """Name, in the legend, the settings that differ; it is built anew only when its words change."""
        labels = run_labels(scene)
        if labels == self._labels:
            return
        self._labels = labels
        handles = [self.traces["loss", slot].val for slot in labels]
        self.axes["loss"].legend(handles, list(labels.values()), loc="upper right", fontsize=8.5, frameon=True,
                                 framealpha=0.85, edgecolor="none", handlelength=2.6)

    def _label_kinds(self, ax):
        """Say once what thin, thick and star mean."""
        trace = self.traces["accuracy", "now"]
        ax.legend([trace.train, trace.val, trace.star, self.baselines["accuracy"]],
                  ["training", "validation", "best epoch", "always “no”"],
                  loc="lower right", fontsize=8.5, frameon=True, framealpha=0.85, edgecolor="none", ncols=2)


def grown(limits, values, key, *, is_fitted=False):
    """Return y-limits that hold `values` and nothing less than `limits`, as far as FARTHEST allows.

    >>> grown(None, [0.1, 0.7], "loss"), grown((0.0, 0.8), [1.23], "loss"), grown((0.0, 1.3), [199.0], "loss")
    ((0.0, 0.8), (0.0, 1.3), (0.0, 2.0))
    """
    lowest, highest = FARTHEST[key]
    inside = [min(max(value, lowest), highest) for value in values] or list(START[key])
    if is_fitted and limits is None:
        return min(inside), max(inside)
    low, high = limits or START[key]
    if key == "log":
        return min(low, 10 ** floor(log10(min(inside)))), max(high, *inside)
    return min(low, floor(min(inside) * 10) / 10), max(high, ceil(max(inside) * 10) / 10)
