"""Claims about figures, read from their artists; no picture is compared."""

import re

import numpy as np
import pytest
import torch
from matplotlib.colors import to_hex

from pigeon_lessons import (
    History,
    Pigeon,
    describe,
    load_mnist,
    plot_curves,
    plot_digits,
    plot_history,
    plot_weights,
)
from pigeon_lessons.pictures.style import COLORS, DASHES, new_axes
from tests.pictures.artists import legend, line

pytestmark = pytest.mark.usefixtures("no_figure_stays_behind")
NAN = float("nan")
RUN = History({"iteration": [0, 32, 64, 96], "epoch": [0, 1, 2, 3], "train_loss": [0.7, 0.4, 0.3, 0.2],
               "train_accuracy": [0.3, 0.8, 0.9, 0.95], "val_loss": [0.7, 0.5, 0.4, 0.6],
               "val_accuracy": [0.3, 0.8, 0.9, 0.9]})


# ---- training curves ----

@pytest.mark.parametrize("x", ["epoch", "iteration"])
@pytest.mark.parametrize("metric", ["loss", "accuracy"])
def test_a_history_is_drawn_as_it_is(metric, x):
    picture = plot_history(RUN, metric, x=x)
    ax = picture.ax
    for label, split in (("training", "train"), ("validation", "val")):
        assert line(ax, label).get_xdata().tolist() == RUN[x]
        assert line(ax, label).get_ydata().tolist() == RUN[f"{split}_{metric}"]
    assert legend(ax) == ["training", "validation", "best validation"]
    assert line(ax, "validation").get_linewidth() > line(ax, "training").get_linewidth()
    assert metric in ax.get_ylabel() and x in ax.get_xlabel()
    assert picture.words == describe(RUN, metrics=(metric,))


def test_a_run_can_be_drawn_over_the_training_clock():
    clock = [0, 1.6, 3.2, 4.8]
    ax = plot_history(History({**RUN, "tau": clock}), x="tau").ax
    assert line(ax, "training").get_xdata().tolist() == line(ax, "validation").get_xdata().tolist() == clock
    assert line(ax, "best validation").get_xdata().tolist() == [3.2] and ax.get_xlabel().startswith("training clock τ")


@pytest.mark.parametrize(("metric", "row"), [("loss", 2), ("accuracy", 2)])
def test_the_star_marks_the_earliest_best_row(metric, row):
    star = line(plot_history(RUN, metric).ax, "best validation")
    assert star.get_marker() == "*"
    assert (star.get_xdata().tolist(), star.get_ydata().tolist()) == ([row], [RUN[f"val_{metric}"][row]])


def test_without_validation_there_is_one_line_and_no_star():
    ax = plot_history(History({"epoch": [0, 1], "train_loss": [0.7, 0.4]})).ax
    assert legend(ax) == ["training"]


def test_a_diverged_run_is_drawn_and_nan_gets_no_star():
    diverged = History({"epoch": [0, 1, 2], "train_loss": [0.7, NAN, NAN], "val_loss": [0.7, NAN, NAN]})
    picture = plot_history(diverged)
    ax = picture.ax
    assert line(ax, "best validation").get_xdata().tolist() == [0]
    assert np.isfinite(ax.get_ylim()).all() and "stops being finite after 1 epoch" in picture.words
    all_nan = plot_history(History({"epoch": [0, 1], "train_loss": [NAN, NAN], "val_loss": [NAN, NAN]})).ax
    assert legend(all_nan) == ["training", "validation"]


def test_a_figure_can_go_into_axes_that_are_there():
    ax = new_axes()
    assert plot_history(RUN, ax=ax).ax is ax and plot_curves({"a": [1, 2]}, ax=ax).ax is ax


