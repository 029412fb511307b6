"""What a student waits for before the first line runs: importing, loading the digits."""

import statistics
import subprocess
import sys

from benchmarks.measuring import Row, medians
from pigeon_lessons import load_mnist

TIMED = """
from time import perf_counter as now
start = now()
import torch
middle = now()
import pigeon_lessons
print(middle - start, now() - middle)
"""


def measure():
    runs = [subprocess.run([sys.executable, "-c", TIMED], capture_output=True, text=True, check=True).stdout.split()
            for _ in range(4)][1:]
    torch_alone, ours = (statistics.median(map(float, column)) for column in zip(*runs, strict=True))
    yield Row("import torch", torch_alone)
    yield Row("import pigeon_lessons after it", ours, f"{ours:.2f} s more", "≤ 0.05 s")
    seconds = medians({"load": load_mnist})["load"]
    yield Row("load_mnist()", seconds, f"{seconds:.3f} s", "≤ 0.02 s")
