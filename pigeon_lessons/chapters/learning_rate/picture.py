"""The learning rate's picture: the curve of the run, and the loss along one gradient with the step drawn on it."""

from math import floor, log10

import numpy as np

from pigeon_lessons.gradients import gradient, losses_along
from pigeon_lessons.panels.curves import Curves
from pigeon_lessons.panels.moving import hold, moving, moving_title
from pigeon_lessons.pictures.style import COLORS, GRAY, INK, styled
from pigeon_lessons.words import count, number

PROBES = np.geomspace(1e-3, 100, 40)


class Stepping(Curves):
    """Left the loss of the run; right the loss along the whole set's gradient, and where one step lands."""

    charts_of = (("loss", None),)

    def __init__(self, figure):
        super().__init__(figure)
        ax = self.ax = styled(self.other_axes[0])
        ax.set(xlabel="length of one step, as a learning rate", ylabel="loss on all training images")
        self.line, = ax.plot([], [], color=INK, linestyle="-", linewidth=1.6)
        self.level = ax.axhline(0, color=GRAY, linewidth=1, linestyle=(0, (1, 2)))
        self.step, = ax.plot([], [], color=COLORS[1], linestyle="-", linewidth=2.4)
        self.start, = ax.plot([], [], color=INK, linestyle="none", marker="o", markersize=7)
        self.landing, = ax.plot([], [], color=COLORS[1], linestyle="none", marker="o", markersize=10,
                                markeredgecolor="white", clip_on=False, zorder=5)
        self.title = moving_title(ax)
        moving(self.line, self.level, self.step, self.start, self.landing)
        self._slopes = {}

    def draw(self, scene):
        """Move curves, line and step."""
        super().draw(scene)
        rate, epoch = scene.now.settings["lr"], self._stage(scene)
        before, after, best, rates, losses = self._measure(scene, epoch, rate)
        self.line.set_data(rates, losses)
        self.level.set_ydata([before, before])
        top = min(max(losses), 2.5 * before)
        self.step.set_data([0, rate], [before, min(after, top)])
        self.start.set_data([0], [before])
        self.landing.set_data([rate], [min(after, top)])
        hold(self.ax, xlim=(-0.02 * rates[-1], 1.03 * rates[-1]), ylim=(0, 1.06 * round_up(top)))
        self.title.set_text(f"after {count(epoch, 'epoch')}, one step: {number(before)} → "
                            f"{'▲ ' if after > top else ''}{number(after)}")

    def words(self, scene):
        """Return where one step lands, and where the lowest point of the line is."""
        rate, epoch = scene.now.settings["lr"], self._stage(scene)
        before, after, best, _, _ = self._measure(scene, epoch, rate)
        return (f"After {count(epoch, 'epoch')}, one step of length {number(rate)} against the gradient of all "
                f"training images takes the loss from {number(before)} to {number(after)}; the lowest on this line, "
                f"{number(best[1])}, lies near {number(best[0])}.")

    def _stage(self, scene):
        """The epoch to measure at: the one chosen, or the last before it whose weights are there."""
        return max(epoch for epoch in scene.now.pigeons if epoch <= scene.view.get("stage", 0))

    def _measure(self, scene, epoch, rate):
        """Return (loss before, after the step, (best rate, its loss), rates, losses); measured once for each Pigeon."""
        pigeon, digits = scene.now.pigeons[epoch], scene.train
        if self._slopes.get("of") is not pigeon or self._slopes["rate"] != rate:
            before, slope = gradient(pigeon, digits)
            probed = losses_along(pigeon, digits, slope, PROBES)
            best = min(zip(probed, PROBES, strict=True))[::-1]
            rates = np.linspace(0, round_up(max(2.2 * best[0], 1.15 * rate)), 80)
            after, = losses_along(pigeon, digits, slope, [rate])
            self._slopes = {"of": pigeon, "rate": rate, "found":
                            (before, after, best, rates, losses_along(pigeon, digits, slope, rates))}
        return self._slopes["found"]


def round_up(value):
    """Return the least round number that is not below `value`, so that axes seldom change.

    >>> round_up(1.2), round_up(0.35), round_up(5)
    (1.5, 0.5, 5.0)
    """
    power = 10.0 ** floor(log10(value))
    return next(step * power for step in (1, 1.5, 2, 3, 5, 7, 10) if step * power >= value)
