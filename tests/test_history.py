"""Claims about History, with pandas as the oracle."""

import copy
import math
import pickle

import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pigeon_lessons import History

NAN = float("nan")
COLUMNS = {"iteration": [0, 32, 64, 96], "epoch": [0.0, 1.0, 2.0, 3.0], "train_loss": [0.7, 0.4, 0.3, 0.2],
           "train_accuracy": [0.3, 0.8, 0.9, 0.9], "val_loss": [0.7, 0.5, 0.5, 0.6],
           "val_accuracy": [0.3, 0.8, 0.85, 0.85]}


@pytest.fixture
def history():
    return History(COLUMNS, batch_loss=[0.5] * 96)


def test_pandas_takes_a_history_as_it_is(history):
    frame = pd.DataFrame(history)
    assert list(frame.columns) == list(COLUMNS) and len(frame) == history.num_rows == 4
    assert frame.to_dict("list") == COLUMNS


def test_rows_are_those_of_pandas(history):
    records = pd.DataFrame(history).to_dict("records")
    assert [history.row(index) for index in range(4)] == records
    assert history.row(-1) == records[-1]
    with pytest.raises(IndexError):
        history.row(4)


@given(st.lists(st.floats(), min_size=1, max_size=12), st.sampled_from(["min", "max"]))
def test_best_is_the_earliest_that_pandas_finds(values, mode):
    assume(not all(map(math.isnan, values)))
    series = pd.Series(values).dropna()
    expected = series.idxmin() if mode == "min" else series.idxmax()
    history = History({"iteration": range(len(values)), "val_loss": values})
    assert history.best("val_loss", mode)["iteration"] == expected
    assert history.is_best("val_loss", mode) == (expected == len(values) - 1)


def test_ties_keep_the_earlier_row(history):
    assert history.best("val_loss")["epoch"] == 1.0
    assert history.best("val_accuracy", mode="max")["epoch"] == 2.0
    assert not history.is_best("val_accuracy", mode="max")


def test_nan_never_wins():
    history = History({"val_loss": [NAN, 0.5, NAN]})
    assert history.best("val_loss") == {"val_loss": 0.5}
    assert not history.is_best("val_loss")
    assert not History({"val_loss": [NAN]}).is_best("val_loss")
    assert History({"val_loss": [NAN, 0.5]}).is_best("val_loss")


@pytest.mark.parametrize("values", [[], [NAN], [NAN, NAN]])
def test_best_of_no_number_is_an_error_that_says_so(values):
    with pytest.raises(ValueError, match="val_loss has no number to choose from; train first"):
        History({"val_loss": values}).best("val_loss")


def test_an_unknown_column_is_a_key_error_that_lists_the_columns(history):
    for ask in (history.__getitem__, history.best, history.is_best):
        with pytest.raises(KeyError, match="no column 'accuracy'; the columns are iteration, epoch, train_loss"):
            ask("accuracy")
    with pytest.raises(KeyError, match="none yet"):
        History()["train_loss"]


def test_an_unknown_mode_is_refused(history):
    with pytest.raises(ValueError, match="mode must be one of 'min', 'max', got 'lowest'"):
        history.best("val_loss", mode="lowest")


def test_rows_can_be_added_and_must_have_the_columns_of_the_first(history):
    grown = History()
    for row in pd.DataFrame(COLUMNS).to_dict("records"):
        grown.add(**row)
    assert grown == history
    before = grown.copy()
    with pytest.raises(ValueError, match="a row needs exactly the columns iteration, epoch.*got iteration"):
        grown.add(iteration=128)
    assert grown == before


def test_a_first_row_with_an_unknown_column_leaves_nothing():
    history = History()
    with pytest.raises(ValueError, match="columns must be among .*, got error"):
        history.add(iteration=0, error=0.5)
    assert history == {} and history.num_rows == 0


def test_columns_of_unequal_length_are_refused():
    with pytest.raises(ValueError, match=r"equal length, got \{'iteration': 2, 'train_loss': 1\}"):
        History({"iteration": [0, 1], "train_loss": [0.7]})


@pytest.mark.parametrize("duplicate", [History.copy, copy.deepcopy, lambda other: pickle.loads(pickle.dumps(other))],
                         ids=["copy", "deepcopy", "pickle"])
def test_a_copy_holds_the_same_and_grows_alone(duplicate, history):
    other = duplicate(history)
    assert type(other) is History and other == history and other.batch_loss == history.batch_loss
    other.add(**history.row(-1))
    other.batch_loss.append(0.1)
    assert history.num_rows == 4 and len(history.batch_loss) == 96


@pytest.mark.parametrize(("iteration", "rows"), [(0, 1), (31, 1), (32, 2), (95, 3), (96, 4), (1000, 4)])
def test_up_to_cuts_rows_and_batch_losses_at_an_iteration(iteration, rows, history):
    cut = history.up_to(iteration)
    assert pd.DataFrame(cut).equals(pd.DataFrame(history)[:rows])
    assert len(cut.batch_loss) == min(iteration, 96)


@pytest.mark.parametrize(("iteration", "error"), [(-1, ValueError), (1.5, TypeError)])
def test_up_to_refuses_what_is_no_iteration(iteration, error, history):
    with pytest.raises(error, match=f"iteration must be .*, got {iteration}; "):
        history.up_to(iteration)
