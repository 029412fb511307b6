"""What chapter 05 asks: validation, over-fitting, leakage and the test set."""

import torch

from pigeon_lessons.data import load_mnist
from pigeon_lessons.questions.content import Choice, Exercise, Number, Option, Quiz
from pigeon_lessons.questions.marking import not_a_function, not_a_number

QUIZZES = {
    "recall-1": Quiz("After one epoch over the same images, batch 1 has a far lower loss than batch 32. Why?", [
        Option("Single images give a better gradient.",
               "A worse one: it is noisier. At equal updates batch 32 was slightly ahead."),
        Option("It made 32 times as many updates.", "1,024 against 32. Equal images are not equal updates.",
               right=True),
        Option("Its loss is a sum, the other a mean.", "Both are means over their batch, even if it is one image."),
    ]),
    "recall-2": Quiz("A run in batches of 64 starts with a loss of 0.011. What do you suspect?", [
        Option("The network was lucky with its first weights.",
               "An untrained Pigeon is near 0.69, give or take a few hundredths. No luck makes that 0.011."),
        Option("The learning rate is too large.", "The first loss is measured before the first update."),
        Option("A mean loss was divided by the batch size.", "0.69 / 64 is 0.011. The loss was a mean already.",
               right=True),
    ]),
    "recall-3": Quiz("The training accuracy has not moved for twenty iterations. Has learning stopped?", [
        Option("Yes: nothing more is got right.",
               "The probabilities may be moving to the right side without crossing one half."),
        Option("Not necessarily: look at the loss.",
               "The loss sees each change of a probability, accuracy only the crossing of one half.", right=True),
        Option("Yes, if the curve is calm.", "Calm says how much noise there is, not whether something is learned."),
    ]),
}

PREDICTIONS = {
    "memorize": Number("256 images, labels dealt at random, 100 epochs. How many percent of these 256 answers will the "
                       "Pigeon get right?", low=0, high=100, unit="%"),
    "turn": Choice("256 images, right labels, 100 epochs. What does the loss on 1,024 new digits do?",
                   ["it falls to the end", "it falls, then stays level", "it falls, then rises"]),
}


def _check_split(answer):
    if not isinstance(answer, (tuple, list)) or len(answer) != 3:
        return "Give three numbers in brackets: (training, validation, test)."
    for part in answer:
        complaint = not_a_number(part)
        if complaint:
            return complaint
    answer = tuple(float(part) for part in answer)
    if answer == (3500, 750, 750):
        return None
    if sum(answer) == 100 or sum(answer) == 1:
        return "These are shares. How many images are they?"
    if sum(answer) != 5000:
        return f"The three parts should add up to 5,000 images; yours add up to {sum(answer):,.0f}."
    return "70 % of 5,000 are for training; the rest is shared equally."


def _check_best(answer):
    complaint = not_a_function(answer)
    if complaint:
        return complaint
    got = answer([0.7, 0.4, 0.3, 0.5])
    if got == 0.3:
        return "You return the lowest loss. The question is at which epoch it was."
    if got == 3:
        return ("[0.7, 0.4, 0.3, 0.5]: yours says epoch 3. The first loss belongs to epoch 0, the untrained Pigeon. "
                "Or did you take the last epoch?")
    if not_a_number(got):
        return "The function should return one number, an epoch. Is a `return` missing, or do you return more than it?"
    if got != 2:
        return f"For [0.7, 0.4, 0.3, 0.5] the best epoch is 2; yours says {got!r}."
    if answer([0.7, 0.3, 0.5, 0.3]) != 1:
        return "When two epochs are equally good, the earlier counts: [0.7, 0.3, 0.5, 0.3] should give 1."
    if answer([0.7, 0.5, 0.6, 0.2, 0.4]) != 3:
        return "[0.7, 0.5, 0.6, 0.2, 0.4]: a first rise is not the end; the lowest of all is at epoch 3."
    return None


