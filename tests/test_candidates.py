"""Claims about what a search may try: grids are complete, samples follow their ranges and their seed."""

import pytest

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


@pytest.mark.parametrize(("call", "error", "words"), [
    (lambda: grid(lr=0.1), TypeError, r"lr must be a list of values, got 0.1; write lr=\[0.1\]"),
    (lambda: grid(lr="0.1"), TypeError, "lr must be a list of values, got '0.1'"),
    (lambda: grid(lr=[]), ValueError, "lr must hold at least one value"),
    (lambda: sample(2, seed=1, lr="abc"), TypeError, "lr must be a list"),
    (lambda: sample(2.0, seed=1, lr=[0.1]), TypeError, "n must be a whole number"),
    (lambda: sample(2, seed=-1, lr=[0.1]), ValueError, "seed must be at least 0"),
    (lambda: log_uniform(0, 1), ValueError, "low must be greater than 0"),
    (lambda: log_uniform(float("nan"), 1), ValueError, "low must be finite"),
    (lambda: uniform(2, 1), ValueError, "high must be at least 2"),
    (lambda: uniform("0", 1), TypeError, "low must be a number"),
    (lambda: integer(1, 2.5), TypeError, "high must be a whole number"),
    (lambda: integer(3, 2), ValueError, "high must be at least 3"),
])
def test_a_wrong_argument_is_named(call, error, words):
    with pytest.raises(error, match=words):
        call()
