"""What chapter 03 asks: the learning rate."""

import torch

from pigeon_lessons.model import Pigeon
from pigeon_lessons.questions.content import asked
from pigeon_lessons.questions.marking import exercises, function_exercise

QUIZZES, PREDICTIONS = asked("learning_rate")


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


EXERCISES = exercises("learning_rate", {
    "scaled-rate": function_exercise(scaled_rate, _rates, slips=[
        (lambda lr, batch_size, new: lr * batch_size / new,
         "A larger batch makes fewer steps; should each be shorter?"),
        (lambda lr, batch_size, new: lr, "The batch grows; should the learning rate stay?"),
        (lambda lr, batch_size, new: lr * (new // batch_size), "`//` cuts the fraction off. Divide with `/`."),
        (lambda lr, batch_size, new: lr * (new / batch_size) ** 0.5,
         "That is the square root of the factor; this lesson scales in proportion."),
        (lambda lr, batch_size, new: lr * new / 32, "The old batch size is not always 32: divide by `batch_size`."),
        (lambda lr, batch_size, new: new / batch_size, "That is the factor. Multiply the learning rate by it."),
    ], otherwise="How many times as large is the new batch?"),
    "schedule": function_exercise(rate_at, _iterations, slips=[
        (lambda iteration, total, lr: lr * (1 - iteration / total), "In the first half nothing changes yet."),
        (lambda iteration, total, lr: lr if iteration < total / 2 else lr * (1 - iteration / total),
         "The line starts from `lr` in the middle; yours jumps to half of it."),
        (lambda iteration, total, lr: lr if iteration <= total / 2 else 0.0,
         "The rate falls in a straight line, it does not drop to 0 at once."),
        (lambda iteration, total, lr: lr, "At the end the rate should be 0."),
        (lambda iteration, total, lr: rate_at(iteration, 100, lr), "There are not always 100 iterations: use `total`."),
        (lambda iteration, total, lr: rate_at(iteration, total, 0.4), "The rate is not always 0.4: use `lr`."),
    ], otherwise="The first half has `lr`; then a straight line runs from `lr` in the middle to 0 at `total`."),
    "alive": function_exercise(alive, _half_dead, slips=[
        (lambda pigeon, images: (pigeon(images) > 0).sum(),
         "That looks at the answers of the whole Pigeon. The hidden units come before: `pigeon.hidden(…)`."),
        (lambda pigeon, images: _is_on(pigeon, images).all(dim=0).sum(),
         "That counts the units that are on for every image. One image is enough to be alive."),
        (lambda pigeon, images: len(pigeon.hidden.bias) - alive(pigeon, images), "That counts the dead ones."),
        (lambda pigeon, images: len(pigeon.hidden.bias),
         "That is the number of hidden units. Which of them are ever above 0?"),
        (lambda pigeon, images: _is_on(pigeon, images).sum(),
         "That counts every unit once for each image it is on for. Count each unit once."),
        (lambda pigeon, images: _is_on(pigeon, images).any(dim=1).sum(),
         "That counts images, those for which some unit is on. Ask each unit instead: `dim=0`."),
        (lambda pigeon, images: (pigeon.hidden.bias > 0).sum(),
         "A bias above 0 is not what makes a unit alive. Look at its sums, `pigeon.hidden(…)`."),
    ], otherwise="A unit is alive if its sum, before the ReLU, is above 0 for at least one of the images."),
})
