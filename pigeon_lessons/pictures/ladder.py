"""The end of many runs against their learning rate, from far too small to far too large."""

from itertools import cycle
from math import isfinite

from pigeon_lessons.pictures.curves import LABELS
from pigeon_lessons.pictures.picture import Picture
from pigeon_lessons.pictures.style import GRAY, new_axes
from pigeon_lessons.words import number


def plot_ladder(ends, goal, *, ax=None):
    """Draw the final loss against the learning rate, one line for each kind of run.

    `ends` maps a label to a dict from learning rate to final loss. `goal`: a loss worth reaching; the
    words say which learning rates end below it. A loss that is not finite leaves a gap.
    Raises ValueError when there is no line or a line has no point.

    >>> plot_ladder({"SGD": {0.01: 0.5, 0.1: 0.2, 1: 0.15, 10: 0.8}}, goal=0.25).words
    'SGD ends below 0.25 with a learning rate of 0.1 or 1, 2 of the 4 tried.'
    """
    if not ends or not all(ends.values()):
        raise ValueError(f"ends must hold a loss for at least one learning rate in each line, got {ends!r}; "
                         "leave an empty line out")
    ax = ax or new_axes()
    sentences = []
    for (label, line), marker in zip(ends.items(), cycle("osD^v*"), strict=False):
        rates = sorted(line)
        ax.plot(rates, [line[rate] for rate in rates], linewidth=1.8, marker=marker, markersize=5, label=label)
        sentences.append(_in_words(label, line, goal))
    ax.axhline(goal, color=GRAY, linestyle=":", linewidth=1.2)
    ax.set(xscale="log", xlabel="learning rate", ylabel=f"final {LABELS['loss']}")
    rungs = sorted(set().union(*ends.values()))
    ax.set_xticks(rungs, [number(rate) for rate in rungs], minor=False)
    ax.set_xticks([], minor=True)
    ax.legend(frameon=False)
    return Picture(ax, "Final loss over the learning rate", " ".join(sentences))


def _in_words(label, line, goal):
    good = [number(rate) for rate in sorted(line) if isfinite(line[rate]) and line[rate] < goal]
    if not good:
        return f"{label} ends below {number(goal)} with none of the {len(line)} learning rates tried."
    listed = " or ".join(filter(None, (", ".join(good[:-1]), good[-1])))
    return f"{label} ends below {number(goal)} with a learning rate of {listed}, {len(good)} of the {len(line)} tried."
