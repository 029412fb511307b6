"""Chapter 03's panel: the curve of the run, and the loss along one gradient with the step drawn on it."""

from math import floor, log10

import numpy as np

from pigeon_lessons.gradients import gradient, losses_along
from pigeon_lessons.panels.curves import BASELINE, Curves
from pigeon_lessons.pictures.style import COLORS, INK, styled
from pigeon_lessons.words import count, number

PROBES = np.geomspace(1e-3, 100, 40)


class Stepping(Curves):
    """Left the loss of the run; right the loss along the whole set's gradient, and where one step lands."""

    charts = (("loss", None),)

    @staticmethod
    def measure(run, result, view, visited):
        """Measure the loss along the gradient after the chosen epoch, or the last before it that is done.

        "before", "after": the loss before and after one step; "best": the lowest found; "best_rate": where.
        "rates", "losses": the line.
        """
        epoch, rate = result.stage(view.get("stage", 0)), run.settings["lr"]
        return run.once(("step", epoch), lambda: measure_step(run.pigeon_at(epoch), run.train, rate, epoch))

    @staticmethod
    def aside(ax, scene):
        """Draw the line, the step, and where it lands; beyond the picture, an arrow."""
        step, rate = scene.picture, scene.now.settings["lr"]
        before, after, rates = step["before"], step["after"], step["rates"]
        top = round_up(min(max(step["losses"]), 2.5 * before))
        ax.plot(rates, step["losses"], color=INK, linestyle="-", linewidth=1.6)
        ax.axhline(before, **BASELINE)
        ax.plot([0, rate], [before, min(after, top)], color=COLORS[1], linestyle="-", linewidth=2.4)
        ax.plot(0, before, color=INK, marker="o", markersize=7)
        ax.plot(rate, min(after, top), color=COLORS[1], marker="^" if after > top else "o", markersize=10,
                markeredgecolor="white", clip_on=False, zorder=5)
        styled(ax).set(xlim=(-0.02 * rates[-1], 1.03 * rates[-1]), ylim=(0, top),
                       xlabel="length of one step, as a learning rate", ylabel="loss on all training images")
        ax.set_title(f"after {count(step['epoch'], 'epoch')}, one step: {number(before)} → "
                     f"{'▲ ' if after > top else ''}{number(after)}", fontsize=9, color=INK)

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
