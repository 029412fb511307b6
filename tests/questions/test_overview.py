"""The table of what a student has done."""

import re

import pytest

from pigeon_lessons import check, progress, rooms
from pigeon_lessons.panels.declare import declared
from pigeon_lessons.questions import storage
from pigeon_lessons.questions.content import asked
from pigeon_lessons.questions.overview import overview


@pytest.fixture(autouse=True)
def student(tmp_path, monkeypatch):
    monkeypatch.setenv("PIGEON_LESSONS_HOME", str(tmp_path))


def row(capsys, chapter):
    capsys.readouterr()
    progress()
    line = next(line for line in capsys.readouterr().out.splitlines() if chapter in line)
    return re.findall(r"\d+ of \d+|–", line)


def test_progress_counts_what_is_done_in_each_chapter(capsys):
    found, panel = asked("learning_rate"), declared("learning_rate")
    totals = [*(len(found[kind]) for kind in ("quizzes", "predictions", "exercises")), len(panel.challenges)]
    assert row(capsys, "03 learning rate") == [f"0 of {total}" if total else "–" for total in totals]
    check("learning_rate/by-hand", 1.995)
    check("learning_rate/schedule", 3)
    storage.progress.put("quizzes", "learning_rate/recall-1", {"right": True})
    storage.progress.put("predictions", "learning_rate/rescue", {"guess": found["predictions"]["rescue"].options[0]})
    storage.progress.put("challenges", f"{panel.name}/{panel.challenges[0].text}", {"met": True})
    assert row(capsys, "03 learning rate") == [f"1 of {total}" for total in totals]


def test_every_chapter_has_a_row(capsys):
    progress()
    assert len(capsys.readouterr().out.splitlines()) == 1 + len(rooms.chapters())


def test_the_table_is_escaped_and_has_a_head():
    html = overview([("<img src=x>", (1, 2), (0, 0), (0, 1), (1, 1))]).html
    assert "<img" not in html and html.count("<th>") == 5 and "1 of 2" in html and "–" in html
