"""A student's guess and the measured number on one line, beside each other."""

from pigeon_lessons.pictures.picture import Picture
from pigeon_lessons.pictures.style import COLORS, new_axes
from pigeon_lessons.words import number


def plot_guess(guess, measured, *, low, high, unit="", ax=None):
    """Draw a guess (or None) and a measured number on a line from `low` to `high`, all in `unit`.

    A measurement beyond the line stretches it.

    >>> plot_guess(40, 25.3, low=0, high=100, unit="%").words
    'You guessed 40 %; measured: 25.3 %.'
    >>> plot_guess(None, 25.3, low=0, high=100, unit="%").words
    'Measured: 25.3 %. No guess was recorded.'
    """
    ax = ax or new_axes(height=1.3)
    marks = [("measured", measured, "o", COLORS[0])]
    if guess is not None:
        marks.append(("your guess", guess, "D", COLORS[1]))
    for place, (label, value, marker, color) in enumerate(marks):
        ax.plot(value, place, marker=marker, markersize=10, color=color, linestyle="none")
        ax.axvline(value, color=color, linewidth=0.8, linestyle=":")
        is_left = value < (low + high) / 2  # the text goes to the side that has room
        ax.annotate(f"{label}: {_told(value, unit)}", (value, place), xytext=(10 if is_left else -10, -4),
                    textcoords="offset points", ha="left" if is_left else "right")
    low, high = min(low, measured), max(high, measured)
    rest = 0.04 * (high - low)
    ax.set(xlim=(low - rest, high + rest), ylim=(-0.6, len(marks) - 0.4), yticks=[], xlabel=unit)
    ax.spines["left"].set_visible(False)
    words = (f"Measured: {_told(measured, unit)}. No guess was recorded." if guess is None
             else f"You guessed {_told(guess, unit)}; measured: {_told(measured, unit)}.")
    return Picture(ax, "What was measured" if guess is None else "Your guess and what was measured", words)


def _told(value, unit):
    return f"{number(value)} {unit}".rstrip()
