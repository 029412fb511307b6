"""What chapter 03 asks: the learning rate."""

from math import isclose

import torch

from pigeon_lessons.model import PIXELS, Pigeon
from pigeon_lessons.questions.content import Choice, Exercise, Option, Quiz
from pigeon_lessons.questions.marking import not_a_function, not_a_number, number_check

QUIZZES = {
    "recall-1": Quiz("1,000 images, batches of 32, the short last batch kept. How many iterations are 2 epochs?", [
        Option("62", "That leaves the short batch out of both epochs. It makes an update too."),
        Option("62.5", "Each epoch ends with a batch of its own. The rest is not carried into the next epoch."),
        Option("64", "⌈1,000 / 32⌉ = 32 iterations an epoch, twice.", right=True),
    ]),
    "recall-2": Quiz("In which order does `DataLoader(train, batch_size=32)` give out the images?", [
        Option("In the stored order, the same in every epoch.", "To shuffle, say `shuffle=True`.", right=True),
        Option("In a random order, new in every epoch.", "Only with `shuffle=True`."),
        Option("In a random order, the same in every epoch.", "Nothing is random unless you ask for it."),
    ]),
    "recall-3": Quiz("Two runs of one epoch, batch 8 and batch 128, same learning rate. "
                     "Why was the loss lower with batch 8?", [
        Option("Its gradients are more exact.", "They are noisier: 8 images instead of 128."),
        Option("It saw more images.", "One epoch is one epoch: both saw every image once."),
        Option("It made 16 times as many updates.", "128 against 8, from the same images.", right=True),
    ]),
}

PREDICTIONS = {
    "one-step": Choice("One single step, against the gradient of all 1,024 images. "
                       "After which of the learning rates 0.1, 1 and 5 is the loss higher than before?",
                       ["after none: downhill is downhill", "after 5 only", "after 1 and 5", "after all three"]),
    "best-rate": Choice("Thirty steps, with learning rate 0.01, 0.3, 1 or 3. Which run ends at the lowest loss?",
                        ["0.01", "0.3", "1", "3"]),
    "momentum": Choice("Learning rate 0.005 with momentum 0.9: which learning rate without momentum comes closest?",
                       ["0.0005", "0.005", "0.05", "0.5"]),
    "rescue": Choice("Learning rate 3 has spoiled a Pigeon. We lower the learning rate to 0.05 and train it for ten "
                     "more epochs. What happens?", ["it recovers", "nothing changes any more"]),
}


def check_scaled_rate(answer):
    """Judge a function (lr, batch_size, new_batch_size) → the learning rate that keeps the steps of an epoch."""
    complaint = not_a_function(answer)
    if complaint:
        return complaint
    for new, right in ((32, 0.04), (128, 0.16), (8, 0.01)):
        given = answer(0.04, 32, new)
        complaint = not_a_number(given)
        if complaint:
            return complaint
        if not isclose(float(given), right, rel_tol=1e-6):
            return (f"From batch 32 with lr 0.04 to batch {new}: {right:g} is right, yours is {float(given):g}. "
                    f"{_scaling_slip(float(given), 0.04, new / 32)}")
    return None


