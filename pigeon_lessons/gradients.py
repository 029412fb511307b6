"""Gradients of a Pigeon: of a batch, of the whole set, and the loss along one of them. No figure, no widget."""

from typing import NamedTuple

import torch
from torch.nn.functional import binary_cross_entropy_with_logits as cross_entropy

from pigeon_lessons.data import data_order
from pigeon_lessons.threads import one_thread


@one_thread()
def gradient(pigeon, digits):
    """Return (mean loss, its gradient by every parameter as one flat tensor) on `digits`.

    >>> from pigeon_lessons import Pigeon, load_mnist
    >>> loss, slope = gradient(Pigeon(seed=1), load_mnist()[:32])
    >>> slope.shape
    torch.Size([23581])
    """
    parameters = list(pigeon.parameters())
    loss = cross_entropy(pigeon(digits.images), digits.targets)
    return loss.item(), torch.cat([part.flatten() for part in torch.autograd.grad(loss, parameters)])


@one_thread()
@torch.no_grad()
def losses_along(pigeon, digits, direction, lengths):
    """Return the mean loss on `digits` after a step of each of `lengths` against `direction`, a flat tensor.

    The hidden layer is linear before its ReLU, so both of its products are computed once for all lengths.
    """
    hidden, output = pigeon.hidden, pigeon.output
    parts = direction.split([parameter.numel() for parameter in pigeon.parameters()])
    shaped = [part.view_as(parameter) for part, parameter in zip(parts, pigeon.parameters(), strict=True)]
    pixels = digits.images.flatten(start_dim=1)
    sums, changes = hidden(pixels), pixels @ shaped[0].T + shaped[1]
    losses = []
    for length in lengths:
        active = torch.relu(sums - length * changes)
        logits = active @ (output.weight - length * shaped[2]).T + output.bias - length * shaped[3]
        losses.append(cross_entropy(logits, digits.targets).item())
    return losses


MOST_BATCHES = 32
"""How many batches' directions are measured: more would take long, and hide one another in a picture."""


class Direction(NamedTuple):
    """How a batch's gradient lies to the whole set's: the cosine between them, and its length relative to it."""

    loss: float
    cosine: float
    length: float


@one_thread()
def directions(pigeon, digits, batch_size, *, seed):
    """Return the `Direction`s of the first epoch's batches, in order."""
    _, whole = gradient(pigeon, digits)
    found = []
    for chosen in data_order(len(digits), seed=seed, epoch=0).split(batch_size)[:MOST_BATCHES]:
        loss, own = gradient(pigeon, digits[chosen])
        found.append(Direction(loss, torch.cosine_similarity(own, whole, dim=0).clamp(-1, 1).item(),
                               (own.norm() / whole.norm().clamp_min(1e-12)).item()))
    return found
