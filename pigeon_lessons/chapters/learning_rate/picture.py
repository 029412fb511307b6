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

    def __init__(self, figure, train):
        super().__init__(figure, train)
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

    @staticmethod
    def measure(run, result, view, visited):
        """Measure the loss along the gradient after the chosen epoch, or the last before it that is done.

        "before", "after": the loss before and after one step; "best": the lowest found; "best_rate": where.
        "rates", "losses": the line.
        """
        epoch, rate = result.stage(view.get("stage", 0)), run.settings["lr"]
        return run.once(("step", epoch), lambda: measure_step(run.pigeon_at(epoch), run.train, rate, epoch))

    def draw(self, scene):
        """Move curves, line and step."""
        super().draw(scene)
        step, rate = scene.picture, scene.now.settings["lr"]
        before, after, rates = step["before"], step["after"], step["rates"]
        self.line.set_data(rates, step["losses"])
        self.level.set_ydata([before, before])
        top = min(max(step["losses"]), 2.5 * before)
        self.step.set_data([0, rate], [before, min(after, top)])
        self.start.set_data([0], [before])
        self.landing.set_data([rate], [min(after, top)])
        hold(self.ax, xlim=(-0.02 * rates[-1], 1.03 * rates[-1]), ylim=(0, 1.06 * round_up(top)))
        self.title.set_text(f"after {count(step['epoch'], 'epoch')}, one step: {number(before)} → "
                            f"{'▲ ' if after > top else ''}{number(after)}")

    @staticmethod
    def words(result, measured):
        """Return where one step lands, and where the lowest point of the line is."""
        return (f"After {count(measured['epoch'], 'epoch')}, one step of length {number(result.settings['lr'])} "
                f"against the gradient of all training images takes the loss from {number(measured['before'])} to "
                f"{number(measured['after'])}; the lowest on this line, {number(measured['best'])}, "
                f"lies near {number(measured['best_rate'])}.")


def measure_step(pigeon, digits, rate, epoch):
    """Return what `Stepping.measure` returns, for a Pigeon that was trained so many epochs and steps at `rate`."""
    before, slope = gradient(pigeon, digits)
    best, best_rate = min(zip(losses_along(pigeon, digits, slope, PROBES), PROBES, strict=True))
    rates = np.linspace(0, round_up(max(2.2 * best_rate, 1.15 * rate)), 80).tolist()
    after, *losses = losses_along(pigeon, digits, slope, [rate, *rates])
    return {"epoch": epoch, "before": before, "after": after, "best": best, "best_rate": float(best_rate),
            "rates": rates, "losses": losses}


def round_up(value):
    """Return the least round number that is not below `value`, so that axes seldom change.

    >>> round_up(1.2), round_up(0.35), round_up(5)
    (1.5, 0.5, 5.0)
    """
    power = 10.0 ** floor(log10(value))
    return next(step * power for step in (1, 1.5, 2, 3, 5, 7, 10) if step * power >= value)
