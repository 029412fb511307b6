"""The loss against the learning rate: of a single step along one direction, and of whole runs, small to large."""

from math import inf, isfinite

from matplotlib.patheffects import withStroke

from pigeon_lessons import checks
from pigeon_lessons.pictures import given
from pigeon_lessons.pictures.curves import LABELS, draw_lines
from pigeon_lessons.pictures.picture import finished
from pigeon_lessons.pictures.style import COLORS, GRAY, ink
from pigeon_lessons.words import number


def plot_steps(rates, losses, steps, *, ax=None):
    """Draw the loss against the learning rate of one gradient step, and some of the steps as arrows.

    `rates`: learning rates, rising from 0. `losses`: the loss after one step with each; the first is
    the loss before the step. `steps`: those of `rates` that get an arrow. Raises TypeError for what is no list of
    numbers, ValueError when the first two differ in length, the first rate is not 0, or a step is not among the rates.

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
    ax, start, after = given.axes(ax), losses[0], dict(zip(rates[::-1], losses[::-1], strict=True))
    ax.plot(rates, losses, color=ink(ax), linestyle="-", linewidth=1.4)
    ax.axhline(start, color=GRAY, linestyle=":", linewidth=1.4)
    lowest = min(rates, key=lambda rate: after[rate] if isfinite(after[rate]) else inf)
    sentences = [f"The loss is {number(start)} before the step and lowest, {number(after[lowest])}, "
                 f"after a step of lr {number(lowest)}."]
    for index, rate in enumerate(steps):
        end, color = after[rate], COLORS[index % len(COLORS)]
        course = "leaves it at" if number(start) == number(end) else f"{'lowers' if end < start else 'raises'} it to"
        sentences.append(f"A step of lr {number(rate)} {course} {number(end)}.")
        if isfinite(end) and isfinite(start):
            ax.annotate("", xy=(rate, end), xytext=(0, start), arrowprops={
                "arrowstyle": "-|>", "color": color, "linewidth": 1.8, "shrinkA": 0, "shrinkB": 2})
            ax.plot(rate, end, marker="o", markersize=6, color=color)
            beside, side = ((-8, 4), "right") if end > start else ((4, -15), "left")  # off the arrow and off the curve
            ax.annotate(f"lr {number(rate)}", xy=(rate, end), xytext=beside, textcoords="offset points", ha=side,
                        color=color, path_effects=[withStroke(linewidth=3, foreground=ax.get_facecolor())])
    ax.margins(y=0.15)
    return finished(ax, "Loss over the learning rate of one step", sentences,
                    xlabel="learning rate of the step", ylabel=LABELS["loss"])


def plot_ladder(ends, goal, *, ax=None):
    """Draw the final loss against the learning rate, one line for each kind of run.

    `ends` maps a label to a dict from learning rate to final loss. `goal`: a loss worth reaching; the words say which
    learning rates end below it. A loss that is not finite leaves a gap. Raises TypeError for what is no number,
    ValueError when there is no line, a line has no point, or a learning rate is not above 0.

    >>> plot_ladder({"SGD": {0.01: 0.5, 0.1: 0.2, 1: 0.15, 10: 0.8}}, goal=0.25)
    SGD ends below 0.25 with a learning rate of 0.1 or 1, 2 of the 4 tried.
    """
    goal, lines = checks.real_number("goal", goal, remedy="give a loss worth reaching, such as 0.25"), {}
    example = "{'a label': {learning rate: final loss}}"
    for label, line in given.labeled("ends", ends, "line", example).items():
        given.labeled(f"line {label!r}", line, "learning rate", example)
        rates, losses = (given.numbers(f"line {label!r}", list(part)).tolist() for part in (line, line.values()))
        for rate in rates:
            checks.real_number("a learning rate of ends", rate, above=0, remedy="leave it out")
        lines[label] = dict(sorted(zip(rates, losses, strict=True)))
    ax, sentences = given.axes(ax), []
    draw_lines(ax, {label: (list(line), list(line.values())) for label, line in lines.items()}, marker="o")
    for label, line in lines.items():
        good = [number(rate) for rate, loss in line.items() if isfinite(loss) and loss < goal]
        listed = " or ".join(filter(None, (", ".join(good[:-1]), *good[-1:])))
        sentences.append(f"{label} ends below {number(goal)} with " + (
            f"a learning rate of {listed}, {len(good)} of the {len(line)} tried." if good else
            f"none of the {len(line)} learning rates tried."))
    ax.axhline(goal, color=GRAY, linestyle=":", linewidth=1.4)
    ax.set_xscale("log")
    rungs = sorted(set().union(*lines.values()))
    ax.set_xticks(rungs, list(map(number, rungs)), minor=False)
    ax.set_xticks([], minor=True)
    return finished(ax, "Final loss over the learning rate", sentences, xlabel="learning rate",
                    ylabel=f"final {LABELS['loss']}")
