"""What judges chapter 02's exercises: iterations and epochs."""

from collections import Counter
from functools import partial
from itertools import pairwise

import torch

from pigeon_lessons.questions import kinds
from pigeon_lessons.questions.marking import Exercise, function_exercise


def epochs_done(iteration, num_images, batch_size):
    """Return how many whole epochs are done, the short last batch kept."""
    return iteration // -(-num_images // batch_size)


def _iterations(draw):
    yield from [(31, 1024, 32), (32, 1024, 32), (31, 1000, 32), (32, 1000, 32), (310, 1000, 32), (5, 7, 10), (0, 9, 3)]
    for _ in range(20):
        yield draw.randint(0, 500), draw.randint(1, 300), draw.randint(1, 64)


def epoch_loss(losses, sizes):
    """Return the mean loss per image."""
    return _total(losses, sizes) / sum(sizes)


def _total(losses, sizes):
    return sum(loss * size for loss, size in zip(losses, sizes, strict=True))


def _losses_and_sizes(draw):
    yield [0.5, 0.5, 2.0], [32, 32, 4]
    for count, size in ((4, 16), (2, 64), (1, 5), (6, 8)):
        yield [round(draw.uniform(0.1, 3), 2) for _ in range(count)], [size] * (count - 1) + [draw.randint(1, size)]


def _judge_one_epoch(answer):
    for num_images, batch_size in ((100, 32), (96, 32), (7, 3), (80, 100)):
        epochs = [_positions(answer(num_images, batch_size, epoch)) for epoch in (0, 1, 2, 0)]
        message = next(filter(None, (_not_a_partition(one, num_images, batch_size) for one in epochs)), None)
        message = message or (_not_shuffled(epochs) if num_images == 100 else None)
        if message:
            return f"{num_images} images in batches of {batch_size}: {message}"
    return None


def _positions(batches):
    if not isinstance(batches, (list, tuple)) and getattr(batches, "ndim", 0) == 0:
        raise kinds.Unfit(f"The batches of an epoch should come as a list; yours is {kinds.named(batches)}.")
    if not all(isinstance(batch, (list, tuple)) or getattr(batch, "ndim", 0) == 1 for batch in batches):
        raise kinds.Unfit("That is one long list of positions. Cut it into batches: a list of lists, or of tensors.")
    return [[kinds.number(place, "Each position") for place in batch] for batch in batches]


def _not_a_partition(batches, num_images, batch_size):
    places, sizes = [place for batch in batches for place in batch], [len(batch) for batch in batches]
    if len(places) != len(set(places)):
        return f"some come twice in one epoch: {len(places)} positions, only {len(set(places))} different ones."
    if len(places) == num_images and (min(places), max(places)) != (0, num_images - 1):
        return f"the positions run from 0 to {num_images - 1}; yours from {min(places):g} to {max(places):g}."
    if sorted(places) != list(range(num_images)):
        return f"the positions 0 to {num_images - 1} are all used in an epoch; yours uses {len(places)}. " \
               "Is the short last batch there?"
    wanted = [len(part) for part in torch.arange(num_images).split(batch_size)]
    return None if sizes == wanted else f"that makes batches of {wanted} images; yours are of {sizes}."


def _not_shuffled(epochs):
    first, second, third, again = ([place for batch in epoch for place in batch] for epoch in epochs)
    steps = Counter((b - a) % 100 for a, b in pairwise(first))
    neighbors = set(pairwise(first)) & set(pairwise(second))
    tests = [
        (first == sorted(first), "every image is used once, but in the stored order: this does not shuffle."),
        (first != again, "epoch 0 has another order each time it is asked for. Seed the generator with `epoch`, to "
                         "repeat a run."),
        (second in (first, third), "two epochs have the same order. Let the order depend on `epoch`."),
        (_companies(epochs[0]) == _companies(epochs[1]), "whole batches are shuffled, and the same images always meet "
                                                         "in a batch. Shuffle the positions first, then cut."),
        (steps.most_common(1)[0][1] > 50 or len(neighbors) > 50,
         "the order is only turned or turned round: neighbors stay neighbors. Draw a random order."),
        (sum(abs(place - i) for i, place in enumerate(first)) < 2000,
         "most images stay near their stored place. Shuffle all positions at once."),
    ]
    return next((message for fails, message in tests if fails), None)


def _companies(batches):
    return {frozenset(batch) for batch in batches}


JUDGES = {
    "epochs-done": function_exercise(epochs_done, _iterations, {
        "short batch left out": lambda iteration, num_images, batch_size: iteration // max(1, num_images // batch_size),
        "all batches full": lambda iteration, num_images, batch_size: iteration * batch_size // num_images,
        "not whole": lambda iteration, num_images, batch_size: iteration / -(-num_images // batch_size),
        "iterations of one": lambda iteration, num_images, batch_size: -(-num_images // batch_size),
        "always a short batch": lambda iteration, num_images, batch_size: iteration // (num_images // batch_size + 1),
        "rounded up": lambda iteration, num_images, batch_size: -(-iteration // -(-num_images // batch_size)),
    }),
    "epoch-loss": function_exercise(epoch_loss, _losses_and_sizes, {
        "plain mean": lambda losses, sizes: sum(losses) / len(losses),
        "sum": lambda losses, sizes: sum(losses),
        "sum over images": _total,
        "by batches": lambda losses, sizes: _total(losses, sizes) / len(losses),
        "all as large": lambda losses, sizes: _total(losses, sizes) / (len(sizes) * sizes[0]),
    }),
    "one-epoch": partial(Exercise, kinds.function, _judge_one_epoch),
}
