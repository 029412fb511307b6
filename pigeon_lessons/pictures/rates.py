"""The loss against the learning rate: of a single step along one direction, and of whole runs, small to large."""

from itertools import cycle
from math import isfinite

import numpy as np
from matplotlib.patheffects import withStroke

from pigeon_lessons import checks
from pigeon_lessons.pictures import given
from pigeon_lessons.pictures.curves import LABELS
from pigeon_lessons.pictures.picture import finished
from pigeon_lessons.pictures.style import COLORS, GRAY, INK, look
from pigeon_lessons.words import number


def plot_steps(rates, losses, steps, *, ax=None):
    """Draw the loss against the learning rate of one gradient step, and some of the steps as arrows.

    `rates`: learning rates, rising from 0. `losses`: the loss after one step with each; the first is
    the loss before the step. `steps`: those of `rates` that get an arrow.
    Raises TypeError for what is no list of numbers, ValueError when the first two differ in length, the first
    rate is not 0, or a step is not among the rates.

    >>> plot_steps([0, 1, 2], [0.7, 0.6, 0.8], [1, 2]).words[:70]
    'The loss is 0.7 before the step and lowest, 0.6, after a step of lr 1.'
    """
    rates, losses, steps = (given.numbers(name, values, least=0).tolist() for name, values
                            in (("rates", rates), ("losses", losses), ("steps", steps)))
    if len(rates) != len(losses) or not rates:
        raise ValueError("losses must be one for each of the rates, "
                         f"got {len(rates)} rates and {len(losses)} losses; measure the loss after a step with each")
    if rates[0] != 0:
        raise ValueError(f"rates must start at 0, got {rates[0]:g}; begin with 0 and the loss before the step")
    missing = [step for step in steps if step not in rates]
    if missing:
        raise ValueError(f"steps must be among the rates, got {missing[0]:g}; add it to the rates")
    ax = given.axes(ax)
    ax.plot(rates, losses, color=INK, linestyle="-", linewidth=1.4)
    ax.axhline(losses[0], color=GRAY, linestyle=":", linewidth=1.4)
    lowest = min((loss for loss in losses if isfinite(loss)), default=losses[0])
    place = rates[losses.index(lowest)] if isfinite(lowest) else 0.0
    sentences = [f"The loss is {number(losses[0])} before the step and lowest, {number(lowest)}, "
                 f"after a step of lr {number(place)}."]
    for index, rate in enumerate(steps):
        loss = losses[rates.index(rate)]
        if isfinite(loss) and isfinite(losses[0]):
            _draw_step(ax, losses[0], rate, loss, COLORS[index % len(COLORS)])
        sentences.append(f"A step of lr {number(rate)} {_course(losses[0], loss)}.")
    ax.margins(y=0.15)
    return finished(ax, "Loss over the learning rate of one step", sentences,
                    xlabel="learning rate of the step", ylabel=LABELS["loss"])


def _draw_step(ax, start, rate, loss, color):
    ax.annotate("", xy=(rate, loss), xytext=(0, start),
                arrowprops={"arrowstyle": "-|>", "color": color, "linewidth": 1.8, "shrinkA": 0, "shrinkB": 2})
    ax.plot(rate, loss, marker="o", markersize=6, color=color)
    beside, side = ((-8, 4), "right") if loss > start else ((4, -15), "left")  # off the arrow and off the curve
    ax.annotate(f"lr {number(rate)}", xy=(rate, loss), xytext=beside, textcoords="offset points", ha=side, color=color,
                path_effects=[withStroke(linewidth=3, foreground="white")])


def _course(start, end):
    if number(start) == number(end):
        return f"leaves it at {number(end)}"
    return f"{'lowers' if end < start else 'raises'} it to {number(end)}"


def plot_ladder(ends, goal, *, ax=None):
    """Draw the final loss against the learning rate, one line for each kind of run.

    `ends` maps a label to a dict from learning rate to final loss. `goal`: a loss worth reaching; the
    words say which learning rates end below it. A loss that is not finite leaves a gap.
    Raises TypeError for what is no number, ValueError when there is no line, a line has no point, or a learning
    rate is not above 0.

    >>> plot_ladder({"SGD": {0.01: 0.5, 0.1: 0.2, 1: 0.15, 10: 0.8}}, goal=0.25)
    SGD ends below 0.25 with a learning rate of 0.1 or 1, 2 of the 4 tried.
    """
    example = "{'a label': {learning rate: final loss}}"
    if ends == {} or isinstance(ends, dict) and {} in ends.values():
        raise ValueError(f"ends must hold a loss for at least one learning rate in each line, got {ends!r}; "
                         "leave an empty line out")
    goal = checks.real_number("goal", goal, remedy="give a loss worth reaching, such as 0.25")
    lines = {}
    for label, line in given.labeled("ends", ends, "line", example).items():
        given.labeled(f"line {label!r}", line, "learning rate", example)
        rates, losses = (given.numbers(f"line {label!r}", list(part)) for part in (line, line.values()))
        if not (rates > 0).all() or not np.isfinite(rates).all():
            raise ValueError(f"learning rates must be greater than 0, got {rates.min():g}; leave it out")
        lines[label] = dict(sorted(zip(rates.tolist(), losses.tolist(), strict=True)))
    ax, sentences = given.axes(ax), []
    for index, ((label, line), marker) in enumerate(zip(lines.items(), cycle("osD^v*"), strict=False)):
        ax.plot(list(line), list(line.values()), linewidth=1.8, marker=marker, markersize=5, label=given.short(label),
                **look(index))
        sentences.append(_in_words(label, line, goal))
    ax.axhline(goal, color=GRAY, linestyle=":", linewidth=1.4)
    ax.set_xscale("log")
    rungs = sorted(set().union(*lines.values()))
    ax.set_xticks(rungs, [number(rate) for rate in rungs], minor=False)
    ax.set_xticks([], minor=True)
    return finished(ax, "Final loss over the learning rate", sentences, xlabel="learning rate",
                    ylabel=f"final {LABELS['loss']}")


def _in_words(label, line, goal):
    good = [number(rate) for rate, loss in line.items() if isfinite(loss) and loss < goal]
    if not good:
        return f"{label} ends below {number(goal)} with none of the {len(line)} learning rates tried."
    listed = " or ".join(filter(None, (", ".join(good[:-1]), good[-1])))
    return f"{label} ends below {number(goal)} with a learning rate of {listed}, {len(good)} of the {len(line)} tried."
