"""What a search found: a strip for one hyper-parameter, a heat map for two, parallel lines for more."""

from math import isfinite

import numpy as np
from matplotlib.patches import Rectangle

from pigeon_lessons.pictures import given
from pigeon_lessons.pictures.picture import Picture
from pigeon_lessons.pictures.style import COLORS, GRAY
from pigeon_lessons.setting import NAMES, Setting
from pigeon_lessons.trials import SearchResult
from pigeon_lessons.words import BEST, WRITTEN, count

TITLES = {"loss": "validation loss (nats)", "accuracy": "validation accuracy"}
NAMED_AT_ONCE = 8
"""Values of a hyper-parameter that stand side by side without touching."""
RUNNERS_UP = 4
"""Candidates that the words name after the best: about what a listener keeps in mind."""


def plot_search(result, *, ax=None):
    """Draw a `SearchResult`, in the form that fits the number of keys in which its candidates differ.

    One: a strip, a dot for each seed and a bar at their mean. Two, if the candidates fill a grid: a heat
    map of the means, the best in a frame. Otherwise: a line for each candidate through parallel axes,
    stronger the better, the best in another color; an axis has its values in order, at equal distances.
    What diverged is a cross or left out, and counted in the words. Raises TypeError for anything but a
    SearchResult, ValueError if candidates differ in nothing.

    >>> from pigeon_lessons import SearchResult
    >>> rows = [{"candidate": 0, "val_loss": 0.3}, {"candidate": 1, "val_loss": 0.2}]
    >>> plot_search(SearchResult([{"lr": 0.01}, {"lr": 0.1}], rows, "val_loss"))
    Best of 2 candidates: lr 0.1, with a mean validation loss of 0.2 nats over 1 seed. lr 0.01: 0.3. lr 0.1: 0.2.
    """
    if not isinstance(result, SearchResult):
        raise TypeError(f"result must be a SearchResult, got {given.briefly(result)}; search() returns one")
    settings = [Setting.of(candidate).as_dict() for candidate in result.candidates]
    varied = [key for key in NAMES if len({setting[key] for setting in settings}) > 1]
    if not varied:
        raise ValueError("candidates must differ in at least one key, got candidates all alike; "
                         "search a grid() of two values or more")
    ax = given.axes(ax)
    view = _View(result, settings, varied)
    if len(varied) == 1:
        details = _draw_strip(view, ax)
    elif len(varied) == 2 and len(view.values[0]) * len(view.values[1]) == len(view.places):
        details = _draw_heat_map(view, ax)
    else:
        details = _draw_parallel(view, ax)
    return Picture(ax, f"Search over {', '.join(varied)}", " ".join([view.verdict(), *details]))


class _View:
    """A result as the drawings want it: the keys that vary, their sorted values, where each candidate stands."""

    def __init__(self, result, settings, keys):
        self.result, self.keys = result, keys
        self.metric = result.score.removeprefix("val_")
        self.values = [sorted({setting[key] for setting in settings}) for key in keys]
        self.positions = [tuple(values.index(setting[key]) for key, values in zip(keys, self.values, strict=True))
                          for setting in settings]
        self.places = set(self.positions)
        self.means, self.spreads = result.means, result.spreads
        self.has_best = any(map(isfinite, self.means))
        self.best = result.best_index if self.has_best else None

    def written(self, index):
        """Return a candidate's mean, with its spread where there is one."""
        write = WRITTEN[self.metric]
        if not isfinite(self.means[index]):
            return "diverged"
        spread = f" ± {write(self.spreads[index])}" if isfinite(self.spreads[index]) else ""
        return write(self.means[index]) + spread

    def named(self, index):
        """Return the values by which a candidate differs from others: "lr 0.1, num_hidden 30"."""
        return ", ".join(f"{key} {_value(values[at])}" for key, values, at
                         in zip(self.keys, self.values, self.positions[index], strict=True))

    def verdict(self):
        """Return the sentences that every form has: which candidate is best, and how many diverged."""
        diverged = sum(not isfinite(mean) for mean in self.means)
        if not self.has_best:
            return f"All of {count(diverged, 'candidate')} diverged."
        write = WRITTEN[self.metric]
        seeds = len(self.result.scores(self.best))
        unit = " nats" if self.metric == "loss" else ""
        spread = f", standard deviation {write(self.spreads[self.best])}," if seeds > 1 else ""
        words = (f"Best of {count(len(self.means), 'candidate')}: {self.named(self.best)}, with a mean validation "
                 f"{self.metric} of {write(self.means[self.best])}{unit}{spread} over {count(seeds, 'seed')}.")
        return words + (f" {count(diverged, 'candidate')} diverged." if diverged else "")

    def label(self, setter, values):
        """Name the values of a key at 0, 1, 2, … on an axis, slanted where they are many."""
        setter(range(len(values)), [_value(value) for value in values],
               rotation=45 if len(values) > NAMED_AT_ONCE else 0)


