"""Kill a process that trains and saves, again and again, and see what its checkpoint is worth.

    python -m tests.stress_checkpoint 2000

Two rounds. First a save is killed at every line that it runs once it touches the disk, which leaves no gap between its
steps. Then a run that saves after every update is killed at random moments, inside system calls too; each life goes on
from what the last one left. After every death the checkpoint must load and hold a state that was saved as a whole, in
the second round the very state of the uninterrupted run, bit for bit; and the next save must leave no other file.
POSIX only, since lives begin by fork: torch is imported once.
"""

import gc
import os
import random
import select
import signal
import sys
import tempfile
import time
import traceback
from pathlib import Path

import torch

from pigeon_lessons import files, load_checkpoint, save_checkpoint
from tests.checkpointing import digest, make_trainer, trained

ON_DISK = {function.__name__ for function in (
    files.replace, files.sync, files.sync_folder, files._remove_leftovers, files._new_file, files._lock)}
HUGE_PAGES = {"GLIBC_TUNABLES": "glibc.malloc.hugetlb=1", "PYTHONMALLOC": "malloc"}
"""Make a fork of all that torch imports three times as fast, where the C library is glibc; no harm elsewhere."""
LONGEST_LIFE = 4
"""How many updates, each with a save, a life may last once it has loaded."""


def main(kills):
    torch.set_num_threads(1)
    gc.freeze()  # a child that collects garbage would copy the parent's whole memory
    with tempfile.TemporaryDirectory() as folder:
        lines = kill_at_every_line(Path(folder) / "lines.ckpt")
    print(f"{lines} kills, one at each line of a save: the old or the new checkpoint each time, whole")
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        inside, iterations = kill_at_random(Path(folder) / "latest.ckpt", kills)
        seconds = time.perf_counter() - started
    print(f"{kills} kills at random moments in {seconds:.0f} s, {inside} of them with a file half written")
    print(f"0 unreadable, 0 other than the uninterrupted run, 0 leftovers after the next save; {iterations} iterations")


def kill_at_every_line(path):
    """Kill a save at its first line, its second, … until one gets through; return how many lines there are."""
    old, new = trained(1), trained(2)
    save_checkpoint(path, new)
    contents = [path.read_bytes()]
    line = 0
    while True:
        save_checkpoint(path, old)
        assert os.listdir(path.parent) == [path.name], "the next save left something behind"
        contents[1:] = [path.read_bytes()]
        line += 1
        status = in_child(lambda: save_under_fire(path, new, line))  # noqa: B023  (called at once)
        assert path.read_bytes() in contents, f"killed at line {line}: neither the old nor the new checkpoint"
        if not os.WIFSIGNALED(status):
            assert status == 0, f"the save failed with status {status}"
            return line - 1


def save_under_fire(path, trainer, fatal_line):
    """Save, and kill this process at the `fatal_line`-th line."""
    at_line(fatal_line, lambda: os.kill(os.getpid(), signal.SIGKILL))
    save_checkpoint(path, trainer)


def at_line(fatal_line, act):
    """Call `act` when files.py comes to the `fatal_line`-th line of the part that touches the disk."""
    reached = 0

    def watch(frame, event, _):
        nonlocal reached
        if frame.f_code.co_filename != files.__file__ or frame.f_code.co_name not in ON_DISK:
            return None
        if event == "line":
            reached += 1
            if reached == fatal_line:
                act()
        return watch

    sys.settrace(watch)


def kill_at_random(path, kills, seed=1):
    """Return how many kills left a half-written file, and how many iterations the run got through."""
    moments = random.Random(seed)
    uninterrupted, expected = make_trainer(), []
    survivor, unborn = make_trainer(), make_trainer()
    started = time.perf_counter()
    next(survivor.iterations(1))
    save_checkpoint(path, survivor)
    longest = LONGEST_LIFE * (time.perf_counter() - started)
    inside = 0
    for kill in range(kills):
        before = survivor.iteration
        finished = one_life(path, unborn, moments.uniform(0, longest))
        inside += len(os.listdir(path.parent)) > 1
        load_checkpoint(path, survivor)
        assert survivor.iteration - before in (finished, finished + 1), (
            f"kill {kill}: {finished} saves after iteration {before} had ended, found {survivor.iteration}")
        while len(expected) <= survivor.iteration:
            expected.append(digest(uninterrupted.state_dict()))
            next(uninterrupted.iterations(1))
        assert digest(survivor.state_dict()) == expected[survivor.iteration], f"kill {kill}: another state"
        save_checkpoint(path, survivor)
        assert os.listdir(path.parent) == [path.name], f"kill {kill}: the next save left something behind"
    return inside, survivor.iteration


def one_life(path, trainer, seconds):
    """Load `path` and go on in a new process, until SIGKILL after `seconds`; return how many saves it had finished."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        run_child(lambda: train_and_save(path, trainer, writer))
    os.close(writer)
    reports = os.read(reader, 1)  # loaded: life begins
    deadline = time.monotonic() + seconds
    while (left := deadline - time.monotonic()) > 0:
        if select.select([reader], [], [], left)[0]:
            reports += os.read(reader, 4096)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), f"the process ended by itself, with status {status}"
    while more := os.read(reader, 4096):
        reports += more
    os.close(reader)
    return len(reports) - 1


def train_and_save(path, trainer, writer):
    load_checkpoint(path, trainer)
    os.write(writer, b".")
    for _ in trainer.iterations(10**6):
        save_checkpoint(path, trainer)
        os.write(writer, b".")


def in_child(work):
    """Do `work` in a forked process and return its status as `os.waitpid` gives it."""
    child = os.fork()
    if child == 0:
        run_child(work)
    return os.waitpid(child, 0)[1]


def run_child(work):
    try:
        work()
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


if __name__ == "__main__":
    if not HUGE_PAGES.items() <= os.environ.items():  # they take effect when a process starts: start anew
        again = [sys.executable, "-m", "tests.stress_checkpoint", *sys.argv[1:]]
        os.execve(sys.executable, again, os.environ | HUGE_PAGES)  # noqa: S606  (this very program)
    main(kills=int(sys.argv[1]) if len(sys.argv) > 1 else 40)
