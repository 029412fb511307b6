"""What the tests of search share: a small search, and its outcome as text."""

import json
import sys

from pigeon_lessons import grid, load_mnist, search, split

MODULE = sys.modules["pigeon_lessons.searching"]  # pigeon_lessons.searching is the function of that name
TRAIN, VAL, _ = split(load_mnist(), train=96, val=64)
CANDIDATES = grid(lr=[0.01, 0.05, 1e30], batch_size=[8, 32], num_hidden=[10, 30])
NUM_TRIALS = 2 * len(CANDIDATES)


def run_search(candidates=CANDIDATES, **options):
    return search(candidates, TRAIN, VAL, **({"epochs": 2, "repeats": 2} | options))


def as_text(result):
    """The rows as text: exact for floats, and nan equals nan."""
    return json.dumps(result.trials)
