"""What judges chapter 00's exercises: the network, its loss, and one update."""

import math

import torch

from pigeon_lessons.questions import loops
from pigeon_lessons.questions.marking import function_exercise


def loss_of(logit, target):
    """Return the loss of one image, in nats."""
    return math.log1p(math.exp(-logit if target else logit))


def _logit_and_target(draw):
    return [(2.0, 1), (2.0, 0), (-1.5, 0), (-1.5, 1), (0.0, 1),
            *((round(draw.uniform(-4, 4), 2), draw.randint(0, 1)) for _ in range(10))]


def accuracy(logits, targets):
    """Return the share of right answers."""
    return _right(logits, targets).float().mean()


def _right(logits, targets, above=0.0):
    return (logits > above) == (targets > 0.5)


def _logits_and_targets(draw):
    yield torch.tensor([[2.0], [0.3]]), torch.tensor([[1.0], [0.0]])
    for n in (8, 1, 5, 40, 100):
        numbers = torch.tensor([[draw.uniform(-3, 3), draw.random()] for _ in range(n)])
        yield numbers[:, :1], (numbers[:, 1:] < 0.4).float()


def _anew(model, optimizer, images, targets):
    return loops.update(model, torch.optim.SGD(model.parameters(), lr=0.005, momentum=0.9), images, targets)


def _loss_after(model, optimizer, images, targets):
    loops.update(model, optimizer, images, targets)
    return torch.nn.functional.binary_cross_entropy_with_logits(model(images), targets).item()


JUDGES = {
    "loss": function_exercise(loss_of, _logit_and_target, {
        "no minus": lambda logit, target: -loss_of(logit, target),
        "base 2": lambda logit, target: loss_of(logit, target) / math.log(2),
        "base 10": lambda logit, target: loss_of(logit, target) / math.log(10),
        "other answer": lambda logit, target: loss_of(logit, 1 - target),
        "always 1": lambda logit, target: loss_of(logit, 1),
    }),
    "accuracy": function_exercise(accuracy, _logits_and_targets, {
        "no mean": _right,
        "number": lambda logits, targets: _right(logits, targets).sum(),
        "by 8": lambda logits, targets: _right(logits, targets).sum() / 8,
        "above a half": lambda logits, targets: _right(logits, targets, above=0.5).float().mean(),
        "wrong ones": lambda logits, targets: 1 - accuracy(logits, targets),
        "percentage": lambda logits, targets: 100 * accuracy(logits, targets),
        "always no": lambda logits, targets: 1 - targets.mean(),
    }),
    "update": loops.loop_exercise(loops.update, loops.updates(4, 7, 1), {
        "optimizer anew": _anew,
        "loss after the step": _loss_after,
    }),
}
