"""Claims about descriptions: they say what a curve does, and nothing that was not measured."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pigeon_lessons import History, describe
from pigeon_lessons.words import count, describe_curve, number, percent

NAN, INF = float("nan"), float("inf")


@pytest.mark.parametrize(("value", "words"), [
    (0, "0"), (0.7, "0.7"), (0.12345, "0.123"), (12.0, "12"), (999.4, "999"), (999.7, "1,000"), (1024, "1,024"),
    (60_000, "60,000"), (-1234.5, "-1,234"), (0.0000123, "1.23e-05"), (NAN, "nan"), (INF, "inf"), (-INF, "-inf"),
])
def test_numbers_are_written_in_three_digits(value, words):
    assert number(value) == words


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e12, max_value=1e12))
def test_a_written_number_is_right_to_three_digits(value):
    assert float(number(value).replace(",", "")) == pytest.approx(value, rel=6e-3)


def test_percent_and_units():
    assert [percent(share) for share in (0, 0.93456, 1)] == ["0.0 %", "93.5 %", "100.0 %"]
    assert [count(value, "epoch") for value in (0, 0.5, 1, 1.0001, 15)] == [
        "0 epochs", "0.5 epochs", "1 epoch", "1 epoch", "15 epochs"]


@pytest.mark.parametrize(("values", "words"), [
    ([], "Loss has no values."),
    ([0.7], "Loss is 0.7."),
    ([NAN], "Loss is nan."),
    ([0.7, 0.3], "Loss falls from 0.7 to 0.3."),
    ([0.3, 0.7], "Loss rises from 0.3 to 0.7."),
    ([0.7, 0.2, 0.4], "Loss falls from 0.7 to 0.4; lowest 0.2, highest 0.7."),
    ([0.5, 0.5, 0.5], "Loss stays at 0.5; lowest 0.5, highest 0.5."),
    ([0.5, 0.9, 0.5], "Loss starts and ends at 0.5; lowest 0.5, highest 0.9."),
    ([0.7, 2.0, NAN, NAN], "Loss stops being finite at point 3, having started at 0.7."),
    ([0.7, 2.0, 9.0, INF], "Loss stops being finite at point 4, having started at 0.7; lowest 0.7, highest 9."),
    ([NAN, NAN], "Loss is not finite from the start."),
    ([0.70001, 0.70002], "Loss starts and ends at 0.7."),
    ([0.0, -0.0], "Loss stays at 0."),
])
def test_a_curve_in_words(values, words):
    assert describe_curve("Loss", values) == words


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=8))
def test_the_words_fall_when_the_curve_falls(values):
    words = describe_curve("Loss", values)
    assert (" falls " in words) == (values[-1] < values[0] and number(values[0]) != number(values[-1]))
    assert (" rises " in words) == (values[-1] > values[0] and number(values[0]) != number(values[-1]))


RUN = {"epoch": [0, 1, 2, 3], "train_loss": [0.7, 0.4, 0.3, 0.2], "train_accuracy": [0.31, 0.8, 0.9, 0.95],
       "val_loss": [0.7, 0.45, 0.4, 0.42], "val_accuracy": [0.3, 0.8, 0.9, 0.9]}


def test_a_history_in_words_names_ends_and_best_epochs():
    assert describe(History(RUN)) == (
        "Training loss falls from 0.7 to 0.2 over 3 epochs. "
        "Training accuracy rises from 31.0 % to 95.0 % over 3 epochs. "
        "Validation loss falls from 0.7 to 0.42 over 3 epochs. "
        "Validation accuracy rises from 30.0 % to 90.0 % over 3 epochs. "
        "Validation loss is best after 2 epochs, at 0.4. "
        "Validation accuracy is best after 2 epochs, at 90.0 %.")


def test_only_the_metrics_asked_for_are_described():
    assert "accuracy" not in describe(History(RUN), metrics=("loss",))
    assert "loss" not in describe(History(RUN), metrics=("accuracy",))
    assert describe(History(RUN), metrics=iter(["loss"])) == describe(History(RUN), metrics=["loss"])


def test_a_diverged_run_is_described_by_where_it_broke():
    history = History({"epoch": [0, 1, 2, 3], "train_loss": [0.7, 80.0, INF, NAN], "val_loss": [0.7, 90.0, NAN, NAN]})
    assert describe(history) == ("Training loss stops being finite after 2 epochs, having started at 0.7. "
                                 "Validation loss stops being finite after 2 epochs, having started at 0.7. "
                                 "Validation loss is best after 0 epochs, at 0.7.")


def test_a_run_of_nan_alone_has_no_best():
    history = History({"epoch": [0, 1], "train_loss": [NAN, NAN], "val_loss": [NAN, NAN]})
    assert describe(history) == ("Training loss is not finite from the start. "
                                 "Validation loss is not finite from the start.")


def test_one_row_is_described_as_what_it_is():
    history = History({name: values[:1] for name, values in RUN.items()})
    assert describe(history, metrics=("loss",)) == "Training loss is 0.7. Validation loss is 0.7."


def test_a_constant_curve_stays():
    assert describe(History({"epoch": [0, 1], "train_accuracy": [0.7, 0.7]})) == (
        "Training accuracy stays at 70.0 % over 1 epoch.")


def test_an_empty_history_and_an_unknown_metric_are_refused():
    with pytest.raises(KeyError, match="no column 'epoch'"):
        describe(History())
    with pytest.raises(KeyError, match="history must have a row to describe, got none; train first"):
        describe(History({"epoch": []}))
    with pytest.raises(TypeError, match="history must be a History, got dict; give trainer.history"):
        describe(dict(RUN))
    with pytest.raises(TypeError, match="metrics must be a list of metrics, got 'loss'; put one alone in brackets"):
        describe(History(RUN), metrics="loss")
    with pytest.raises(ValueError, match=re.escape("metrics must be one of 'loss', 'accuracy', got 'error'")):
        describe(History(RUN), metrics=("error",))
