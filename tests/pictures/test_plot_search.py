"""Claims about the figure of a search, read from its artists and its words."""

import math

import numpy as np
import pytest
from matplotlib.colors import to_hex

from pigeon_lessons import SearchResult, grid, plot_search, sample, uniform
from pigeon_lessons.pictures.style import COLORS, GRAY, new_axes
from tests.pictures.artists import luminance

pytestmark = pytest.mark.usefixtures("no_figure_stays_behind")
NAN = float("nan")


def result(candidates, losses, score="val_loss"):
    """A result of these losses, a list for each candidate; the accuracy is 1 - loss."""
    rows = [{"candidate": index, "val_loss": loss, "val_accuracy": 1 - loss}
            for index, values in enumerate(losses) for loss in values]
    return SearchResult(candidates, rows, score)


STRIP = result(grid(lr=[0.1, 0.01, 10.0]), [[0.2, 0.3], [0.4, 0.6], [0.1, NAN]])
SHEET = result(grid(lr=[0.1, 0.01], num_hidden=[30, 15, 60]), [[0.5], [0.4], [0.3], [0.2], [NAN], [0.6]])
LINES = result(grid(lr=[0.01, 0.1], num_hidden=[15, 30], momentum=[0.0, 0.9]),
               [[loss] for loss in (0.5, 0.4, 0.3, 0.2, NAN, 0.6, 0.7, 0.8)])


def lines(ax, color):
    return [line for line in ax.lines if to_hex(line.get_color()) == color.lower()]


def test_a_strip_has_a_dot_for_each_seed_and_a_bar_at_the_mean():
    ax = plot_search(STRIP).ax
    dots = {line.get_xdata()[0]: line.get_ydata().tolist() for line in lines(ax, GRAY)}
    assert dots[1] == [0.2, 0.3] and dots[0] == [0.4, 0.6]  # in the order of the values, not of the candidates
    assert dots[2][0] == 0.1 and math.isnan(dots[2][1])
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["0.01", "0.1", "10"]
    (best,) = lines(ax, COLORS[1])
    assert best.get_ydata().tolist() == [0.25, 0.25] and np.mean(best.get_xdata()) == 1
    assert [line.get_xdata().tolist() for line in ax.lines if line.get_marker() == "x"] == [[2]]
    assert ax.get_xlabel() == "lr" and "validation loss" in ax.get_ylabel()


def test_a_heat_map_has_the_mean_of_each_combination_in_its_place():
    ax = plot_search(SHEET).ax
    sheet = ax.images[0].get_array().filled(NAN)
    np.testing.assert_array_equal(sheet, [[NAN, 0.2, 0.6], [0.4, 0.5, 0.3]])
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["0.01", "0.1"]
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["15", "30", "60"]
    assert [text.get_text() for text in ax.texts] == ["✕", "0.2", "0.6", "0.4", "0.5", "0.3"]
    (frame,) = ax.patches
    assert frame.get_xy() == (0.5, -0.5)  # around 0.2


def test_lighter_is_better_for_the_loss_and_for_the_accuracy():
    for score in ("val_loss", "val_accuracy"):
        ax = plot_search(result(grid(lr=[1, 2], momentum=[0.0, 0.5]), [[0.1], [0.5], [0.6], [0.9]], score)).ax
        picture = ax.images[0]
        brightness = [sum(picture.cmap(picture.norm(value))[:3]) for value in picture.get_array().filled(NAN).ravel()]
        assert brightness == sorted(brightness, reverse=True)


