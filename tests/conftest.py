"""What all tests have: Ctrl-C as in a kernel, examples that may take their time, digits, a guard against figures."""

import signal

import hypothesis
import matplotlib.pyplot as plt
import pytest

from pigeon_lessons import load_mnist, split

hypothesis.settings.register_profile("on a busy machine too", deadline=None)
hypothesis.settings.load_profile("on a busy machine too")


@pytest.fixture(autouse=True)
def ctrl_c_is_an_error_of_python_s():
    """Make SIGINT a KeyboardInterrupt: a shell starts what goes on in the background with that signal ignored."""
    usual = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, usual)


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
