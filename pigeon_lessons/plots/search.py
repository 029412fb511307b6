"""What a search found: a strip for one hyper-parameter, a heat map for two, parallel lines for more."""

from math import isfinite

import numpy as np

from pigeon_lessons.describe import count, number, percent
from pigeon_lessons.plots.style import COLORS, GRAY, new_axes

TITLES = {"val_loss": "validation loss (nats)", "val_accuracy": "validation accuracy"}


def plot_search(result, *, ax=None):
    """Draw a `SearchResult`, in the form that fits the number of keys in which its candidates differ.

    One: a strip, a dot for each seed and a bar at their mean. Two: a heat map of the means. More:
    a line for each candidate through parallel axes, darker the better. A diverged candidate is left
    blank and counted in the words. Raises ValueError if candidates differ in nothing.

    >>> from pigeon_lessons import SearchResult
    >>> rows = [{"candidate": 0, "val_loss": 0.3}, {"candidate": 1, "val_loss": 0.2}]
    >>> plot_search(SearchResult([{"lr": 0.01}, {"lr": 0.1}], rows, "val_loss")).words
    'Best of 2 candidates: lr 0.1, with a mean validation loss of 0.2 nats over 1 seed.'
    """
    varied = [key for key in result.candidates[0]
              if len({candidate.get(key) for candidate in result.candidates}) > 1]
    if not varied:
        raise ValueError("candidates must differ in at least one key, got candidates all alike; "
                         "search a grid() of two values or more")
    if len(varied) == 1:
        ax = _draw_strip(result, varied[0], ax or new_axes())
    elif len(varied) == 2:
        ax = _draw_heat_map(result, varied, ax or new_axes())
    else:
        ax = _draw_parallel(result, varied, ax or new_axes())
    ax.words = _words(result, varied)
    return ax


def _values(result, key):
    """Return the different values of a key, in order: numbers by size, anything else by name."""
    return sorted({candidate.get(key) for candidate in result.candidates},
                  key=lambda value: (isinstance(value, str), value))


def _labels(values):
    return [f"{value:.3g}" if isinstance(value, (int, float)) else str(value) for value in values]


def _draw_strip(result, key, ax):
    values = _values(result, key)
    for index, candidate in enumerate(result.candidates):
        place, scores = values.index(candidate.get(key)), result.scores(index)
        ax.plot([place] * len(scores), scores, "o", color=GRAY, alpha=0.6, markersize=5)
        ax.plot([place - 0.25, place + 0.25], [result.means[index]] * 2, "-", color=COLORS[0], linewidth=2.5)
    ax.set_xticks(range(len(values)), _labels(values))
    ax.set(xlabel=key, ylabel=TITLES[result.score])
    return ax


def _draw_heat_map(result, keys, ax):
    down, across = (_values(result, key) for key in keys)
    sheet = np.full((len(down), len(across)), np.nan)
    for candidate, mean in zip(result.candidates, result.means, strict=True):
        if isfinite(mean):
            sheet[down.index(candidate.get(keys[0])), across.index(candidate.get(keys[1]))] = mean
    ax.grid(False)
    picture = ax.imshow(sheet, cmap="cividis_r" if "loss" in result.score else "cividis", aspect="auto")
    for row, column in np.argwhere(np.isfinite(sheet)):
        red, green, blue, _ = picture.cmap(picture.norm(sheet[row, column]))
        is_dark = 0.3 * red + 0.6 * green + 0.1 * blue < 0.5
        ax.text(column, row, number(sheet[row, column]), ha="center", va="center", fontsize=8,
                color="white" if is_dark else "black")
    ax.set_yticks(range(len(down)), _labels(down))
    ax.set_xticks(range(len(across)), _labels(across))
    ax.set(ylabel=keys[0], xlabel=keys[1])
    ax.figure.colorbar(picture, ax=ax, label=TITLES[result.score])
    return ax


def _draw_parallel(result, keys, ax):
    """Each axis runs from its lowest to its highest value in equal steps of rank, so that ladders stay readable."""
    ranks = [{value: place for place, value in enumerate(_values(result, key))} for key in keys]
    means = [mean if isfinite(mean) else np.nan for mean in result.means]
    lowest, highest = (np.nanmin(means), np.nanmax(means)) if not np.isnan(means).all() else (0.0, 1.0)
    span = (highest - lowest) or 1.0
    for candidate, mean in zip(result.candidates, means, strict=True):
        if np.isnan(mean):
            continue
        heights = [rank[candidate.get(key)] / max(1, len(rank) - 1) for key, rank in zip(keys, ranks, strict=True)]
        score = (mean - lowest) / span
        goodness = 1 - score if "loss" in result.score else score
        ax.plot(range(len(keys) + 1), [*heights, score], "-", color=COLORS[0], alpha=0.1 + 0.9 * goodness ** 2)
    for place, rank in enumerate(ranks):
        ends = _labels([min(rank, key=rank.get), max(rank, key=rank.get)])
        for height, label in zip((0, 1), ends, strict=True):
            ax.annotate(label, (place, height), xytext=(4, 0), textcoords="offset points", fontsize=8)
    for height, value in ((0, lowest), (1, highest)):
        ax.annotate(number(value), (len(keys), height), xytext=(4, 0), textcoords="offset points", fontsize=8)
    ax.set_xticks(range(len(keys) + 1), [*keys, TITLES[result.score]])
    ax.set_yticks([])
    return ax


def _words(result, varied):
    diverged = sum(not isfinite(mean) for mean in result.means)
    seeds = len(result.scores(0))
    note = f" {count(diverged, 'candidate')} diverged." if diverged else ""
    if diverged == len(result.candidates):
        return f"All of {count(diverged, 'candidate')} diverged."
    best = result.best_index
    where = ", ".join(f"{key} {_labels([result.candidates[best].get(key)])[0]}" for key in varied)
    mean = result.means[best]
    written = f"loss of {number(mean)} nats" if "loss" in result.score else f"accuracy of {percent(mean)}"
    spread = f", standard deviation {number(result.spreads[best])}," if seeds > 1 else ""
    return (f"Best of {count(len(result.candidates), 'candidate')}: {where}, with a mean validation {written}"
            f"{spread} over {count(seeds, 'seed')}.{note}")
