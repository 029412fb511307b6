"""Claims that torch's default dtype and device, which another cell may have set, change nothing here."""

from contextlib import contextmanager

import numpy as np
import pytest
import torch

from pigeon_lessons import Digits, Pigeon, load_mnist, split
from pigeon_lessons.data import data_order


@contextmanager
def default_dtype(dtype):
    torch.set_default_dtype(dtype)
    try:
        yield
    finally:
        torch.set_default_dtype(torch.float32)


@contextmanager
def default_device(device):
    torch.set_default_device(device)
    try:
        yield
    finally:
        torch.set_default_device(None)


DEFAULTS = {"float64": lambda: default_dtype(torch.float64), "half": lambda: default_dtype(torch.float16),
            "a device": lambda: default_device("meta"), "a block": lambda: torch.device("meta")}


def everything():
    """Return all tensors that digits and Pigeons make."""
    digits = load_mnist(yes=(0, 7))[:32]
    image, target = digits[3]
    made = Digits(digits.images.numpy(), digits.labels.tolist())
    train, val, _ = split(digits, 20, 5)
    return [digits.images, digits.labels, digits.targets, image, target, made.targets, made.to("cpu").images,
            train.images, val[[0, 2]].targets, digits[np.array([True] * 32)].labels,
            data_order(9, seed=1, epoch=2), data_order(9, seed=1, epoch=2, shuffle=False),
            *Pigeon(5, seed=1).parameters(), Pigeon(seed=1)(digits.images)]


WANTED = everything()


@pytest.mark.parametrize("change", DEFAULTS.values(), ids=DEFAULTS)
def test_digits_and_pigeons_are_the_same_whatever_the_defaults(change):
    with change():
        got = everything()
    for one, wanted in zip(got, WANTED, strict=True):
        assert one.dtype == wanted.dtype and one.device == wanted.device and torch.equal(one, wanted)
    assert torch.get_default_dtype() == torch.float32 and torch.zeros(1).device.type == "cpu"


def test_a_pigeon_without_a_seed_draws_from_the_global_state_whatever_the_defaults():
    torch.manual_seed(3)
    wanted = Pigeon()
    with torch.device("meta"):
        torch.manual_seed(3)
        got = Pigeon()
    assert all(torch.equal(*pair) for pair in zip(got.parameters(), wanted.parameters(), strict=True))