def _value(value):
    """Return a value of a hyper-parameter as it would be typed."""
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def _draw_strip(view, ax):
    for index, (place,) in enumerate(view.positions):
        scores = view.result.scores(index)
        ax.plot([place] * len(scores), scores, "o", color=GRAY, alpha=0.6, markersize=5)
        color = COLORS[1] if index == view.best else COLORS[0]
        ax.plot([place - 0.25, place + 0.25], [view.means[index]] * 2, "-", color=color, linewidth=2.5)
        if not isfinite(view.means[index]):  # at the worse edge, whatever the scale
            edge = 0.95 if BEST[view.metric] == "min" else 0.05
            ax.plot(place, edge, "x", color="black", transform=ax.get_xaxis_transform())
    view.label(ax.set_xticks, view.values[0])
    ax.set(xlabel=view.keys[0], ylabel=TITLES[view.metric], xlim=(-0.5, len(view.values[0]) - 0.5))
    order = sorted(range(len(view.positions)), key=view.positions.__getitem__)
    return [f"{view.named(index)}: {view.written(index)}." for index in order]


def _draw_heat_map(view, ax):
    down, across = view.values
    sheet = np.full((len(down), len(across)), np.nan)
    for place, mean in zip(view.positions, view.means, strict=True):
        sheet[place] = mean
    ax.grid(False)
    picture = ax.imshow(sheet, cmap="viridis_r" if BEST[view.metric] == "min" else "viridis", aspect="auto")
    for (row, column), mean in np.ndenumerate(sheet):
        is_dark = isfinite(mean) and sum(picture.cmap(picture.norm(mean))[:3]) < 1.5
        ax.text(column, row, WRITTEN[view.metric](mean) if isfinite(mean) else "✕", ha="center", va="center",
                fontsize=8, color="white" if is_dark else "black")
    if view.has_best:
        row, column = view.positions[view.best]
        ax.add_patch(Rectangle((column - 0.5, row - 0.5), 1, 1, fill=False, edgecolor=COLORS[1], linewidth=3))
    view.label(ax.set_yticks, down)
    view.label(ax.set_xticks, across)
    ax.set(ylabel=view.keys[0], xlabel=view.keys[1])
    ax.figure.colorbar(picture, ax=ax, label=TITLES[view.metric])
    columns = ", ".join(map(_value, across))
    return [f"{view.keys[0]} {_value(value)}, at {view.keys[1]} {columns}: "
            f"{', '.join(WRITTEN[view.metric](mean) if isfinite(mean) else 'diverged' for mean in means)}."
            for value, means in zip(down, sheet, strict=True)]


def _draw_parallel(view, ax):
    finite = [index for index, mean in enumerate(view.means) if isfinite(mean)]
    worse = sorted(finite, key=view.means.__getitem__, reverse=BEST[view.metric] == "min")
    low, high = (min(view.means[index] for index in finite), max(view.means[index] for index in finite)) \
        if finite else (0.0, 1.0)
    for rank, index in enumerate(worse, start=1):  # the best is drawn last, on top
        heights = [at / max(1, len(values) - 1) for at, values in zip(view.positions[index], view.values, strict=True)]
        heights.append((view.means[index] - low) / ((high - low) or 1.0))
        look = {"color": COLORS[1], "linewidth": 2.5} if index == view.best else \
            {"color": COLORS[0], "alpha": 0.1 + 0.6 * (rank / len(worse)) ** 2}
        ax.plot(range(len(heights)), heights, "-", **look)
    ends = [*((_value(values[0]), _value(values[-1])) for values in view.values),
            (WRITTEN[view.metric](low), WRITTEN[view.metric](high))]
    for place, labels in enumerate(ends):
        for height, label in zip((0, 1), labels, strict=True):
            ax.annotate(label, (place, height), xytext=(4, 0), textcoords="offset points", fontsize=8)
    ax.set_xticks(range(len(ends)), [*view.keys, TITLES[view.metric]])
    ax.set_yticks([])
    runners_up = [index for index in reversed(worse) if index != view.best][:RUNNERS_UP]
    return [f"Then {view.named(index)}: {view.written(index)}." for index in runners_up]
