"""The instructor guide says what is so: its tables follow from the lessons, its questions exist, its plans fit."""

import re
from pathlib import Path

import guide
import pytest

from pigeon_lessons import load_mnist
from pigeon_lessons.authoring.command import _parser
from pigeon_lessons.questions.content import asked

PAGE = guide.GUIDE.read_text(encoding="utf-8")
SESSION = 90


@pytest.fixture(scope="module")
def columns():
    """The minutes of each chapter: in all, then of its parts."""
    return [[int(cell) for cell in row.split("|")[2:-1]] for row in list(guide.timings())[2:]]


def test_tables_are_those_that_the_lessons_give(columns):
    assert guide.written(PAGE) == PAGE, "run python .ci/guide.py"
    assert "| 00 Meet the Pigeon |" in PAGE
    assert len(list(guide.discussions())) >= len(columns)


def test_parts_of_a_chapter_add_up_to_what_it_takes(columns):
    assert [row for row in columns if abs(sum(row[1:]) - row[0]) > 2] == []


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`([a-z_]+/[a-z0-9-]+)`", PAGE))))
def test_question_that_shows_a_belief_is_asked(name):
    room, key = asked(name.partition("/")[0]), name.partition("/")[2]
    assert key in room["quizzes"] or key in room["predictions"]


def test_beliefs_are_about_chapters_that_exist(columns):
    table = PAGE[PAGE.index("| chapter | belief |"):PAGE.index("## Questions to discuss")]
    assert set(re.findall(r"(?m)^\| (\d\d) ", table)) <= {f"{number:02}" for number in range(len(columns))}


def test_plans_fit_into_their_sessions(columns):
    def to_explain(chapter):
        return sum(columns[chapter][1:3])

    whole, panel = [row[0] for row in columns], 10
    sessions = [whole[0] + to_explain(1), to_explain(3) + to_explain(5), whole[2] + to_explain(3),
                whole[4] + to_explain(5), whole[6] + to_explain(8), whole[8] - to_explain(8)]
    assert [minutes for minutes in sessions if minutes + panel > SESSION] == []
    at_home = [whole[1] - to_explain(1), whole[3] - to_explain(3), whole[5] - to_explain(5), whole[7], whole[9]]
    assert max(at_home) <= 60


def test_commands_that_are_named_exist():
    commands = next(action.choices for action in _parser()._actions if action.choices)
    pages = PAGE + (Path(guide.ROOT) / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert set(re.findall(r"pigeon-lessons ([a-z-]+)", pages)) <= set(commands)


def test_another_question_is_asked_as_the_guide_says():
    assert load_mnist(yes=(1, 3, 5, 7, 9)).yes_means == "odd"