@pytest.mark.parametrize(("arguments", "words"), [
    ({"metric": "error"}, "metric must be one of 'loss', 'accuracy', got 'error'; "),
    ({"x": "seconds"}, "x must be one of 'epoch', 'iteration', 'tau', got 'seconds'; "),
])
def test_an_unknown_metric_or_axis_is_refused(arguments, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        plot_history(RUN, **arguments)


def test_a_history_without_the_column_is_refused():
    with pytest.raises(KeyError, match="no column 'train_accuracy'; the columns are epoch, train_loss"):
        plot_history(History({"epoch": [0, 1], "train_loss": [0.7, 0.4]}), "accuracy")


# ---- curves side by side ----

def test_curves_differ_in_color_and_dash():
    ax = plot_curves({f"run {index}": [0.7, 0.1 * index] for index in range(6)}).ax
    assert [to_hex(line.get_color()).upper() for line in ax.lines] == list(COLORS)
    assert len({str(line._unscaled_dash_pattern) for line in ax.lines}) == len(set(DASHES)) == 6


def test_curves_stand_at_their_positions():
    curves = {"counted": [0.7, 0.2, 0.4], "placed": ([10, 20], [0.5, 0.3])}
    picture = plot_curves(curves, xlabel="images", ylabel="nats")
    ax = picture.ax
    assert line(ax, "counted").get_xdata().tolist() == [0, 1, 2]
    assert line(ax, "placed").get_xdata().tolist() == [10, 20]
    assert line(ax, "placed").get_ydata().tolist() == [0.5, 0.3]
    assert (ax.get_xlabel(), ax.get_ylabel(), legend(ax)) == ("images", "nats", ["counted", "placed"])
    assert picture.words == "counted falls from 0.7 to 0.4; lowest 0.2, highest 0.7. placed falls from 0.5 to 0.3."


def test_curves_may_be_arrays_or_tensors():
    values = [0.75, 0.25, 0.5]
    assert plot_curves({"a": np.array(values)}).words == plot_curves({"a": torch.tensor(values)}).words == (
        plot_curves({"a": values}).words)


@pytest.mark.parametrize(("curves", "words"), [
    ({}, "curves must hold at least one curve, got none; give"),
    ({"a": ([0, 1], [0.5])}, "curve 'a' must have a position for each value, got 2 positions and 1 values"),
])
def test_curves_that_cannot_be_drawn_are_refused(curves, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        plot_curves(curves)


# ---- pictures ----

def test_each_digit_is_drawn_where_its_caption_says():
    digits = load_mnist()[:10]
    picture = plot_digits(digits, columns=4)
    ax = picture.ax
    sheet = ax.images[0].get_array()
    assert sheet.shape == (3 * 37, 4 * 31)
    for index, text in enumerate(ax.texts):
        row, column = divmod(index, 4)
        drawn = sheet[37 * row:37 * row + 28, 31 * column:31 * column + 28]
        np.testing.assert_array_equal(np.asarray(drawn), digits.images[index, 0].numpy())
        x, y = text.get_position()
        assert text.get_text() == str(digits.labels[index].item())
        assert 31 * column < x < 31 * column + 28 and 37 * row + 28 <= y < 37 * (row + 1)
    assert picture.words == f"10 digits, labeled {', '.join(map(str, digits.labels.tolist()))}."


def test_wrong_answers_are_marked_by_sign_and_color():
    digits = load_mnist()[:3]  # 0, 7, 9
    picture = plot_digits(digits, torch.tensor([[0.9], [0.6], [0.2]], requires_grad=True))
    ax = picture.ax
    assert [text.get_text() for text in ax.texts] == ["0: 0.90", "7: 0.60 ✗", "9: 0.20"]
    assert ax.texts[1].get_color() != ax.texts[0].get_color() == ax.texts[2].get_color()
    assert picture.words.endswith("0: 0.90, 7: 0.60 ✗, 9: 0.20. 2 of 3 answers are right (66.7 %).")


@pytest.mark.parametrize(("digits", "options", "error", "words"), [
    (load_mnist()[:0], {}, ValueError, "digits must be 1 to 64 to fit in one picture, got 0; take a slice"),
    (load_mnist()[:65], {}, ValueError, "digits must be 1 to 64 to fit in one picture, got 65; take a slice"),
    (load_mnist()[:3], {"answers": [0.5]}, ValueError, "one probability for each of the 3 digits, got 1; give"),
    (load_mnist()[:2], {"answers": [0.5, 3.2]}, ValueError, "probabilities, 0..1, got values from 0.5 to 3.2; turn"),
    (load_mnist()[:2], {"answers": [-1.5, 0.2]}, ValueError, "got values from -1.5 to 0.2; turn logits into"),
    (load_mnist()[:2], {"columns": 0}, ValueError, "columns must be at least 1, got 0; "),
])
def test_digits_that_cannot_be_drawn_are_refused(digits, options, error, words):
    with pytest.raises(error, match=re.escape(words)):
        plot_digits(digits, **options)


def test_weights_are_drawn_on_one_scale_symmetric_about_zero():
    pigeon = Pigeon(num_hidden=3, seed=1)
    image = plot_weights(pigeon).ax.images[0]
    weights = pigeon.hidden.weight.detach().numpy()
    assert image.get_clim() == pytest.approx((-np.abs(weights).max(), np.abs(weights).max()))
    np.testing.assert_array_equal(np.asarray(image.get_array())[:28, 31:59], weights[1].reshape(28, 28))


def test_too_many_hidden_units_are_refused():
    with pytest.raises(ValueError, match="hidden units must be 1 to 64 to fit in one picture, got 65"):
        plot_weights(Pigeon(num_hidden=65))
