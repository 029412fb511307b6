"""The cache finds a run again by all that decides its numbers but its length, and knows what it holds in memory."""

import platform
import subprocess
import sys

import pytest

from pigeon_lessons.panels.cache import RunCache
from tests.panels.declared import EXPLORERS

SETTINGS = {"lr": 0.05, "batch_size": 32, "seed": 3}


def test_a_setting_seen_before_is_the_same_run_whatever_its_epochs(digits):
    cache = RunCache(*digits)
    first = cache.run({**SETTINGS, "epochs": 2})
    assert cache.run({**SETTINGS, "epochs": 5}) is first
    assert cache.run({**SETTINGS, "train_images": len(digits[0])}) is first
    assert cache.run({**SETTINGS, "lr": 0.1}) is not first
    assert len(cache) == 2


def test_the_cache_is_bounded_in_count_and_forgets_what_was_used_longest_ago(digits):
    cache = RunCache(*digits, most_runs=2)
    first, second = (cache.run({**SETTINGS, "seed": seed}) for seed in (1, 2))
    assert cache.run({**SETTINGS, "seed": 1}) is first
    cache.run({**SETTINGS, "seed": 3})
    assert len(cache) == 2
    assert cache.run({**SETTINGS, "seed": 1}) is first
    assert cache.run({**SETTINGS, "seed": 2}) is not second


def test_the_cache_is_bounded_in_bytes_but_keeps_the_run_in_use(digits):
    cache = RunCache(*digits, most_bytes=1)
    for seed in (1, 2, 3):
        run = cache.run({**SETTINGS, "seed": seed})
    cache.trim()
    assert len(cache) == 1
    assert cache.run({**SETTINGS, "seed": 3}) is run


def test_runs_of_the_same_digits_share_them_and_their_ink(digits):
    cache = RunCache(*digits)
    num_bytes = [cache.num_bytes for seed in range(4) if cache.run({**SETTINGS, "train_images": 100, "seed": seed})]
    inked = sum(4 * 784 * part for part in (100, 64)) / 2  # at the least half of the pixels have ink
    assert num_bytes[0] > inked + 4 * 784 * 100
    for earlier, later in zip(num_bytes, num_bytes[1:], strict=False):
        assert later - earlier < num_bytes[0] - inked


MEASURE = """
import ctypes, gc, resource
from pigeon_lessons import load_mnist, split
from pigeon_lessons.panels.cache import RunCache
from pigeon_lessons.threads import one_thread
from tests.panels.declared import EXPLORERS

def resident():
    gc.collect()
    ctypes.CDLL("libc.so.6").malloc_trim(0)  # what is free goes back, and is not used again unseen
    return int(open("/proc/self/statm").read().split()[1]) * resource.getpagesize()

def walked(cache, seed):
    for _ in cache.run({"lr": 0.05, "batch_size": 32, "seed": seed, "interrupt": 1, "forget": "nothing"}).walk(2):
        pass

caches = []  # kept, so that no memory is used a second time
for name, runs, num_train in (("playground", 40, 512), ("update_loop", 18, 64), ("checkpointing", 14, 128)):
    train, val, _ = split(load_mnist(), num_train, 64)
    with one_thread():
        kind = EXPLORERS[name].run
        walked(RunCache(train, val, kind), 1)  # what torch and numpy load at their first use is no run's
        cache, before = RunCache(train, val, kind, most_bytes=2**40, most_runs=999), resident()
        for seed in range(runs):
            walked(cache, seed)
        print(cache.num_bytes, resident() - before)
        caches.append(cache)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="memory is read from /proc, and freed by glibc")
def test_what_the_cache_claims_to_hold_is_what_the_process_has_grown_by():
    done = subprocess.run([sys.executable, "-c", MEASURE], capture_output=True, text=True, check=True)
    for line in done.stdout.splitlines():
        claimed, grown = map(int, line.split())
        assert claimed > 8e6, "enough to be seen beside what else a process does"
        assert 0.75 * grown < claimed < 1.25 * grown


def test_the_bound_holds_for_what_is_held(digits):
    cache = RunCache(*digits, most_bytes=4_000_000)
    for seed in range(12):
        for _ in cache.run({**SETTINGS, "seed": seed}).walk(3):
            pass
        cache.trim()
    assert 1 < len(cache) < 12 and cache.num_bytes <= 4_000_000
    assert EXPLORERS["playground"].run is cache.kind
