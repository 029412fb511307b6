"""What chapter 00 asks: the network, its loss, and one update."""

import math

import torch
from torch import nn

from pigeon_lessons.model import Pigeon
from pigeon_lessons.questions.content import Choice, Exercise, Number
from pigeon_lessons.questions.marking import not_a_function, not_a_number, number_check

QUIZZES = {}

PREDICTIONS = {
    "untrained": Choice("Where do the probabilities of the untrained Pigeon lie?",
                        ["all near 0", "all near 0.5", "some near 0, others near 1"]),
    "accuracy": Number("On how many percent of new digits will it be right after 1,000 updates?",
                       low=0, high=100, unit="%"),
}


def _check_loss(answer):
    complaint = not_a_function(answer)
    if complaint:
        return complaint
    for logit, target in ((2.0, 1), (2.0, 0), (-1.5, 0), (-1.5, 1), (0.0, 1)):
        given = answer(logit, target)
        right = math.log1p(math.exp(-logit if target else logit))
        complaint = not_a_number(given) or _wrong_loss(float(given), logit, target, right)
        if complaint:
            return f"For logit {logit:g} and target {target}: {complaint}"
    return None


def _wrong_loss(given, logit, target, right):
    if math.isclose(given, right, rel_tol=1e-4):
        return None
    if math.isclose(given, -right, rel_tol=1e-4):
        return f"you return {given:.3f}. A loss is positive: put a minus before the logarithm."
    if any(math.isclose(given, right / math.log(base), rel_tol=1e-4) for base in (2, 10)):
        return "the base of your logarithm is not e. In nats it is the natural one, `math.log`."
    if math.isclose(given, math.log1p(math.exp(logit if target else -logit)), rel_tol=1e-4):
        return (f"the loss should be {right:.3f}, you return {given:.3f}. That is minus the logarithm of the "
                "probability of the other answer. The probability of \"no\" is 1 − p.")
    return (f"the loss should be {right:.3f}, you return {given:.3f}. First the sigmoid of the logit, then minus the "
            "logarithm of the probability of the right answer.")


def _check_accuracy(answer):
    complaint = not_a_function(answer)
    if complaint:
        return complaint
    logits = torch.tensor([[2.0], [0.3], [-1.0], [-0.2], [0.1], [-3.0], [0.4], [-2.0]])
    targets = torch.tensor([[1.0], [1.0], [0.0], [1.0], [0.0], [0.0], [1.0], [0.0]])
    try:
        given = answer(logits, targets)
    except NotImplementedError:  # what torch raises for the mean of True and False
        return "PyTorch takes no mean of True and False. Make 1 and 0 of them first, with `.float()`."
    complaint = not_a_number(given)
    if complaint:
        return f"{complaint} Take the mean over all images."
    known = {6 / 8: None,
             6.0: "That is the number of right answers. Divide it by the number of images.",
             5 / 8: "A logit above 0 means \"yes\". Did you compare the logit with 0.5? That is for probabilities.",
             2 / 8: "That is the share of wrong answers.",
             75.0: "That is a percentage. Return a share from 0 to 1."}
    for value, message in known.items():
        if math.isclose(float(given), value, abs_tol=1e-6):
            return message
    return f"For 8 images, 6 of them answered rightly, it should be 0.75; yours is {float(given):.3f}."


def _check_update(answer):
    complaint = not_a_function(answer)
    if complaint:
        return complaint
    images = torch.rand(4, 1, 28, 28, generator=torch.Generator().manual_seed(1))
    targets = torch.tensor([[1.0], [0.0], [1.0], [1.0]])
    mine, yours = _start(), _start()
    start = [parameter.clone() for parameter in mine[0].parameters()]
    for number in (1, 2):
        right = _reference_update(*mine, images, targets)
        given = answer(*yours, images, targets)
        if not isinstance(given, float):
            return "Return the loss as a float: end with `return loss.item()`."
        complaint = _difference(mine[0], yours[0], start, number)
        if complaint:
            return complaint
        if not math.isclose(float(given), right, rel_tol=1e-4):
            return (f"The step is right, but you return {float(given):.4f}. The loss of these images, before the step, "
                    f"was {right:.4f}.")
    return None


