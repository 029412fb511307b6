"""The file of a student's answers: whole or not at all, and never in the way."""


from pigeon_lessons.questions import storage
from pigeon_lessons.questions.storage import Progress


def test_what_one_kernel_stored_another_finds(tmp_path):
    Progress(tmp_path).put("quizzes", "a/b", {"tries": 1})
    Progress(tmp_path).put("quizzes", "a/c", {"tries": 2})
    assert Progress(tmp_path).get("quizzes", "a/b") == {"tries": 1}
    assert [path.name for path in tmp_path.iterdir()] == ["progress.json"]


def test_failed_write_leaves_the_old_file_whole(tmp_path, monkeypatch):
    Progress(tmp_path).put("quizzes", "a/b", 1)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(storage.os, "replace", full)
    progress = Progress(tmp_path)
    progress.put("quizzes", "a/b", 2)
    assert progress.get("quizzes", "a/b") == 2 and "No space left" in progress.trouble
    assert Progress(tmp_path).get("quizzes", "a/b") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["progress.json"]


def test_answers_kept_in_memory_are_written_once_the_disk_agrees(tmp_path):
    blocked = tmp_path / "home"
    blocked.write_text("")
    progress = Progress(blocked)
    progress.put("quizzes", "a/b", 1)
    blocked.unlink()
    progress.put("quizzes", "a/c", 2)
    assert Progress(blocked).get("quizzes", "a/b") == 1


def test_folder_is_the_one_the_student_names_else_a_hidden_one_at_home(monkeypatch, tmp_path):
    monkeypatch.setenv("PIGEON_LESSONS_HOME", str(tmp_path))
    assert Progress().path == tmp_path / "progress.json"
    monkeypatch.delenv("PIGEON_LESSONS_HOME")
    monkeypatch.setattr(storage.Path, "home", lambda: tmp_path)
    assert Progress().path == tmp_path / ".pigeon_lessons" / "progress.json"
