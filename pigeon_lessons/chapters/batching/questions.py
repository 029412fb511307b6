"""What chapter 01 asks: batches, their gradients, their cost."""

import torch
from torch import nn

from pigeon_lessons.questions import kinds, loops
from pigeon_lessons.questions.content import Exercise, asked
from pigeon_lessons.questions.marking import function_exercise, number_exercise, same

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


ILLNESSES = [
    (lambda x, on, out: (x @ on[0].T + on[1]) @ out[0].T + out[1], "It is one straight line: the ReLU is missing."),
    (lambda x, on, out: torch.relu(_pigeon(x, on, out)), "A ReLU behind the output leaves no logit below 0."),
    (lambda x, on, out: torch.sigmoid(_pigeon(x, on, out)), "Return logits. The loss takes care of the sigmoid."),
    (lambda x, on, out: torch.sigmoid(x @ on[0].T + on[1]) @ out[0].T + out[1],
     "The hidden units of a Pigeon are ReLUs, not sigmoids."),
]
"""What a module may compute instead, from images [n, 784] and the weights and biases of both layers."""


def _pigeon(x, on, out):
    return torch.relu(x @ on[0].T + on[1]) @ out[0].T + out[1]


def _class(answer, what="The answer"):
    if not isinstance(answer, type):
        raise kinds.Unfit(f"Write a class; give it without brackets behind its name; yours is {kinds.named(answer)}.")
    return kinds.watched(answer)


def _judge_module(make):
    for arguments, num_hidden, n in (((), 30, 5), ((7,), 7, 1), ((12,), 12, 40)):
        model = make(*arguments)
        if not isinstance(model, nn.Module):
            return f"The class should begin with `class MyPigeon(nn.Module):`; yours makes {kinds.named(model)}."
        images = torch.rand(n, 1, 28, 28, generator=torch.Generator().manual_seed(n))
        given, whole = kinds.watched(model)(images), f"With {num_hidden} hidden units"
        if not isinstance(given, torch.Tensor) or given.shape != (n, 1):
            return f"{n} images should give logits of shape [{n}, 1]; yours gives {kinds.named(given)}."
        shapes = [[num_hidden, 784], [num_hidden], [1, num_hidden], [1]]
        parameters = {str(list(one.shape)): one for one in model.parameters()}
        if not parameters:
            return "PyTorch finds no parameters. Keep each layer as an attribute, `self.hidden = nn.Linear(…)`."
        count, right = sum(one.numel() for one in model.parameters()), 784 * num_hidden + 2 * num_hidden + 1
        if count != right or set(parameters) != set(map(str, shapes)):
            return f"{whole} a Pigeon has {right:,} parameters, in layers 784 → {num_hidden} → 1; yours has {count:,}."
        weights = [parameters[str(shape)] for shape in shapes]
        parts = images.flatten(1), weights[:2], weights[2:]
        if not same(given, _pigeon(*parts)):
            return next((message for wrong, message in ILLNESSES if same(given, wrong(*parts))),
                        "The shapes are right, the numbers are not. First hidden, then ReLU, then output.")
        if not given.requires_grad:
            return "No gradient comes through. `forward` must not use `no_grad`, `detach` or `item`."
    return None


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
    "module": Exercise(asks=_class, judge=_judge_module, hints=[
        "In `__init__`, first `super().__init__()`, then two layers: `nn.Linear(784, num_hidden)` and one to 1.",
        "In `forward`, `images.flatten(1)` makes [n, 784] of [n, 1, 28, 28].",
        "Behind the first layer comes `torch.relu`, behind the second one nothing: logits are asked for.",
    ]),
}
