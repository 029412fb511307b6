"""How everything here is timed: a warm-up, then rounds in which all contestants take turns, then medians.

Taking turns, in another order each round, spreads busy moments and warm caches over all of them, so
that ratios stay fair.
"""

import gc
import math
import random
import resource
import statistics
import sys
from dataclasses import dataclass
from time import perf_counter

ROUNDS = 5


@dataclass
class Row:
    """One line of the table: what was measured, its seconds, and a ratio with its goal, where it has them."""

    what: str
    seconds: float | None
    ratio: str = ""
    goal: str = ""


def medians(contestants, rounds=ROUNDS):
    """Return {name: median seconds} of functions without arguments, run in turns after one warm-up each."""
    order = random.Random(1)
    for run in contestants.values():
        run()
    seconds = {name: [] for name in contestants}
    for _ in range(rounds):
        for name, run in order.sample(list(contestants.items()), len(contestants)):
            gc.collect()
            start = perf_counter()
            run()
            seconds[name].append(perf_counter() - start)
    return {name: statistics.median(values) for name, values in seconds.items()}


def exponent(sizes, values):
    """Return the slope of log(value) over log(size) by least squares: 1 is linear growth."""
    x, y = [math.log(size) for size in sizes], [math.log(value) for value in values]
    return statistics.linear_regression(x, y).slope


def peak_memory_mb():
    """Return the most memory that this process has held so far, in megabytes."""
    unit = 1 if sys.platform == "darwin" else 1024  # ru_maxrss counts bytes there, kilobytes elsewhere
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**20
