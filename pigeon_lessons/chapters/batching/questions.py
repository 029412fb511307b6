"""What chapter 01 asks: batches, their gradients, their cost."""

from functools import partial

import torch
from torch import nn

from pigeon_lessons.questions import loops, modules
from pigeon_lessons.questions.content import Exercise, asked
from pigeon_lessons.questions.marking import function_exercise, number_exercise

QUIZZES, PREDICTIONS = asked("batching")


def mean_loss(logits, targets):
    """Return the mean loss of a batch."""
    return _losses(logits, targets).mean()


def _losses(logits, targets):
    return nn.functional.binary_cross_entropy_with_logits(logits, targets, reduction="none")


def _logits_and_targets(draw):
    for n in (2, 8, 32, 5, 1, 100):
        numbers = torch.tensor([[draw.gauss(0, 1.5), draw.random()] for _ in range(n)])
        yield numbers[:, :1], (numbers[:, 1:] < 0.3).float()


EXERCISES = {
    "third": number_exercise(288, {
        96: "Three times the images make the spread √3 times smaller, not 3 times.",
        32 / 3: "Smaller batches scatter more, not less.",
        32 / 9: "That is 9 times smaller a batch: it scatters three times as much.",
        9: "That is the factor. Multiply the batch size by it.",
    }, otherwise="The spread falls as 1/√n. Which n makes √n three times as large as √32?", hints=[
        "A spread 2 times smaller needs 4 times the images.", "A spread 3 times smaller needs 3² times the images.",
    ]),
    "mean-loss": function_exercise(mean_loss, _logits_and_targets, slips=[
        (_losses, "Take the mean over the batch."),
        (lambda logits, targets: _losses(logits, targets).sum(), "That is the sum of the losses. Take the mean."),
        (lambda logits, targets: mean_loss(logits, targets) / len(logits),
         "You divided a mean by the batch size. A mean has been divided already."),
        (lambda logits, targets: _losses(logits, targets).sum() / 32,
         "You divided by 32. Batches have other sizes, too: use `len(logits)`, or `.mean()`."),
        (lambda logits, targets: -mean_loss(logits, targets), "The sign is wrong. Put a minus before the logarithm."),
        (lambda logits, targets: mean_loss(-logits, targets),
         "That is the loss of the other answers. Where the target is 1, the right answer got p."),
    ], otherwise="Where the target is 1 the loss is −ln p, where it is 0 it is −ln(1 − p). Take the mean.", hints=[
        "Start with `p = torch.sigmoid(logits)`.",
        "Targets are 1 or 0: `targets * torch.log(p) + (1 - targets) * torch.log(1 - p)` picks the right one.",
        "The mean of that, with a minus. `.mean()` knows how many there are.",
    ]),
    "updates": loops.exercise(loops.one_pass, loops.passes((20, 8), (33, 32), (6, 6)), hints=[
        "Begin with an empty list and `for images, targets in loader:`.",
        "In the loop: the five steps, then `losses.append(loss.item())`.",
        "After the loop, not inside it: `return losses`.",
    ], otherwise="Are all of backward, step and zero_grad inside the loop, in this order? Does the list begin before "
                 "the loop, and is the `return` behind the loop, not inside it?"),
    "module": Exercise(asks=modules.module_class, judge=partial(modules.judge, name="MyPigeon", cases=[
        ((), (784, 30, 1), 5), ((7,), (784, 7, 1), 1), ((12,), (784, 12, 1), 40)]), hints=[
        "In `__init__`, first `super().__init__()`, then two layers: `nn.Linear(784, num_hidden)` and one to 1.",
        "In `forward`, `images.flatten(1)` makes [n, 784] of [n, 1, 28, 28].",
        "Behind the first layer comes `torch.relu`, behind the second one nothing: logits are asked for.",
    ]),
}
