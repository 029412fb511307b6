"""One run on one pair of Axes: its lines, star, cross, and, with several seeds, its band and faint single runs."""

from math import isfinite
from statistics import stdev

from matplotlib.collections import LineCollection
from matplotlib.patches import Polygon

from pigeon_lessons.panels.moving import moving
from pigeon_lessons.pictures.curves import running_average
from pigeon_lessons.words import number


class Trace:
    """The artists of one run's `metric` on `ax`; `show` moves them to a `Result`, or hides them for None."""

    def __init__(self, ax, metric, color, dash, *, is_faint=False):
        self.metric = metric
        order = 2 if is_faint else 3
        self.seeds = ax.add_collection(LineCollection([], colors=[color], linewidths=0.6, alpha=0.35, zorder=order))
        self.band = ax.add_patch(Polygon([(0, 0)], facecolor=color, alpha=0.16, edgecolor="none", zorder=order))
        self.batches, = ax.plot([], [], color=color, linestyle="-", linewidth=0.6, alpha=0.3, zorder=order)
        self.smooth, = ax.plot([], [], color=color, linestyle=dash, linewidth=1.4, zorder=order)
        self.train, = ax.plot([], [], color=color, linestyle=dash, linewidth=1.0, zorder=order)
        self.val, = ax.plot([], [], color=color, linestyle=dash, linewidth=2.4, zorder=order)
        self.star, = ax.plot([], [], color=color, linestyle="none", marker="*", markersize=13, zorder=order + 1,
                             markeredgecolor="white", markeredgewidth=0.7)
        self.cross, = ax.plot([], [], color="#B91C1C", linestyle="none", marker="X", markersize=11, zorder=order + 2,
                              markeredgecolor="white", clip_on=False)
        moving(self.seeds, self.band, *self._lines(), self.star, self.cross)
        self.stars_are_shown, self.cross_words = not is_faint, ""

    def show(self, result, view, unit):
        """Move every artist to `result`, over `unit`; `view` chooses the running average ("smoothing")."""
        lines = (self.batches, self.smooth, self.train, self.val, self.star, self.cross)
        for artist in (*lines, self.seeds, self.band):
            artist.set_visible(result is not None)  # what is hidden costs no time to draw
        for line in lines:
            line.set_data([], [])
        self.seeds.set_segments([])
        self.band.set_xy([(0, 0)])
        if result is None:
            return
        for line, name in ((self.train, f"train_{self.metric}"), (self.val, f"val_{self.metric}")):
            if name in result.history:
                line.set_data(result.history[unit][:result.num_rows], result.column(name))
        if view.get("smoothing") and self.metric == "loss":
            self._show_batches(result, unit, view["smoothing"])
        if len(result.histories) > 1:
            self._show_spread(result, unit)
        if self.stars_are_shown:
            self._mark(result, unit)

    def keep_cross_below(self, top):
        """Move a cross that lies above the picture to its upper edge."""
        self.cross.set_ydata([min(value, top) for value in self.cross.get_ydata()])

    def values(self):
        """Every y-value of the lines that are shown."""
        return [value for line in self._lines() for value in line.get_ydata()]

    def points(self):
        """Every (x, y) of the lines that are shown."""
        return [point for line in self._lines() for point in zip(*line.get_data(), strict=True)]

    def _lines(self):
        return self.batches, self.smooth, self.train, self.val

    def _show_batches(self, result, unit, window):
        losses = result.history.batch_loss
        steps = range(1, len(losses) + 1)
        x = steps if unit == "iteration" else [step / result.iterations_per_epoch for step in steps]
        self.batches.set_data(x, losses)
        if window > 1 and losses:
            self.smooth.set_data(x, running_average(losses, window))

    def _show_spread(self, result, unit):
        name = f"val_{self.metric}" if f"val_{self.metric}" in result.history else f"train_{self.metric}"
        x, middle = result.history[unit][:result.num_rows], result.column(name)
        rows = list(zip(*(history[name][:len(x)] for history in result.histories), strict=True))
        spread = [stdev(row) if all(map(isfinite, row)) else 0 for row in rows]
        self.seeds.set_segments([list(zip(x, history[name], strict=False)) for history in result.histories])
        upper = [(at, value + width) for at, value, width in zip(x, middle, spread, strict=True)]
        lower = [(at, value - width) for at, value, width in zip(x, middle, spread, strict=True)]
        self.band.set_xy(upper + lower[::-1])

    def _mark(self, result, unit):
        """Put a star on the best validation epoch, or a cross where the run left all bounds, never both."""
        if result.diverged:
            if self.metric == "loss":
                step, loss = result.diverged
                losses = next(history.batch_loss for history in result.histories if len(history.batch_loss) >= step)
                x = (step - 1) / (1 if unit == "iteration" else result.iterations_per_epoch)
                self.cross.set_data([x], [losses[step - 2] if step > 1 else result.history["train_loss"][0]])
                self.cross_words = f"{number(loss)} at update {step}"
            return
        best = result.best(self.metric)
        if best is not None:
            x, values = self.val.get_data()
            self.star.set_data([x[best]], [values[best]])
