"""Wrong answers to the exercises of chapter 06, each with a phrase of the message that it must get."""

LADDER = """
def answer(low, high, n):
    factor = (high / low) ** (1 / {steps})
    return [low * factor ** rung for rung in range({rungs})]
"""
DECIDED = """
from math import sqrt
from statistics import fmean, pstdev, stdev


def answer(one, other):
    error = {error}
    return {verdict}
"""
ERROR = "sqrt(stdev(one) ** 2 / len(one) + stdev(other) ** 2 / len(other))"
VERDICT = "abs(fmean(one) - fmean(other)) > 2 * error"

MISTAKES = {
    "runs": [
        ("answer = 12", "number of candidates"),
        ("answer = 4 * 3 * 5 * 15", "These are epochs"),
        ("answer = (4 + 3) * 5", "multiplied, not added"),
        ("answer = 180", "epochs of one seed"),
        ("answer = 20", "left out the 3 sizes"),
        ("answer = 15", "left out the 4 learning rates"),
        ("answer = 24", "Multiply: "),
    ],
    "ladder": [
        ("def answer(low, high, n):\n    return [low + (high - low) * i / (n - 1) for i in range(n)]", "equal factors"),
        (LADDER.format(steps="n", rungs="n"), "3 rungs have 2 steps"),
        (LADDER.format(steps="(n - 1)", rungs="n - 1"), "one less"),
        (LADDER.format(steps="(n - 1)", rungs="n + 1"), "yours has 4"),
        ("def answer(low, high, n):\n    return [low * 10 ** i for i in range(n)]", "ladder(1, 16, 5)"),
        ("def answer(low, high, n):\n    return (high / low) ** (1 / (n - 1))", "should return a list"),
        ("answer = [0.001, 0.01, 0.1]", "should be a function"),
    ],
    "decided": [
        (DECIDED.format(error=ERROR, verdict="fmean(one) - fmean(other) > 2 * error"), "yours says not decided"),
        (DECIDED.format(error=ERROR, verdict="fmean(other) - fmean(one) > 2 * error"), "use abs()"),
        (DECIDED.format(error="0", verdict="fmean(one) != fmean(other)"), "Compare the difference"),
        (DECIDED.format(error="sqrt(stdev(one) ** 2 + stdev(other) ** 2)", verdict=VERDICT), "divide by the number"),
        (DECIDED.format(error=ERROR, verdict=VERDICT.replace("2 * ", "")), "factor 2"),
        (DECIDED.format(error="sqrt((stdev(one) ** 2 + stdev(other) ** 2) / len(other))", verdict=VERDICT),
         "its own list"),
        (DECIDED.format(error="sqrt((stdev(one) ** 2 + stdev(other) ** 2) / len(one))", verdict=VERDICT),
         "its own list"),
        (DECIDED.format(error="sqrt(stdev(one) / len(one) + stdev(other) / len(other))", verdict=VERDICT),
         "are the deviations squared"),
        (DECIDED.format(error=ERROR.replace("stdev", "pstdev"), verdict=VERDICT), "pstdev for stdev"),
        (DECIDED.format(error="sqrt(stdev(one) ** 2 / 10 + stdev(other) ** 2 / 10)", verdict=VERDICT),
         "length of each list"),
        (DECIDED.format(error="stdev(one) / sqrt(len(one)) + stdev(other) / sqrt(len(other))", verdict=VERDICT),
         "add their squares"),
        (DECIDED.format(error=ERROR, verdict="'yes'"), "True or False"),
        ("answer = True", "should be a function"),
    ],
}
