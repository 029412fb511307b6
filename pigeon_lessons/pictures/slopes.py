"""The loss along one direction: where a single step of this or that learning rate would land."""

from pigeon_lessons.pictures.curves import LABELS
from pigeon_lessons.pictures.picture import Picture
from pigeon_lessons.pictures.style import COLORS, GRAY, new_axes
from pigeon_lessons.words import number


def plot_steps(rates, losses, steps, *, ax=None):
    """Draw the loss against the learning rate of one gradient step, and some of the steps as arrows.

    `rates`: learning rates, rising from 0. `losses`: the loss after one step with each; the first is
    the loss before the step. `steps`: those of `rates` that get an arrow.
    Raises ValueError when the two lists differ in length, the first rate is not 0, or a step is not
    among the rates.

    >>> plot_steps([0, 1, 2], [0.7, 0.6, 0.8], [1, 2]).words[:70]
    'The loss is 0.7 before the step and lowest, 0.6, after a step of lr 1.'
    """
    rates, losses = list(rates), list(losses)
    if len(rates) != len(losses) or not rates:
        raise ValueError("losses must be one for each of the rates, "
                         f"got {len(rates)} rates and {len(losses)} losses; measure the loss after a step with each")
    if rates[0] != 0:
        raise ValueError(f"rates must start at 0, got {rates[0]!r}; begin with 0 and the loss before the step")
    missing = [step for step in steps if step not in rates]
    if missing:
        raise ValueError(f"steps must be among the rates, got {missing[0]!r}; add it to the rates")
    ax = ax or new_axes()
    ax.plot(rates, losses, color="black", linestyle="-", linewidth=1.2)
    ax.axhline(losses[0], color=GRAY, linestyle=":", linewidth=1.2)
    sentences = [f"The loss is {number(losses[0])} before the step and lowest, {number(min(losses))}, "
                 f"after a step of lr {number(rates[losses.index(min(losses))])}."]
    for index, rate in enumerate(steps):
        loss = losses[rates.index(rate)]
        _draw_step(ax, losses[0], rate, loss, COLORS[index % len(COLORS)])
        sentences.append(f"A step of lr {number(rate)} {_course(losses[0], loss)}.")
    ax.margins(y=0.15)
    ax.set(xlabel="learning rate of the step", ylabel=LABELS["loss"])
    return Picture(ax, "Loss over the learning rate of one step", " ".join(sentences))


def _draw_step(ax, start, rate, loss, color):
    ax.annotate("", xy=(rate, loss), xytext=(0, start),
                arrowprops={"arrowstyle": "-|>", "color": color, "linewidth": 1.8, "shrinkA": 0, "shrinkB": 2})
    ax.plot(rate, loss, marker="o", markersize=6, color=color)
    beside, side = ((-8, 4), "right") if loss > start else ((4, -15), "left")  # off the arrow and off the curve
    ax.annotate(f"lr {number(rate)}", xy=(rate, loss), xytext=beside, textcoords="offset points", ha=side, color=color)


def _course(start, end):
    if number(start) == number(end):
        return f"leaves it at {number(end)}"
    return f"{'lowers' if end < start else 'raises'} it to {number(end)}"
