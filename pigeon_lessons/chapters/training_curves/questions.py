"""What judges chapter 04's exercises: a loop to repair, a curve to smooth, a loop that treats patients."""

from functools import partial

from pigeon_lessons.chapters.training_curves import clinic
from pigeon_lessons.questions import kinds
from pigeon_lessons.questions.loops import loop_exercise, one_pass, passes
from pigeon_lessons.questions.marking import Exercise, function_exercise


def average(values, window):
    """Return the mean of the last `window` values for each value."""
    return _means([values[max(0, i - window + 1):i + 1] for i in range(len(values))])


def _means(parts):
    return [sum(part) / len(part) for part in parts]


def _values_and_window(draw):
    yield from [([4, 2, 0, 0], 2), ([3, 6, 9, 12], 3), ([1, 2, 4], 1), ([1, 2, 4], 5)]
    for _ in range(8):
        yield [draw.randint(0, 20) for _ in range(draw.randint(1, 9))], draw.randint(1, 5)


JUDGES = {
    "repair": loop_exercise(one_pass, passes((80, 32), (20, 8), (64, 32)),
                            mend=("short left out", "cleared late", "divided")),
    "average": function_exercise(average, _values_and_window, {
        "from the end": lambda values, window: [sum(values[i - window + 1:i + 1]) / window
                                                for i in range(len(values))],
        "by the window": lambda values, window: [sum(values[max(0, i - window + 1):i + 1]) / window
                                                 for i in range(len(values))],
        "ahead": lambda values, window: _means([values[i:i + window] for i in range(len(values))]),
        "none at the start": lambda values, window: [sum(values[i - window + 1:i + 1]) / window
                                                     for i in range(window - 1, len(values))],
        "all so far": lambda values, window: _means([values[:i + 1] for i in range(len(values))]),
        "window 2": lambda values, window: average(values, 2),
    }, returns=kinds.list_of_numbers),
    "treat": partial(Exercise, kinds.function, clinic.judge_treatment),
}
