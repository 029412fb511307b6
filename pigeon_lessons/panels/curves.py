"""The picture most panels share, on paper: curves of the run shown, the one before it, and the pinned ones.

It is drawn anew from a `Scene` each time, in the looks of the lessons' figures. front/curves.js draws the same.
"""

from math import ceil, floor, inf, isfinite, log10

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from pigeon_lessons.panels.summary import LETTERS, run_labels
from pigeon_lessons.pictures.curves import LABELS, running_average
from pigeon_lessons.pictures.style import CROSS, GHOST, GRAY, INK, PINS, STAR, TRAIN, VAL, styled
from pigeon_lessons.words import number

START = {"loss": (0.0, 0.9), "accuracy": (0.5, 1.0), "log": (0.01, 1.0)}
FARTHEST = {"loss": (0.0, 2.0), "accuracy": (0.0, 1.0), "log": (1e-5, 100.0)}
GRID = {"left": 0.075, "right": 0.965, "bottom": 0.18, "wspace": 0.26}
"""Where two Axes stand on a figure."""
UNITS = {**LABELS, "images": "images seen"}
BASELINE = {"color": GRAY, "linewidth": 1, "linestyle": (0, (1, 2))}


class Chart:
    """One metric of a scene's runs on fresh Axes, over "epoch", "iteration", "images" or "tau".

    Solid: training; dashed: validation; star: its best epoch; ✕: diverged, faint what follows. Pinned runs are their
    validation curves. The y-limits are as START says, or as far as the runs need up to FARTHEST; what lies beyond gets
    an arrow and its number over the Axes.
    """

    def __init__(self, ax, scene, metric, unit=None):
        self.ax, self.metric, self.unit = styled(ax), metric, unit or scene.view.get("x", "epoch")
        is_log, self.values = metric == "loss" and scene.view.get("log", False), []
        ax.set(xlabel=UNITS[self.unit], ylabel=LABELS[metric], yscale="log" if is_log else "linear")
        ax.axhline(scene.baseline[metric], **BASELINE)
        runs = scene.runs()
        for slot, run in runs.items():
            if slot == "now":
                self._draw_now(run, scene.view)
            elif slot == "before":
                self._draw(run, f"train_{metric}", **GHOST)
                self._draw(run, f"val_{metric}", **{**GHOST, "linestyle": "--"})
            else:
                self._draw_pin(run, slot)
        ends = [run.end(self.unit) for slot, run in runs.items() if slot != "before"]
        if self.unit == "tau":
            ax.set(xscale="log", xlim=(min(ends) / 100, 1.05 * max(ends)))
        else:
            ax.set_xlim(-0.01 * max(ends), 1.01 * max(ends))
            ax.xaxis.set_major_locator(MaxNLocator("auto", steps=[1, 2, 5, 10], integer=True))
        low, high = limits(filter(isfinite, self.values), "log" if is_log else metric)
        ax.set_ylim(low if is_log else low - 0.015 * (high - low), high)
        if metric == "loss":
            self._point_off_scale(scene.now, high)

    def _draw(self, run, name, **style):
        """Draw a column's mean over the seeds, and return its (x, y); nothing where the run has no such column."""
        if name not in run.history:
            return [], []
        x, y = run.positions(self.unit)[:run.num_rows], run.column(name)
        reached = [index for index, step in enumerate(run.history["iteration"]) if step >= run.diverged[0]] if (
            run.diverged) else []
        until = reached[0] + 1 if reached else len(x)
        self.ax.plot(x[:until], y[:until], **style)
        if until < len(x):
            self.ax.plot(x[until - 1:], y[until - 1:], **{**style, "alpha": 0.3})
        return x, y

    def _draw_now(self, run, view):
        if view.get("smoothing") and self.metric == "loss":
            losses = run.history.batch_loss
            x = np.interp(range(1, len(losses) + 1), run.history["iteration"], run.positions(self.unit))
            self.ax.plot(x, losses, color=TRAIN["color"], linewidth=0.6, alpha=0.3)
            self.values += losses
            if view["smoothing"] > 1 and losses:
                self.ax.plot(x, running_average(losses, view["smoothing"]), **{**TRAIN, "linestyle": ":"})
        if len(run.histories) > 1:
            self._draw_spread(run, VAL["color"])
        for split, style in (("train", TRAIN), ("val", VAL)):
            x, y = self._draw(run, f"{split}_{self.metric}", **style, zorder=3)
            self.values += y
        best = run.best(self.metric) if run.is_complete else None
        if best:
            self.ax.plot(x[best], y[best], **STAR)

    def _draw_pin(self, run, slot):
        x, y = self._draw(run, self._new(run), **PINS[slot], zorder=3)
        self.values += y
        self.ax.annotate(LETTERS[slot], (x[-1], min(y[-1], FARTHEST[self.metric][1])), (4, 0), va="center",
                         textcoords="offset points", color=PINS[slot]["color"], fontweight="bold")

    def _draw_spread(self, run, color):
        x, values = run.positions(self.unit)[:run.num_rows], np.array(
            [history[self._new(run)][:run.num_rows] for history in run.histories])
        with np.errstate(invalid="ignore"):  # what is not finite has no mean
            middle, spread = values.mean(0), values.std(0, ddof=1)
        self.ax.fill_between(x, middle - spread, middle + spread, color=color, alpha=0.16, linewidth=0)
        self.ax.plot(x, values.T, color=color, linewidth=0.6, alpha=0.35)

    def _new(self, run):
        """Return the column of new digits; that of the training digits where there are no others."""
        return f"{'val' if f'val_{self.metric}' in run.history else 'train'}_{self.metric}"

    def _point_off_scale(self, run, top):
        """Put ✕ where the run diverged, or else an arrow where it leaves the picture, its number over the Axes."""
        x = run.positions(self.unit)
        if run.diverged:
            step, loss = run.diverged
            at = float(np.interp(step, run.history["iteration"], x))
            self.ax.plot(at, min(loss, top) if isfinite(loss) else top, **CROSS)
            self._write(at, f"{number(loss)} at update {step}")
        else:
            tops = [max(values) if all(map(isfinite, values)) else -inf for values in zip(
                *(run.column(name) for name in ("train_loss", "val_loss") if name in run.history), strict=True)]
            if max(tops) > top:
                self._write(x[tops.index(max(tops))], f"▲ {number(max(tops))}")

    def _write(self, x, words):
        is_left = x < sum(self.ax.get_xlim()) / 2
        self.ax.annotate(words, (x, 1), (8 if is_left else -8, 4), xycoords=("data", "axes fraction"), fontsize=9,
                         textcoords="offset points", ha="left" if is_left else "right", fontweight="bold", color=INK)


