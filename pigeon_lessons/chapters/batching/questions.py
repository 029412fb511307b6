"""What chapter 01 asks: batches, their gradients, their cost."""

import math

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from pigeon_lessons.model import Pigeon
from pigeon_lessons.questions.content import Choice, Exercise, Option, Quiz
from pigeon_lessons.questions.marking import not_a_function, not_a_number, number_check

QUIZZES = {
    "recall-1": Quiz("What does `loss.backward()` do?", [
        Option("It moves every parameter a step downhill.", "That is `optimizer.step()`, which comes after it."),
        Option("It leaves at every parameter its slope, in .grad.",
               "It computes all 23,581 slopes and changes no parameter.", right=True),
        Option("It replaces the old slopes by zeros.", "That is `optimizer.zero_grad()`, the last of the five steps."),
        Option("It computes the loss.", "The loss was there before; `backward()` starts from it."),
    ]),
    "recall-2": Quiz("A Pigeon is right on 71 % of the digits. What has it learned?", [
        Option("Much: a coin is right on 50 %.", "A coin is no rival. Seven of ten digits are not smaller than 3."),
        Option("Much: it saw only 1,000 digits.", "However few it saw: a rule that sees none at all scores the same."),
        Option("Perhaps nothing.", "Always saying \"no\" is right on about 70 %, without looking.", right=True),
    ]),
    "recall-3": Quiz("The Pigeon gives \"yes\" a probability of 0.5. What is the loss, in nats?", [
        Option("0.693, whatever the target", "Minus ln 0.5: the coin toss. Both answers got one half.", right=True),
        Option("0.5, whatever the target", "0.5 is the probability. The loss is minus its natural logarithm."),
        Option("0, because it is undecided", "Only an answer that is sure and right costs nothing."),
        Option("It depends on the target", "It does, except here: \"yes\" and \"no\" have the same probability."),
    ]),
}

PREDICTIONS = {
    "spread": Choice("Take batches of 16 instead of single images. How does the scatter of the gradients change?",
                     ["16 times smaller", "4 times smaller", "2 times smaller", "not at all"]),
    "time": Choice("How many times as long as one image does a batch of 32 images take?",
                   ["less than 4 times", "4 to 16 times", "more than 16 times"]),
}


def _check_mean_loss(answer):
    complaint = not_a_function(answer)
    if complaint:
        return complaint
    generator = torch.Generator().manual_seed(1)
    for n in (8, 32, 5):
        logits = torch.randn(n, 1, generator=generator)
        targets = (torch.rand(n, 1, generator=generator) < 0.3).float()
        losses = nn.functional.binary_cross_entropy_with_logits(logits, targets, reduction="none")
        try:
            given = answer(logits, targets)
        except RuntimeError as error:
            if "ambiguous" not in str(error):
                raise
            return ("An `if` looks at one target, and here are many. Choose by multiplying: "
                    "`targets * … + (1 - targets) * …`.")
        complaint = not_a_number(given)
        if complaint:
            return f"{complaint} Take the mean over the batch."
        complaint = _wrong_mean(float(given), losses, n)
        if complaint:
            return f"For a batch of {n}: {complaint}"
    return None


def _wrong_mean(given, losses, n):
    right = losses.mean().item()
    known = [(right, None),
             (n * right, "that is the sum of the losses. Take the mean."),
             (right / n, "you divided a mean by the batch size. A mean has been divided already."),
             (n * right / 32, "you divided by 32. This batch has another size: use `len(logits)`, or `.mean()`."),
             (n * right / 8, "you divided by 8. This batch has another size: use `len(logits)`, or `.mean()`."),
             (-right, "the sign is wrong. Put a minus before the logarithm.")]
    for value, message in known:
        if math.isclose(given, value, rel_tol=1e-4):
            return message
    return (f"the mean loss should be {right:.3f}, yours is {given:.3f}. Where the target is 1 the loss is −ln p, "
            "where it is 0 it is −ln(1 − p).")


