"""Claims about files that replace others, whatever holds them: the disk, the folder, the system, the name."""

import errno
import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from pigeon_lessons import checks, files


def test_macos_is_asked_to_empty_the_drive_s_own_memory_and_fsync_follows_where_that_is_refused(tmp_path, monkeypatch):
    asked, synced, fsync = [], [], os.fsync

    def ask(file, what):
        asked.append((file.name, what))
        if len(asked) == 2:
            raise OSError(errno.ENOTSUP, "not on this file system")

    monkeypatch.setattr(files, "fcntl", SimpleNamespace(
        F_FULLFSYNC=51, LOCK_EX=2, LOCK_NB=4, fcntl=ask, flock=files.fcntl.flock))
    monkeypatch.setattr(os, "fsync", lambda descriptor: synced.append(descriptor) or fsync(descriptor))
    files.replace(tmp_path / "answers", b"yes")
    files.replace(tmp_path / "answers", b"yes")
    assert [what for _, what in asked] == [51, 51]
    assert len(synced) == 3, "the folder each time, and the file where macOS refused"


@pytest.mark.parametrize("number", [errno.EACCES, errno.EINVAL])
def test_a_folder_that_cannot_be_synced_still_takes_files(tmp_path, monkeypatch, number):
    def refuse(*_):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "open", refuse)
    files.replace(tmp_path / "answers", b"yes")
    assert (tmp_path / "answers").read_bytes() == b"yes"


def test_a_disk_that_fails_while_the_folder_is_synced_is_reported(tmp_path, monkeypatch):
    def refuse(*_):
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(OSError, match=os.strerror(errno.EIO)):
        files.replace(tmp_path / "answers", b"yes")


def test_nothing_but_the_content_is_left_in_the_folder(tmp_path):
    for content in (b"one", b"", b"three" * 100_000):
        files.replace(str(tmp_path / "answers"), content)
        assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("answers", content)]


@pytest.mark.skipif(os.name == "nt", reason="Windows knows only read-only")
def test_whoever_may_read_a_file_may_read_the_one_in_its_place(tmp_path):
    path = tmp_path / "answers"
    for mode in (0o600, 0o644):
        files.replace(path, b"yes")
        path.chmod(mode)
        files.replace(path, b"no")
        assert (path.stat().st_mode & 0o777, path.read_bytes()) == (mode, b"no")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_what_may_have_no_end_is_not_read(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path("/dev/zero")):
        with pytest.raises(OSError, match="it is not a file"):
            files.content(path)
    with pytest.raises(FileNotFoundError):
        files.content(tmp_path / "nothing")


# ---- names of files ----

def test_a_tilde_is_the_home_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert checks.file_path("path", "~/latest.ckpt", such_as="") == tmp_path / "latest.ckpt"


@pytest.mark.parametrize(("name", "error"), [
    ("", ValueError), ("a\0b", ValueError), ("\ud800", ValueError), (b"latest.ckpt", TypeError), (None, TypeError),
    (7, TypeError), (SimpleNamespace(), TypeError)])
def test_what_no_file_can_be_named_is_refused_by_name(name, error):
    with pytest.raises(error, match='results must .*, got .*; give a file name such as "search.jsonl"'):
        checks.file_path("results", name, such_as="search.jsonl")
