"""Every kind of path: odd names, links, folders without permission, and two trainers in one folder."""

import ctypes
import fcntl
import os
import stat
from contextlib import contextmanager

import pytest

from pigeon_lessons import CheckpointError, files, load_checkpoint, save_checkpoint
from tests.checkpointing import differences, make_trainer, trained


def assert_round_trip(path):
    trainer, resumed = trained(3), make_trainer(model_seed=9)
    save_checkpoint(path, trainer)
    load_checkpoint(path, resumed)
    assert differences(resumed.state_dict(), trainer.state_dict()) == []


@pytest.mark.parametrize("name", ["with spaces.ckpt", "Täubchen–鸽子.ckpt", "no_suffix", ".hidden", "*[x]?", "é" * 120])
def test_odd_names_work(tmp_path, name):
    folder = tmp_path / f"folder of {name}"
    folder.mkdir()
    assert_round_trip(folder / name)
    assert os.listdir(folder) == [name]


def test_a_relative_path_as_a_string_works(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert_round_trip("latest.ckpt")
    assert os.listdir() == ["latest.ckpt"]


def test_a_symbolic_link_is_kept_and_the_file_behind_it_replaced(tmp_path):
    shelf, desk = tmp_path / "shelf", tmp_path / "desk"
    shelf.mkdir()
    desk.mkdir()
    (desk / "latest.ckpt").symlink_to("../shelf/run-1.ckpt")
    for _ in range(2):  # first with nothing behind the link, then with a file
        assert_round_trip(desk / "latest.ckpt")
        assert (desk / "latest.ckpt").is_symlink() and not (shelf / "run-1.ckpt").is_symlink()
    assert os.listdir(shelf) == ["run-1.ckpt"] and os.listdir(desk) == ["latest.ckpt"]


def test_permissions_are_those_of_any_new_file(tmp_path):
    mask = os.umask(0o027)
    try:
        save_checkpoint(tmp_path / "latest.ckpt", make_trainer())
    finally:
        os.umask(mask)
    assert stat.S_IMODE((tmp_path / "latest.ckpt").stat().st_mode) == 0o640


def test_a_missing_file_stays_file_not_found(tmp_path):
    with pytest.raises(FileNotFoundError, match="no-such.ckpt"):
        load_checkpoint(tmp_path / "no-such.ckpt", make_trainer())


def test_a_folder_or_a_name_too_long_to_load_from_is_one_clear_error(tmp_path):
    for path in (tmp_path, tmp_path / ("x" * 300)):
        with pytest.raises(CheckpointError, match="cannot load checkpoint .*; give a file that save_checkpoint wrote"):
            load_checkpoint(path, make_trainer())


def test_a_tilde_is_the_home_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    assert_round_trip("~/latest.ckpt")
    assert os.listdir(tmp_path) == ["latest.ckpt"]


@pytest.mark.parametrize("name", ["", "nul\0.ckpt"])
def test_what_is_no_name_of_a_file_is_refused_by_both(name):
    for function in (save_checkpoint, load_checkpoint):
        with pytest.raises(ValueError, match="path must not be empty or hold what no file name can"):
            function(name, make_trainer())


@pytest.mark.parametrize("name", ["no-such-folder/latest.ckpt", "", "x" * 300])
def test_a_place_where_no_file_can_be_is_one_clear_error(tmp_path, name):
    with pytest.raises(CheckpointError, match="cannot save checkpoint .* Choose a folder that exists"):
        save_checkpoint(tmp_path / name, make_trainer())
    assert list(tmp_path.iterdir()) == []


def test_a_device_is_not_replaced_by_a_file(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(CheckpointError, match="it is not a file"):
        save_checkpoint(tmp_path / "pipe", make_trainer())
    assert (tmp_path / "pipe").is_fifo()


@contextmanager
def ordinary_rights():
    """Let permissions count for root too, who may else write anywhere: Linux grants that as a capability of a thread.

    (To become another user would not do: that one might not be let into the folder of this checkout.)
    """
    if os.geteuid() != 0:
        yield
        return
    libc = ctypes.CDLL(None)
    if not hasattr(libc, "capset"):
        pytest.skip("root may write anywhere on this system")
    header, sets = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()  # version 3; this thread
    assert libc.capget(header, sets) == 0
    effective = sets[0]
    sets[0] &= ~0b110  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
    assert libc.capset(header, sets) == 0
    try:
        yield
    finally:
        sets[0] = effective
        assert libc.capset(header, sets) == 0


def test_a_read_only_folder_is_one_clear_error(tmp_path):
    path, trainer = tmp_path / "latest.ckpt", trained(2)
    save_checkpoint(path, trainer)
    content = path.read_bytes()
    tmp_path.chmod(0o500)
    with ordinary_rights():
        with pytest.raises(CheckpointError, match="Permission denied; .* may be written to") as caught:
            save_checkpoint(path, trainer)
        load_checkpoint(path, make_trainer())
    tmp_path.chmod(0o700)
    assert str(path) in str(caught.value) and path.read_bytes() == content


def test_two_trainers_saving_in_one_folder_leave_each_other_alone(tmp_path, monkeypatch):
    """The second saves, and so looks for leftovers, while the first is half way."""
    first, second, fsync = trained(3), trained(5), os.fsync
    unfinished = []

    def interrupted_fsync(descriptor):
        fsync(descriptor)
        monkeypatch.setattr(os, "fsync", fsync)
        unfinished.extend(tmp_path.glob(".pigeon-*"))
        save_checkpoint(tmp_path / "second.ckpt", second)
        assert [path.exists() for path in unfinished] == [True]

    monkeypatch.setattr(os, "fsync", interrupted_fsync)
    save_checkpoint(tmp_path / "first.ckpt", first)
    assert sorted(os.listdir(tmp_path)) == ["first.ckpt", "second.ckpt"]
    for name, trainer in (("first", first), ("second", second)):
        resumed = make_trainer()
        load_checkpoint(tmp_path / f"{name}.ckpt", resumed)
        assert differences(resumed.state_dict(), trainer.state_dict()) == []


def test_a_file_taken_for_a_leftover_before_its_lock_is_made_anew(tmp_path, monkeypatch):
    """Another process may look for leftovers just between the making of the file and its lock."""
    flock, taken = fcntl.flock, []

    def late_flock(file, operation):
        if operation == fcntl.LOCK_EX and not taken:
            taken.append(file.name)
            files._remove_leftovers(tmp_path)
            assert not os.path.exists(file.name)
        flock(file, operation)

    monkeypatch.setattr(fcntl, "flock", late_flock)
    assert_round_trip(tmp_path / "latest.ckpt")
    assert len(taken) == 1 and os.listdir(tmp_path) == ["latest.ckpt"]


def test_leftovers_of_dead_processes_go_with_the_next_save_under_any_name(tmp_path):
    for name in (".pigeon-0123.unfinished", ".pigeon-4567.unfinished", "mine.unfinished"):
        (tmp_path / name).write_bytes(b"half a checkpoint")
    save_checkpoint(tmp_path / "other.ckpt", make_trainer())
    assert sorted(os.listdir(tmp_path)) == ["mine.unfinished", "other.ckpt"]


def test_a_file_system_without_locks_still_takes_checkpoints(tmp_path, monkeypatch):
    def refuse(*_):
        raise OSError("no locks here")

    monkeypatch.setattr(fcntl, "flock", refuse)
    assert_round_trip(tmp_path / "latest.ckpt")
    assert os.listdir(tmp_path) == ["latest.ckpt"]


def test_a_system_without_fcntl_still_takes_checkpoints(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "fcntl", None)
    assert_round_trip(tmp_path / "latest.ckpt")
    assert os.listdir(tmp_path) == ["latest.ckpt"]
