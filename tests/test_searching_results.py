"""Claims about a search's file: what had finished is on the disk, is never repeated, and survives kills and sharing."""

import errno
import fcntl
import json
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from filelock import FileLock, Timeout

import pigeon_lessons
from pigeon_lessons import search, sweep
from pigeon_lessons.journal import Journal
from pigeon_lessons.setting import NAMES, Setting
from tests.searching import CANDIDATES, MODULE, NUM_TRIALS, TRAIN, VAL, as_text, run_search

FORK = multiprocessing.get_context("fork")  # a process that need not load torch again


@pytest.fixture
def path(tmp_path):
    return tmp_path / "trials.jsonl"


@pytest.fixture(scope="module")
def expected():
    return run_search()


@pytest.fixture
def trained(monkeypatch):
    """The settings that are trained during the test."""
    settings = []
    monkeypatch.setattr(MODULE, "sweep", lambda piece, *args, **options:
                        settings.extend(piece) or sweep(piece, *args, **options))
    return settings


def search_in_pieces(path):
    MODULE.MOST_AT_ONCE = 4
    run_search(results=path)


def search_and_die(path, lost):
    """Search, and die while the third piece is written, with its last `lost` bytes not on the disk."""
    flush, calls = os.fsync, []

    def flush_and_die(descriptor):
        calls.append(descriptor)
        if len(calls) == 4:  # the file's folder took one call
            os.ftruncate(descriptor, os.fstat(descriptor).st_size - lost)
            os.kill(os.getpid(), signal.SIGKILL)
        flush(descriptor)

    os.fsync = flush_and_die
    search_in_pieces(path)


def started(target, *arguments):
    process = FORK.Process(target=target, args=arguments)
    process.start()
    return process


def ended(process):
    process.join()
    return process.exitcode


def lines(path):
    return path.read_text().count("\n") if path.exists() else 0


def settings_on_disk(path):
    return [setting_of(entry) for entry in Journal(path).read()]


def setting_of(entry):
    return Setting(**{name: entry[name] for name in NAMES})


def test_a_second_search_on_the_same_file_trains_nothing(expected, path, trained):
    run_search(results=path)
    before = path.read_bytes()
    trained.clear()
    assert as_text(run_search(results=str(path))) == as_text(expected)
    assert path.read_bytes() == before and trained == []


def test_the_same_trials_may_be_judged_again_by_accuracy(path, trained):
    run_search(results=path)
    trained.clear()
    assert run_search(results=path, score="val_accuracy").best_score > 0.5
    assert trained == []


def test_more_candidates_and_more_seeds_train_only_what_is_new(path, trained):
    run_search(CANDIDATES[:2], results=path, repeats=1)
    trained.clear()
    run_search(CANDIDATES[:3], results=path, repeats=2)
    assert len(trained) == len(set(trained)) == 4


def test_a_trial_is_on_the_disk_before_the_next_piece_begins(path, monkeypatch):
    monkeypatch.setattr(MODULE, "MOST_AT_ONCE", 1)
    on_disk = []
    monkeypatch.setattr(MODULE, "sweep", lambda piece, *args, **options:
                        on_disk.append(lines(path)) or sweep(piece, *args, **options))
    run_search(CANDIDATES[:3], results=path, repeats=1)
    assert on_disk == [0, 1, 2]


def test_a_line_is_strict_json_that_says_all_its_numbers_depend_on(path):
    run_search([{"lr": 1e30}], results=path, repeats=1)
    entry = json.loads(path.read_text(), parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))
    assert entry["train"] == TRAIN.fingerprint() and entry["val"] == VAL.fingerprint() and entry["epochs"] == 2
    assert entry["lr"] == 1e30 and entry["batch_size"] == 32 and entry["seed"] == 1
    assert entry["val_loss"] in ("nan", "inf")


# ---- crashes ----

