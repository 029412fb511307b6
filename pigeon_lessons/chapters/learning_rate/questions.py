"""What judges chapter 03's exercises: the learning rate."""

import torch

from pigeon_lessons.model import Pigeon
from pigeon_lessons.questions.marking import function_exercise


def scaled_rate(lr, batch_size, new_batch_size):
    """Return the learning rate with which an epoch gets equally far."""
    return lr * new_batch_size / batch_size


def _rates(draw):
    yield from [(0.04, 32, 128), (0.04, 32, 8), (0.04, 32, 32), (0.01, 8, 32), (0.3, 64, 16)]
    for _ in range(10):
        yield round(draw.uniform(0.001, 1), 3), draw.randint(1, 100), draw.randint(1, 100)


def rate_at(iteration, total, lr):
    """Return `lr` in the first half, then a straight line down to 0 at `total`."""
    return lr * min(1, 2 - 2 * iteration / total)


def _iterations(draw):
    for total, lr in ((100, 0.4), (10, 0.4), (7, 0.1), (64, 1.0), (draw.randint(200, 999), round(draw.random(), 2))):
        yield from ((iteration, total, lr) for iteration in sorted({
            0, total // 5, total // 2, total // 2 + 1, 3 * total // 4, total, draw.randint(0, total)}))


def alive(pigeon, images):
    """Return how many hidden units are above 0 for at least one image."""
    return _is_on(pigeon, images).any(dim=0).sum()


@torch.no_grad()
def _is_on(pigeon, images):
    return pigeon.hidden(images.flatten(1)) > 0


@torch.no_grad()
def _half_dead(draw):
    for units, n in ((6, 6), (4, 1), (30, 20), (9, 9), (50, 8)):
        pigeon, generator = Pigeon(units, seed=draw.randrange(100)), torch.Generator().manual_seed(draw.randrange(100))
        pigeon.hidden.bias.copy_(0.3 * torch.randn(units, generator=generator) - 0.2)
        yield pigeon, torch.rand(n, 1, 28, 28, generator=generator)


JUDGES = {
    "scaled-rate": function_exercise(scaled_rate, _rates, {
        "shorter": lambda lr, batch_size, new: lr * batch_size / new,
        "as before": lambda lr, batch_size, new: lr,
        "cut off": lambda lr, batch_size, new: lr * (new // batch_size),
        "square root": lambda lr, batch_size, new: lr * (new / batch_size) ** 0.5,
        "from 32": lambda lr, batch_size, new: lr * new / 32,
        "factor": lambda lr, batch_size, new: new / batch_size,
    }),
    "schedule": function_exercise(rate_at, _iterations, {
        "from the start": lambda iteration, total, lr: lr * (1 - iteration / total),
        "jump": lambda iteration, total, lr: lr if iteration < total / 2 else lr * (1 - iteration / total),
        "drop": lambda iteration, total, lr: lr if iteration <= total / 2 else 0.0,
        "constant": lambda iteration, total, lr: lr,
        "total 100": lambda iteration, total, lr: rate_at(iteration, 100, lr),
        "rate 0.4": lambda iteration, total, lr: rate_at(iteration, total, 0.4),
    }),
    "alive": function_exercise(alive, _half_dead, {
        "answers": lambda pigeon, images: (pigeon(images) > 0).sum(),
        "for every image": lambda pigeon, images: _is_on(pigeon, images).all(dim=0).sum(),
        "dead": lambda pigeon, images: len(pigeon.hidden.bias) - alive(pigeon, images),
        "all": lambda pigeon, images: len(pigeon.hidden.bias),
        "once for each image": lambda pigeon, images: _is_on(pigeon, images).sum(),
        "images": lambda pigeon, images: _is_on(pigeon, images).any(dim=1).sum(),
        "bias": lambda pigeon, images: (pigeon.hidden.bias > 0).sum(),
    }),
}
