"""Claims about a search's outcome: the trials are sweep's, the candidates are judged by them, bad input is named."""

import json
import math
import statistics
import sys

import numpy as np
import pandas
import pytest
import torch

from pigeon_lessons import SearchResult, grid, search, sweep
from pigeon_lessons.bar import progress_bar
from pigeon_lessons.setting import NAMES, Setting
from tests.searching import CANDIDATES, MODULE, TRAIN, VAL, as_text, run_search

NAN = float("nan")


@pytest.fixture(scope="module")
def expected():
    return run_search()


def result(*losses, score="val_loss"):
    """A result of one trial for each loss: candidate 0 has lr 1, candidate 1 lr 2, and so on."""
    rows = [{"candidate": index, "val_loss": loss, "val_accuracy": 1 - loss / 10 if math.isfinite(loss) else 0.99}
            for index, loss in enumerate(losses)]
    return SearchResult([{"lr": index + 1} for index in range(len(losses))], rows, score)


def test_each_trial_is_the_sweep_of_its_setting_alone(expected):
    for row in expected.trials[:8]:
        history = sweep([{name: row[name] for name in NAMES}], TRAIN, VAL, epochs=2)[0]
        for name in ("train_loss", "train_accuracy", "val_loss", "val_accuracy"):
            assert row[name] == history[name][-1]


def test_every_candidate_is_trained_with_the_same_seeds(expected):
    assert [row["seed"] for row in expected.trials] == [1, 2] * len(CANDIDATES)
    assert [row["candidate"] for row in expected.trials] == [index for index in range(len(CANDIDATES)) for _ in "12"]
    assert [row["seed"] for row in run_search([{"seed": 7}], repeats=3).trials] == [7, 8, 9]


def test_mean_and_spread_are_those_of_the_statistics_module(expected):
    for index in range(8):  # the others diverge
        scores = [row["val_loss"] for row in expected.trials if row["candidate"] == index]
        assert expected.scores(index) == scores
        assert expected.means[index] == pytest.approx(statistics.mean(scores))
        assert expected.spreads[index] == pytest.approx(statistics.stdev(scores))


def test_the_best_candidate_has_the_best_mean_over_seeds(expected):
    assert expected.best_score == min(expected.means[:8])
    assert expected.best_params == CANDIDATES[expected.means.index(expected.best_score)]
    by_accuracy = run_search(score="val_accuracy")
    assert by_accuracy.best_score == max(by_accuracy.means[:8])


def test_of_equals_the_earliest_is_best():
    assert result(0.3, 0.2, 0.2).best_params == {"lr": 2}


@pytest.mark.parametrize("score", ["val_loss", "val_accuracy"])
@pytest.mark.parametrize("loss", [NAN, math.inf])
def test_what_diverged_is_never_best_not_even_by_its_accuracy(loss, score):
    found = result(loss, 0.4, 0.3, score=score)
    assert found.best_params == {"lr": 3}
    assert math.isnan(found.means[0]) and math.isnan(found.spreads[0])


def test_one_diverged_seed_spoils_its_candidate():
    rows = [{"candidate": 0, "val_loss": 0.1}, {"candidate": 0, "val_loss": NAN}, {"candidate": 1, "val_loss": 0.5}]
    assert SearchResult([{"lr": 1}, {"lr": 2}], rows, "val_loss").best_params == {"lr": 2}


def test_when_all_diverge_best_says_what_to_do():
    with pytest.raises(ValueError, match="smaller learning rates"):
        run_search([{"lr": 1e30}]).best_params  # noqa: B018


def test_one_seed_says_nothing_about_the_spread():
    assert all(map(math.isnan, result(0.3, 0.2).spreads))


def test_trials_are_a_list_whether_pandas_is_there_or_not_and_make_a_data_frame(expected, monkeypatch):
    assert pandas.DataFrame(expected.trials).groupby("candidate").size().tolist() == [2] * len(CANDIDATES)
    monkeypatch.setitem(sys.modules, "pandas", None)
    assert type(expected.trials) is list


@pytest.mark.parametrize("rows", [[{"val_loss": 0.1}], [{"candidate": 1, "val_loss": 0.1}], [{"candidate": 0}], [3],
                                  [{"candidate": 0, "val_loss": 10**400}], [{"candidate": 0, "val_loss": "low"}],
                                  [{"candidate": -1, "val_loss": 0.1}], [{"candidate": False, "val_loss": 0.1}]])
def test_rows_that_are_no_trials_are_refused_by_name(rows):
    with pytest.raises(ValueError, match='trials must hold "candidate", a number below 1, .* take them from a search'):
        SearchResult([{}], rows, "val_loss")


