"""Claims about the figures that one lesson each has: steps, intervals, spread, guess, sigmoid."""

import math
import re
from copy import deepcopy

import IPython.display
import matplotlib.pyplot as plt
import pytest
import torch

from pigeon_lessons import History
from pigeon_lessons.pictures.curves import plot_bands, plot_running_average
from pigeon_lessons.pictures.measured import plot_guess, plot_intervals, plot_spread
from pigeon_lessons.pictures.rates import plot_ladder, plot_steps
from pigeon_lessons.pictures.side_by_side import plot_by_iteration_and_epoch, plot_gallery, plot_sigmoid_and_loss
from pigeon_lessons.pictures.style import new_axes
from tests.pictures.artists import line, points

pytestmark = pytest.mark.usefixtures("no_figure_stays_behind")
NAN = float("nan")


# ---- steps of several learning rates ----

RATES, AFTER = [0, 0.5, 1, 2, 4], [0.7, 0.6, 0.5, 0.7, 1.5]


def test_steps_start_at_the_loss_before_and_end_on_the_curve():
    ax = plot_steps(RATES, AFTER, [1, 4]).ax
    assert points(ax.lines[0]) == (RATES, AFTER)
    assert list(ax.lines[1].get_ydata()) == [0.7, 0.7]
    arrows = [text for text in ax.texts if not text.get_text()]
    assert [(arrow.xyann, arrow.xy) for arrow in arrows] == [((0, 0.7), (1, 0.5)), ((0, 0.7), (4, 1.5))]
    assert [(text.get_text(), text.xy) for text in ax.texts if text.get_text()] == [("lr 1", (1, 0.5)),
                                                                                    ("lr 4", (4, 1.5))]
    assert arrows[0].arrow_patch.get_edgecolor() != arrows[1].arrow_patch.get_edgecolor()


def test_the_words_of_steps_say_whether_each_lowers_raises_or_leaves_the_loss():
    assert plot_steps(RATES, AFTER, [1, 2, 4]).words == (
        "The loss is 0.7 before the step and lowest, 0.5, after a step of lr 1. A step of lr 1 lowers it to 0.5. "
        "A step of lr 2 leaves it at 0.7. A step of lr 4 raises it to 1.5.")


