"""Pictures of 28×28 pixels side by side: digits with their labels, or what hidden units look for."""

import numpy as np

from pigeon_lessons import checks
from pigeon_lessons.digits import Digits
from pigeon_lessons.model import PIXELS, SIDE
from pigeon_lessons.pictures import given
from pigeon_lessons.pictures.picture import Picture
from pigeon_lessons.pictures.style import ink
from pigeon_lessons.words import count, number, percent

MOST = 64
GAP = 3  # pixels between pictures
CAPTION = 9  # pixels for the line of text under each


def plot_digits(digits, answers=None, *, columns=8, ax=None):
    """Draw `digits` in a grid, each over its label and, if given, the Pigeon's answer.

    `answers`: the probability of "yes" for each digit, shape [n] or [n, 1]. A wrong
    answer is marked with ✗ and colored. Raises TypeError for anything but Digits, ValueError when there are none,
    more than 64, not one answer for each, or an answer that is no probability.

    >>> from pigeon_lessons import load_mnist
    >>> plot_digits(load_mnist()[:4])
    4 digits, labeled 0, 7, 9, 9.
    """
    if not isinstance(digits, Digits):
        raise TypeError(f"digits must be Digits, got {given.briefly(digits)}; give load_mnist()[:16]")
    _check_count("digits", len(digits))
    captions, title = list(map(str, digits.labels.tolist())), "Digits and their labels"
    words = f"{count(len(digits), 'digit')}, labeled {', '.join(captions)}."
    if answers is not None:
        chances = _probabilities(answers, len(digits))
        wrong = (chances > 0.5) != (digits.targets[:, 0].cpu().numpy() > 0.5)
        captions = [f"{label}: {chance:.2f}{' ✗' if is_wrong else ''}"
                    for label, chance, is_wrong in zip(captions, chances, wrong, strict=True)]
        right, title = int((~wrong).sum()), "Digits and the Pigeon's answers"
        words = (f"{count(len(digits), 'digit')}, each with its label and the Pigeon's probability of "
                 f"\"{digits.yes_means}\": {', '.join(captions)}. "
                 f"{right} of {len(digits)} answers are right ({percent(right / len(digits))}).")
    ax = _draw_grid(digits.images[:, 0].cpu().numpy(), columns, ax, captions, cmap="gray_r", vmin=0, vmax=1)
    return Picture(ax, title, words)


def plot_weights(model, *, ax=None):
    """Draw the weights of a `Pigeon`'s hidden units as pictures: orange raises, violet lowers a unit's sum.

    All units share one scale. Raises TypeError for a model without such a layer, ValueError for more than 64
    hidden units or weights that are not finite.

    >>> from pigeon_lessons import Pigeon
    >>> plot_weights(Pigeon(seed=1))
    First-layer weights of 30 hidden units as pictures, from -0.0357 to 0.0357.
    """
    weights = getattr(getattr(model, "hidden", None), "weight", None)
    if getattr(weights, "shape", (0,))[1:] != (PIXELS,):
        raise TypeError(f"model must have a layer .hidden of 784 inputs, got {type(model).__name__}; give a Pigeon")
    _check_count("hidden units", len(weights))
    weights = weights.detach().cpu().double().reshape(-1, SIDE, SIDE).numpy()
    limit = checks.real_number("the largest weight", np.abs(weights).max(), remedy="train with a smaller learning rate")
    ax = _draw_grid(weights, 10, ax, cmap="PuOr_r", vmin=-limit, vmax=limit)
    return Picture(ax, "First-layer weights", f"First-layer weights of {count(len(weights), 'hidden unit')} as "
                                              f"pictures, from {number(weights.min())} to {number(weights.max())}.")


def _probabilities(answers, wanted):
    """Return `answers`, a tensor, array or list, as float64 [wanted]; ValueError unless they are probabilities."""
    chances = given.numbers("answers", answers.reshape(-1) if hasattr(answers, "reshape") else answers, least=0)
    if len(chances) != wanted:
        raise ValueError(f"answers must be one probability for each of the {wanted} digits, got {len(chances)}; "
                         "give torch.sigmoid(model(digits.images))")
    if not ((chances >= 0) & (chances <= 1)).all():
        raise ValueError(f"answers must be probabilities, 0..1, got values from {chances.min():.3g} to "
                         f"{chances.max():.3g}; turn logits into probabilities with torch.sigmoid")
    return chances


def _check_count(name, count_of_them):
    if not 1 <= count_of_them <= MOST:
        raise ValueError(f"{name} must be 1 to {MOST} to fit in one picture, got {count_of_them}; take a slice")


def _draw_grid(pictures, columns, ax, captions=(), **image_settings):
    """Draw pictures [n, 28, 28] row by row as one image with gaps, which is far faster than n Axes."""
    columns = checks.whole_number("columns", columns, least=1)
    places = [divmod(index, columns) for index in range(len(pictures))]
    high, wide = SIDE + (CAPTION if captions else GAP), SIDE + GAP
    sheet = np.full(((places[-1][0] + 1) * high, min(columns, len(pictures)) * wide), np.nan)
    for (row, column), picture in zip(places, pictures, strict=True):
        sheet[row * high:row * high + SIDE, column * wide:column * wide + SIDE] = picture
    ax = given.axes(ax, width=sheet.shape[1] * 0.028, height=sheet.shape[0] * 0.028)
    ax.imshow(sheet, interpolation="nearest", **image_settings)
    ax.set_axis_off()
    for (row, column), caption in zip(places, captions, strict=False):
        look = {"color": "#B03A00", "fontweight": "bold"} if "✗" in caption else {"color": ink(ax.figure)}
        ax.text(column * wide + SIDE / 2, row * high + SIDE + 1, caption, ha="center", va="top", fontsize=7.5, **look)
    return ax
