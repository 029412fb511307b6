"""What a search found: a strip for one hyper-parameter, a heat map for two, parallel lines for more."""

from math import isfinite

import numpy as np
from matplotlib.patches import Rectangle
from matplotlib.patheffects import withStroke

from pigeon_lessons.pictures import given
from pigeon_lessons.pictures.picture import Picture
from pigeon_lessons.pictures.style import COLORS, GRAY, ink
from pigeon_lessons.searching import SearchResult
from pigeon_lessons.setting import NAMES, Setting
from pigeon_lessons.words import BEST, WRITTEN, count

TITLES = {"loss": "validation loss (nats)", "accuracy": "validation accuracy"}
NAMED_AT_ONCE = 8  # values of a hyper-parameter that stand side by side without touching
RUNNERS_UP = 4  # candidates that the words name after the best: about what a listener keeps in mind


def plot_search(result, *, ax=None):
    """Draw a `SearchResult`, in the form that fits the number of keys in which its candidates differ.

    One: a strip, a dot for each seed and a bar at their mean. Two, if the candidates fill a grid: a heat
    map of the means, the best in a frame. Otherwise: a line for each candidate through parallel axes,
    stronger the better, the best in another color; an axis has its values in order, at equal distances.
    What diverged is a cross or left out, and counted in the words. Raises TypeError for anything but a
    SearchResult, ValueError if candidates differ in nothing or one has no trial.

    >>> from pigeon_lessons import SearchResult
    >>> trials = [{"candidate": 0, "val_loss": 0.3}, {"candidate": 1, "val_loss": 0.2}]
    >>> plot_search(SearchResult([{"lr": 0.01}, {"lr": 0.1}], trials, "val_loss"))
    Best of 2 candidates: lr 0.1, with a mean validation loss of 0.2 nats over 1 seed. lr 0.01: 0.3. lr 0.1: 0.2.
    """
    if not isinstance(result, SearchResult):
        raise TypeError(f"result must be a SearchResult, got {given.briefly(result)}; search() returns one")
    settings = [Setting.of(candidate).as_dict() for candidate in result.candidates]
    keys = [key for key in NAMES if len({setting[key] for setting in settings}) > 1]
    if not keys:
        raise ValueError("candidates must differ in at least one key, got candidates all alike; "
                         "search a grid() of two values or more")
    untried = [candidate for index, candidate in enumerate(result.candidates) if not result.scores(index)]
    if untried:
        raise ValueError(f"result must hold a trial of each candidate, got none of {untried[0]!r}; search to the end")
    found, ax = _Found(result, settings, keys), given.axes(ax)
    fills_a_grid = len(keys) == 2 and len(set(found.places)) == len(found.values[0]) * len(found.values[1])
    draw = _draw_strip if len(keys) == 1 else _draw_heat_map if fills_a_grid else _draw_parallel
    return Picture(ax, f"Search over {', '.join(keys)}", " ".join([found.verdict(), *draw(found, ax)]))


class _Found:
    """A result as the drawings want it: the keys that vary, their sorted values, where each candidate stands."""

    def __init__(self, result, settings, keys):
        self.result, self.keys, self.metric = result, keys, result.score.removeprefix("val_")
        self.values = [sorted({setting[key] for setting in settings}) for key in keys]
        self.places = [tuple(values.index(setting[key]) for key, values in zip(keys, self.values, strict=True))
                       for setting in settings]
        self.means, self.spreads = result.means, result.spreads
        self.best = result.best_index if any(map(isfinite, self.means)) else None
        self.less_is_better = BEST[self.metric] == "min"

    def write(self, mean, spread=np.nan):
        """Return a candidate's mean, with its spread where there is one."""
        write = WRITTEN[self.metric]
        return "diverged" if not isfinite(mean) else write(mean) + (f" ± {write(spread)}" if isfinite(spread) else "")

    def tell(self, index):
        """Return a candidate in a sentence: "lr 0.1, num_hidden 30: 0.25 ± 0.1."."""
        return f"{self.named(index)}: {self.write(self.means[index], self.spreads[index])}."

    def named(self, index):
        """Return the values by which a candidate differs from others: "lr 0.1, num_hidden 30"."""
        return ", ".join(f"{key} {_value(values[at])}" for key, values, at
                         in zip(self.keys, self.values, self.places[index], strict=True))

    def verdict(self):
        """Return the sentences that every form has: which candidate is best, and how many diverged."""
        diverged = sum(not isfinite(mean) for mean in self.means)
        lost = f" {count(diverged, 'candidate')} diverged." if diverged else ""
        if self.best is None:
            return f"All of{lost}"
        seeds, unit = len(self.result.scores(self.best)), " nats" if self.metric == "loss" else ""
        spread = f", standard deviation {self.write(self.spreads[self.best])}," if seeds > 1 else ""
        mean = f"{self.metric} of {self.write(self.means[self.best])}{unit}{spread} over {count(seeds, 'seed')}"
        return (f"Best of {count(len(self.means), 'candidate')}: {self.named(self.best)}, "
                f"with a mean validation {mean}.{lost}")

    def label(self, setter, values):
        """Name the values of a key at 0, 1, 2, … on an axis, slanted where they are many."""
        setter(range(len(values)), list(map(_value, values)), rotation=45 if len(values) > NAMED_AT_ONCE else 0)


