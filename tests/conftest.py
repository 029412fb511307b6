"""What all tests have: Ctrl-C as in a kernel, examples that may take their time, digits, a guard against figures.

torch is loaded where it is used: the process that only hands out the tests, which imports this too, does without.
"""

import gc
import signal

import hypothesis
import pytest

hypothesis.settings.register_profile("on a busy machine too", deadline=None)
hypothesis.settings.load_profile("on a busy machine too")


@pytest.hookimpl(wrapper=True)
def pytest_collection():
    """Load all that is needed out of the garbage collector's sight, which would look through it again and again."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_sessionfinish():
    gc.unfreeze()


@pytest.fixture(autouse=True)
def ctrl_c_is_an_error_of_python_s():
    """Make SIGINT a KeyboardInterrupt: a shell starts what goes on in the background with that signal ignored."""
    usual = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, usual)


@pytest.fixture(scope="module")
def parts():
    """200 digits to train on and 100 to validate on: seven batches of 32 an epoch, the seventh of 8."""
    return first_digits(200, 100)


@pytest.fixture(scope="session")
def digits():
    """128 digits to train on and 64 to validate on: a run takes a few hundredths of a second."""
    return first_digits(128, 64)


def first_digits(train, val):
    from pigeon_lessons import load_mnist, split

    return split(load_mnist(), train, val)[:2]


@pytest.fixture
def no_figure_stays_behind():
    import matplotlib.pyplot as plt

    yield
    assert plt.get_fignums() == []
