"""What the tests of hostile arguments share: values of every kind, and what no function may change."""

import os
import random

import joblib  # noqa: F401 - importing it sets an environment variable, which is not ours
import numpy as np
import torch
import torchvision  # noqa: F401 - importing it sets an environment variable, which is not ours
from hypothesis import strategies as st

from pigeon_lessons import History, load_mnist, uniform

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


def world():
    """Return what no function may change: random states, threads, defaults, folder and environment."""
    return (random.getstate(), np.random.get_state()[1].tobytes(), torch.get_rng_state().numpy().tobytes(),  # noqa: NPY002
            torch.get_num_threads(), torch.get_default_dtype(), torch.get_default_device(), torch.is_grad_enabled(),
            os.getcwd(), dict(os.environ), sorted(os.listdir()), DIGITS.fingerprint(), repr(dict(HISTORY)))