def _value(value):
    """Return a value of a hyper-parameter as it would be typed."""
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def _draw_strip(found, ax):
    for index, (place,) in enumerate(found.places):
        scores = found.result.scores(index)
        ax.plot([place] * len(scores), scores, "o", color=GRAY, alpha=0.6, markersize=5)
        ax.plot([place - 0.25, place + 0.25], [found.means[index]] * 2, "-", color=COLORS[index == found.best],
                linewidth=2.5)
        if not isfinite(found.means[index]):  # at the worse edge, whatever the scale
            ax.plot(place, 0.95 if found.less_is_better else 0.05, "x", color=ink(ax),
                    transform=ax.get_xaxis_transform())
    found.label(ax.set_xticks, found.values[0])
    ax.set(xlabel=found.keys[0], ylabel=TITLES[found.metric], xlim=(-0.5, len(found.values[0]) - 0.5))
    return [found.tell(index) for index in sorted(range(len(found.places)), key=found.places.__getitem__)]


def _draw_heat_map(found, ax):
    down, across = found.values
    sheet = np.full((len(down), len(across)), np.nan)
    for place, mean in zip(found.places, found.means, strict=True):
        sheet[place] = mean
    ax.grid(False)
    image = ax.imshow(sheet, cmap="viridis_r" if found.less_is_better else "viridis", aspect="auto")
    for (row, column), mean in np.ndenumerate(sheet):
        ground = np.dot([0.2126, 0.7152, 0.0722], np.power(image.cmap(image.norm(mean))[:3], 2.2))  # its luminance
        ax.text(column, row, found.write(mean) if isfinite(mean) else "✕", ha="center", va="center", fontsize=8,
                color="white" if isfinite(mean) and ground < 0.18 else "black")
    if found.best is not None:
        row, column = found.places[found.best]
        ax.add_patch(Rectangle((column - 0.5, row - 0.5), 1, 1, fill=False, edgecolor=COLORS[1], linewidth=3,
                               clip_on=False))
    found.label(ax.set_yticks, down)
    found.label(ax.set_xticks, across)
    ax.set(ylabel=found.keys[0], xlabel=found.keys[1])
    ax.figure.colorbar(image, ax=ax, label=TITLES[found.metric])
    return [f"{found.keys[0]} {_value(value)}, at {found.keys[1]} {', '.join(map(_value, across))}: "
            f"{', '.join(map(found.write, means))}." for value, means in zip(down, sheet, strict=True)]


def _draw_parallel(found, ax):
    finite = [index for index, mean in enumerate(found.means) if isfinite(mean)]
    worse = sorted(finite, key=found.means.__getitem__, reverse=found.less_is_better)
    low, high = (pick((found.means[index] for index in finite), default=0.0) for pick in (min, max))
    for rank, index in enumerate(worse, start=1):  # the best is drawn last, on top
        heights = [at / max(1, len(values) - 1) for at, values in zip(found.places[index], found.values, strict=True)]
        look = {"color": COLORS[1], "linewidth": 2.5} if index == found.best else \
            {"color": COLORS[0], "alpha": 0.1 + 0.6 * (rank / len(worse)) ** 2}
        ax.plot(range(len(heights) + 1), [*heights, (found.means[index] - low) / ((high - low) or 1.0)], "-", **look)
    ends = [[_value(values[0]), _value(values[-1])] for values in found.values]
    ends.append([found.write(low), found.write(high)])
    for place, labels in enumerate(ends):
        for height, label in enumerate(labels):
            ax.annotate(label, (place, height), xytext=(4, 0), textcoords="offset points", fontsize=8,
                        path_effects=[withStroke(linewidth=3, foreground=ax.get_facecolor())])
    ax.set_xticks(range(len(ends)), [*found.keys, TITLES[found.metric]])
    ax.set_yticks([])
    runners_up = [index for index in reversed(worse) if index != found.best][:RUNNERS_UP]
    return [f"Then {found.tell(index)}" for index in runners_up]
