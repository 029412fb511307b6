"""Claims about what a search may try: grids are complete, samples follow their ranges and their seed."""

import copy
import json
import pickle

import numpy as np
import pandas
import pytest
import torch

from pigeon_lessons import grid, integer, log_uniform, sample, uniform

RANGES = {"lr": log_uniform(1e-3, 1e-1), "momentum": uniform(0, 0.9), "num_hidden": integer(1, 3),
          "batch_size": [8, 32]}


def test_a_grid_has_every_combination_once_the_last_key_fastest():
    assert grid(lr=[1, 2], batch_size=(8, 32)) == [{"lr": 1, "batch_size": 8}, {"lr": 1, "batch_size": 32},
                                                   {"lr": 2, "batch_size": 8}, {"lr": 2, "batch_size": 32}]


def test_an_empty_grid_is_the_default_setting():
    assert grid() == [{}]


def test_samples_stay_in_their_ranges_and_reach_every_part_of_them():
    drawn = sample(400, seed=1, **RANGES)
    assert all(1e-3 <= one["lr"] <= 1e-1 and 0 <= one["momentum"] <= 0.9 for one in drawn)
    assert {one["num_hidden"] for one in drawn} == {1, 2, 3}
    assert {one["batch_size"] for one in drawn} == {8, 32}
    # each half has 400 trials of one half: 150 to 250 are five standard deviations
    assert 150 < sum(one["lr"] < 1e-2 for one in drawn) < 250
    assert 150 < sum(one["momentum"] < 0.45 for one in drawn) < 250
    assert 150 < sum(one["batch_size"] == 8 for one in drawn) < 250


def test_a_sample_follows_from_its_seed_and_a_longer_one_begins_with_the_shorter():
    assert sample(20, seed=1, **RANGES)[:7] == sample(7, seed=1, **RANGES) != sample(7, seed=2, **RANGES)


def test_a_drawn_number_is_what_it_looks_like_when_printed():
    assert all(float(f"{value:.3g}") == value for one in sample(50, seed=3, **RANGES) for value in one.values())


def test_rounding_does_not_lead_out_of_the_range():
    low, high = 0.1234, 0.1236
    assert all(low <= one["lr"] <= high for one in sample(50, seed=3, lr=uniform(low, high)))


@pytest.mark.parametrize("make", [lambda *values: np.array(values), lambda *values: torch.tensor(values),
                                  lambda *values: [torch.tensor(value) for value in values],
                                  lambda *values: tuple(np.array(values)),
                                  lambda *values: pandas.Series(values, index=range(5, 5 + len(values)))])
def test_numbers_of_numpy_and_torch_become_pythons_own(make):
    wanted = grid(lr=[0.25, 0.5], num_hidden=[10, 20])
    assert grid(lr=make(0.25, 0.5), num_hidden=make(10, 20)) == wanted
    (one,) = make(0.25)
    drawn = sample(9, seed=1, lr=make(0.25, 0.5), num_hidden=make(10, 20), momentum=uniform(one, 0.5))
    assert drawn == sample(9, seed=1, lr=[0.25, 0.5], num_hidden=[10, 20], momentum=uniform(0.25, 0.5))
    assert json.loads(json.dumps([wanted, drawn])) == [wanted, drawn]
    assert "(" not in repr(drawn)


@pytest.mark.parametrize(("one", "words"), [
    (uniform(0, 0.9), "uniform(0.0, 0.9)"), (log_uniform(1e-3, 0.1), "log_uniform(0.001, 0.1)"),
    (integer(np.int64(1), torch.tensor(3)), "integer(1, 3)"),
])
def test_a_range_prints_as_it_is_written_and_survives_pickling(one, words):
    assert repr(one) == words
    assert pickle.loads(pickle.dumps(one)) == copy.deepcopy(one) == one and hash(one) == hash(copy.copy(one))
    assert sample(5, seed=1, lr=pickle.loads(pickle.dumps(one))) == sample(5, seed=1, lr=one)
    with pytest.raises(AttributeError):
        one.low = 0


def test_ranges_of_different_kinds_are_different():
    assert uniform(1, 2) != log_uniform(1, 2) and uniform(1, 2) != uniform(1, 3)


@pytest.mark.parametrize(("call", "error", "words"), [
    (lambda: grid(lr=0.1), TypeError, r"lr must be a list of values, got 0.1; put one alone in brackets"),
    (lambda: grid(lr="0.1"), TypeError, "lr must be a list of values, got '0.1'"),
    (lambda: grid(lr=np.array(0.1)), TypeError, r"lr must be a list of values, got array\(0.1\)"),
    (lambda: grid(lr={"low": 0.1}), TypeError, "lr must be a list of values"),
    (lambda: grid(lr=[]), ValueError, "lr must hold at least one value"),
    (lambda: sample(2, seed=1, lr="abc"), TypeError, "lr must be a list"),
    (lambda: sample(2, seed=1, lr=lambda generator: 0.1), TypeError, "lr must be a list"),
    (lambda: sample(2.0, seed=1, lr=[0.1]), TypeError, "n must be a whole number"),
    (lambda: sample(10**400, seed=1, lr=[0.1]), ValueError, "n must be at most 1000000, got 1.*; give a whole"),
    (lambda: sample(2, seed=-1, lr=[0.1]), ValueError, "seed must be at least 0"),
    (lambda: log_uniform(0, 1), ValueError, "low must be greater than 0"),
    (lambda: log_uniform(float("nan"), 1), ValueError, "low must be finite"),
    (lambda: uniform(-1e308, 1e308), ValueError, "high - low must be finite"),
    (lambda: uniform(0, 10**400), ValueError, "high must be finite"),
    (lambda: integer(0, 2**63), ValueError, "high must be at most 4294967295, got"),
    (lambda: uniform(2, 1), ValueError, "high must be at least 2"),
    (lambda: uniform("0", 1), TypeError, "low must be a number"),
    (lambda: integer(1, 2.5), TypeError, "high must be a whole number"),
    (lambda: integer(3, 2), ValueError, "high must be at least 3"),
])
def test_a_wrong_argument_is_named(call, error, words):
    with pytest.raises(error, match=words):
        call()
