"""The two halves of the resume test, of which the second is run as a process of its own.

    python -m tests.resume_in_new_process FOLDER    load each checkpoint into new objects and train the rest

What each run ends with is written to FOLDER, for the test to compare.
"""

import random
import sys
from pathlib import Path

import numpy as np
import torch

from pigeon_lessons import load_checkpoint, save_checkpoint
from tests.checkpointing import advance, make_trainer

WHOLE = 15
"""Iterations of the whole run: 3 epochs of 5, since 300 images are 4 batches of 64 and one of 44."""
STOPS = (0, 1, 7, WHOLE)
THREADS = (1, 2)
SETTINGS = {"num_hidden": 30, "num_train": 300, "batch_size": 64, "momentum": 0.9, "shuffle": True}


def first(folder):
    """Train without a break, and save after k iterations."""
    for threads in THREADS:
        torch.set_num_threads(threads)
        uninterrupted = make_trainer(**SETTINGS)
        advance(uninterrupted, WHOLE)
        torch.save(uninterrupted.state_dict(), folder / f"uninterrupted-{threads}.pt")
        for stop in STOPS:
            trainer = make_trainer(**SETTINGS)
            advance(trainer, stop)
            save_checkpoint(folder / f"{threads}-{stop}.ckpt", trainer)


def second(folder):
    for threads in THREADS:
        torch.set_num_threads(threads)
        for stop in STOPS:
            spoil_global_random_state()
            trainer = make_trainer(**SETTINGS, model_seed=99)
            load_checkpoint(folder / f"{threads}-{stop}.ckpt", trainer)
            spoil_global_random_state()
            advance(trainer, WHOLE - stop)
            torch.save(trainer.state_dict(), folder / f"resumed-{threads}-{stop}.pt")


def spoil_global_random_state():
    torch.manual_seed(123)
    np.random.seed(123)  # noqa: NPY002  (the global state is the point)
    random.seed(123)
    torch.rand(7), np.random.rand(7), random.random()  # noqa: NPY002


if __name__ == "__main__":
    second(Path(sys.argv[1]))
