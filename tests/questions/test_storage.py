"""The file of a student's answers: whole or not at all, shared by kernels, and never in the way."""

import json
import multiprocessing
import os
import sys
import threading
from pathlib import Path

import pytest

from pigeon_lessons.questions import storage
from pigeon_lessons.questions.storage import Progress


def names(folder):
    return sorted(path.name for path in folder.iterdir() if path.suffix != ".lock")


# ---- what is kept

def test_what_one_kernel_stored_another_finds(tmp_path):
    Progress(tmp_path).put("quizzes", "a/b", {"tries": 1})
    Progress(tmp_path).put("quizzes", "a/c", {"tries": 2})
    assert Progress(tmp_path).get("quizzes", "a/b") == {"tries": 1}
    assert names(tmp_path) == ["progress.json"]


def test_a_success_is_never_taken_back_not_even_by_a_kernel_that_had_not_seen_it(tmp_path):
    late, folder = Progress(tmp_path / "blocked"), tmp_path / "blocked"
    folder.write_text("no folder yet: this kernel keeps its answer to itself")
    late.put("exercises", "a/b", {"passed": False, "tries": 3})
    folder.unlink()
    Progress(folder).put("exercises", "a/b", {"passed": True, "tries": 1})
    late.put("exercises", "a/c", {"passed": False})
    assert Progress(folder).get("exercises", "a/b") == {"passed": True, "tries": 3}


def test_lists_grow_by_what_is_new_and_only_their_end_is_kept(tmp_path):
    for run in (["one"], ["two", "one"], ["three"]):
        Progress(tmp_path).put("runs", "a", run)
    assert Progress(tmp_path).get("runs", "a") == ["one", "two", "three"]
    Progress(tmp_path).put("runs", "a", list(range(200)))
    assert Progress(tmp_path).get("runs", "a") == list(range(100, 200))


@pytest.mark.parametrize("name", ["é/ü", "鳩", "a\ud800b", "", "x" * 5000])
def test_any_text_can_be_kept(name, tmp_path):
    Progress(tmp_path).put("quizzes", name, {"answer": name})
    assert Progress(tmp_path).record("quizzes", name) == {"answer": name}


def test_what_json_has_no_word_for_is_the_callers_mistake_and_harms_nothing(tmp_path):
    progress = Progress(tmp_path)
    with pytest.raises(TypeError):
        progress.put("quizzes", "a/b", {1, 2})
    progress.put("quizzes", "a/c", 1)
    assert json.loads(progress.path.read_text()) == {"quizzes": {"a/c": 1}}


# ---- company

def kernel(who, folder, start):
    progress = Progress(folder)
    start.wait()
    for number in range(60):
        progress.put("quizzes", f"{who}/{number}", {"right": True})
        progress.put("exercises", "shared", {"wrong": [f"{who}{number}"]})
    sys.exit(progress.trouble or None)


def test_two_kernels_at_once_lose_no_answer(tmp_path):
    methods = multiprocessing.get_all_start_methods()
    processes = multiprocessing.get_context("fork" if "fork" in methods else None)
    start = processes.Barrier(2)
    kernels = [processes.Process(target=kernel, args=(who, tmp_path, start)) for who in "ab"]
    for one in kernels:
        one.start()
    for one in kernels:
        one.join()
    assert [one.exitcode for one in kernels] == [0, 0]
    answers = json.loads((tmp_path / "progress.json").read_text())
    assert len(answers["quizzes"]) == 120
    assert len(answers["exercises"]["shared"]["wrong"]) == 100  # all 120, of which the last hundred are kept