def _check_stop(answer):
    complaint = not_a_function(answer)
    if complaint:
        return complaint
    losses = [0.7, 0.4, 0.3, 0.35, 0.33, 0.36, 0.5, 0.6]
    got = answer(losses, 3)
    if not_a_number(got):
        return "The function should return one number, an epoch. Does it reach a `return` even if it never stops early?"
    if got == 2:
        return "You return the best epoch, 2. Training cannot know that yet; it stops `patience` epochs later."
    if got == 6:
        return "You stop one epoch late: the best is epoch 2, so with patience 3 training stops after epoch 5."
    if got == 7:
        return ("0.33 after 0.35 is an improvement on the epoch before, but no new best. "
                "Count from the best so far, not from the last rise.")
    if got == 4:
        return "You stop one epoch early: the best is epoch 2, so with patience 3 training stops after epoch 5."
    if got != 5:
        return f"For {losses} and patience 3 training stops after epoch 5; yours says {got!r}."
    if answer([0.7, 0.6, 0.5, 0.4], 2) != 3:
        return "If the patience never runs out, training ends with the last epoch: [0.7, 0.6, 0.5, 0.4] gives 3."
    if answer([0.7, 0.5, 0.6, 0.4, 0.5, 0.6, 0.7], 2) != 5:
        return ("A new best starts the count anew: [0.7, 0.5, 0.6, 0.4, 0.5, 0.6, 0.7] with patience 2 stops after "
                "epoch 5.")
    if answer([0.7, 0.4, 0.5, 0.4, 0.6, 0.6], 3) != 4:
        return ("An equal loss is no new best, so it does not start the count anew: [0.7, 0.4, 0.5, 0.4, 0.6, 0.6] "
                "with patience 3 stops after epoch 4.")
    return None


def _check_leaks(answer):
    complaint = not_a_function(answer)
    if complaint:
        return complaint
    digits = load_mnist()
    train, clean = digits[:100], digits[200:250]
    got = answer(train, clean)
    if not_a_number(got):
        return "The function should return one number, how many images of `val` are in `train`. Are you adding them up?"
    if got == 50 or got == 100:
        return "These two parts share no image, and yours counts all. Compare the ink, not the label or the shape."
    if got != 0:
        return f"digits[:100] and digits[200:250] share no image; yours counts {got!r}. Are you comparing labels?"
    if answer(train, digits[90:110]) != 10:
        return (f"digits[:100] and digits[90:110] share 10 images; yours counts {answer(train, digits[90:110])!r}. "
                "Two tensors with the same ink are two objects to a set: compare what they hold, at all positions.")
    mixed = digits[torch.tensor([300, 7, 301, 7])]
    got = answer(train, mixed)
    if got == 1:
        return "An image that is in `val` twice is two leaks. Count images of `val`, not different images."
    if got != 2:
        return f"The position must not matter: image 7 of train stands twice in val, so 2; yours counts {got!r}."
    return None


EXERCISES = {
    "split": Exercise(
        check=_check_split,
        hints=["70 % of 5,000 is 0.70 × 5,000.", "What is left, 1,500, is shared by two equal parts."],
        solution="answer = (3500, 750, 750)",
    ),
    "best": Exercise(
        check=_check_best,
        hints=["What is the lowest of the losses? Where does it stand first?",
               "`min` finds the lowest, the `index` method of a list finds where it is first."],
        solution="""
def best_epoch(val_losses):
    return val_losses.index(min(val_losses))


answer = best_epoch
""",
    ),
    "stop": Exercise(
        check=_check_stop,
        hints=["Walk through the epochs and remember at which one the best so far was.",
               "After each epoch ask: is `epoch - best >= patience`?",
               "When the loop ends without a stop, return the last epoch, `len(val_losses) - 1`."],
        solution="""
def stop_epoch(val_losses, patience):
    best = 0
    for epoch, loss in enumerate(val_losses):
        if loss < val_losses[best]:
            best = epoch
        if epoch - best >= patience:
            return epoch
    return len(val_losses) - 1


answer = stop_epoch
""",
    ),
    "leaks": Exercise(
        check=_check_leaks,
        hints=["Two images are the same if all 784 values are equal. Look at how the chapter counted its leaks.",
               "`image.numpy().tobytes()` turns an image into something that a set can hold."],
        solution="""
def count_leaks(train, val):
    known = {image.numpy().tobytes() for image in train.images}
    return sum(image.numpy().tobytes() in known for image in val.images)


answer = count_leaks
""",
    ),
}
