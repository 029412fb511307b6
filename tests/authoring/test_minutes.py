"""How long a chapter takes: words, lines, questions and exercises, of what is required and what is seen."""

from types import SimpleNamespace

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell

from pigeon_lessons.authoring.minutes import minutes_problems, work


def counted(*cells):
    """Return (words, lines of code, questions, exercises)."""
    return tuple(work(cells).values())


@pytest.mark.parametrize(("source", "words"), [
    ("one two three", 3),
    ("# A heading", 2),
    ("| a | b |\n|---|---|\n| 1 | - |", 3),
    ("[a link](../book/a.md) and $x^2$", 4),
    ("<!--\nlesson:\n  title: unseen\n-->\nseen", 1),
])
def test_words_are_what_holds_a_letter_or_a_digit_and_is_seen(source, words):
    assert counted(new_markdown_cell(source)) == (words, 0, 0, 0)


def test_lines_of_code_are_neither_empty_nor_comments_and_what_students_answer_is_counted_by_itself():
    code = 'x = 1\n\n# a comment\n    \ncheck("a/b", x)  # hint\nquiz("a/c")\npredict("a/d")\nrecheck("a/e")'
    assert counted(new_code_cell(code)) == (0, 5, 2, 1)


def test_an_optional_part_ends_at_the_next_heading_that_is_not_under_it():
    cells = [new_markdown_cell("## Run\n### First (optional)\nno no\n#### Deeper\nno"), new_code_cell("no = 1"),
             new_markdown_cell("### Second\nyes"), new_code_cell("yes = 1"),
             new_markdown_cell("### Third (optional)\nno\n## Explain\nyes"), new_code_cell("check(1)")]
    assert counted(*cells) == (1 + 1 + 1 + 1 + 1 + 0, 2, 0, 1)


def test_a_cell_that_never_runs_takes_no_time():
    assert counted(new_code_cell("download()", metadata={"tags": ["nbval-skip"]})) == (0, 0, 0, 0)


def problems(minutes, *cells):
    notebook = SimpleNamespace(cells=cells, metadata={"lesson": {"minutes": minutes}})
    return [problem for _, problem in minutes_problems(SimpleNamespace(notebook=notebook, line_of=lambda key: 1))]


def test_the_formula_by_hand():
    chapter = [new_markdown_cell("word " * 3500), new_code_cell("x = 1\n" * 148 + "quiz(1)\ncheck(1)")]
    minutes = 3500 / 175 + 150 / 10 + 1 + 4
    assert minutes == 40
    assert problems(45, *chapter) == problems(35, *chapter) == []
    for wrong in (46, 34):
        assert problems(wrong, *chapter) == [
            "lesson.minutes must be what it takes, 40 minutes (3,500 words, 150 lines of code, 1 questions, "
            f"1 exercises), got {wrong}"]


def test_no_chapter_takes_more_than_an_hour_whatever_its_header_says():
    long = new_markdown_cell("word " * 61 * 175)
    (found,) = problems(60, long)
    assert found.startswith("it takes 61 minutes") and "(optional)" in found
    assert problems(60, new_markdown_cell("word " * 60 * 175)) == []
    assert problems(15, new_markdown_cell("# Much (optional)\n" + "word " * 10_000), new_markdown_cell("# Not")) != []
