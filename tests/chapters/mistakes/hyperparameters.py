"""Wrong answers to the exercises of chapter 06, each with a phrase of the message that it must get."""

DEFENSE = {"A": "says nothing", "B": "supports", "C": "says nothing", "D": "contradicts", "E": "says nothing",
           "F": "says nothing"}
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
    "sentence": [
        (f"answer = {DEFENSE | {'A': 'supports'}}", "5 of 6 are right. A is not one that 'supports'. One run a side"),
        (f"answer = {DEFENSE | {'B': 'says nothing'}}", "four standard errors"),
        (f"answer = {DEFENSE | {'C': 'supports'}}", "about new digits"),
        (f"answer = {DEFENSE | {'D': 'supports'}}", "speaks against the sentence"),
        (f"answer = {DEFENSE | {'E': 'supports'}}", "best of ten is a matter of luck"),
        (f"answer = {DEFENSE | {'F': 'supports'}}", "Two things were changed"),
        (f"answer = {DEFENSE | {'F': 'proves'}}", "is not one of these: supports, contradicts, says nothing"),
        ("answer = {'A': 'supports'}", "a dictionary with the letters"),
    ],
    "ladder": [
        ("def answer(low, high, n):\n    return [low + (high - low) * i / (n - 1) for i in range(n)]", "equal factors"),
        (LADDER.format(steps="n", rungs="n"), "n rungs have n - 1 steps, not n"),
        (LADDER.format(steps="(n - 1)", rungs="n - 1"), "one rung less"),
        (LADDER.format(steps="(n - 1)", rungs="n + 1"), "one rung too many"),
        ("def answer(low, high, n):\n    return [low * 10 ** i for i in range(n)]", "The factor is not always 10"),
        ("def answer(low, high, n):\n    return (high / low) ** (1 / (n - 1))", "should be a list of numbers"),
        ("answer = [0.001, 0.01, 0.1]", "should be a function"),
    ],
    "decided": [
        (DECIDED.format(error=ERROR, verdict="fmean(one) - fmean(other) > 2 * error"),
         "The second may be the better one"),
        (DECIDED.format(error=ERROR, verdict="fmean(other) - fmean(one) > 2 * error"),
         "The first may be the better one"),
        (DECIDED.format(error="0", verdict="fmean(one) != fmean(other)"), "Compare the difference"),
        (DECIDED.format(error="sqrt(stdev(one) ** 2 + stdev(other) ** 2)", verdict=VERDICT),
         "divide its square by the number"),
        (DECIDED.format(error=ERROR, verdict=VERDICT.replace("2 * ", "")), "factor 2"),
        (DECIDED.format(error="sqrt((stdev(one) ** 2 + stdev(other) ** 2) / len(other))", verdict=VERDICT),
         "its own list"),
        (DECIDED.format(error="sqrt((stdev(one) ** 2 + stdev(other) ** 2) / len(one))", verdict=VERDICT),
         "its own list"),
        (DECIDED.format(error="sqrt(stdev(one) / len(one) + stdev(other) / len(other))", verdict=VERDICT),
         "Are the deviations squared"),
        ("import numpy as np\ndef answer(one, other):\n    error = np.sqrt(np.var(one) / len(one) + np.var(other) / "
         "len(other))\n    return abs(np.mean(one) - np.mean(other)) > 2 * error", "Your variance divides by n"),
        (DECIDED.format(error=ERROR.replace("stdev", "pstdev"), verdict=VERDICT), "Your variance divides by n"),
        (DECIDED.format(error="sqrt(stdev(one) ** 2 / 10 + stdev(other) ** 2 / 10)", verdict=VERDICT),
         "length of each list"),
        (DECIDED.format(error="stdev(one) / sqrt(len(one)) + stdev(other) / sqrt(len(other))", verdict=VERDICT),
         "add their squares"),
        (DECIDED.format(error=ERROR, verdict="'yes'"), "True or False"),
        ("answer = True", "should be a function"),
    ],
}
