"""A measured number beside what was expected of it: a guess, a confidence interval, a law."""

from collections.abc import Mapping

import numpy as np

from pigeon_lessons import checks
from pigeon_lessons.pictures import given
from pigeon_lessons.pictures.picture import finished
from pigeon_lessons.pictures.style import COLORS, GRAY
from pigeon_lessons.words import number, percent


def plot_guess(guess, measured, *, low, high, unit="", ax=None):
    """Draw a guess (or None) and a measured number on a line from `low` to `high`, all in `unit`.

    A number beyond the line stretches it. Raises TypeError or ValueError for what is no finite number.

    >>> plot_guess(40, 25.3, low=0, high=100, unit="%")
    You guessed 40 %; measured: 25.3 %.
    >>> plot_guess(None, 25.3, low=0, high=100, unit="%")
    Measured: 25.3 %. No guess was recorded.
    """
    values = {"measured": measured, "low": low, "high": high} | ({} if guess is None else {"guess": guess})
    for name, value in values.items():
        values[name] = checks.real_number(name, value, remedy="give a finite number")
    unit, ax = given.text("unit", unit), given.axes(ax, height=1.3)
    told = {name: f"{number(values[name])} {unit}".rstrip() for name in ("measured", "guess") if name in values}
    low, high = min(values.values()), max(values.values())
    for place, (name, words) in enumerate(told.items()):
        ax.plot(values[name], place, marker="oD"[place], markersize=10, color=COLORS[place], linestyle="none")
        ax.axvline(values[name], color=COLORS[place], linewidth=0.8, linestyle=":")
        is_left = values[name] < (low + high) / 2  # the text goes to the side that has room
        ax.annotate(f"{'your ' * place}{name}: {words}", (values[name], place), xytext=(10 if is_left else -10, -4),
                    textcoords="offset points", ha="left" if is_left else "right", parse_math=False)
    rest = 0.04 * (high - low) or 1.0
    ax.set(xlim=(low - rest, high + rest), ylim=(-0.6, len(told) - 0.4), yticks=[])
    ax.spines["left"].set_visible(False)
    words = f"Measured: {told['measured']}. No guess was recorded." if guess is None else \
        f"You guessed {told['guess']}; measured: {told['measured']}."
    return finished(ax, f"What was measured{' and your guess' * (guess is not None)}", [words], xlabel=unit)


def plot_intervals(intervals, *, ax=None):
    """Draw measured shares as points with the interval around each.

    `intervals` maps a label to (low, measured, high), each 0..1. Raises TypeError for anything else, ValueError
    when there are none or the three are not in this order.

    >>> plot_intervals({"test": (0.944, 0.953, 0.96)})
    test: 95.3 %, interval 94.4 % to 96.0 %.
    """
    rows = {}
    for label, interval in given.labeled("intervals", intervals, "", "{'a label': (low, measured, high)}").items():
        three = given.numbers(f"interval {label!r}", interval).tolist()
        if len(three) != 3 or not 0 <= three[0] <= three[1] <= three[2] <= 1:
            raise ValueError(f"interval {label!r} must be 0 ≤ low ≤ measured ≤ high ≤ 1, "
                             f"got {given.briefly(interval)}; give shares, not per cent")
        rows[label] = three
    ax = given.axes(ax, height=0.9 + 0.45 * len(rows))
    for row, (low, measured, high) in enumerate(rows.values()):
        ax.errorbar(100 * measured, row, xerr=[[100 * (measured - low)], [100 * (high - measured)]], marker="o",
                    color=COLORS[row % len(COLORS)], capsize=4, linewidth=2)
    ax.set_yticks(range(len(rows)), list(map(given.short, rows)), parse_math=False)
    ax.set_ylim(len(rows) - 0.5, -0.5)
    sentences = [f"{label}: {percent(measured)}, interval {percent(low)} to {percent(high)}."
                 for label, (low, measured, high) in rows.items()]
    return finished(ax, "Accuracies and their confidence intervals", sentences,
                    xlabel="accuracy (%), with its 95 % confidence interval")


def plot_spread(spreads, *, ax=None):
    """Draw the measured spread of the gradient over batch size, with the law spread(n) = spread(1) / √n.

    `spreads` maps batch sizes n to spreads; the law starts at the smallest n; both axes are logarithmic. Raises
    TypeError for what is no number, ValueError for fewer than two sizes, or any number that is not above 0 and finite.

    >>> plot_spread({1: 2.0, 4: 1.0, 16: 0.6})
    Spread of the gradient: 2 at n = 1, 1 at n = 4, 0.6 at n = 16. The law 1/√n gives 2, 1, 0.5.
    """
    if not isinstance(spreads, Mapping):
        raise TypeError(f"spreads must be a dict, got {given.briefly(spreads)}; give {{batch size: spread}}")
    sizes, measured = (given.numbers("spreads", list(part), least=0) for part in (spreads, spreads.values()))
    if len(sizes) < 2 or not (np.isfinite([sizes, measured]).all() and min(*sizes, *measured) > 0):
        raise ValueError("spreads must map at least two batch sizes to spreads, all above 0, "
                         f"got {given.briefly(spreads)}; a batch of the whole set has spread 0: leave it out")
    law = measured[sizes.argmin()] * (sizes.min() / sizes) ** 0.5
    ax = given.axes(ax)
    ax.plot(sizes, law, color=GRAY, linestyle="--", linewidth=1.4, label="the law 1/√n")
    ax.plot(sizes, measured, color=COLORS[0], linestyle="none", marker="o", markersize=7, label="measured")
    ax.set(xscale="log", yscale="log")
    ax.set_xticks(sizes, list(map(number, sizes)))
    ax.set_yticks(measured, list(map(number, measured)))
    ax.minorticks_off()
    listed = ", ".join(f"{number(value)} at n = {number(size)}" for size, value in zip(sizes, measured, strict=True))
    words = f"Spread of the gradient: {listed}. The law 1/√n gives {', '.join(map(number, law))}."
    return finished(ax, "Spread of the gradient over the batch size", [words], xlabel="batch size n",
                    ylabel="spread of the gradient")
