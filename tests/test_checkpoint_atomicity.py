"""Whatever happens during a save, the file at the path is a whole checkpoint: the earlier one or the new one."""

import errno
import os
import re
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pigeon_lessons import CheckpointError, files, load_checkpoint, save_checkpoint
from tests.checkpointing import advance, differences, make_trainer, trained
from tests.stress_checkpoint import HUGE_PAGES, at_line, kill_at_every_line

ROOT = Path(__file__).parent.parent


@pytest.fixture
def saved(tmp_path):
    """A path with a good checkpoint, its bytes, and a trainer that has moved on since."""
    trainer, path = trained(3), tmp_path / "latest.ckpt"
    save_checkpoint(path, trainer)
    advance(trainer, 1)
    return path, path.read_bytes(), trainer


def assert_old_one_is_whole(path, old):
    assert path.read_bytes() == old
    assert os.listdir(path.parent) == [path.name]


def test_a_process_killed_at_any_moment_leaves_a_whole_checkpoint_and_the_next_save_cleans_up():
    stress = [sys.executable, "-m", "tests.stress_checkpoint", "40"]
    result = subprocess.run(stress, cwd=ROOT, env=os.environ | HUGE_PAGES, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    figures = re.match(r"(\d+) kills.*\n(\d+) kills.* (\d+) of them with a file half", result.stdout)
    lines, kills, half_written = figures.groups()
    assert int(lines) >= 20 and int(kills) == 40
    assert int(half_written) >= 2, "the kills fell beside the saves and prove nothing"


def test_the_stress_run_would_notice_a_save_that_is_not_atomic(tmp_path, monkeypatch):
    def overwrite(target, content):
        with open(target, "wb") as file:
            file.write(content[:1000])
            file.flush()
            files._lock(file)  # the lines after the flush are where this process dies
            file.write(content[1000:])

    monkeypatch.setattr(files, "replace", overwrite)
    with pytest.raises(AssertionError, match="neither the old nor the new"):
        kill_at_every_line(tmp_path / "latest.ckpt")


@pytest.mark.parametrize("percent", [0, 1, 10, 50, 99])
def test_a_full_disk_leaves_the_earlier_checkpoint_byte_for_byte(saved, percent):
    path, old, trainer = saved
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(old) * percent // 100, hard))  # the kernel refuses to write more
    try:
        with pytest.raises(CheckpointError, match="has room") as caught:
            save_checkpoint(path, trainer)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert str(path) in str(caught.value) and os.strerror(errno.EFBIG) in str(caught.value)
    assert_old_one_is_whole(path, old)


@pytest.mark.parametrize("step", ["fsync", "replace"])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EDQUOT])
def test_a_step_that_the_system_refuses_leaves_the_earlier_checkpoint(saved, monkeypatch, step, number):
    def refuse(*_):
        raise OSError(number, os.strerror(number))

    path, old, trainer = saved
    monkeypatch.setattr(os, step, refuse)
    with pytest.raises(CheckpointError, match=os.strerror(number)):
        save_checkpoint(path, trainer)
    assert_old_one_is_whole(path, old)


@pytest.mark.parametrize("failure", [OSError, MemoryError, SystemExit])
def test_a_failure_at_any_line_leaves_the_old_or_the_new_one_whole(saved, failure):
    def fail():
        reached.append(line)
        raise failure("at this line")

    path, old, trainer = saved
    resumed, reached, line, found = make_trainer(), [], 0, set()
    while len(reached) == line:
        line += 1
        try:
            at_line(line, fail)
            save_checkpoint(path, trainer)
        except (CheckpointError, failure):
            load_checkpoint(path, resumed)
            assert resumed.iteration == (3 if path.read_bytes() == old else 4)
            found.add(resumed.iteration)
        finally:
            sys.settrace(None)
        path.write_bytes(old)
    save_checkpoint(path, trainer)
    assert found == {3, 4}, "lines before and after the renaming"
    assert os.listdir(path.parent) == [path.name]


def test_an_object_that_cannot_be_saved_leaves_the_earlier_checkpoint_and_is_named(saved):
    path, old, trainer = saved
    trainer.settings["schedule"] = lambda epoch: 0.1
    with pytest.raises(CheckpointError, match=r"state\['settings'\]\['schedule'\] is of type function"):
        save_checkpoint(path, trainer)
    assert_old_one_is_whole(path, old)


def test_file_and_folder_are_synced_before_and_after_the_renaming(saved, monkeypatch):
    path, _, trainer = saved
    steps = []
    fsync, replace = os.fsync, os.replace

    def watched_fsync(descriptor):
        name = Path(os.readlink(f"/proc/self/fd/{descriptor}"))
        steps.append("sync folder" if name == path.parent else f"sync {name.suffix} of {name.stat().st_size}")
        fsync(descriptor)

    def watched_replace(source, target):
        steps.append("rename")
        replace(source, target)

    monkeypatch.setattr(os, "fsync", watched_fsync)
    monkeypatch.setattr(os, "replace", watched_replace)
    save_checkpoint(path, trainer)
    assert steps == [f"sync .unfinished of {path.stat().st_size}", "rename", "sync folder"]


def test_ctrl_c_during_a_save_waits_for_its_end(saved, monkeypatch):
    path, _, trainer = saved
    fsync = os.fsync
    monkeypatch.setattr(os, "fsync", lambda descriptor: (signal.raise_signal(signal.SIGINT), fsync(descriptor)))
    with pytest.raises(KeyboardInterrupt):
        save_checkpoint(path, trainer)
    resumed = make_trainer()
    load_checkpoint(path, resumed)
    assert differences(resumed.state_dict(), trainer.state_dict()) == []
    assert os.listdir(path.parent) == [path.name]


def test_saving_changes_nothing_in_the_trainer(saved):
    path, _, trainer = saved
    twin = trained(4)
    save_checkpoint(path, trainer)
    assert differences(trainer.state_dict(), twin.state_dict()) == []
    advance(trainer, 5)
    advance(twin, 5)
    assert differences(trainer.state_dict(), twin.state_dict()) == []
