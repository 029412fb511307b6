"""What judges chapter 06's exercises: rungs of a search, and when a difference is decided."""

from functools import partial
from math import sqrt
from statistics import fmean, pstdev, stdev

from pigeon_lessons.questions import kinds
from pigeon_lessons.questions.marking import function_exercise


def ladder(low, high, n):
    """Return `n` numbers from `low` to `high`, each the same factor above the one before."""
    return [low * (high / low) ** (rung / (n - 1)) for rung in range(n)]


def _ends(draw):
    yield from [(0.001, 0.1, 3), (1, 16, 5), (0.5, 2, 2)]
    for _ in range(5):
        yield round(draw.uniform(0.01, 1), 2), draw.randint(2, 50), draw.randint(2, 8)


def is_decided(one, other, *, variance=lambda values: stdev(values) ** 2 / len(values), factor=2.0):
    """Return whether two means differ by more than two standard errors; the switches make the usual mistakes."""
    return abs(fmean(one) - fmean(other)) > factor * sqrt(variance(one) + variance(other))


def _accuracies(draw):
    yield from [([0.90, 0.91, 0.92], [0.95, 0.96, 0.97]), ([0.95, 0.96, 0.97], [0.90, 0.91, 0.92]),
                ([0.90, 0.93, 0.96], [0.91, 0.94, 0.97]), ([0.90, 0.92], [0.922, 0.942]),
                ([0.90, 0.92], [0.915, 0.945] * 8), ([0.915, 0.945] * 8, [0.90, 0.92]),
                ([0.900, 0.920] * 8, [0.909, 0.929] * 8)]
    for number in range(60):
        gap, scale = draw.uniform(-0.02, 0.02), 1 if number % 2 else 100  # shares and percentages
        yield tuple([round(scale * draw.gauss(0.93 + more, 0.01), 3) for _ in range(draw.randint(2, 12))]
                    for more in (0, gap))


def _with(variance):
    return partial(is_decided, variance=variance)


JUDGES = {
    "ladder": function_exercise(ladder, _ends, {
        "equal steps": lambda low, high, n: [low + (high - low) * rung / (n - 1) for rung in range(n)],
        "no end": lambda low, high, n: ladder(low, high, n)[:-1],
        "no start": lambda low, high, n: ladder(low, high, n)[1:],
        "one too many": lambda low, high, n: [*ladder(low, high, n), high * (high / low) ** (1 / (n - 1))],
        "n steps": lambda low, high, n: ladder(low, high, n + 1)[:-1],
        "factor 10": lambda low, high, n: [low * 10**rung for rung in range(n)],
    }, returns=kinds.list_of_numbers),
    "decided": function_exercise(is_decided, _accuracies, {
        "first only": lambda one, other: fmean(other) < fmean(one) and is_decided(one, other),
        "second only": lambda one, other: fmean(one) < fmean(other) and is_decided(one, other),
        "any difference": lambda one, other: fmean(one) != fmean(other),
        "deviation": _with(lambda values: stdev(values) ** 2),
        "one error": partial(is_decided, factor=1),
        "length of the other": lambda one, other: _with(lambda values: stdev(values) ** 2 / len(other))(one, other),
        "length of the one": lambda one, other: _with(lambda values: stdev(values) ** 2 / len(one))(one, other),
        "not squared": _with(lambda values: stdev(values) / len(values)),
        "pstdev": _with(lambda values: pstdev(values) ** 2 / len(values)),
        "by 10": _with(lambda values: stdev(values) ** 2 / 10),
        "added": lambda one, other: abs(fmean(one) - fmean(other)) > 2 * sum(stdev(x) / sqrt(len(x))
                                                                             for x in (one, other)),
    }, returns=kinds.truth),
}
