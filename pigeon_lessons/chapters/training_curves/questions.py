"""What chapter 04 asks: training curves, what they show and what they hide."""

from functools import partial
from itertools import combinations

from pigeon_lessons.chapters.training_curves import clinic
from pigeon_lessons.questions import kinds, loops
from pigeon_lessons.questions.content import Exercise, asked
from pigeon_lessons.questions.marking import UNTOUCHED, exercises, function_exercise

QUIZZES, PREDICTIONS = asked("training_curves")

FAULTS = {
    "short": "The short last batch is left out, and with small batches every one.",
    "late": "The gradients of several batches pile up: forget the old one after each step.",
    "divided": "The loss is a mean already, and is divided once more.",
}
"""What is wrong with the colleague's loop."""


def _colleague(model, optimizer, loader, faults):
    """Make one pass as the colleague does, with these of the FAULTS, and return the losses."""
    losses = loops.one_pass(model, optimizer, loader, least=32 if "short" in faults else 1,
                            steps="backward step" if "late" in faults else loops.STEPS,
                            loss_function=loops.divided_mean if "divided" in faults else None)
    optimizer.zero_grad()
    return losses


def _faulty():
    """Yield (a loop with some of the faults, what is said of it); with all of them it is as it was given."""
    yield partial(_colleague, faults=tuple(FAULTS)), UNTOUCHED
    for number in (2, 1):
        for faults in combinations(FAULTS, number):
            left = "Two of the three faults are still there." if number == 2 else "One of the three is still there."
            yield partial(_colleague, faults=faults), f"{left} {FAULTS[faults[0]]}"


def average(values, window):
    """Return the mean of the last `window` values for each value."""
    return _means([values[max(0, i - window + 1):i + 1] for i in range(len(values))])


def _means(parts):
    return [sum(part) / len(part) for part in parts]


def _values_and_window(draw):
    yield from [([4, 2, 0, 0], 2), ([3, 6, 9, 12], 3), ([1, 2, 4], 1), ([1, 2, 4], 5)]
    for _ in range(8):
        yield [draw.randint(0, 20) for _ in range(draw.randint(1, 9))], draw.randint(1, 5)


EXERCISES = exercises("training_curves", {
    "repair": loops.exercise(loops.one_pass, loops.passes((80, 32), (20, 8), (64, 32)), slips=list(_faulty()),
                             otherwise="Compare it, line by line, with the loop of chapter 01."),
    "average": function_exercise(average, _values_and_window, returns=kinds.list_of_numbers, slips=[
        (lambda values, window: [sum(values[i - window + 1:i + 1]) / window for i in range(len(values))],
         "At the start `i - window + 1` is below 0, and a slice counts that from the end of the list. Begin at "
         "`max(0, …)`."),
        (lambda values, window: [sum(values[max(0, i - window + 1):i + 1]) / window for i in range(len(values))],
         "At the start there are fewer values than the window. Divide by how many there are."),
        (lambda values, window: _means([values[i:i + window] for i in range(len(values))]),
         "Your average looks ahead: item i may use only values up to i, not the one after it."),
        (lambda values, window: [sum(values[i - window + 1:i + 1]) / window for i in range(window - 1, len(values))],
         "One average for each value is wanted, also for the first ones: average those there are."),
        (lambda values, window: _means([values[:i + 1] for i in range(len(values))]),
         "You average all values so far. Only the last `window` of them count."),
        (lambda values, window: average(values, 2), "The window is not always 2: use `window`."),
    ], otherwise="Item i is the mean of the values from i - window + 1 to i, as far as they exist."),
    "treat": Exercise(asks=kinds.function, judge=clinic.judge_treatment),
})
