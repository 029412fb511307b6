"""Claims about History, with pandas as the oracle."""

import copy
import json
import math
import pickle
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st

from pigeon_lessons import History

NAN, INF = float("nan"), float("inf")
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
    assert grown == History(COLUMNS)
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


def through_a_file(history):
    with tempfile.TemporaryDirectory() as folder:
        history.save(Path(folder) / "history.json")
        return History.load(f"{folder}/history.json")


COPIES = {"method": History.copy, "copy": copy.copy, "deepcopy": copy.deepcopy,
          "pickle": lambda other: pickle.loads(pickle.dumps(other)), "file": through_a_file}


@pytest.mark.parametrize("duplicate", COPIES.values(), ids=COPIES)
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


# ---- equality ----

@pytest.mark.parametrize("change", [lambda other: other.batch_loss.append(0.1),
                                    lambda other: other.batch_loss.__setitem__(95, 0.6),
                                    lambda other: other["val_loss"].__setitem__(0, NAN),
                                    lambda other: other.pop("epoch"), lambda other: other.add(**other.row(0))])
def test_histories_that_differ_anywhere_are_not_equal(change, history):
    other = history.copy()
    assert other == history and (other != history) is False
    change(other)
    assert other != history and (other == history) is False and (history == other) is False


def test_nan_equals_nan():
    diverged = History({"val_loss": [0.7, NAN, INF]}, [NAN])
    assert diverged == History({"val_loss": [0.7, NAN, INF]}, [float("nan")])
    assert diverged != History({"val_loss": [NAN, NAN, INF]}, [NAN])


def test_a_dict_holds_no_batch_losses():
    assert History(COLUMNS) == COLUMNS and History(COLUMNS) == COLUMNS
    assert History(COLUMNS, [0.5]) != COLUMNS and History(COLUMNS) != {"iteration": 3} and History() != []


# ---- files ----

@given(st.lists(st.floats(), max_size=6), st.lists(st.integers(), max_size=6))
def test_every_number_comes_back_from_a_file_as_it_was(floats, integers):
    history = History({"val_loss": floats}, integers)
    again = through_a_file(history)
    assert again == history and list(map(str, again["val_loss"])) == list(map(str, floats))
    assert all(type(value) is int for value in again.batch_loss)


def test_a_history_file_is_plain_json(tmp_path):
    History({"val_loss": [0.5, INF]}, [NAN]).save(tmp_path / "h.json")
    text = (tmp_path / "h.json").read_text()
    assert json.loads(text, parse_constant=pytest.fail) == {"val_loss": [0.5, "inf"], "batch_loss": ["nan"]}


@pytest.mark.parametrize("content", [
    b"", b"{}", b"[]", b"null", b"\xff\xfe", b"[" * 100_000, b'{"batch_loss": 3}', b'{"val_loss": [1]}',
    b'{"val_loss": [true], "batch_loss": []}', b'{"val_loss": ["0.5"], "batch_loss": []}',
    b'{"other": [1], "batch_loss": []}', b'{"val_loss": [[1]], "batch_loss": []}',
    b'{"val_loss": [1], "epoch": [], "batch_loss": []}', b'{"val_loss": 1, "batch_loss": []}',
], ids=lambda content: content[:60].decode(errors="replace"))
def test_a_file_of_something_else_is_a_value_error_that_names_it(content, tmp_path):
    path = tmp_path / "other.json"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"path must be a file that History.save wrote, got '.*other.json'.*; give"):
        History.load(path)


def test_a_file_that_cannot_be_written_or_read_is_an_os_error(history, tmp_path):
    with pytest.raises(FileNotFoundError):
        History.load(tmp_path / "none.json")
    for path in (tmp_path / "none" / "h.json", tmp_path, tmp_path / ("x" * 300)):
        with pytest.raises(OSError, match="path must be a file that can be written, got .*; choose"):
            history.save(path)
    for path, error in ((3, TypeError), ("", ValueError), ("a\0b", ValueError)):
        for call in (history.save, History.load):
            with pytest.raises(error, match="path must .*; give a file name such as"):
                call(path)
    assert not list(tmp_path.iterdir())


# ---- what it takes ----

@pytest.mark.parametrize("values", [np.array([0.5, 2]), torch.tensor([0.5, 2]), (0.5, np.float32(2)),
                                    [torch.tensor(0.5), np.array(2)]], ids=repr)
def test_numbers_of_numpy_and_torch_become_pythons_own(values):
    history = History({"val_loss": values}, values)
    history.add(val_loss=torch.tensor(0.25))
    assert history == History({"val_loss": [0.5, 2, 0.25]}, [0.5, 2])
    assert {*map(type, history["val_loss"]), *map(type, history.batch_loss)} <= {int, float}


@pytest.mark.parametrize(("call", "error", "words"), [
    (lambda: History(3), TypeError, "columns must be a dict of lists, got 3; "),
    (lambda: History({3: [1]}), ValueError, "columns must be among .*, got 3; "),
    (lambda: History({"epoch": 3}), TypeError, "epoch must be a list of numbers, got 3; "),
    (lambda: History({"epoch": "12"}), TypeError, "epoch must be a list of numbers, got '12'; "),
    (lambda: History({"epoch": [None]}), TypeError, "each epoch must be a number, got None; "),
    (lambda: History({"epoch": [True]}), TypeError, "each epoch must be a number, got True; "),
    (lambda: History({}, ["0.5"]), TypeError, "each batch_loss must be a number, got '0.5'; "),
    (lambda: History().add(epoch="1"), TypeError, "each epoch must be a number, got '1'; "),
    (lambda: History(COLUMNS).add(), ValueError, "a row needs exactly .* got none; "),
    (lambda: History(COLUMNS).row("a"), TypeError, "index must be a whole number, got 'a'; "),
    (lambda: History(COLUMNS).row(-5), IndexError, "index must be that of one of 4 rows, got -5; "),
    (lambda: History(COLUMNS).best(["epoch"]), KeyError, "no column .*epoch.*; the columns are"),
    (lambda: History(COLUMNS).is_best("epoch", 3), ValueError, "mode must be one of .* got 3; "),
])
def test_a_wrong_argument_is_named(call, error, words):
    with pytest.raises(error, match=words):
        call()