def test_threads_of_one_kernel_lose_no_answer(tmp_path):
    progress = Progress(tmp_path)
    threads = [threading.Thread(target=lambda who=who: [progress.put("quizzes", f"{who}/{number}", number)
                                                        for number in range(20)]) for who in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(json.loads(progress.path.read_text())["quizzes"]) == 100


def test_a_lock_that_is_never_released_is_not_waited_for_without_end(tmp_path, monkeypatch):
    monkeypatch.setattr(storage, "PATIENCE", 0.05)
    progress = Progress(tmp_path)
    with storage.FileLock(tmp_path / "progress.lock"):
        progress.put("quizzes", "a/b", 1)
        assert progress.get("quizzes", "a/b") == 1 and "cannot be kept" in progress.trouble
    progress.put("quizzes", "a/c", 2)
    assert Progress(tmp_path).get("quizzes", "a/b") == 1 and not progress.trouble


# ---- trouble

def test_failed_write_leaves_the_old_file_whole(tmp_path, monkeypatch):
    Progress(tmp_path).put("quizzes", "a/b", 1)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    progress = Progress(tmp_path)
    progress.put("quizzes", "a/b", 2)
    assert progress.get("quizzes", "a/b") == 2 and "No space left" in progress.trouble
    assert Progress(tmp_path).get("quizzes", "a/b") == 1
    assert names(tmp_path) == ["progress.json"]


def test_answers_kept_in_memory_are_written_once_the_disk_agrees_and_then_the_trouble_is_over(tmp_path):
    blocked = tmp_path / "home"
    blocked.write_text("")
    progress = Progress(blocked)
    progress.put("quizzes", "a/b", 1)
    assert progress.get("quizzes", "a/b") == 1 and progress.trouble.count("cannot be") == 1
    blocked.unlink()
    progress.put("quizzes", "a/c", 2)
    assert Progress(blocked).get("quizzes", "a/b") == 1 and not progress.trouble


@pytest.mark.parametrize("content", [
    b"", b"{", b"[]", b'{"quizzes": 3}', b"\xff\xfe\x00", b"[" * 100_000, b'{"quizzes": {"a": ' + b"9" * 5000 + b"}}"])
def test_a_damaged_file_is_set_aside_told_of_once_and_not_written_over(content, tmp_path):
    for number in ("", "2"):
        (tmp_path / "progress.json").write_bytes(content)
        progress = Progress(tmp_path)
        assert progress.get("quizzes", "a/b") is None
        progress.put("quizzes", "a/b", 1)
        kept = tmp_path / f"progress.damaged{number}.json"
        assert kept.read_bytes() == content and str(kept) in progress.trouble
        progress.told()
        assert not progress.trouble and Progress(tmp_path).get("quizzes", "a/b") == 1


@pytest.mark.parametrize("record", [3, "x", [1], None])
def test_a_record_of_a_file_that_somebody_edited_is_a_dict_all_the_same(record, tmp_path):
    (tmp_path / "progress.json").write_text(json.dumps({"exercises": {"a/b": record}}))
    assert Progress(tmp_path).record("exercises", "a/b") == {}


@pytest.mark.parametrize("home", [
    "", "~", "~nobody-of-this-name/x", "a\0b", "x" * 300, "/dev/null", "/proc/none", "é 鳩"])
def test_whatever_the_folder_is_called_nothing_is_raised_and_answers_stay_in_memory(home, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("PIGEON_LESSONS_HOME", raising=False)
    progress = Progress(home)
    progress.put("quizzes", "a/b", {"right": True})
    assert progress.get("quizzes", "a/b") == {"right": True}
    is_kept = home in ("", "~", "é 鳩")
    assert bool(progress.trouble) is not is_kept
    progress.trouble.encode()
    assert not is_kept or progress.path.is_file()


def test_folder_is_the_one_the_student_names_else_a_hidden_one_at_home(monkeypatch, tmp_path):
    monkeypatch.setenv("PIGEON_LESSONS_HOME", str(tmp_path))
    assert Progress().path == tmp_path / "progress.json"
    monkeypatch.delenv("PIGEON_LESSONS_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert Progress().path == tmp_path / ".pigeon_lessons" / "progress.json"


def test_a_user_without_a_home_and_without_a_name_goes_on(monkeypatch):
    pwd = pytest.importorskip("pwd")

    def nobody(number):
        raise KeyError(f"getpwuid(): uid not found: {number}")

    monkeypatch.setattr(pwd, "getpwuid", nobody)
    monkeypatch.delenv("HOME", raising=False)
    monkeypatch.delenv("PIGEON_LESSONS_HOME", raising=False)
    with pytest.raises(RuntimeError):
        Path.home()
    progress = Progress()
    progress.put("quizzes", "a/b", 1)
    assert progress.get("quizzes", "a/b") == 1 and "PIGEON_LESSONS_HOME" in progress.trouble


def test_a_file_system_without_locks_keeps_answers_all_the_same(tmp_path, monkeypatch):
    fcntl = pytest.importorskip("fcntl")

    def unknown(*_):
        raise OSError(38, "Function not implemented")

    monkeypatch.setattr(fcntl, "flock", unknown)
    for number in range(3):
        progress = Progress(tmp_path)
        progress.put("quizzes", f"a/{number}", number)
        assert not progress.trouble
    assert len(json.loads(progress.path.read_text())["quizzes"]) == 3
