"""Runs grow and never start anew: what is shorter is a cut of them, what is longer their continuation."""

import numpy as np
import pytest

from pigeon_lessons import Pigeon, Trainer
from pigeon_lessons.divergence import BOUND, divergence
from pigeon_lessons.panels.cache import RunCache
from pigeon_lessons.panels.runs import Run

SETTINGS = {"lr": 0.05, "batch_size": 32, "seed": 3}


def walked(run, epochs):
    for _ in run.walk(epochs):
        pass
    return run.result(epochs)


def test_a_run_is_what_the_trainer_makes_of_the_same_settings(digits):
    history = Trainer(Pigeon(30, seed=3), *digits, lr=0.05, batch_size=32, seed=3).fit(4)
    result = walked(Run(SETTINGS, *digits), 4)
    for name in history:
        assert np.allclose(result.history[name], history[name], atol=1e-4), name


def test_a_continued_run_equals_one_that_was_never_stopped(digits):
    continued = Run(SETTINGS, *digits)
    for _ in continued.walk(3):
        break  # left in the middle
    walked(continued, 2)
    assert walked(continued, 6).history == walked(Run(SETTINGS, *digits), 6).history


def test_a_shorter_run_is_a_cut_of_the_longer_one(digits):
    run = Run(SETTINGS, *digits)
    walked(run, 6)
    short, alone = run.result(2), walked(Run(SETTINGS, *digits), 2)
    assert short.history == alone.history
    assert short.history.batch_loss == alone.history.batch_loss
    assert short.is_complete and short.pigeon is not None


def test_repeats_are_the_seeds_from_the_chosen_one_on(digits):
    result = walked(Run({**SETTINGS, "repeats": 3}, *digits), 1)
    alone = walked(Run({**SETTINGS, "seed": 5}, *digits), 1)
    assert len(result.histories) == 3
    assert np.allclose(result.histories[2]["val_loss"], alone.history["val_loss"], atol=1e-5)


def test_fewer_training_images_are_the_first_ones(digits):
    train, val = digits
    fewer = walked(Run({**SETTINGS, "train_images": 64}, train, val), 2)
    assert fewer.history == walked(Run(SETTINGS, train[:64], val), 2).history
    assert fewer.iterations_per_epoch == 2


@pytest.mark.parametrize(("losses", "batch_size", "update"), [
    ([0.7, float("inf"), 0.1], 32, 2),
    ([0.7, float("nan")], 1, 2),
    ([0.7, BOUND + 1], 32, 2),
    ([0.7, BOUND - 1], 32, None),
    ([0.7, BOUND + 1], 1, None),
    ([2 * BOUND] * 40, 1, 17),  # 17 images at 20 nats, among 32, are more than 10 on average
    ([], 32, None),
])
def test_divergence_is_a_loss_out_of_all_bounds_over_at_least_32_images(losses, batch_size, update):
    found = divergence(losses, batch_size)
    assert (found and found[0]) == update


def test_a_huge_learning_rate_diverges_and_a_usual_one_does_not(digits):
    assert walked(Run({"lr": 10.0}, *digits), 5).diverged_at is not None
    assert walked(Run({"lr": 0.05}, *digits), 5).diverged_at is None


def test_a_setting_seen_before_is_the_same_run_whatever_its_epochs(digits):
    cache = RunCache(*digits)
    first = cache.run({**SETTINGS, "epochs": 2})
    assert cache.run({**SETTINGS, "epochs": 5}) is first
    assert cache.run({**SETTINGS, "lr": 0.1}) is not first
    assert (cache.hits, cache.misses) == (1, 2)


def test_other_data_have_other_keys(digits):
    train, val = digits
    assert RunCache(train, val).key(SETTINGS) != RunCache(train[:-1], val).key(SETTINGS)
    assert RunCache(train, val).key(SETTINGS) != RunCache(train, None).key(SETTINGS)


def test_the_cache_is_bounded_in_count_and_forgets_what_was_used_longest_ago(digits):
    cache = RunCache(*digits, most_runs=2)
    first, second = (cache.run({**SETTINGS, "seed": seed}) for seed in (1, 2))
    assert cache.run({**SETTINGS, "seed": 1}) is first
    cache.run({**SETTINGS, "seed": 3})
    assert len(cache) == 2
    assert cache.run({**SETTINGS, "seed": 1}) is first
    assert cache.run({**SETTINGS, "seed": 2}) is not second


def test_the_cache_is_bounded_in_bytes_but_keeps_the_run_in_use(digits):
    cache = RunCache(*digits, most_bytes=1)
    for seed in (1, 2, 3):
        run = cache.run({**SETTINGS, "seed": seed})
    assert len(cache) == 1
    assert cache.run({**SETTINGS, "seed": 3}) is run


def test_the_bytes_that_a_run_claims_cover_the_weights_it_keeps(digits):
    run = Run(SETTINGS, *digits)
    walked(run, 5)
    kept = sum(parameter.nbytes for pigeon in run.pigeons.values() for parameter in pigeon.parameters())
    assert len(run.pigeons) == 5  # epochs 0, 1, 2, 3, 5
    assert kept <= run.num_bytes <= 3 * kept