def test_judging_takes_a_look_at_each_trial_not_at_each_pair(monkeypatch):
    looks = []

    class Row(dict):
        def __getitem__(self, name):
            looks.append(name)
            return super().__getitem__(name)

    rows = [Row(candidate=index // 2, val_loss=1 / (1 + index)) for index in range(2000)]
    found = SearchResult([{} for _ in range(1000)], rows, "val_loss")
    assert found.best_index == 999 and found.best_score == found.means[999]
    assert len(looks) <= 3 * len(rows)


def test_equal_candidates_are_trained_once_and_stay_candidates(monkeypatch):
    trained = []
    monkeypatch.setattr(MODULE, "sweep", lambda settings, *args, **options:
                        trained.extend(settings) or sweep(settings, *args, **options))
    found = run_search([{"lr": 0.005}, {}, {"lr": np.float64(0.005)}])
    assert len(trained) == 2
    assert len(found.trials) == 6 and found.means[0] == found.means[1] == found.means[2]


def test_candidates_in_numpy_s_numbers_are_told_in_python_s_and_go_into_json():
    found = run_search(grid(num_hidden=np.arange(10, 30, 10), lr=np.float32([0.25, 0.5])), repeats=1)
    assert [list(one.items()) for one in found.candidates][0] == [("num_hidden", 10), ("lr", 0.25)]
    assert json.loads(json.dumps(found.best_params)) in found.candidates
    assert json.loads(json.dumps(found.trials)) == found.trials


def test_a_setting_is_a_candidate_too(expected):
    found = run_search([Setting(lr=0.01, batch_size=8, num_hidden=10)])
    assert found.scores(0) == expected.scores(0) and found.best_params == found.candidates[0]
    assert list(found.best_params) == list(NAMES)


def test_order_and_company_of_candidates_change_no_bit(expected):
    backwards = run_search(CANDIDATES[::-1])
    assert [backwards.scores(11 - index) for index in range(8)] == [expected.scores(index) for index in range(8)]
    for index in (0, 5):
        assert run_search(CANDIDATES[index:index + 1]).scores(0) == expected.scores(index)


@pytest.mark.parametrize("size", [1, 5, 1000])
def test_the_size_of_the_pieces_changes_no_bit(expected, size, monkeypatch):
    monkeypatch.setattr(MODULE, "MOST_AT_ONCE", size)
    assert as_text(run_search()) == as_text(expected)


def test_the_number_of_threads_changes_no_bit_and_is_left_alone(expected):
    before = torch.get_num_threads()
    try:
        torch.set_num_threads(before + 1)
        assert as_text(run_search()) == as_text(expected)
        assert torch.get_num_threads() == before + 1
    finally:
        torch.set_num_threads(before)


def test_the_number_of_threads_is_left_alone_when_a_piece_fails(monkeypatch):
    before = torch.get_num_threads()
    monkeypatch.setattr(MODULE, "sweep", lambda *args, **options: 1 / 0)
    try:
        torch.set_num_threads(before + 1)
        with pytest.raises(ZeroDivisionError):
            run_search()
        assert torch.get_num_threads() == before + 1
    finally:
        torch.set_num_threads(before)


@pytest.mark.parametrize(("options", "error", "words"), [
    ({"candidates": []}, ValueError, "candidates must hold at least one setting"),
    ({"candidates": {"lr": [0.1]}}, TypeError, "candidates must be a list of settings, got {.*put one alone in"),
    ({"candidates": [{}, {"rate": 1}]}, ValueError, "'rate'"),
    ({"candidates": [{"lr": 0}]}, ValueError, "lr must be greater than 0, got 0"),
    ({"candidates": [0.1]}, TypeError, "a setting must be a dict or a Setting, got 0.1"),
    ({"candidates": [{"seed": 2**32 - 1}], "repeats": 2}, ValueError, "seed must be at most"),
    ({"train": None}, TypeError, "train must be Digits"),
    ({"val": None}, TypeError, "val must be Digits.* judged by validation"),
    ({"epochs": 1.5}, TypeError, "epochs must be a whole number"),
    ({"repeats": 0}, ValueError, "repeats must be at least 1"),
    ({"repeats": 10**400}, ValueError, "repeats must be at most 1000, got 1"),
    ({"score": "loss"}, ValueError, "score must be one of 'val_loss', 'val_accuracy'"),
    ({"results": 3}, TypeError, "results must be a string or a Path, got 3"),
    ({"results": "no/such/folder/trials.jsonl"}, FileNotFoundError, "no folder 'no/such/folder'"),
])
def test_a_wrong_argument_is_named_before_anything_is_trained(options, error, words, monkeypatch):
    monkeypatch.setattr(MODULE, "sweep", None)
    with pytest.raises(error, match=words):
        search(**({"candidates": [{}], "train": TRAIN, "val": VAL} | options))


# ---- the progress bar ----

def test_a_watched_search_shows_how_far_it_is(monkeypatch, capsys):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setattr("pigeon_lessons.bar.PATIENCE", 0)
    monkeypatch.setattr(MODULE, "MOST_AT_ONCE", 12)
    run_search()
    shown = capsys.readouterr().err.split("\r")[1:]
    assert [line.split(maxsplit=2)[2] for line in shown] == ["0 of 24", "12 of 24", "24 of 24\n"]
    assert [line.count("█") for line in shown] == [0, 15, 30]


def test_the_bar_ends_its_line_when_the_work_fails(monkeypatch, capsys):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setattr("pigeon_lessons.bar.PATIENCE", 0)
    with pytest.raises(ZeroDivisionError), progress_bar("search", total=2) as advance:
        advance(1 / 0)
    assert capsys.readouterr().err.endswith("0 of 2\n")


def test_nothing_is_written_where_nobody_watches(capsys):
    run_search()
    assert capsys.readouterr() == ("", "")
