"""Claims about figures of noisy curves, of several seeds and of both clocks, read from their artists and words."""

import re
from statistics import fmean, stdev

import numpy as np
import pytest
from matplotlib.colors import to_hex

from pigeon_lessons import History
from pigeon_lessons.pictures.curves import plot_bands, plot_running_average, running_average
from pigeon_lessons.pictures.side_by_side import plot_by_iteration_and_epoch
from pigeon_lessons.pictures.style import COLORS, DASHES, GRAY
from tests.pictures.artists import legend, line, points

pytestmark = pytest.mark.usefixtures("no_figure_stays_behind")
NAN = float("nan")
NOISY = [3.0, 1.0, 2.0, 0.0, 4.0, 1.0, 0.5]


# ---- a running average ----

@pytest.mark.parametrize("window", [1, 2, 3, 7, 100])
def test_a_running_average_is_the_mean_of_the_last_values_and_of_none_ahead(window):
    averages = running_average(NOISY, window)
    assert averages.dtype == np.float64
    assert averages.tolist() == pytest.approx([fmean(NOISY[max(0, end - window):end]) for end in range(1, 8)])


def test_the_raw_values_and_their_average_stand_at_the_iterations_they_belong_to():
    picture = plot_running_average(NOISY, 2)
    ax = picture.ax
    assert points(line(ax, "raw")) == ([1, 2, 3, 4, 5, 6, 7], NOISY)
    assert points(line(ax, "running average over 2")) == ([1, 2, 3, 4, 5, 6, 7], [3, 2, 1.5, 1, 2, 2.5, 0.75])
    assert line(ax, "raw").get_linewidth() < line(ax, "running average over 2").get_linewidth()
    assert to_hex(line(ax, "raw").get_color()) == GRAY
    assert picture.words == ("The raw curve falls from 3 to 0.5; lowest 0, highest 4. "
                             "Its running average over 2 falls from 3 to 0.75; lowest 0.75, highest 3.")


def test_what_is_skipped_is_not_drawn_but_still_averaged():
    picture = plot_running_average(NOISY, 2, skip=4)
    ax = picture.ax
    assert points(line(ax, "raw")) == ([5, 6, 7], [4, 1, 0.5])
    assert points(line(ax, "running average over 2")) == ([5, 6, 7], [2, 2.5, 0.75])
    assert "The raw curve falls from 4 to 0.5;" in picture.words


@pytest.mark.parametrize(("options", "error", "words"), [
    ({"window": 0}, ValueError, "window must be at least 1, got 0; 50 is usual"),
    ({"window": 2.5}, TypeError, "window must be a whole number, got 2.5; 50 is usual"),
    ({"window": 2, "skip": -1}, ValueError, "skip must be at least 0, got -1; give"),
    ({"window": 2, "skip": 7}, ValueError, "skip must be less than the 7 values there are, got 7; leave out fewer"),
])
def test_a_running_average_that_cannot_be_is_refused(options, error, words):
    with pytest.raises(error, match=re.escape(words)):
        plot_running_average(NOISY, **options)


# ---- bands over seeds ----

LOSSES = [[0.7, 0.5, 0.4], [0.7, 0.3, 0.5], [0.7, 0.1, 0.9]]


def seeds(curves, metric="val_loss"):
    return [History({"iteration": [0, 32, 64], "epoch": [0, 1, 2], metric: values}) for values in curves]


@pytest.mark.parametrize(("x", "positions"), [("epoch", [0, 1, 2]), ("iteration", [0, 32, 64])])
def test_a_band_is_the_mean_and_one_sample_standard_deviation_over_the_single_runs(x, positions):
    ax = plot_bands({"slow": seeds(LOSSES)}, x=x).ax
    single, mean = ax.lines[:-1], ax.lines[-1]
    assert [points(one) for one in single] == [(positions, values) for values in LOSSES]
    assert list(mean.get_xdata()) == positions
    assert mean.get_ydata() == pytest.approx([fmean(at) for at in zip(*LOSSES, strict=True)])
    assert single[0].get_linewidth() < mean.get_linewidth()
    edges = ax.collections[0].get_paths()[0].vertices
    for place, at in zip(positions, zip(*LOSSES, strict=True), strict=True):
        reach = edges[edges[:, 0] == place][:, 1]
        assert (reach.min(), reach.max()) == pytest.approx((fmean(at) - stdev(at), fmean(at) + stdev(at)))
    assert legend(ax) == ["slow"]
    assert x in ax.get_xlabel()
    assert ax.get_ylabel() == "validation loss (nats)"