class Curves:
    """Loss left, accuracy right: the picture of a panel that compares runs. It is made of nothing but a `Scene`.

    `charts`: metric and x-axis of each chart, which the front end can draw by itself; with `aside`, a function of
    Axes and scene, the last place is for a picture that only Python draws.
    """

    size = (7.2, 3.5)
    charts = (("loss", None), ("accuracy", None))
    aside = None

    @classmethod
    def draw(cls, figure, scene, train):
        """Draw `scene` on an empty figure; `train` are the digits in which it names positions."""
        axes = figure.subplots(1, 2, gridspec_kw=GRID)
        for ax, chart in zip(axes, cls.charts, strict=False):
            Chart(ax, scene, *chart)
        if cls.aside:
            cls.aside(axes[-1], scene)
        labels, key = run_labels(scene), {"training": Line2D([], [], **TRAIN), "validation": Line2D([], [], **VAL)}
        key |= {"best epoch": Line2D([], [], **{**STAR, "markersize": 9}),
                f"always “{scene.baseline['answer']}”": Line2D([], [], **BASELINE)}
        key |= {label: Line2D([], [], **(GHOST if slot == "before" else PINS[slot]))
                for slot, label in labels.items() if slot != "now"}
        explain(figure, key)

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


def explain(figure, key):
    """Write a legend, {words: what is drawn}, over the Axes of a figure, where it hides nothing."""
    rows = -(-len(key) // 4)
    figure.subplots_adjust(top=0.91 - 0.06 * rows)
    figure.legend(key.values(), key, loc="upper left", bbox_to_anchor=(0.04, 1), ncols=4, frameon=False, fontsize=9,
                  handlelength=2.4, columnspacing=1.4)


def limits(values, key):
    """Return y-limits that hold `values`, as far as FARTHEST allows, and at least what START says.

    >>> limits([0.1, 0.7], "loss"), limits([1.23], "loss"), limits([199.0], "loss")
    ((0.0, 0.9), (0.0, 1.3), (0.0, 2.0))
    """
    (low, high), (lowest, highest) = START[key], FARTHEST[key]
    inside = [min(max(value, lowest), highest) for value in values] or [low, high]
    if key == "log":
        return min(low, 10 ** floor(log10(min(inside)))), max(high, *inside)
    return min(low, floor(min(inside) * 10) / 10), max(high, ceil(max(inside) * 10) / 10)