def test_numbers_in_a_heat_map_stand_out_from_their_ground():
    ax = plot_search(SHEET).ax
    picture = ax.images[0]
    for text in ax.texts:
        if text.get_text() != "✕":
            ground = luminance(picture.cmap(picture.norm(float(text.get_text())))[:3])
            dark, light = sorted((luminance(text.get_color()), ground))
            assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_parallel_lines_go_through_the_values_and_end_at_the_score():
    ax = plot_search(LINES).ax
    (best,) = lines(ax, COLORS[1])
    assert best.get_ydata().tolist() == [0, 1, 1, 0]  # lr, momentum, num_hidden as in a setting; the lowest loss
    others = lines(ax, COLORS[0])
    assert len(others) == 6  # seven have a score, one of them is the best
    assert [line.get_ydata()[-1] for line in others] == sorted((line.get_ydata()[-1] for line in others), reverse=True)
    assert [line.get_alpha() for line in others] == sorted(line.get_alpha() for line in others)
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["lr", "momentum", "num_hidden",
                                                                  "validation loss (nats)"]
    assert [text.get_text() for text in ax.texts] == ["0.01", "0.1", "0", "0.9", "15", "30", "0.2", "0.8"]


def test_two_hyper_parameters_that_fill_no_grid_are_drawn_as_lines():
    candidates = sample(5, seed=1, lr=uniform(0.1, 1), momentum=uniform(0, 0.9))
    ax = plot_search(result(candidates, [[0.1], [0.2], [0.3], [0.4], [0.5]])).ax
    assert not ax.images and len(ax.lines) == 5


def test_a_key_that_a_candidate_leaves_out_has_its_default():
    ax = plot_search(result([{}, {"lr": 0.05}], [[0.3], [0.2]])).ax
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["0.005", "0.05"]


@pytest.mark.parametrize(("found", "words"), [
    (STRIP, "Best of 3 candidates: lr 0.1, with a mean validation loss of 0.25 nats, standard deviation 0.0707, "
            "over 2 seeds. 1 candidate diverged. lr 0.01: 0.5 ± 0.141. lr 0.1: 0.25 ± 0.0707. lr 10: diverged."),
    (SHEET, "Best of 6 candidates: lr 0.01, num_hidden 30, with a mean validation loss of 0.2 nats over 1 seed. "
            "1 candidate diverged. lr 0.01, at num_hidden 15, 30, 60: diverged, 0.2, 0.6. "
            "lr 0.1, at num_hidden 15, 30, 60: 0.4, 0.5, 0.3."),
    (LINES, "Best of 8 candidates: lr 0.01, momentum 0.9, num_hidden 30, with a mean validation loss of 0.2 nats "
            "over 1 seed. 1 candidate diverged. Then lr 0.01, momentum 0, num_hidden 30: 0.3. "
            "Then lr 0.01, momentum 0.9, num_hidden 15: 0.4. Then lr 0.01, momentum 0, num_hidden 15: 0.5. "
            "Then lr 0.1, momentum 0.9, num_hidden 15: 0.6."),
    (result(grid(lr=[0.1, 0.2]), [[0.25], [0.5]], "val_accuracy"),
     "Best of 2 candidates: lr 0.1, with a mean validation accuracy of 75.0 % over 1 seed. "
     "lr 0.1: 75.0 %. lr 0.2: 50.0 %."),
    (result(grid(lr=[1.0, 2.0]), [[NAN], [NAN]]), "All of 2 candidates diverged. lr 1: diverged. lr 2: diverged."),
])
def test_the_words_say_what_is_to_be_seen(found, words):
    assert plot_search(found).words == words


@pytest.mark.parametrize("count", [2, 3])
def test_a_search_that_diverged_altogether_is_drawn_without_error(count):
    candidates = grid(**dict(list({"lr": [1, 2], "momentum": [0.0, 0.5], "num_hidden": [5, 6]}.items())[:count]))
    picture = plot_search(result(candidates, [[NAN]] * len(candidates)))
    ax = picture.ax
    ax.figure.canvas.draw()
    assert picture.words.startswith(f"All of {len(candidates)} candidates diverged.")


def test_it_draws_on_the_axes_it_is_given():
    ax = new_axes()
    assert plot_search(STRIP, ax=ax).ax is ax


def test_candidates_that_do_not_differ_are_an_error():
    with pytest.raises(ValueError, match=r"must differ in at least one key.* search a grid\(\)"):
        plot_search(result([{"lr": 0.1}, {"lr": 0.1}], [[0.1], [0.1]]))
