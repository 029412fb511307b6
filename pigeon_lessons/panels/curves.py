"""The picture most panels share: curves of the run shown, the one before it, and the pinned ones."""

from math import ceil, floor, inf, isfinite, log10

from matplotlib.ticker import MaxNLocator

from pigeon_lessons.panels.moving import hold, moving
from pigeon_lessons.panels.summary import run_labels
from pigeon_lessons.panels.traces import Trace
from pigeon_lessons.pictures.curves import LABELS
from pigeon_lessons.pictures.style import COLORS, DASHES, GRAY, INK, styled
from pigeon_lessons.words import number

SLOTS = {"before": ("#b8bcc4", "-"), **dict(enumerate(zip(COLORS, DASHES, strict=True))), "now": (INK, "-")}
START = {"loss": (0.0, 0.9), "accuracy": (0.5, 1.0), "log": (0.01, 1.0)}
FARTHEST = {"loss": (0.0, 2.0), "accuracy": (0.0, 1.0), "log": (1e-5, 100.0)}
LEGEND = {"fontsize": 8.5, "frameon": True, "framealpha": 0.85, "edgecolor": "none"}


class Chart:
    """One metric of all runs on one pair of Axes. Thin: training; thick: validation; star: its best epoch; ✕: diverged.

    Made once; `draw` moves what is there. The y-limits start where START says and only grow, up to
    FARTHEST; what lies beyond gets an arrow and its number. Only `fit` and `start_anew` shrink them.
    The run before is seen as far as the limits of the others reach.
    `unit` fixes the x-axis to "epoch" or "iteration"; without, the view chooses.
    """

    def __init__(self, ax, metric, unit=None):
        self.ax, self.metric, self.unit = styled(ax), metric, unit
        ax.set_ylabel(LABELS[metric])
        ax.set_autoscale_on(False)
        ax.xaxis.set_major_locator(MaxNLocator("auto", steps=[1, 2, 5, 10], integer=True))
        self.baseline = ax.axhline(0, color=GRAY, linewidth=1, linestyle=(0, (1, 2)))
        self.traces = {slot: Trace(ax, metric, color, dash, is_faint=slot == "before")
                       for slot, (color, dash) in SLOTS.items()}
        self.arrow = ax.text(0, 0, "", ha="center", va="top", fontsize=9, fontweight="bold", color=INK,
                             zorder=8, bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 1})
        moving(self.arrow)
        self._limits, self._is_fitted, self._labels = {}, False, {"now": "now"}
        self._baseline_name = None  # the text in the legend, on the chart that has it

    def draw(self, scene, runs=None):
        """Show `scene`; `runs`, slot → Result, replaces the runs of it."""
        runs = runs or scene.runs()
        unit = self.unit or scene.view.get("x", "epoch")
        for slot, trace in self.traces.items():
            trace.show(runs.get(slot), scene.view, unit)
        level = scene.baseline[self.metric]
        if list(self.baseline.get_ydata()) != [level, level]:
            self.baseline.set_ydata([level, level])
        if self._baseline_name:
            self._baseline_name.set_text(f"always “{scene.baseline['answer']}”")
        self._scale(unit, [run for slot, run in runs.items() if slot != "before"],
                    is_log=self.metric == "loss" and scene.view.get("log", False))
        for trace in self.traces.values():
            trace.keep_cross_below(self.ax.get_ylim()[1])
        self._point_off_scale()

    def fit(self):
        """Forget the limits, so that the next `draw` fits them to what is there."""
        self._limits.clear()
        self._is_fitted = True

    def start_anew(self):
        """Forget the limits, so that the next `draw` starts where START says."""
        self._limits.clear()
        self._is_fitted = False

    def explain_kinds(self, where):
        """Say once, in a row over the charts, what thin, thick, star and dots mean."""
        now = self.traces["now"]
        legend = self.ax.figure.legend([now.train, now.val, now.star, self.baseline],
                                       ["training", "validation", "best epoch", "always “no”"], loc="upper left",
                                       bbox_to_anchor=where, ncols=4, columnspacing=1.0, handlelength=1.6, **LEGEND)
        self._baseline_name = legend.get_texts()[3]

    def name_runs(self, labels):
        """Name the runs in a legend; it is built anew only when its words change, and left out for one run."""
        if labels == self._labels:
            return
        self._labels, is_stale = labels, self.ax.figure.stale
        legend = self.ax.legend([self.traces[slot].val for slot in labels], list(labels.values()),
                                loc="upper right" if self.metric == "loss" else "lower right", handlelength=2.6,
                                **LEGEND)
        moving(legend)
        legend.set_visible(len(labels) > 1)
        self.ax.figure.stale = is_stale  # no Axes need be drawn anew for a legend that moves

    def _scale(self, unit, runs, is_log):
        hold(self.ax, yscale="log" if is_log else "linear")
        end = self._limits[unit] = max([self._limits.get(unit, 0), *(run.end(unit) for run in runs)])
        hold(self.ax, xlim=(-0.01 * end, 1.01 * end), xlabel=LABELS[unit])
        key = "log" if is_log else self.metric
        values = [value for slot, trace in self.traces.items() if slot != "before"
                  for value in trace.values() if isfinite(value)]
        low, high = self._limits[key] = grown(self._limits.get(key), values, key, is_fitted=self._is_fitted)
        margin = 0 if is_log else 0.015 * (high - low)
        hold(self.ax, ylim=(low if is_log else low - margin, high + margin))

    def _point_off_scale(self):
        """Put an arrow and the number at the upper edge where the run shown leaves the picture."""
        top = self.ax.get_ylim()[1]
        beyond = [point for point in self.traces["now"].points() if point[1] > top]
        now = self.traces["now"]
        self.arrow.set_text("")
        if len(now.cross.get_xdata()):
            self._write_arrow(now.cross.get_xdata()[0], now.cross_words)
        elif beyond:
            x, value = max(beyond, key=lambda point: point[1] if isfinite(point[1]) else inf)
            self._write_arrow(x, number(value))

    def _write_arrow(self, x, words):
        left, right = self.ax.get_xlim()
        self.arrow.set_text(f"  ▲ {words}")
        self.arrow.set_ha("left" if x < (left + right) / 2 else "right")
        self.arrow.set_position((x, self.ax.get_ylim()[1]))


