"""What chapter 06 asks: sizes, seeds, search, and when a difference is decided."""

from math import sqrt
from statistics import fmean, pstdev, stdev

from pigeon_lessons.questions import kinds
from pigeon_lessons.questions.content import asked
from pigeon_lessons.questions.marking import exercises, function_exercise

QUIZZES, PREDICTIONS = asked("hyperparameters")


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


EXERCISES = exercises("hyperparameters", {
    "ladder": function_exercise(ladder, _ends, returns=kinds.list_of_numbers, slips=[
        (lambda low, high, n: [low + (high - low) * rung / (n - 1) for rung in range(n)],
         "Yours goes up by equal steps. It should go up by equal factors: multiply instead of adding."),
        (lambda low, high, n: ladder(low, high, n)[:-1], "Both ends are included; yours has one rung less."),
        (lambda low, high, n: ladder(low, high, n)[1:], "Both ends are included; yours has one rung less."),
        (lambda low, high, n: [*ladder(low, high, n), high * (high / low) ** (1 / (n - 1))],
         "That is one rung too many."),
        (lambda low, high, n: ladder(low, high, n + 1)[:-1], "n rungs have n - 1 steps, not n."),
        (lambda low, high, n: [low * 10**rung for rung in range(n)],
         "The factor is not always 10: it follows from `low`, `high` and `n`."),
    ], otherwise="n rungs have n - 1 steps, and each is the same factor."),
    "decided": function_exercise(is_decided, _accuracies, returns=kinds.truth, slips=[
        (lambda one, other: fmean(other) < fmean(one) and is_decided(one, other),
         "The second may be the better one: take `abs()` of the difference."),
        (lambda one, other: fmean(one) < fmean(other) and is_decided(one, other),
         "The first may be the better one: take `abs()` of the difference."),
        (lambda one, other: fmean(one) != fmean(other), "Compare the difference with its standard error."),
        (lambda one, other: is_decided(one, other, variance=lambda values: stdev(values) ** 2),
         "The standard deviation is not yet the standard error: divide its square by the number of seeds."),
        (lambda one, other: is_decided(one, other, factor=1), "Two standard errors: the factor 2 is missing."),
        (lambda one, other: is_decided(one, other, variance=lambda values: stdev(values) ** 2 / len(other)),
         "The lists may be of unequal length: each variance is divided by the length of its own list."),
        (lambda one, other: is_decided(one, other, variance=lambda values: stdev(values) ** 2 / len(one)),
         "The lists may be of unequal length: each variance is divided by the length of its own list."),
        (lambda one, other: is_decided(one, other, variance=lambda values: stdev(values) / len(values)),
         "Are the deviations squared? `stdev(one) ** 2` is the variance."),
        (lambda one, other: is_decided(one, other, variance=lambda values: pstdev(values) ** 2 / len(values)),
         "You take `pstdev` for `stdev`, and a few seeds are not all there are."),
        (lambda one, other: is_decided(one, other, variance=lambda values: stdev(values) ** 2 / 10),
         "There are not always ten seeds: divide by the length of each list."),
        (lambda one, other: abs(fmean(one) - fmean(other)) > 2 * sum(stdev(x) / sqrt(len(x)) for x in (one, other)),
         "Two standard errors are not added as they are: add their squares, and take one root."),
    ], otherwise="The standard error of the difference is √(s₁²/n₁ + s₂²/n₂); the means differ by more than two of it, "
                 "or it is not decided."),
})
