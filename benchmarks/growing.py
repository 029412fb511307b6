"""How time and memory grow with images, epochs, hidden units and settings: fitted exponents, 1 is linear."""

import multiprocessing
from time import perf_counter

import torch

from benchmarks.measuring import Row, exponent, peak_memory_mb
from pigeon_lessons import Digits, sweep

LADDERS = {
    "images": (1000, 4000, 15000, 60000),
    "epochs": (2, 4, 8, 16),
    "hidden units": (32, 128, 512, 2048),
    "settings": (4, 16, 64, 256),
}


def run(images=2000, epochs=2, hidden=30, settings=4):
    """Return seconds, and megabytes beyond those held before, of one sweep on random digits, on one thread."""
    torch.set_num_threads(1)
    generator = torch.Generator().manual_seed(1)
    digits = Digits(torch.rand(images, 1, 28, 28, generator=generator).round_(decimals=1),
                    torch.randint(10, (images,), generator=generator))
    sweep([{}], digits[:100], epochs=1)
    before, start = peak_memory_mb(), perf_counter()
    sweep([{"lr": 0.001, "num_hidden": hidden, "seed": seed} for seed in range(settings)], digits, epochs=epochs)
    return perf_counter() - start, peak_memory_mb() - before


def measure():
    names = {"hidden units": "hidden"}
    for name, sizes in LADDERS.items():
        results = []
        for size in sizes:
            with multiprocessing.get_context("spawn").Pool(1) as pool:  # peak memory only ever rises in a process
                results.append(pool.apply(run, kwds={names.get(name, name): size}))
        seconds, megabytes = zip(*results, strict=True)
        used = [(size, amount) for size, amount in zip(sizes, megabytes, strict=True) if amount > 1]
        memory = ", memory not at all"
        if len(used) > 1:
            memory = f", memory as its power {exponent(*zip(*used, strict=True)):.2f}"
        yield Row(f"sweep with {sizes[-1]:,} {name}", seconds[-1],
                  f"from {sizes[0]:,} up, time grows as its power {exponent(sizes, seconds):.2f}{memory}")