class Curves:
    """Loss left, accuracy right: the picture of a panel that compares runs."""

    size = (9.0, 3.8)
    charts_of = (("loss", None), ("accuracy", None))

    def __init__(self, figure, train):
        axes = figure.subplots(1, 2)
        figure.subplots_adjust(left=0.075, right=0.988, top=0.91, bottom=0.13, wspace=0.19)
        self.charts = [Chart(ax, *which) for ax, which in zip(axes, self.charts_of, strict=False)]
        self.other_axes = axes[len(self.charts):]
        self.charts[0].explain_kinds((0.055, 1.005))

    def draw(self, scene):
        """Move everything to what `scene` holds."""
        labels = run_labels(scene)
        for chart in self.charts:
            chart.draw(scene)
        self.charts[0].name_runs(labels)

    def fit(self):
        """Fit the axes to the curves that are there."""
        for chart in self.charts:
            chart.fit()

    def start_anew(self):
        """Give the axes the limits that they start with, for a story of its own."""
        for chart in self.charts:
            chart.start_anew()

    @staticmethod
    def measure(run, result, view, visited):
        """Return, as plain data, what the picture shows beside the curves; see `Scene.picture`.

        Of `run` as far as its `result` goes; `visited` are the finished runs, {"accuracy", "settings"}.
        """
        return {}

    @staticmethod
    def words(result, measured):
        """Return what is to be seen beside the curves."""
        return ""


def grown(limits, values, key, *, is_fitted=False):
    """Return y-limits that hold `values` and nothing less than `limits`, as far as FARTHEST allows.

    >>> grown(None, [0.1, 0.7], "loss"), grown((0.0, 0.8), [1.23], "loss"), grown((0.0, 1.3), [199.0], "loss")
    ((0.0, 0.9), (0.0, 1.3), (0.0, 2.0))
    """
    lowest, highest = FARTHEST[key]
    inside = [min(max(value, lowest), highest) for value in values] or list(START[key])
    if is_fitted and limits is None:
        return min(inside), max(inside)
    low, high = limits or START[key]
    if key == "log":
        return min(low, 10 ** floor(log10(min(inside)))), max(high, *inside)
    return min(low, floor(min(inside) * 10) / 10), max(high, ceil(max(inside) * 10) / 10)
