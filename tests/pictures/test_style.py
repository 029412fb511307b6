"""Claims about the look of all figures: lines stand out from the page, and color is never all that tells them apart."""

import matplotlib
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.lines import Line2D
from matplotlib.text import Text

from pigeon_lessons import History, plot_curves, plot_history
from pigeon_lessons.pictures.style import COLORS, CROSS, GRAY, INK, STAR, TRAIN, VAL, look
from tests.pictures.artists import line, luminance
from tests.pictures.test_hostile_arguments import EXAMPLES, plot

NAN = float("nan")


@pytest.mark.parametrize("color", [*COLORS, GRAY, INK, CROSS["color"], STAR["color"]])
def test_every_color_stands_out_from_white_as_graphics_have_to(color):
    assert 1.05 / (luminance(color) + 0.05) >= 3


def test_thirty_six_curves_all_differ_and_neighbors_in_color_and_dash():
    looks = [look(index) for index in range(36)]
    assert len({(one["color"], str(one["linestyle"])) for one in looks}) == 36
    for one, next_one in zip(looks, looks[1:], strict=False):
        assert one["color"] != next_one["color"] and one["linestyle"] != next_one["linestyle"]


def test_a_run_is_drawn_in_one_language_training_solid_validation_dashed_star_and_cross():
    run = History({"epoch": [0, 1, 2], "train_loss": [0.7, 0.4, NAN], "val_loss": [0.7, 0.5, NAN]})
    ax = plot_history(run).ax
    for label, style in (("training", TRAIN), ("validation", VAL), ("best validation", STAR), ("diverged", CROSS)):
        drawn = line(ax, label)
        assert drawn.get_color() == style["color"] and drawn.get_marker() == style.get("marker", "None")
    assert (TRAIN["linestyle"], VAL["linestyle"]) == ("-", "--") and TRAIN["color"] != VAL["color"]
    assert (line(ax, "diverged").get_xdata()[0], line(ax, "diverged").get_ydata()[0]) == (1, 0.4)


@pytest.mark.parametrize("count", [1, 3, 9])
def test_a_legend_stands_above_the_curves_and_hides_none(count):
    ax = plot_curves({f"a curve of medium length {index}": [1.0, 0.5] for index in range(count)}).ax
    ax.figure.canvas.draw()
    assert ax.get_legend().get_window_extent().y0 >= ax.get_window_extent().y1
    assert ax.get_legend().get_window_extent().x1 <= ax.figure.bbox.x1


def rim(artist):
    """Return the color that a text, a line, or at least the rim of a sign is drawn in."""
    return artist.get_markeredgecolor() if getattr(artist, "get_linestyle", str)() == "None" else artist.get_color()


@pytest.mark.parametrize("name", EXAMPLES)
def test_lines_and_words_stand_out_from_a_dark_ground_too(name):
    with matplotlib.style.context("dark_background"):
        figure = plot(name)(**EXAMPLES[name]).figure
        figure.canvas.draw()
    colors = set(map(rim, figure.findobj(lambda artist: isinstance(artist, (Text, Line2D)))))
    assert colors and [color for color in colors if (luminance(color) + 0.05) / 0.05 < 3] == []


def test_words_on_a_curve_have_the_ground_around_them():
    with matplotlib.style.context("dark_background"):
        ax = plot("plot_steps")(**EXAMPLES["plot_steps"]).ax
        canvas = FigureCanvasAgg(ax.figure)
        canvas.draw()
    for text in ax.texts:
        left, low, right, high = map(int, text.get_window_extent().extents)
        if text.get_text():
            assert (np.asarray(canvas.buffer_rgba())[::-1][low:high, left:right, :3] < 250).any(axis=-1).all()


@pytest.mark.parametrize(("style", "turns"), [
    ("default", True), ("dark_background", False), ({"figure.facecolor": "none"}, True)])
def test_on_a_dark_page_a_picture_turns_dark_if_it_is_not(style, turns):
    with matplotlib.style.context(style):
        assert ('class="pigeon-figure' in plot_curves({"a": [1, 2]}).html()) is turns
