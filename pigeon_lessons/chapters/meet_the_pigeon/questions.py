"""What chapter 00 asks: the network, its loss, and one update."""

import math

import torch

from pigeon_lessons.questions import loops
from pigeon_lessons.questions.content import asked
from pigeon_lessons.questions.marking import exercises, function_exercise

QUIZZES, PREDICTIONS = asked("meet_the_pigeon")


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


EXERCISES = exercises("meet_the_pigeon", {
    "loss": function_exercise(loss_of, _logit_and_target, slips=[
        (lambda logit, target: -loss_of(logit, target), "A loss is positive: put a minus before the logarithm."),
        (lambda logit, target: loss_of(logit, target) / math.log(2),
         "The base of your logarithm is not e. In nats it is the natural one, `math.log`."),
        (lambda logit, target: loss_of(logit, target) / math.log(10),
         "The base of your logarithm is not e. In nats it is the natural one, `math.log`."),
        (lambda logit, target: loss_of(logit, 1 - target),
         "That is the loss of the other answer. If the target is 1, the right answer got p, else 1 − p."),
        (lambda logit, target: loss_of(logit, 1),
         "That is right where the target is 1. Where it is 0, the right answer got the probability 1 − p."),
    ], otherwise="First the sigmoid of the logit, then minus the logarithm of the probability of the right answer."),
    "accuracy": function_exercise(accuracy, _logits_and_targets, slips=[
        (_right, "Take the mean over all images."),
        (lambda logits, targets: _right(logits, targets).sum(),
         "That is the number of right answers. Divide it by the number of images."),
        (lambda logits, targets: _right(logits, targets).sum() / 8,
         "You divide by 8, and there are not always 8 images. Use `len(logits)`, or `.mean()`."),
        (lambda logits, targets: _right(logits, targets, above=0.5).float().mean(),
         "A logit above 0 means \"yes\". Did you compare the logit with 0.5? That is for probabilities."),
        (lambda logits, targets: 1 - accuracy(logits, targets), "That is the share of wrong answers."),
        (lambda logits, targets: 100 * accuracy(logits, targets), "That is a percentage. Return a share from 0 to 1."),
        (lambda logits, targets: 1 - targets.mean(), "That is how often \"no\" is right. What does the Pigeon answer?"),
    ], otherwise="Count the images whose answer, \"yes\" for a logit above 0, is that of the target; divide by all."),
    "update": loops.exercise(loops.update, loops.updates(4, 7, 1), slips=[
        (_anew, "A new optimizer has forgotten its velocity. Use the one that your function is given."),
        (_loss_after, "Take the loss before the step; the lesson's loop does so, and needs no second look."),
    ], otherwise="Give the loss first the logits, without a sigmoid, then the targets; take the mean over the images, "
                 "make one step, and return the loss before it."),
})
