"""Claims about the order in which digits are visited."""

import random

import numpy as np
import pytest
import torch

from pigeon_lessons.data import data_order
from tests.training import spoil_global_random_states


def test_no_two_pairs_of_seed_and_epoch_share_an_order():
    seeds = [*range(60), 2**31 - 1, 2**31, 2**31 + 1, 2**32 - 2, 2**32 - 1]
    orders = {data_order(50, seed=seed, epoch=epoch).numpy().tobytes() for seed in seeds for epoch in range(60)}
    assert len(orders) == len(seeds) * 60  # pairs with equal sums, and (1, 2) against (2, 1), among them


@pytest.mark.parametrize("count", [1, 2, 1000])
def test_every_order_visits_each_example_once(count):
    for epoch in range(3):
        order = data_order(count, seed=2**32 - 1, epoch=epoch)
        assert order.dtype == torch.int64 and sorted(order.tolist()) == list(range(count))


def test_the_order_neither_reads_nor_changes_global_random_state():
    spoil_global_random_states(1)
    first = data_order(100, seed=3, epoch=5)
    drawn = random.random(), np.random.rand(), torch.rand(1).item()  # noqa: NPY002
    spoil_global_random_states(2)
    assert torch.equal(data_order(100, seed=3, epoch=5), first)
    spoil_global_random_states(1)
    assert (random.random(), np.random.rand(), torch.rand(1).item()) == drawn  # noqa: NPY002


def test_without_shuffling_the_stored_order_is_kept():
    assert data_order(5, seed=3, epoch=5, shuffle=False).tolist() == [0, 1, 2, 3, 4]
