"""64 candidates on one process and on two, and the memory that a worker needs."""

import joblib

from benchmarks.contestants import EPOCHS, TRAIN, VAL
from benchmarks.measuring import Row, medians, peak_memory_mb
from pigeon_lessons import grid, search

CANDIDATES = grid(lr=[0.001 * 1.3**step for step in range(16)], momentum=[0.0, 0.5, 0.8, 0.9])


def on(workers):
    def run():
        with joblib.parallel_config(backend="loky", n_jobs=workers):
            search(CANDIDATES, TRAIN, VAL, epochs=EPOCHS)
    return run


def measure():
    # One worker is a process of its own too: both sides pay for starting it, once, in the warm-up
    seconds = medians({"1": on(1), "2": on(2)}, rounds=7)
    yield Row("search of 64 candidates, 1 worker", seconds["1"])
    yield Row("search of 64 candidates, 2 workers", seconds["2"],
              f"{seconds['1'] / seconds['2']:.2f} × faster than 1", "≥ 1.8")
    with joblib.parallel_config(backend="loky", n_jobs=2):
        peaks = joblib.Parallel()(joblib.delayed(peak_memory_mb)() for _ in range(4))
    yield Row("memory of a search worker at most", None, f"{max(peaks):.0f} MB, torch included")