def _scaling_slip(given, lr, factor):
    for slip, question in [
        (lr / factor, "A larger batch makes fewer steps; should each be shorter?"),
        (lr, "The batch grows; should the learning rate stay?"),
        (lr * (factor // 1), "`//` cuts the fraction off. Divide with `/`."),
        (lr * factor**0.5, "That is the square root of the factor; this lesson scales in proportion."),
    ]:
        if isclose(given, slip, rel_tol=1e-6):
            return question
    return "How many times as large is the new batch?"


def check_schedule(answer):
    """Judge a function (iteration, total, lr) → lr in the first half, then a straight line down to 0 at `total`."""
    complaint = not_a_function(answer)
    if complaint:
        return complaint
    given = {}
    for iteration in (0, 20, 50, 60, 75, 100):
        value = answer(iteration, 100, 0.4)
        complaint = not_a_number(value)
        if complaint:
            return complaint
        given[iteration] = float(value)
    if not isclose(given[0], 0.4, rel_tol=1e-6):
        return f"At iteration 0 the rate should be `lr`, here 0.4; yours is {given[0]:g}."
    if not isclose(given[20], 0.4, rel_tol=1e-6):
        return f"In the first half nothing changes: at iteration 20 of 100 it is still 0.4; yours is {given[20]:g}."
    if not isclose(given[50], 0.4, rel_tol=1e-6):
        return f"The line starts from `lr` in the middle: at iteration 50 of 100 it is 0.4; yours is {given[50]:g}."
    if given[100] < -1e-9:
        return f"The rate ends at 0, never below; yours ends at {given[100]:g}."
    if abs(given[100]) > 1e-9:
        return f"At the end, iteration 100 of 100, the rate is 0; yours is {given[100]:g}."
    if not isclose(given[75], 0.2, rel_tol=1e-6):
        return f"Halfway down, at iteration 75 of 100, a straight line is at 0.2; yours is at {given[75]:g}."
    if not isclose(given[60], 0.32, rel_tol=1e-6):
        return f"At iteration 60 of 100 a straight line is at 0.32; yours is at {given[60]:g}."
    return None


def check_alive(answer):
    """Judge a function (pigeon, images) → how many hidden units are above 0 for at least one image."""
    complaint = not_a_function(answer)
    if complaint:
        return complaint
    pigeon, images = _half_dead_pigeon()
    given = answer(pigeon, images)
    complaint = not_a_number(given)
    if complaint:
        return complaint
    messages = {
        4: None,
        0: "That looks at the answers of the whole Pigeon. The hidden units come before: `pigeon.hidden(…)`.",
        1: "That counts the units that are on for every image. One image is enough to be alive.",
        2: "That counts the dead ones.",
        6: "That is the number of hidden units. Which of them are ever above 0?",
        15: "That counts every unit once for each image it is on for. Count each unit once.",
    }
    return messages.get(float(given), f"Of 6 hidden units 4 are alive here; yours says {float(given):g}.")


@torch.no_grad()
def _half_dead_pigeon():
    """Return a Pigeon of 6 hidden units, on for 6, 4, 3, 2, 0 and 0 of the 6 images, and these images."""
    pigeon = Pigeon(6, seed=1)
    pigeon.hidden.weight.zero_()
    pigeon.hidden.weight[:, 0] = 1.0
    pigeon.hidden.bias.copy_(torch.tensor([0.05, -0.25, -0.35, -0.45, -2.0, -3.0]))
    images = torch.zeros(6, 1, 28, 28)
    pigeon.output.weight.zero_()  # so that counting the answers "yes" gives 0 and not, by accident, 4
    pigeon.output.bias.fill_(-1.0)
    images.view(6, PIXELS)[:, 0] = torch.tensor([0.1, 0.2, 0.3, 0.4, 0.5, 0.6])
    return pigeon, images


EXERCISES = {
    "by-hand": Exercise(
        check=number_check(1.995, [
            (2.005, "That went uphill: the step is subtracted from the weight."),
            (2.04, "That is a step without momentum. The velocity of 0.5 is still there, nine tenths of it."),
            (1.95, "That is the weight minus the velocity. The learning rate is missing."),
            (0.05, "That is the new velocity. What does it do to the weight?"),
            (1.915, "Check the sign of the gradient: it is -0.4."),
        ], otherwise="First the velocity: 0.9 · 0.5 plus the gradient. Then the weight: minus 0.1 times the velocity."),
        hints=["The new velocity is 0.9 · 0.5 + (-0.4).", "The velocity is 0.05. The weight changes by -0.1 · 0.05."],
        solution="velocity = 0.9 * 0.5 + (-0.4)\nanswer = 2.0 - 0.1 * velocity  # 1.995",
    ),
    "scaled-rate": Exercise(
        check=check_scaled_rate,
        hints=["Batches four times as large make a quarter of the steps.",
               "So each step is four times as long: multiply by `new_batch_size / batch_size`."],
        solution="def scaled_rate(lr, batch_size, new_batch_size):\n    return lr * new_batch_size / batch_size\n\n\n"
                 "answer = scaled_rate",
    ),
    "schedule": Exercise(
        check=check_schedule,
        hints=["Two cases: `if iteration < total / 2`, and the rest.",
               "In the second half, which share of that half is still to come? It is 1 in the middle and 0 at the end.",
               "`(total - iteration) / (total / 2)`"],
        solution="def rate_at(iteration, total, lr):\n"
                 "    return lr * min(1, (total - iteration) / (total / 2))\n\n\n"
                 "answer = rate_at",
    ),
    "alive": Exercise(
        check=check_alive,
        hints=["`pigeon.hidden(images.flatten(1))` are the sums before the ReLU: one row for each image.",
               "A unit is on where its sum is above 0. `.any(dim=0)` asks: for at least one image?",
               "`.sum()` counts the True ones."],
        solution="def alive(pigeon, images):\n"
                 "    sums = pigeon.hidden(images.flatten(1))\n"
                 "    return (sums > 0).any(dim=0).sum().item()\n\n\n"
                 "answer = alive",
    ),
}
