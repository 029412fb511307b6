"""What chapter 01 asks: batches, their gradients, their cost."""

from functools import partial

import torch
from torch import nn

from pigeon_lessons.questions import loops, modules
from pigeon_lessons.questions.content import Exercise, asked
from pigeon_lessons.questions.marking import exercises, function_exercise

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


EXERCISES = exercises("batching", {
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
    ], otherwise="Where the target is 1 the loss is −ln p, where it is 0 it is −ln(1 − p). Take the mean."),
    "updates": loops.exercise(
        loops.one_pass, loops.passes((20, 8), (33, 32), (6, 6)),
        otherwise="Are all of backward, step and zero_grad inside the loop, in this order? Does the list begin before "
                  "the loop, and is the `return` behind the loop, not inside it?"),
    "module": Exercise(asks=modules.module_class, judge=partial(modules.judge, name="MyPigeon", cases=[
        ((), (784, 30, 1), 5), ((7,), (784, 7, 1), 1), ((12,), (784, 12, 1), 40)])),
})