def _start():
    model = Pigeon(num_hidden=3, seed=1)
    return model, torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)


def _reference_update(model, optimizer, images, targets):
    loss = nn.functional.binary_cross_entropy_with_logits(model(images), targets)
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()
    return loss.item()


def _difference(mine, yours, start, number):
    """Return what the student's weights, after update `number`, tell of the mistake that made them."""
    pairs = list(zip(mine.parameters(), yours.parameters(), strict=True))
    if all(torch.allclose(right, given, atol=1e-6) for right, given in pairs):
        return None
    if number == 1 and all(torch.equal(old, given) for old, given in zip(start, yours.parameters(), strict=True)):
        if all(given.grad is None or not given.grad.any() for given in yours.parameters()):
            return ("No parameter has changed, and no gradient is left. Call `loss.backward()` and then "
                    "`optimizer.step()`, and clear the gradient only after that.")
        return "There is a gradient, but no parameter has changed. After `backward()` comes `optimizer.step()`."
    if number == 2:
        return ("The first update is right, the second is not: the old gradient was still there. "
                "Forget it with `optimizer.zero_grad()`.")
    return ("The parameters have changed, but not as they should. Give the loss first the logits, without a "
            "sigmoid, then the targets; take the mean over the images, and make one step.")


EXERCISES = {
    "parameters": Exercise(
        check=number_check(47_161, [
            (47_100, "You counted the weights. Each of the 60 hidden units and the output unit also has a bias."),
            (47_160, "Almost: one number is missing. The output unit has a bias too."),
            (47_162, "Twice the 23,581 counts the output unit's bias twice."),
            (47_101, "The biases of the 60 hidden units are missing."),
            (47_131, "Almost: each of the 60 hidden units has a bias, not 30 of them."),
            (47_040, "Those are the weights from pixels to hidden units. There are three more groups of numbers."),
        ], otherwise="Add four groups: 784 weights for each hidden unit, a bias for each, a weight from each to the "
                     "output, and one bias there."),
        hints=["Go through the table that was printed for 30 hidden units. Which of the four rows depend on the 30?",
               "784·60 weights, 60 biases, 60 weights of the output unit, and …"],
        solution="answer = 784 * 60 + 60 + 60 + 1",
    ),
    "loss": Exercise(
        check=_check_loss,
        hints=["Two steps: from the logit to p by the sigmoid, from p to the loss by a logarithm.",
               "If the target is 1, the right answer got p. If it is 0, it got 1 − p.",
               "`p = 1 / (1 + math.exp(-logit))`"],
        solution="""
import math


def answer(logit, target):
    p = 1 / (1 + math.exp(-logit))
    return -math.log(p if target == 1 else 1 - p)
""",
    ),
    "accuracy": Exercise(
        check=_check_accuracy,
        hints=["`logits > 0` says for each image whether the Pigeon answers \"yes\".",
               "Compare that with `targets > 0.5`, then take the mean. `.float()` turns True and False into 1 and 0."],
        solution="""
def answer(logits, targets):
    is_right = (logits > 0) == (targets > 0.5)
    return is_right.float().mean().item()
""",
    ),
    "update": Exercise(
        check=_check_update,
        hints=["Five steps: predict, loss, backward, step, zero_grad.",
               "The loss function is `nn.BCEWithLogitsLoss()`; make one inside your function.",
               "Take the lines of the loop above, with `model`, `images` and `targets`, and return `loss.item()`."],
        solution="""
def answer(model, optimizer, images, targets):
    logits = model(images)
    loss = nn.BCEWithLogitsLoss()(logits, targets)
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()
    return loss.item()
""",
    ),
}
