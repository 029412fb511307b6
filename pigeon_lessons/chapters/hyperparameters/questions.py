"""What chapter 06 asks: sizes, seeds, search, and when a difference is decided."""

from math import isclose

import numpy as np

from pigeon_lessons.questions.content import Exercise, Number, Option, Quiz
from pigeon_lessons.questions.marking import not_a_function, number_check

QUIZZES = {
    "recall-1": Quiz("Training loss falls on, validation loss has been rising for ten epochs. What is going on?", [
        Option("The learning rate is too small.", "Then both curves would still be falling."),
        Option("Over-fitting.", "The Pigeon goes on learning what is true of the training images only.", right=True),
        Option("The validation set is too small.",
               "A small set makes a curve jumpy; it does not make it rise for ten epochs."),
    ]),
    "recall-2": Quiz("Which epoch of a run is kept?", [
        Option("The last one.", "It has been trained longest, and may be over-fitted."),
        Option("The one with the lowest training loss.", "That is nearly always the last one."),
        Option("The earliest one with the lowest validation loss.",
               "Judged by digits that training did not see.", right=True),
    ]),
    "recall-3": Quiz("How often may the test set be opened?", [
        Option("Once, when everything is decided.", "Then it gives an honest verdict.", right=True),
        Option("Once for each setting that is tried.", "Then it helps to choose, and its best score is partly luck."),
        Option("As often as the validation set.", "Then it is a second validation set, and no judge is left."),
    ]),
}

PREDICTIONS = {
    "one-unit": Number("One hidden unit, 15 epochs. How many percent of the validation digits will it get right?",
                       low=0, high=100, unit="%"),
    "wins": Number("In how many of ten seeds will 60 hidden units be more accurate than 30?", low=0, high=10),
}


def _check_ladder(answer):
    complaint = not_a_function(answer)
    if complaint:
        return complaint
    for low, high, wanted in ((0.001, 0.1, [0.001, 0.01, 0.1]), (1, 16, [1, 2, 4, 8, 16])):
        got = answer(low, high, len(wanted))
        if not isinstance(got, (list, tuple)):
            return f"The function should return a list; yours returns {got!r}. Try `list(…)` of it."
        told = f"ladder({low}, {high}, {len(wanted)})"
        if len(got) == len(wanted) - 1:
            return f"{told} should have {len(wanted)} rungs, both ends included; yours has one less."
        if len(got) != len(wanted):
            return f"{told} should have {len(wanted)} rungs; yours has {len(got)}."
        equal_steps = [low + (high - low) * rung / (len(wanted) - 1) for rung in range(len(wanted))]
        if all(map(isclose, got, equal_steps)):
            return "Yours goes up by equal steps. It should go up by equal factors: multiply instead of adding."
        if not all(isclose(one, other, rel_tol=1e-6) for one, other in zip(got, wanted, strict=True)):
            return f"{told} should be {wanted}; yours is {list(got)}. {len(got)} rungs have {len(got) - 1} steps."
    return None


def _check_decided(answer):
    complaint = not_a_function(answer)
    if complaint:
        return complaint
    low, high = [0.90, 0.91, 0.92, 0.93] * 4, [0.915, 0.925, 0.935, 0.945] * 4
    cases = [
        ([0.90, 0.91, 0.92], [0.95, 0.96, 0.97], True,
         "They do not even overlap, and yours says not decided. Is your difference negative (take abs() of it), "
         "or the standard error too large (are the deviations squared)?"),
        ([0.95, 0.96, 0.97], [0.90, 0.91, 0.92], True, "The first may be the better one: use abs() of the difference."),
        ([0.90, 0.93, 0.96], [0.91, 0.94, 0.97], False,
         "The means differ by one point, the seeds by three. Compare the difference with its standard error."),
        (low, high, True,
         "16 seeds each. The standard deviation is not yet the standard error: divide by the number of seeds."),
        ([0.90, 0.92], [0.922, 0.942], False,
         "The difference is less than two standard errors. Did you forget the factor 2 or the second variance, "
         "take pstdev for stdev, or divide by another number than the length of each list?"),
        ([0.90, 0.92], [0.915, 0.945] * 8, False,
         "The lists may be of unequal length: each variance is divided by the length of its own list."),
        ([0.915, 0.945] * 8, [0.90, 0.92], False,
         "The lists may be of unequal length: each variance is divided by the length of its own list."),
        ([0.900, 0.920] * 8, [0.909, 0.929] * 8, True,
         "Two standard errors are not added as they are: add their squares, and take one root."),
    ]
    for one, other, wanted, message in cases:
        got = answer(one, other)
        if not isinstance(got, (bool, np.bool_)):
            return f"The function should return True or False; yours returns {got!r}."
        if got != wanted:
            return message
    return None


EXERCISES = {
    "runs": Exercise(
        check=number_check(60, [
            (12, "12 is the number of candidates. Each is run with 5 seeds."),
            (900, "These are epochs. A run is 15 epochs long, but it is one run."),
            (35, "Combinations are multiplied, not added: every learning rate with every size."),
            (180, "These are epochs of one seed. A run counts once, whatever its length; and there are 5 seeds."),
            (20, "You left out the 3 sizes."),
            (15, "You left out the 4 learning rates."),
        ], otherwise="Multiply: learning rates, sizes, seeds."),
        hints=["How many combinations of 4 learning rates and 3 sizes are there?", "12 candidates, 5 seeds each."],
        solution="answer = 4 * 3 * 5",
    ),
    "ladder": Exercise(
        check=_check_ladder,
        hints=["Between n rungs there are n - 1 steps.",
               "If the factor is f, then `low * f ** (n - 1)` is `high`. What is f?",
               "`f = (high / low) ** (1 / (n - 1))`"],
        solution="""
def ladder(low, high, n):
    factor = (high / low) ** (1 / (n - 1))
    return [low * factor ** rung for rung in range(n)]


answer = ladder
""",
    ),
    "decided": Exercise(
        check=_check_decided,
        hints=["The chapter did this for ten seeds. What changes if the lists have other lengths?",
               "`stdev(one) ** 2 / len(one)` is the first part under the root.",
               "Compare `abs(fmean(one) - fmean(other))` with twice the standard error."],
        solution="""
def is_decided(one, other):
    error = sqrt(stdev(one) ** 2 / len(one) + stdev(other) ** 2 / len(other))
    return abs(fmean(one) - fmean(other)) > 2 * error


answer = is_decided
""",
    ),
}
