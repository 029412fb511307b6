"""Chapters go through nbgrader itself: released without solutions, and graded as each submission deserves."""

import ast
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from pigeon_lessons.authoring import command, grading
from pigeon_lessons.authoring.pairing import Chapter, find_chapters
from pigeon_lessons.chapters import CHAPTERS
from pigeon_lessons.questions.content import asked, solution_of
from tests.authoring.tiny import PROJECT

NAME = "01_batching"
HEADER = "# Written by the test"
POINTS = {"third": 1, "mean-loss": 2, "updates": 3, "module": 3}
STUDENTS = {
    "right": {key: solution_of(f"batching/{key}") for key in POINTS},
    "half": {"third": "answer = 288", "mean-loss": solution_of("batching/mean-loss"),
             "updates": "def one_pass(model, optimizer, loader):\n    return []"},
    "wrong": {"third": "answer = 96", "mean-loss": "def mean_loss(logits, targets):\n    return logits.sum()",
              "updates": "one_pass = 3", "module": "MyPigeon = nn.Linear"},
    "empty": {},
    "crashing": {"third": "raise RuntimeError('no')", "mean-loss": "def mean_loss(logits, targets):\n    return 1 / 0",
                 "updates": "def one_pass(:", "module": solution_of("batching/module")},
}
SCORES = {"right": {"third": 1, "mean-loss": 2, "updates": 3, "module": 3},
          "half": {"third": 1, "mean-loss": 2, "updates": 0, "module": 0},
          "wrong": dict.fromkeys(POINTS, 0), "empty": dict.fromkeys(POINTS, 0),
          "crashing": {"third": 0, "mean-loss": 0, "updates": 0, "module": 3}}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course in which all of STUDENTS were graded on chapter 01, shortened to its first cell and its exercises."""
    root, course = tmp_path_factory.mktemp("clone"), tmp_path_factory.mktemp("course")
    (root / "lessons").mkdir()
    text = (PROJECT / "lessons" / f"{NAME}.md").read_text(encoding="utf-8")
    short = text[:text.index("\n## Recall\n")] + text[text.index("\n## Your turn\n"):].replace(
        "\n## Key points", "\nWords of the instructor's.\n\n## Key points")
    (root / "lessons" / f"{NAME}.md").write_text(short, encoding="utf-8")
    shutil.copy(PROJECT / "lessons" / "points.toml", root / "lessons")
    grading.nbgrader_source([Chapter(root, NAME)], course)

    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])  # nbgrader calls alembic by name

    def nbgrader(step):
        run = subprocess.run([sys.executable, "-m", "nbgrader", step, NAME], cwd=course, text=True,
                             capture_output=True, timeout=600, env={**os.environ, "PATH": path})
        assert run.returncode == 0, run.stderr

    nbgrader("generate_assignment")
    for student, answers in STUDENTS.items():
        notebook = nbformat.read(course / "release" / NAME / f"{NAME}.ipynb", as_version=4)
        for cell in notebook.cells:
            key = cell.metadata.get("nbgrader", {}).get("grade_id", "").removeprefix("answer-")
            if cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("solution") and key in answers:
                cell.source = answers[key]
            elif key == "noise" and answers:
                cell.source = "Few: rough and cheap. Many: calm and dear."
        folder = course / "submitted" / student / NAME
        folder.mkdir(parents=True)
        nbformat.write(notebook, folder / f"{NAME}.ipynb")
    nbgrader("autograde")
    nbgrader("generate_feedback")
    return course


@pytest.fixture(scope="module")
def gradebook(course):
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        yield book


@pytest.mark.parametrize("student", STUDENTS)
def test_each_exercise_is_graded_as_the_submission_deserves(gradebook, student):
    grades = gradebook.find_submission_notebook(NAME, NAME, student).grades
    assert {grade.name: grade.score for grade in grades if grade.name in POINTS} == SCORES[student]


def test_points_are_those_of_the_table_and_written_questions_wait_for_a_hand(gradebook):
    grades = {grade.name: grade for grade in gradebook.find_submission_notebook(NAME, NAME, "right").grades}
    assert {name: grade.max_score for name, grade in grades.items()} == {**POINTS, "noise": 2}
    assert [name for name, grade in grades.items() if grade.needs_manual_grade] == ["noise"]


def test_release_has_no_solution_and_the_stub_of_the_lesson(course):
    released = nbformat.read(course / "release" / NAME / f"{NAME}.ipynb", as_version=4)
    text = "\n".join(cell.source for cell in released.cells)
    assert [key for key in POINTS if solution_of(f"batching/{key}") in text] == []
    assert "def mean_loss(logits, targets):\n    return ...\n\n# Your answer stands above this line." in text
    assert "Batches of 4 and of 256 reach the same loss." in text


def test_feedback_tells_the_student_what_the_check_said(course):
    page = (course / "feedback" / "wrong" / NAME / f"{NAME}.html").read_text(encoding="utf-8")
    assert "Three times the images make the spread √3 times smaller" in page
    page = (course / "feedback" / "crashing" / NAME / f"{NAME}.html").read_text(encoding="utf-8")
    assert "ZeroDivisionError: division by zero" in page


@pytest.mark.parametrize("student", STUDENTS)
def test_no_submission_sees_what_another_answered(course, student):
    file = course / "autograded" / student / NAME / ".answers" / "progress.json"
    answers = json.loads(file.read_text())["exercises"] if file.exists() else {}
    passed = {name.partition("/")[2] for name, record in answers.items() if record.get("passed")}
    assert passed == {key for key, score in SCORES[student].items() if score}


def test_every_chapter_converts_and_its_own_solutions_are_all_that_is_asked(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(PROJECT)
    assert command.main(["nbgrader", str(tmp_path)]) == 0
    (tmp_path / "nbgrader_config.py").write_text(HEADER)
    assert command.main(["nbgrader", str(tmp_path), "01"]) == 0
    assert (tmp_path / "nbgrader_config.py").read_text() == HEADER
    for chapter in find_chapters(PROJECT):
        notebook = nbformat.read(tmp_path / "source" / chapter.name / f"{chapter.name}.ipynb", as_version=4)
        nbformat.validate(notebook)
        marks = [cell.metadata.nbgrader for cell in notebook.cells if "nbgrader" in cell.metadata]
        assert len({mark.grade_id for mark in marks}) == len(marks)
        exercises = asked(chapter.name[3:])["exercises"]
        assert [mark.grade_id for mark in marks if mark.locked] == list(exercises)
        for cell in notebook.cells:
            if "nbgrader" in cell.metadata and cell.cell_type == "code":
                ast.parse(cell.source)


def test_table_of_points_names_no_exercise_that_is_not_there():
    table = grading.read_points(PROJECT)
    assert set(table) <= set(CHAPTERS)
    assert [f"{chapter}.{key}" for chapter, entries in table.items() for key, entry in entries.items()
            if not isinstance(entry, dict) and key not in asked(chapter)["exercises"]] == []


def test_a_cell_that_is_not_plain_python_is_no_exercise(tmp_path):
    (tmp_path / "lessons").mkdir()
    (tmp_path / "lessons" / "05_tiny.md").write_text("# Tiny\n\n```{code-cell} ipython3\n%pip list\n```\n")
    notebook = grading.for_grading(Chapter(tmp_path, "05_tiny"), {})
    assert [cell.source for cell in notebook.cells] == ["# Tiny", "%pip list"]


@pytest.mark.parametrize("table, words", [
    ("[batching]\nthird = 'one'", "batching.third must be a number of points"),
    ("[batching]\nthird = -1", "got -1"), ("[batching]\nthird = true", "got True"),
    ("[batching]\nwhy = { points = 2 }", "batching.why must be"), ("batching = 3", "batching. must be"),
    ("[batching", "lessons/points.toml: "), ("# \udcff", "lessons/points.toml: 'utf-8' codec can't decode byte 0xff"),
])
def test_odd_entry_is_named(tmp_path, monkeypatch, capsys, table, words):
    (tmp_path / "lessons").mkdir()
    (tmp_path / "lessons" / "points.toml").write_bytes(table.encode(errors="surrogateescape"))
    shutil.copy(PROJECT / "lessons" / f"{NAME}.md", tmp_path / "lessons")
    monkeypatch.chdir(tmp_path)
    assert command.main(["nbgrader", "../out"]) == 1
    assert words in capsys.readouterr().out
    assert not (tmp_path.parent / "out").exists()
