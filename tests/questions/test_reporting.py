"""A report holds a student's answers and nothing else; a class becomes two tables, whatever lies among the files."""

import csv
import json
import os
import re

import pytest

from pigeon_lessons import check
from pigeon_lessons.authoring import command
from pigeon_lessons.panels.declare import declared
from pigeon_lessons.questions import reporting
from pigeon_lessons.questions.asking import QuizQuestion
from pigeon_lessons.questions.content import asked, find
from pigeon_lessons.questions.storage import progress

QUIZ = "batching/recall-1"


@pytest.fixture(autouse=True)
def student(tmp_path, monkeypatch):
    monkeypatch.setenv("PIGEON_LESSONS_HOME", str(tmp_path / "home"))


def answer(*options):
    question = QuizQuestion(QUIZ, find("quizzes", QUIZ))
    for option in options:
        question.field.index = option
        question.answer()


def handed_in(folder, monkeypatch):
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    assert command.main(["report"]) == 0
    return json.loads((folder / reporting.NAME).read_text(encoding="utf-8"))


def table(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_report_is_the_answers_and_nothing_else(tmp_path, monkeypatch):
    answer(0, 1)
    wrong = check("batching/third", 96).message
    check("playground/challenge-1", {"lr": 0.3, "batch_size": 128, "num_hidden": 120, "epochs": 20, "repeats": 10})
    progress.put("predictions", "batching/spread", {"guess": "4 times smaller", "secret": "x"})
    progress.put("quizzes", "no/such-question", {"right": True})
    progress.put("diary", "monday", {"text": "mine"})
    goal = declared("epochs").challenges[0].text
    progress.put("challenges", f"epochs/{goal}", {"met": True})
    assert handed_in(tmp_path / "work", monkeypatch) == {
        "format": 1,
        "quizzes": {QUIZ: {"right": True, "tries": 2, "wrong": [find("quizzes", QUIZ).options[0].text]}},
        "predictions": {"batching/spread": {"guess": "4 times smaller"}},
        "exercises": {"batching/third": {"passed": False, "wrong": [str(wrong).removeprefix("Not yet. ")]},
                      "playground/challenge-1": {"passed": True}},
        "challenges": {f"epochs/{goal}": {"met": True}},
    }


def test_report_of_a_damaged_or_odd_file_is_empty_and_can_be_collected(tmp_path, monkeypatch):
    (tmp_path / "home").mkdir()
    for number, content in enumerate(["[", json.dumps({"quizzes": {QUIZ: {"right": "yes", "tries": True}}})]):
        progress.path.write_text(content)
        assert handed_in(tmp_path / "class" / str(number), monkeypatch) == {
            "format": 1, **{kind: {} for kind in reporting.KINDS}}
    assert command.main(["collect", str(tmp_path / "class")]) == 0


def test_class_is_a_table_and_wrong_answers_are_another(tmp_path, monkeypatch, capsys):
    room = tmp_path / "class"
    handed_in(room / "Zoe", monkeypatch)
    answer(0, 3, 1)
    check("batching/third", 288)
    wrong = check("batching/mean-loss", lambda logits, targets: 3).message.removeprefix("Not yet. ")
    (room / "=cmd()").mkdir()
    (room / "=cmd()" / "ann.json").write_text(json.dumps(handed_in(room / "Ann_123_file_", monkeypatch)))
    capsys.readouterr()
    assert command.main(["collect", str(room)]) == 0
    assert capsys.readouterr().out.startswith("3 reports in ")
    of, formula, ann, zoe = table(room / "class.csv")
    assert [of["student"], formula["student"], ann["student"], zoe["student"]] == [
        "(of)", "'=cmd()/ann", "Ann_123_file_", "Zoe"]
    found = asked("batching")
    assert (of["01 quizzes"], of["01 exercises"]) == (str(len(found["quizzes"])), str(len(found["exercises"])))
    assert [(row["01 quizzes"], row["01 exercises"], row["02 quizzes"]) for row in (ann, formula, zoe)] == [
        ("1", "1", "0"), ("1", "1", "0"), ("0", "0", "0")]
    options = find("quizzes", QUIZ).options
    assert [tuple(row.values())[2:] for row in table(room / "wrong.csv")] == [
        (options[0].text, options[0].why, "2"), (options[3].text, options[3].why, "2"), ("", wrong, "2"),
        ("", "not passed yet", "2")]
    before = (room / "class.csv").read_bytes()
    assert command.main(["collect", str(room)]) == 0
    assert (room / "class.csv").read_bytes() == before


GOOD = {"format": 1, "quizzes": {QUIZ: {"right": True, "tries": 1, "wrong": []}}}
HOSTILE = {
    "nothing": b"", "half": b'{"format": 1', "not UTF-8": b'{"format": "\xff"}', "deep": b"[" * 100_000,
    "long number": b'{"format": ' + b"9" * 5000 + b"}", "list": b"[1]", "word": b'"report"', "other": b'{"format": 2}',
    "huge": b" " * 1_000_001, "kind is a list": b'{"format": 1, "quizzes": []}',
    "record is a number": b'{"format": 1, "quizzes": {"a/b": 3}}',
    "field is unknown": b'{"format": 1, "quizzes": {"a/b": {"name": "x"}}}',
    "field is text": b'{"format": 1, "exercises": {"a/b": {"passed": "yes"}}}',
    "tries is true": b'{"format": 1, "quizzes": {"a/b": {"tries": true}}}',
}


@pytest.mark.parametrize("way", HOSTILE)
def test_hostile_file_is_named_and_the_others_are_counted(tmp_path, capsys, way):
    (tmp_path / "good.json").write_text(json.dumps(GOOD))
    (tmp_path / "bad.json").write_bytes(HOSTILE[way])
    assert command.main(["collect", str(tmp_path)]) == 1
    counted, named = capsys.readouterr().out.splitlines()
    assert counted.startswith("1 report in ")
    assert re.match(rf"{tmp_path}/bad.json: left out, since it (is|has|holds) ", named)
    assert [row["student"] for row in table(tmp_path / "class.csv")] == ["(of)", "good"]


def test_odd_answers_in_a_good_file_and_odd_names_of_files_do_no_harm(tmp_path):
    odd = {"format": 1, "quizzes": {QUIZ: {"wrong": [["\ud800"], {"a": 1}, "=1", None]}}, "more": ["\ud800"],
           "predictions": {"batching/spread": {"guess": "as nobody was offered"}}}
    (tmp_path / "odd.json").write_text(json.dumps(odd))
    (tmp_path / "folder.json").mkdir()
    (tmp_path / os.fsdecode(b"\xff\xfe.json")).write_text(json.dumps(GOOD))
    done, complaints = reporting.collect(tmp_path)
    assert complaints == []
    assert len(table(tmp_path / "class.csv")) == 3
    assert table(tmp_path / "class.csv")[1]["01 predictions"] == "0"
    assert table(tmp_path / "wrong.csv") == []


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes on this system")
def test_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.json")
    done, complaints = reporting.collect(tmp_path)
    assert done == [] and not (tmp_path / "class.csv").exists()
    assert complaints[-1].endswith("there is no report in it; students write one with `pigeon-lessons report`")