@pytest.mark.parametrize("lost", [0, 300])
def test_a_search_killed_while_it_writes_goes_on_and_repeats_nothing_that_was_written(expected, path, trained, lost):
    assert ended(started(search_and_die, path, lost)) == -signal.SIGKILL
    whole_lines = [json.loads(line) for line in path.read_text().split("\n")[:-1]]
    assert 8 <= len(whole_lines) <= 12
    if lost:
        with pytest.warns(UserWarning, match="last line .* was damaged and is dropped"):
            resumed = run_search(results=path)
    else:
        resumed = run_search(results=path)
    assert as_text(resumed) == as_text(expected)
    assert len(trained) == NUM_TRIALS - len(whole_lines) and not set(trained) & set(map(setting_of, whole_lines))
    assert len(settings_on_disk(path)) == len(set(settings_on_disk(path))) == NUM_TRIALS


@pytest.mark.parametrize("damage", [
    b'{"lr": 0.1, "seed', b'{"lr": 0.1, "seed"\n', b'{"lr": 0.1}', b"\0\0\0", b"\xff\xfe\n", b"17\n",
])
def test_a_damaged_last_line_is_dropped_with_a_warning(path, damage):
    journal = Journal(path)
    journal.append([{"trial": 1}, {"trial": 2}])
    whole = path.read_bytes()
    path.write_bytes(whole + damage)
    with pytest.warns(UserWarning, match="last line .* dropped"):
        assert journal.read() == [{"trial": 1}, {"trial": 2}]
    assert path.read_bytes() == whole


def test_a_line_after_one_that_another_process_left_unfinished_is_whole(path):
    journal = Journal(path)
    journal.append([{"trial": 1}])
    with open(path, "ab") as file:
        file.write(b'{"trial": 2, "va')
    with pytest.warns(UserWarning, match="dropped"), journal.reserved():
        journal.read()
        journal.append([{"trial": 3}])
    assert journal.read() == [{"trial": 1}, {"trial": 3}]


def test_an_empty_file_is_a_search_not_yet_begun(path):
    path.touch()
    assert len(run_search(CANDIDATES[:1], results=path).trials) == len(Journal(path).read()) == 2


# ---- company ----

def test_two_processes_on_one_file_do_not_corrupt_it(expected, path, trained):
    assert [ended(process) for process in [started(search_in_pieces, path) for _ in range(2)]] == [0, 0]
    assert len(settings_on_disk(path)) == len(set(settings_on_disk(path))) == NUM_TRIALS, "no trial was trained twice"
    assert as_text(run_search(results=path)) == as_text(expected)
    assert trained == []


def test_a_second_search_waits_says_so_and_trains_only_what_the_first_has_not(expected, path, trained):
    first = Journal(path)
    others = Setting.of(CANDIDATES[0])
    finished = [row for row in expected.trials if row["candidate"] == 0]

    def at_work():
        with first.reserved():
            began.set()
            time.sleep(0.3)
            task = {"train": TRAIN.fingerprint(), "val": VAL.fingerprint(), "epochs": 2}
            first.append([{**task, **row} for row in finished])

    began, thread = threading.Event(), threading.Thread(target=at_work)
    thread.start()
    began.wait()
    with pytest.warns(UserWarning, match="another search is at work on .* this one waits"):
        assert as_text(run_search(results=path)) == as_text(expected)
    thread.join()
    assert len(trained) == NUM_TRIALS - 2 and others not in trained


def test_a_file_system_without_locks_still_takes_a_search(expected, path, monkeypatch):
    def refuse(*_):
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(fcntl, "flock", refuse)
    assert as_text(run_search(results=path)) == as_text(expected)
    assert len(Journal(path).read()) == NUM_TRIALS


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EIO])
def test_a_disk_that_refuses_is_named_with_the_file_and_what_was_kept_stays(path, monkeypatch, number):
    run_search(CANDIDATES[:1], results=path, repeats=1)
    whole = path.read_bytes()

    def refuse(*_):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(MODULE, "MOST_AT_ONCE", 1)
    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(OSError, match=f"the results file '.*': {os.strerror(number)}; what it holds is safe"):
        run_search(CANDIDATES[:2], results=path, repeats=1)
    assert path.read_bytes().startswith(whole)


