"""Claims about the figures that show many runs at a glance, gallery and ladder, read from their artists and words."""

import re

import numpy as np
import pytest

from pigeon_lessons.pictures.rates import plot_ladder
from pigeon_lessons.pictures.side_by_side import plot_gallery
from tests.pictures.artists import legend, line, points

pytestmark = pytest.mark.usefixtures("no_figure_stays_behind")
NAN, INF = float("nan"), float("inf")


# ---- the gallery ----

def test_each_curve_of_a_gallery_has_a_panel_of_its_own_on_one_scale():
    curves = {name: [0.1 * place + step for step in (0.5, 0.4, 0.3, 0.2, 0.1)] for place, name in enumerate("ABCD")}
    picture = plot_gallery(curves)
    first = picture.ax
    panels = first.figure.axes
    assert len(panels) == 6
    assert [ax.get_title(loc="left") for ax in panels[:4]] == list("ABCD")
    for ax, losses in zip(panels, curves.values(), strict=False):
        assert points(ax.lines[0]) == ([1, 2, 3, 4, 5], losses)
        assert ax.get_ylim() == (0, 2)
    assert [ax.axison for ax in panels] == [True] * 4 + [False] * 2
    assert picture.words.startswith("A: 0.5, 0.4, 0.3, 0.2, 0.1, each the mean of a fifth of the run; highest 0.5 at "
                                    "iteration 1. B: 0.6, 0.5, ")


def test_the_words_of_a_panel_are_the_means_of_fifths():
    losses = [1.0, 0.8, 0.6, 0.6, 0.5, 0.3, 0.25, 0.35, 0.2, 0.1]
    assert plot_gallery({"A": losses}).words.startswith("A: 0.9, 0.6, 0.4, 0.3, 0.15, each the mean")


def test_a_loss_beyond_the_top_is_a_triangle_at_the_rim_and_is_named():
    picture = plot_gallery({"A": [0.7, 9.0, 0.6, 2.5, 2.0]})
    ax = picture.ax
    triangles = ax.lines[1]
    assert triangles.get_marker() == "^"
    assert list(triangles.get_xdata()) == [2, 4]
    assert all(0 < y < 2 for y in triangles.get_ydata())
    assert ax.get_title(loc="right") == "highest 9"
    assert picture.words.endswith("; highest 9 at iteration 2.")


def test_a_curve_that_stops_being_finite_has_no_highest_loss():
    picture = plot_gallery({"A": [0.7, 5.0, NAN, INF, NAN]})
    ax = picture.ax
    assert picture.words == "A: 0.7, 5, nan, inf, nan, each the mean of a fifth of the run."
    assert ax.get_title(loc="right") == ""


@pytest.mark.parametrize(("curves", "words"), [
    ({}, "curves must hold at least one curve, got none; give {'a label': [numbers]}"),
    ({"A": [0.7] * 5, "B": [0.7] * 4}, "curve 'B' must hold at least 5 numbers, got 4; record more"),
])
def test_a_gallery_that_cannot_be_told_is_refused(curves, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        plot_gallery(curves)


# ---- the ladder ----

RUNGS = {1: 0.15, 0.01: 0.5, 10: NAN, 0.1: 0.2}


def test_a_ladder_has_the_final_losses_over_rising_learning_rates():
    picture = plot_ladder({"SGD": RUNGS, "momentum": {0.01: 0.25, 0.001: 0.4}}, goal=0.25)
    ax = picture.ax
    xs, ys = points(line(ax, "SGD"))
    assert xs == [0.01, 0.1, 1, 10]
    np.testing.assert_array_equal(ys, [0.5, 0.2, 0.15, NAN])
    assert points(line(ax, "momentum")) == ([0.001, 0.01], [0.4, 0.25])
    assert ax.lines[-1].get_ydata() == [0.25, 0.25]
    assert ax.get_xscale() == "log"
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["0.001", "0.01", "0.1", "1", "10"]
    assert picture.words == ("SGD ends below 0.25 with a learning rate of 0.1 or 1, 2 of the 4 tried. "
                             "momentum ends below 0.25 with none of the 2 learning rates tried.")


def test_the_words_of_a_ladder_list_one_rate_or_several():
    one, three = (plot_ladder({"SGD": dict.fromkeys(rates, 0.1)}, goal=0.25).words for rates in ([0.1], [0.1, 1, 10]))
    assert one == "SGD ends below 0.25 with a learning rate of 0.1, 1 of the 1 tried."
    assert three == "SGD ends below 0.25 with a learning rate of 0.1, 1 or 10, 3 of the 3 tried."


def test_no_line_of_a_ladder_is_lost_however_many_there_are():
    labels = [f"run {index}" for index in range(8)]
    picture = plot_ladder(dict.fromkeys(labels, RUNGS), goal=0.25)
    ax = picture.ax
    assert legend(ax) == labels
    assert picture.words.count("ends below") == 8


@pytest.mark.parametrize(("ends", "words"), [
    ({}, "ends must hold at least one line, got none; give {'a label': {learning rate: final loss}}"),
    ({"SGD": RUNGS, "momentum": {}}, "line 'momentum' must hold at least one learning rate, got none; give {'a"),
    ({"SGD": {0.1: 0.2, 0: 0.7}}, "a learning rate of ends must be greater than 0, got 0.0; leave it out"),
])
def test_a_ladder_without_rungs_is_refused(ends, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        plot_ladder(ends, goal=0.25)