def test_the_words_of_a_band_name_start_end_and_best_mean():
    assert plot_bands({"slow": seeds(LOSSES)}).words == (
        "slow, mean ± SD of 3 runs: validation loss 0.7 ± 0 at the start, 0.6 ± 0.265 at the end; "
        "lowest mean 0.3 after 1 epoch.")
    picture = plot_bands({"a": seeds([[0.3, 0.9, 0.8]], "train_accuracy")}, "train_accuracy", x="iteration")
    assert picture.words == ("a, mean ± SD of 1 run: training accuracy 30.0 % ± 0.0 % at the start, 80.0 % ± 0.0 % at "
                             "the end; highest mean 90.0 % after 32 iterations.")


def test_each_group_has_a_color_and_a_dash_of_its_own():
    ax = plot_bands({name: seeds(LOSSES) for name in "abcdef"}).ax
    means = [line(ax, name) for name in "abcdef"]
    assert [mean.get_color() for mean in means] == list(COLORS)
    assert len({str(mean._unscaled_dash_pattern) for mean in means}) == len(set(DASHES))


def test_a_diverged_seed_leaves_a_gap_and_takes_no_part_in_the_best_mean():
    picture = plot_bands({"a": seeds([[0.7, 0.5, NAN], [0.7, 0.3, 0.1]])})
    ax = picture.ax
    np.testing.assert_allclose(ax.lines[-1].get_ydata(), [0.7, 0.4, NAN])
    assert picture.words.endswith("nan ± nan at the end; lowest mean 0.4 after 1 epoch.")
    assert plot_bands({"a": seeds([[NAN] * 3])}).words.endswith("nan ± nan at the end.")


@pytest.mark.parametrize(("runs", "options", "words"), [
    ({}, {}, "runs must hold at least one group, got none; give {'a label': [histories]}"),
    ({"a": []}, {}, "group 'a' must hold at least one run, got none; leave it out"),
    ({"a": [*seeds(LOSSES), History({"epoch": [0, 2], "val_loss": [0.7, 0.4]})]}, {},
     "the runs of group 'a' must be evaluated at the same epochs; train them with the same batch size"),
    ({"a": seeds(LOSSES)}, {"x": "seconds"}, "x must be one of 'epoch', 'iteration', 'tau', got 'seconds'; choose"),
    ({"a": seeds(LOSSES)}, {"metric": "loss"}, "metric must be one of 'train_loss', 'train_accuracy', 'val_loss'"),
])
def test_bands_that_cannot_be_drawn_are_refused(runs, options, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        plot_bands(runs, **options)


# ---- both clocks ----

FAST = {"iteration": [0, 64, 128], "epoch": [0, 0.5, 1], "train_loss": [0.7, 0.4, 0.3]}
SLOW = {"iteration": [0, 4, 8], "epoch": [0, 1, 2], "train_loss": [0.7, 0.65, 0.6]}


def test_the_same_losses_stand_over_iterations_on_the_left_and_over_epochs_on_the_right():
    picture = plot_by_iteration_and_epoch({"batch 8": FAST, "batch 256": SLOW})
    left = picture.ax
    _, right = left.figure.axes
    for ax, x in ((left, "iteration"), (right, "epoch")):
        for label, run in (("batch 8", FAST), ("batch 256", SLOW)):
            assert points(line(ax, label)) == (run[x], run["train_loss"])
        assert x in ax.get_xlabel()
    left.set_ylim(0, 5)
    assert right.get_ylim() == (0, 5), "one y-axis"
    assert line(left, "batch 8").get_color() == line(right, "batch 8").get_color()
    assert legend(left) == ["batch 8", "batch 256"]
    assert picture.words == ("batch 8: loss 0.7 at the start, 0.3 after 128 iterations, which are 1 epoch. "
                             "batch 256: loss 0.7 at the start, 0.6 after 8 iterations, which are 2 epochs.")


@pytest.mark.parametrize(("runs", "metric", "words"), [
    ({}, "train_loss", "runs must hold at least one run, got none; give {'a label': history}"),
    ({"a": FAST}, "val_loss", "val_loss of run 'a' must hold at least 1 numbers, got 0; record more"),
    ({"a": FAST | {"epoch": []}}, "train_loss", "positions of 'a' must hold at least 1 numbers, got 0; record more"),
    ({"a": FAST}, "train_accuracy", "metric must be one of 'train_loss', 'val_loss', got 'train_accuracy'; choose"),
])
def test_runs_without_both_clocks_are_refused(runs, metric, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        plot_by_iteration_and_epoch(runs, metric)