def test_what_the_system_refuses_a_worker_is_not_said_of_the_results_file(path, monkeypatch):
    def refuse(*_, **__):
        raise OSError(errno.ENOMEM, os.strerror(errno.ENOMEM))

    monkeypatch.setattr(MODULE, "sweep", refuse)
    with pytest.raises(OSError, match="Cannot allocate memory") as raised:
        run_search(results=path)
    assert "results file" not in str(raised.value)


@pytest.mark.parametrize(("name", "error"), [
    ("", ValueError), ("nul\0", ValueError), ("x" * 300, OSError), ("x" * 300 + "/trials", FileNotFoundError),
    (".", OSError), (7, TypeError)])
def test_every_place_where_no_results_can_be_is_one_clear_error(name, error, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(error, match="results|folder"):
        run_search(CANDIDATES[:1], results=name, repeats=1)


def test_a_tilde_is_the_home_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    run_search(CANDIDATES[:1], results="~/trials.jsonl", repeats=1)
    assert len(Journal(tmp_path / "trials.jsonl").read()) == 1


@pytest.mark.parametrize("touch", [lambda journal: journal.read(), lambda journal: journal.append([{"trial": 1}])])
def test_nobody_reads_or_writes_while_another_writes(path, touch):
    journal = Journal(path)
    journal._lock.timeout = 0  # give up instead of waiting
    with FileLock(f"{path}.lock"), pytest.raises(Timeout):
        touch(journal)
    touch(journal)


WRITE_MANY = f"""
import sys, types
package = sys.modules["pigeon_lessons"] = types.ModuleType("pigeon_lessons")
package.__path__ = [{str(Path(pigeon_lessons.__file__).parent)!r}]
from pigeon_lessons.journal import Journal  # without the rest of the package: torch would only take time
journal = Journal(sys.argv[1])
for number in range(200):
    journal.append([dict(writer=sys.argv[2], number=number, padding="x" * 3000)] * 2)
"""


def test_lines_of_writers_at_the_same_time_never_mix(path):
    writers = [subprocess.Popen([sys.executable, "-c", WRITE_MANY, path, name]) for name in "ab"]
    assert [writer.wait() for writer in writers] == [0, 0]
    entries = Journal(path).read()
    for name in "ab":
        numbers = [entry["number"] for entry in entries if entry["writer"] == name]
        assert numbers == [number for number in range(200) for _ in "12"]


# ---- other files ----

def test_a_file_from_before_there_was_weight_decay_is_read_with_its_default(expected, path, trained):
    run_search(results=path)
    path.write_text(path.read_text().replace('"weight_decay": 0.0, ', ""))
    trained.clear()
    assert as_text(run_search(results=path)) == as_text(expected) and trained == []


@pytest.mark.parametrize(("other", "words"), [
    ({"epochs": 3}, "holds trials with epochs 2, not 3"),
    ({"train": TRAIN[:90]}, "holds trials with train "),
    ({"val": VAL[:60]}, "holds trials with val "),
])
def test_a_file_of_another_search_is_refused_and_left_alone(path, other, words):
    arguments = {"candidates": CANDIDATES[:1], "train": TRAIN, "val": VAL, "epochs": 2, "results": path}
    search(**arguments)
    before = path.read_bytes()
    with pytest.raises(ValueError, match=words):
        search(**(arguments | other))
    assert path.read_bytes() == before


@pytest.mark.parametrize("content", [
    "lr,loss\n0.1,0.3", "lr,loss\n", "notes without an end", '{"trial": 1}\n', '{}\n[]\n{}\n',
    '{"lr": 1}\n?\n{"lr": 2}\n',
])
def test_a_file_that_no_search_has_written_is_refused_and_left_alone(path, content):
    path.write_text(content)
    with pytest.raises(ValueError, match="give another (name|file)"):
        run_search(results=path)
    assert path.read_text() == content


def test_a_place_where_no_file_can_be_made_is_refused_and_not_waited_for():
    with pytest.raises(FileNotFoundError, match="cannot use the results file '/dev/fd/trials.jsonl'"):
        run_search(results="/dev/fd/trials.jsonl")


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(OSError, match=os.path.basename(tmp_path)):
        run_search(results=tmp_path)