def _check_pass(answer):
    complaint = not_a_function(answer)
    if complaint:
        return complaint
    generator = torch.Generator().manual_seed(1)
    images = torch.rand(20, 1, 28, 28, generator=generator)
    targets = (torch.rand(20, 1, generator=generator) < 0.5).float()
    loader = DataLoader(TensorDataset(images, targets), batch_size=8)
    mine, yours = _start(), _start()
    right = _reference_pass(*mine, loader)
    given = answer(*yours, loader)
    if not isinstance(given, (list, tuple)):
        return "Return a list: start with `losses = []` and append the loss of each batch."
    if len(given) != len(right):
        return (f"20 images in batches of 8 are {len(right)} batches, the last of 4 images; your list has {len(given)} "
                "numbers. Does the list begin before the loop, and is the `return` behind the loop, not inside it?")
    if not all(isinstance(loss, float) for loss in given):
        return "The list should hold floats: append `loss.item()`."
    if all(map(_close, given, right)):
        return _weights_differ(mine[0], yours[0])
    if _close(given[0], right[0]):
        still = _reference_pass(*_start(), loader, steps=False)
        if all(map(_close, given, still)):
            return "The losses are those of a Pigeon that never changes. Make a step after `loss.backward()`."
        return ("The first loss is right, the later ones are not. Are all of backward, step and zero_grad inside the "
                "loop, in this order?")
    return (f"The first loss should be {right[0]:.3f}, yours is {float(given[0]):.3f}. Use `nn.BCEWithLogitsLoss()` on "
            "logits and targets, and do not divide by the batch size.")


def _start():
    model = Pigeon(num_hidden=3, seed=1)
    return model, torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)


def _reference_pass(model, optimizer, loader, steps=True):
    losses = []
    for images, targets in loader:
        loss = nn.functional.binary_cross_entropy_with_logits(model(images), targets)
        loss.backward()
        if steps:
            optimizer.step()
        optimizer.zero_grad()
        losses.append(loss.item())
    return losses


def _close(given, right):
    return math.isclose(float(given), right, rel_tol=1e-4)


def _weights_differ(mine, yours):
    pairs = zip(mine.parameters(), yours.parameters(), strict=True)
    if all(torch.allclose(right, given, atol=1e-6) for right, given in pairs):
        return None
    return "All losses are right, but the last batch made no update like the others. Did you leave the loop too early?"


EXERCISES = {
    "updates": Exercise(
        check=number_check(16, [
            (15, "15 batches of 64 hold 960 images. The other 40 make a batch too."),
            (15.625, "There is no five eighths of an update: a short batch makes a whole one."),
            (1000, "That is the number of images. Each update uses up to 64 of them."),
            (64, "That is the batch size. How many batches are there?"),
        ], otherwise="Divide the number of images by the batch size, and think about the rest."),
        hints=["How many full batches of 64 fit into 1,000 images, and what is left?",
               "15 · 64 = 960. The last 40 images make a batch of their own."],
        solution="""
import math

answer = math.ceil(1000 / 64)
""",
    ),
    "third": Exercise(
        check=number_check(288, [
            (96, "Three times the images make the spread √3 times smaller, not 3 times."),
            (32 / 3, "Smaller batches scatter more, not less."),
            (32 / 9, "That is 9 times smaller a batch: it scatters three times as much."),
            (9, "That is the factor. Multiply the batch size by it."),
        ], otherwise="The spread falls as 1/√n. Which n makes √n three times as large as √32?"),
        hints=["A spread 2 times smaller needs 4 times the images.",
               "A spread 3 times smaller needs 3² times the images."],
        solution="answer = 32 * 3**2",
    ),
    "mean-loss": Exercise(
        check=_check_mean_loss,
        hints=["Start with `p = torch.sigmoid(logits)`.",
               "Targets are 1 or 0: `targets * torch.log(p) + (1 - targets) * torch.log(1 - p)` picks the right one.",
               "The mean of that, with a minus. `.mean()` knows how many there are."],
        solution="""
def answer(logits, targets):
    p = torch.sigmoid(logits)
    return -(targets * torch.log(p) + (1 - targets) * torch.log(1 - p)).mean()
""",
    ),
    "pass": Exercise(
        check=_check_pass,
        hints=["Begin with an empty list and `for images, targets in loader:`.",
               "In the loop: the five steps, then `losses.append(loss.item())`.",
               "After the loop, not inside it: `return losses`."],
        solution="""
def answer(model, optimizer, loader):
    losses = []
    for images, targets in loader:
        loss = nn.BCEWithLogitsLoss()(model(images), targets)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        losses.append(loss.item())
    return losses
""",
    ),
}
