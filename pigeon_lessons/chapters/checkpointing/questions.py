"""What chapter 07 asks: resuming a run, how often to save, which epoch to keep."""

from math import sqrt

from pigeon_lessons.data import load_mnist
from pigeon_lessons.model import Pigeon
from pigeon_lessons.questions.content import Choice, Exercise, Number, Option, Quiz
from pigeon_lessons.questions.marking import not_a_function, number_check
from pigeon_lessons.training import Trainer

QUIZZES = {
    "recall-1": Quiz("One run with 30 hidden units ends at 92.9 %, one run with 60 at 93.0 %. What follows?", [
        Option("60 units are better, if only a little.",
               "Two runs that differ only in their seed differ by more than this."),
        Option("Nothing yet: several seeds of each are needed.",
               "A difference smaller than the spread between seeds can be luck.", right=True),
        Option("The size does not matter.", "That does not follow either. Two runs cannot tell."),
    ]),
    "recall-2": Quiz("A search tries 40 settings. By which digits are they compared?", [
        Option("By the training digits, for they are the most.", "There the largest and longest training always wins."),
        Option("By the test digits, for they are new.",
               "After that they are not new any more, and who gives the final verdict?"),
        Option("By the validation digits.",
               "They take part in the choice, so that the test digits need not.", right=True),
    ]),
    "recall-3": Quiz("The best of 64 equal candidates gets 97 % of 128 validation digits right. And of new digits?", [
        Option("Less than 97 %.",
               "It won partly by luck on these 128 digits, and luck does not come along.", right=True),
        Option("About 97 %.",
               "It would be so for a candidate chosen beforehand. This one was chosen because it looked best."),
        Option("More than 97 %.", "Nothing pulls that way: being chosen for a high score makes the score too high."),
    ]),
}

PREDICTIONS = {
    "kink": Choice("All weights are right, the momentum is missing. How does the training loss go on?",
                   ["it goes on as before", "it slows down for a while", "it jumps back to 0.69"]),
    "equal": Number("Of 320 mini-batch losses, how many equal those of the uninterrupted run to the last bit?",
                    low=0, high=320),
}


def _trained(iterations):
    trainer = Trainer(Pigeon(num_hidden=2, seed=1), load_mnist()[:64], batch_size=32)  # two updates make an epoch
    list(trainer.iterations(iterations))
    return trainer


def _check_up_to(answer):
    complaint = not_a_function(answer)
    if complaint:
        return complaint
    for before, wanted in ((0, 3), (4, 3), (3, 3), (6, 3), (8, 3)):
        trainer = _trained(before)
        start = trainer.epoch
        answer(trainer, wanted)
        expected = max(before, 2 * wanted)
        if trainer.iteration == expected:
            continue
        if trainer.epoch == start + wanted:
            return f"You train {wanted} more epochs, after {start} that were done. How many are missing to {wanted}?"
        if trainer.iteration == before:
            return (f"The trainer had done {start} epochs and should have {wanted}; yours did not train at all. "
                    "(`trainer.epochs(n)` trains only while a `for` loop walks it; `trainer.fit(n)` just trains.)")
        return (f"A trainer after {before / 2:g} epochs should be brought to {max(before / 2, wanted):g}; "
                f"yours left it after {trainer.iteration / 2:g}.")
    return None


def _check_keep(answer):
    complaint = not_a_function(answer)
    if complaint:
        return complaint
    got = answer([0.7, 0.4, 0.3, 0.5])
    if not isinstance(got, list):
        return f"The function should return a list of epochs; yours returns {got!r}."
    if got == [0.3, 0.5]:
        return "You return the losses. The question is which epochs they belong to."
    if got == [2]:
        return "The last epoch is missing: without it the run could not go on."
    if got == [3, 4]:
        return "The first loss belongs to epoch 0, not 1."
    if got == [3, 2]:
        return "Right epochs, but the list should be sorted: [2, 3]."
    if got != [2, 3]:
        return f"For [0.7, 0.4, 0.3, 0.5] the best epoch is 2 and the last is 3; yours keeps {got!r}."
    if answer([0.7, 0.3, 0.5, 0.3, 0.4]) != [1, 4]:
        return "When two epochs are equally good, the earlier counts: [0.7, 0.3, 0.5, 0.3, 0.4] gives [1, 4]."
    if answer([0.7, 0.5, 0.4]) != [2]:
        return "If the last epoch is the best, name it once: [0.7, 0.5, 0.4] gives [2]."
    return None


EXERCISES = {
    "twice": Exercise(
        check=number_check(34, [
            (50, "That would be the worst case, a crash just before a save. When was the last save before 1,234?"),
            (1200, "That is the update of the last save. How many came after it?"),
            (1234, "Then nothing would have been saved. The last save was not long ago."),
            (16, "That is how many were still missing to the next save. Count from the last save."),
            (24, "24 is how often it saved. Which update was the last of them?"),
        ], otherwise="Find the last multiple of 50 before 1,234, and count from there."),
        hints=["At which update was the last checkpoint saved?", "At 1,200. All after that is lost."],
        solution="answer = 1234 - 1200",
    ),
    "interval": Exercise(
        check=number_check(sqrt(2 * 8 * 36000), [
            (sqrt(2 * 8 * 10),
             "Seconds throughout: 10 hours are 36,000 seconds, and the answer is asked for in seconds too."),
            (sqrt(2 * 8 * 600), "Everything in the same unit: you have 10 hours in minutes, and 8 in seconds."),
            (sqrt(8 * 36000), "The factor 2 under the root is missing."),
            (2 * 8 * 36000, "This is the square of it: the root is missing."),
        ], otherwise="The rule is √(2 · time to save · time between failures), all in seconds.", tolerance=0.01),
        hints=["The rule stands in Explain: T = √(2 δ M).", "In seconds, δ is 8 and M is 36,000."],
        solution="answer = sqrt(2 * 8 * 36000)  # about 759 seconds, a bit less than 13 minutes",
    ),
    "up_to": Exercise(
        check=_check_up_to,
        hints=["`trainer.epoch` says how many epochs are done.",
               "`trainer.fit(n)` trains n more. How many more are needed?",
               "If the number is below 0, train 0: `max(0, …)`."],
        solution="""
def train_up_to(trainer, epochs):
    trainer.fit(max(0, epochs - trainer.epoch))


answer = train_up_to
""",
    ),
    "keep": Exercise(
        check=_check_keep,
        hints=["The last epoch is `len(val_losses) - 1`.",
               "`val_losses.index(min(val_losses))` is the earliest best epoch.",
               "A set, `{best, last}`, holds an epoch only once; `sorted` makes a list of it."],
        solution="""
def worth_keeping(val_losses):
    best = val_losses.index(min(val_losses))
    last = len(val_losses) - 1
    return sorted({best, last})


answer = worth_keeping
""",
    ),
}
