"""Gradients against a reckoning by hand in numpy, and against steps really taken."""

import copy

import numpy as np
import pytest
import torch

from pigeon_lessons import Pigeon, evaluate
from pigeon_lessons.gradients import directions, gradient, losses_along


def test_the_gradient_is_the_one_derived_by_hand(digits):
    train = digits[0][:50]
    pigeon = Pigeon(5, seed=1)
    weights, bias, out, out_bias = (part.detach().numpy().astype(float) for part in pigeon.parameters())
    pixels, targets = train.images.flatten(1).numpy().astype(float), train.targets.numpy().astype(float)
    sums = pixels @ weights.T + bias
    logits = np.maximum(sums, 0) @ out.T + out_bias
    by_logit = (1 / (1 + np.exp(-logits)) - targets) / len(train)
    by_sum = (by_logit @ out) * (sums > 0)
    expected = np.concatenate([(by_sum.T @ pixels).ravel(), by_sum.sum(0), (by_logit.T @ np.maximum(sums, 0)).ravel(),
                               by_logit.sum(0)])
    loss, found = gradient(pigeon, train)
    assert np.allclose(found.numpy(), expected, atol=1e-6)
    assert loss == pytest.approx(evaluate(pigeon, train)["loss"], abs=1e-6)


def test_the_loss_along_a_direction_is_that_of_a_pigeon_that_took_the_step(digits):
    train, pigeon = digits[0], Pigeon(seed=1)
    _, slope = gradient(pigeon, train)
    for length, loss in zip((0.0, 0.5, 3.0), losses_along(pigeon, train, slope, (0.0, 0.5, 3.0)), strict=True):
        moved = copy.deepcopy(pigeon)
        vector = torch.nn.utils.parameters_to_vector(moved.parameters()) - length * slope
        torch.nn.utils.vector_to_parameters(vector.detach(), moved.parameters())
        assert loss == pytest.approx(evaluate(moved, train)["loss"], rel=1e-5)


def test_the_whole_set_as_one_batch_points_exactly_along_itself(digits):
    (only,) = directions(Pigeon(seed=1), digits[0], 128, seed=1)
    assert only.cosine == pytest.approx(1, abs=1e-5) and only.length == pytest.approx(1, rel=1e-4)


def test_larger_batches_point_closer_to_the_whole_set(digits):
    def mean_cosine(size):
        found = directions(Pigeon(seed=1), digits[0], size, seed=1)
        return sum(one.cosine for one in found) / len(found)
    assert mean_cosine(1) < mean_cosine(8) < mean_cosine(64)
