"""Figures: a History, a table of trials or some Digits, drawn with matplotlib and put into words.

Every function returns a `Picture`: a figure and what is to be seen in it, in words, that displays itself. With
`ax=` it draws on Axes that are there. Nothing here trains a network or touches pyplot, so no figure
outlives its picture.
"""

from pigeon_lessons.pictures.curves import (
    plot_bands,
    plot_by_iteration_and_epoch,
    plot_curves,
    plot_history,
    plot_running_average,
    running_average,
)
from pigeon_lessons.pictures.digits import plot_digits, plot_weights
from pigeon_lessons.pictures.gallery import plot_gallery
from pigeon_lessons.pictures.logits import plot_sigmoid_and_loss
from pigeon_lessons.pictures.measured import plot_guess, plot_intervals, plot_spread
from pigeon_lessons.pictures.picture import Picture
from pigeon_lessons.pictures.rates import plot_ladder, plot_steps
from pigeon_lessons.pictures.search import plot_search
from pigeon_lessons.pictures.style import COLORS, DASHES, GRAY, new_axes

__all__ = [
    "COLORS", "DASHES", "GRAY", "Picture", "new_axes", "plot_bands", "plot_by_iteration_and_epoch", "plot_curves",
    "plot_digits", "plot_gallery", "plot_guess", "plot_history", "plot_intervals", "plot_ladder",
    "plot_running_average", "plot_search", "plot_sigmoid_and_loss", "plot_spread", "plot_steps", "plot_weights",
    "running_average",
]
