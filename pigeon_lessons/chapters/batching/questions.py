"""What judges chapter 01's exercises: batches, their loss, a pass over them, and a network."""

import torch
from torch import nn

from pigeon_lessons.questions.loops import loop_exercise, one_pass, passes
from pigeon_lessons.questions.marking import function_exercise
from pigeon_lessons.questions.modules import module_exercise


def mean_loss(logits, targets):
    """Return the mean loss of a batch."""
    return _losses(logits, targets).mean()


def _losses(logits, targets):
    return nn.functional.binary_cross_entropy_with_logits(logits, targets, reduction="none")


def _logits_and_targets(draw):
    for n in (2, 8, 32, 5, 1, 100):
        numbers = torch.tensor([[draw.gauss(0, 1.5), draw.random()] for _ in range(n)])
        yield numbers[:, :1], (numbers[:, 1:] < 0.3).float()


JUDGES = {
    "mean-loss": function_exercise(mean_loss, _logits_and_targets, {
        "no mean": _losses,
        "sum": lambda logits, targets: _losses(logits, targets).sum(),
        "divided twice": lambda logits, targets: mean_loss(logits, targets) / len(logits),
        "by 32": lambda logits, targets: _losses(logits, targets).sum() / 32,
        "no minus": lambda logits, targets: -mean_loss(logits, targets),
        "other answers": lambda logits, targets: mean_loss(-logits, targets),
    }),
    "updates": loop_exercise(one_pass, passes((20, 8), (33, 32), (6, 6))),
    "module": module_exercise("MyPigeon", ((), (784, 30, 1), 5), ((7,), (784, 7, 1), 1), ((12,), (784, 12, 1), 40)),
}
