"""Claims about the Pigeon; its gradients are compared with closed forms written in numpy."""

import re

import numpy as np
import pytest
import torch
from torch import nn

from pigeon_lessons import Pigeon, load_mnist
from tests.training import closed_form_gradients


@pytest.mark.parametrize("count", [1, 7, 256])
@pytest.mark.parametrize("num_hidden", [1, 30])
def test_gradients_equal_the_closed_form(count, num_hidden):
    digits = load_mnist()[:count]
    images, targets = digits.images.double(), digits.targets.double()
    pigeon = Pigeon(num_hidden, seed=3).double()
    loss = nn.functional.binary_cross_entropy_with_logits(pigeon(images), targets)
    loss.backward()
    expected = closed_form_gradients([parameter.detach().numpy() for parameter in pigeon.parameters()],
                                     images.reshape(count, 784).numpy(), targets.numpy())
    for parameter, gradient in zip(pigeon.parameters(), expected, strict=True):
        assert parameter.grad.shape == gradient.shape
        np.testing.assert_allclose(parameter.grad.numpy(), gradient, rtol=1e-9, atol=1e-14)


@pytest.mark.parametrize(("num_hidden", "parameters"), [(1, 787), (15, 11_791), (30, 23_581), (60, 47_161)])
def test_the_number_of_parameters(num_hidden, parameters):
    assert sum(parameter.numel() for parameter in Pigeon(num_hidden).parameters()) == parameters


def test_there_is_one_logit_for_each_image():
    for count in (0, 1, 5):
        logits = Pigeon()(torch.zeros(count, 1, 28, 28))
        assert logits.shape == (count, 1) and logits.dtype == torch.float32


@pytest.mark.parametrize("seed", [0, 1, 2**31, 2**32 - 1])
def test_a_seed_gives_the_weights_that_follow_manual_seed(seed):
    seeded = Pigeon(seed=seed)
    torch.manual_seed(seed)
    for ours, expected in zip(seeded.parameters(), [*nn.Linear(784, 30).parameters(), *nn.Linear(30, 1).parameters()],
                              strict=True):
        assert torch.equal(ours, expected)


def test_a_seed_leaves_the_global_random_state_alone():
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    Pigeon(seed=1)
    assert torch.equal(torch.rand(3), expected)


def test_a_seed_does_not_even_borrow_the_global_random_state(monkeypatch):
    for name in ("manual_seed", "set_rng_state", "get_rng_state"):  # another thread may be drawing from it
        monkeypatch.setattr(torch, name, None)
        monkeypatch.setattr(torch.random, name, None)
    Pigeon(seed=1)


def test_without_a_seed_the_global_random_state_decides():
    torch.manual_seed(5)
    first, second = Pigeon(), Pigeon()
    torch.manual_seed(5)
    assert torch.equal(Pigeon().hidden.weight, first.hidden.weight)
    torch.manual_seed(5)
    assert torch.equal(nn.Linear(784, 30).weight, first.hidden.weight)
    assert not torch.equal(first.hidden.weight, second.hidden.weight)


@pytest.mark.parametrize(("arguments", "error", "words"), [
    ({"num_hidden": 0}, ValueError, "num_hidden must be at least 1, got 0; 30 is"),
    ({"num_hidden": 2.5}, TypeError, "num_hidden must be a whole number, got 2.5; 30 is"),
    ({"num_hidden": "30"}, TypeError, "num_hidden must be a whole number, got '30'; 30 is"),
    ({"seed": -1}, ValueError, "seed must be at least 0, got -1; give"),
    ({"seed": 2**32}, ValueError, "seed must be at most 4294967295, got 4294967296; give"),
    ({"seed": 1.0}, TypeError, "seed must be a whole number, got 1.0; give"),
])
def test_a_pigeon_refuses_bad_arguments(arguments, error, words):
    with pytest.raises(error, match=re.escape(words)):
        Pigeon(**arguments)