@pytest.mark.parametrize(("rates", "losses", "steps", "words"), [
    (RATES, AFTER[:4], [1], "losses must be one for each of the rates, got 5 rates and 4 losses; measure"),
    ([], [], [], "losses must be one for each of the rates, got 0 rates and 0 losses; measure"),
    (RATES[1:], AFTER[1:], [1], "rates must start at 0, got 0.5; begin with 0 and the loss before the step"),
    (RATES, AFTER, [1, 3], "steps must be among the rates, got 3; add it to the rates"),
])
def test_steps_that_were_not_measured_are_refused(rates, losses, steps, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        plot_steps(rates, losses, steps)


# ---- confidence intervals ----

SCORES = {"validation": (0.93, 0.945, 0.955), "test": (0.9, 0.925, 0.94)}


def test_each_interval_reaches_from_its_low_to_its_high_end_in_a_row_of_its_own():
    picture = plot_intervals(SCORES)
    ax = picture.ax
    for row, (bars, (low, measured, high)) in enumerate(zip(ax.containers, SCORES.values(), strict=True)):
        point, _, (reach,) = bars
        assert (point.get_xdata()[0], point.get_ydata()[0]) == pytest.approx((100 * measured, row))
        assert reach.get_segments()[0].ravel() == pytest.approx([100 * low, row, 100 * high, row])
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["validation", "test"]
    assert ax.get_ylim()[0] > ax.get_ylim()[1], "the first stands at the top"
    assert picture.words == ("validation: 94.5 %, interval 93.0 % to 95.5 %. test: 92.5 %, interval 90.0 % to 94.0 %.")


@pytest.mark.parametrize(("intervals", "words"), [
    ({}, "intervals must hold at least one, got none; give {'a label': (low, measured, high)}"),
    *(({"test": wrong}, f"interval 'test' must be 0 ≤ low ≤ measured ≤ high ≤ 1, got {wrong}; give shares")
      for wrong in [(0.9, 0.8, 0.95), (0.7, 0.8, 0.75), (-0.1, 0.5, 0.6), (0.9, 0.95, 1.1), (93.0, 94.5, 95.5),
                    (0.9, NAN, 0.95)]),
])
def test_intervals_out_of_order_are_refused(intervals, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        plot_intervals(intervals)


# ---- the spread of batches ----

def test_the_law_starts_at_the_smallest_batch_and_halves_with_four_times_the_size():
    picture = plot_spread({4: 1.2, 16: 0.5, 64: 0.4})
    ax = picture.ax
    assert points(line(ax, "measured")) == ([4, 16, 64], [1.2, 0.5, 0.4])
    xs, ys = points(line(ax, "the law 1/√n"))
    assert (xs, ys) == ([4, 16, 64], pytest.approx([1.2, 0.6, 0.3]))
    assert ax.get_xscale() == ax.get_yscale() == "log"
    assert picture.words == ("Spread of the gradient: 1.2 at n = 4, 0.5 at n = 16, 0.4 at n = 64. "
                             "The law 1/√n gives 1.2, 0.6, 0.3.")


@pytest.mark.parametrize("spreads", [{}, {1: 2.0}, {0: 2.0, 1: 1.0}, {1: 2.0, 1000: 0.0}])
def test_spreads_without_a_law_are_refused(spreads):
    words = f"spreads must map at least two batch sizes to spreads, all above 0, got {spreads!r}; a batch of"
    with pytest.raises(ValueError, match=re.escape(words)):
        plot_spread(spreads)


# ---- a guess and what came of it ----

@pytest.mark.parametrize(("guess", "marks", "words"), [
    (40, [25, 40], "You guessed 40 %; measured: 25 %."),
    (None, [25], "Measured: 25 %. No guess was recorded."),
])
def test_guess_and_measurement_are_marks_on_one_line(guess, marks, words):
    picture = plot_guess(guess, 25, low=0, high=100, unit="%")
    ax = picture.ax
    assert [line.get_xdata()[0] for line in ax.lines if line.get_marker() in "oD"] == marks
    assert [text.get_text() for text in ax.texts] == ["measured: 25 %", "your guess: 40 %"][:len(marks)]
    assert picture.words == words


@pytest.mark.parametrize("measured", [-20, 150])
def test_a_measurement_beyond_the_line_stretches_it(measured):
    low, high = plot_guess(40, measured, low=0, high=100).ax.get_xlim()
    assert low < min(0, measured) and max(100, measured) < high


# ---- the sigmoid and the loss ----

def test_sigmoid_and_losses_are_the_closed_forms():
    picture = plot_sigmoid_and_loss()
    left, right = picture.figure.axes
    for logit, yes in zip(*points(left.lines[0]), strict=True):
        assert yes == pytest.approx(1 / (1 + math.exp(-logit)))
    for curve, chance in zip(right.lines, (lambda p: p, lambda p: 1 - p), strict=True):
        for logit, loss in zip(*points(curve), strict=True):
            assert loss == pytest.approx(-math.log(chance(1 / (1 + math.exp(-logit)))))
    assert picture.words.endswith("The loss of one image with target 1 falls with the logit: 3.05 at -3, 0.693 at 0, "
                                  "0.0486 at 3. With target 0 it rises: 0.0486 at -3, 0.693 at 0, 3.05 at 3.")


# ---- all of them, and those of runs ----

RUN = History({"iteration": [0, 1], "epoch": [0, 1], "train_loss": [0.7, 0.4], "val_loss": [0.7, 0.5]})
ON_AXES = [(plot_running_average, ([3.0, 1.0, 2.0], 2), {}), (plot_bands, ({"a": [RUN, RUN]},), {}),
           (plot_ladder, ({"SGD": {0.1: 0.2, 1: 0.15}}, 0.25), {}), (plot_steps, (RATES, AFTER, [1]), {}),
           (plot_intervals, (SCORES,), {}), (plot_spread, ({1: 2.0, 4: 1.0},), {}),
           (plot_guess, (40, 25), {"low": 0, "high": 100})]
ALL = [*ON_AXES, (plot_gallery, ({"A": AFTER},), {}), (plot_by_iteration_and_epoch, ({"a": RUN},), {}),
       (plot_sigmoid_and_loss, (), {})]


def names(examples):
    return [function.__name__ for function, _, _ in examples]


@pytest.mark.parametrize(("function", "arguments", "options"), ALL, ids=names(ALL))
def test_a_figure_shows_nothing_trains_nothing_and_changes_nothing_it_is_given(function, arguments, options,
                                                                               monkeypatch):
    for owner, forbidden in ((plt, "show"), (plt, "figure"), (IPython.display, "display"), (torch.Tensor, "backward"),
                             (torch.nn.Module, "__call__")):
        monkeypatch.setattr(owner, forbidden, None)
    before = deepcopy(arguments)
    picture = function(*arguments, **options)
    picture.png()
    assert picture.words and 0 < len(picture.title) < 80
    assert repr(arguments) == repr(before)


@pytest.mark.parametrize(("function", "arguments", "options"), ON_AXES, ids=names(ON_AXES))
def test_a_figure_goes_into_axes_that_are_there(function, arguments, options):
    ax = new_axes()
    assert function(*arguments, **options, ax=ax).ax is ax
