"""Claims about arguments at random: what is not understood is refused by name, value and remedy, and nothing changes.

The package's own exceptions are known by their words: a remedy follows a semicolon (a KeyError lists the columns).
"""

import os
import random

import numpy as np
import pytest
import torch
import torchvision  # noqa: F401 - importing it sets an environment variable, which is not ours
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pigeon_lessons import (
    Digits,
    History,
    Pigeon,
    describe,
    grid,
    integer,
    load_mnist,
    log_uniform,
    sample,
    split,
    uniform,
)

DIGITS = load_mnist()[:20]
HISTORY = History({"iteration": [0, 5], "epoch": [0, 1], "val_loss": [0.7, float("nan")]}, [0.5] * 5)
numbers = st.one_of(st.integers(-3, 12), st.integers(), st.sampled_from([2**31, 2**63, -2**63, 10**400, -10**400]),
                    st.floats(), st.booleans(), st.fractions(), st.complex_numbers(), st.decimals())
arrays = st.sampled_from([
    np.int64(3), np.float32(0.5), np.array(2), np.array([1, 2]), np.array([[1], [2]]), np.zeros((2, 2)), np.array([]),
    np.array(["7"]), np.array([None]), np.ma.masked_array([1, 2], [True, False]), np.zeros(3, ">f4"),
    np.zeros(2, [("a", int)]), np.datetime64("2020-01-01"), np.zeros((4, 1, 28, 28)), np.arange(4, dtype=np.uint64),
    torch.tensor(3), torch.tensor(0.5), torch.tensor(True), torch.tensor([3]), torch.zeros(0), torch.zeros(20) > 1,
    torch.zeros(20, 1) > -1, torch.zeros(4, 1, 28, 28), torch.zeros(4, 1, 28, 28).to_sparse(), torch.zeros(2, 3),
    torch.zeros(4, dtype=torch.bfloat16), torch.zeros(3, device="meta"), torch.zeros((), device="meta"),
    torch.zeros(4, dtype=int), torch.tensor([1j]), DIGITS, DIGITS.images, DIGITS.labels, HISTORY])
others = st.one_of(st.none(), st.text(max_size=4), st.binary(max_size=4), st.just(...), st.just(slice("a")),
                   st.builds(slice, st.integers() | st.none(), st.none()), st.builds(object),
                   st.sampled_from([len, int, uniform(0, 1)]))
scalars = st.one_of(numbers, arrays, others)
keys = st.sampled_from(["epoch", "val_loss", "lr", 3])
anything = st.recursive(scalars, lambda inner: st.one_of(st.lists(inner, max_size=4), st.tuples(inner),
                                                         st.dictionaries(keys, inner, max_size=2)), max_leaves=5)

CALLS = [
    Digits,
    lambda a, b, c: Digits(a, DIGITS.labels),
    lambda a, b, c: Digits(DIGITS.images, a),
    lambda a, b, c: Digits(DIGITS.images, DIGITS.labels, yes=a),
    lambda a, b, c: DIGITS[a],
    lambda a, b, c: DIGITS[a:b:c],
    lambda a, b, c: DIGITS.to(a),
    lambda a, b, c: load_mnist(a, root=b, download=c),
    lambda a, b, c: load_mnist(yes=a),
    lambda a, b, c: load_mnist("test", root=a, download=False),
    split,
    lambda a, b, c: split(DIGITS, a, b),
    lambda a, b, c: Pigeon(a, seed=b),
    lambda a, b, c: History(a, b),
    lambda a, b, c: describe(History({"epoch": a, "val_loss": b}, c)),
    lambda a, b, c: HISTORY.copy().add(iteration=a, epoch=b, val_loss=c),
    lambda a, b, c: HISTORY.row(a),
    lambda a, b, c: HISTORY.best(a, b),
    lambda a, b, c: HISTORY.is_best("val_loss", a),
    lambda a, b, c: HISTORY.up_to(a),
    lambda a, b, c: History.load(a),
    lambda a, b, c: describe(a, b),
    lambda a, b, c: describe(HISTORY, metrics=a),
    lambda a, b, c: grid(lr=a, seed=b),
    lambda a, b, c: sample(3, seed=a, lr=b),
    lambda a, b, c: sample(str(a), seed=1),
    lambda a, b, c: sample(2, seed=1, lr=uniform(a, b)),
    lambda a, b, c: sample(2, seed=1, lr=log_uniform(a, b)),
    lambda a, b, c: sample(2, seed=1, lr=integer(a, b)),
]


def world():
    """Return what no function may change: random states, threads, defaults, folder and environment."""
    return (random.getstate(), np.random.get_state()[1].tobytes(), torch.get_rng_state().numpy().tobytes(),  # noqa: NPY002
            torch.get_num_threads(), torch.get_default_dtype(), torch.get_default_device(), torch.is_grad_enabled(),
            os.getcwd(), dict(os.environ), sorted(os.listdir()), DIGITS.fingerprint(), repr(dict(HISTORY)))


@pytest.mark.parametrize("call", CALLS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=anything, second=anything, third=anything)
def test_hostile_arguments_meet_documented_exceptions_alone(call, first, second, third, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    before = world()
    try:
        call(first, second, third)
    except (FileNotFoundError, IsADirectoryError):  # from History.load
        pass
    except (IndexError, KeyError, TypeError, ValueError) as error:
        assert "; " in str(error)
    except RuntimeError as error:
        assert 'Go on with load_mnist("sample")' in str(error)
    assert world() == before
