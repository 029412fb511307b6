"""Fixtures of several files: digits to train on, and a guard against figures that outlive their test."""

import matplotlib.pyplot as plt
import pytest

from pigeon_lessons import load_mnist, split


@pytest.fixture(scope="module")
def parts():
    """200 digits to train on and 100 to validate on: seven batches of 32 an epoch, the seventh of 8."""
    train, val, _ = split(load_mnist(), train=200, val=100)
    return train, val


@pytest.fixture(scope="session")
def digits():
    """128 digits to train on and 64 to validate on: a run takes a few hundredths of a second."""
    train, val, _ = split(load_mnist(), 128, 64)
    return train, val


@pytest.fixture
def no_figure_stays_behind():
    yield
    assert plt.get_fignums() == []
