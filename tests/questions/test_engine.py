"""The engine behind quizzes, predictions and exercises, on content made up for the purpose."""

import json
import math
import re
import sys

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from pigeon_lessons import check, hint, predict, quiz, reveal, solution
from pigeon_lessons.questions import asking
from pigeon_lessons.questions.asking import GuessQuestion, QuizQuestion
from pigeon_lessons.questions.content import Choice, Exercise, Number, Option, Quiz
from pigeon_lessons.questions.marking import not_a_function, number_check
from pigeon_lessons.questions.storage import Progress

QUIZ = Quiz("Which is `smaller`?", [Option("three", "Three is more.", right=False),
                                    Option("two", "Two is less than <three>.", right=True)])


def _doubles(answer):
    return not_a_function(answer) or (None if answer(3) == 6 else "Twice 3 is 6.")


class Batching:
    """Stands in for a content module."""

    QUIZZES = {"size": QUIZ}
    PREDICTIONS = {"word": Choice("Faster?", ["faster", "slower"]), "share": Number("How many?", 0, 100, "%")}
    EXERCISES = {
        "updates": Exercise(number_check(32, [(31, "The last batch counts too.")], otherwise="Divide."),
                            ["Count.", "Divide."], "answer = 32"),
        "double": Exercise(_doubles, ["Twice."], "def answer(x):\n    return 2 * x"),
        "list": Exercise(lambda answer: ", ".join(answer(3)), ["List."], "answer = list"),
    }


@pytest.fixture(autouse=True)
def progress(tmp_path, monkeypatch):
    """Every test begins as a new student, with the questions above for chapter "batching"."""
    monkeypatch.setitem(sys.modules, "pigeon_lessons.chapters.batching.questions", Batching)
    monkeypatch.setenv("PIGEON_LESSONS_HOME", str(tmp_path / "home"))
    fresh = Progress()
    for module in ("asking", "checking", "feedback", "storage"):
        monkeypatch.setattr(f"pigeon_lessons.questions.{module}.progress", fresh)
    return fresh


def stored(tmp_path):
    return json.loads((tmp_path / "home" / "progress.json").read_text())


# ---- check, hint, solution

@pytest.mark.parametrize("stub", [..., [..., 3], (1, ...), {"loss": ...}, lambda x: ..., lambda x: (x, ...)])
def test_untouched_stub_is_not_attempted_and_leaves_no_trace(stub, capsys, tmp_path):
    check("batching/double", stub)
    assert capsys.readouterr().out.startswith("Not attempted yet")
    assert not (tmp_path / "home").exists()


def test_right_answer_is_said_to_be_right_and_remembered(capsys, tmp_path):
    check("batching/updates", 32)
    assert capsys.readouterr().out == "Right.\n"
    assert stored(tmp_path)["exercises"]["batching/updates"]["passed"] is True


@pytest.mark.parametrize("answer", [32.0, torch.tensor(32), torch.tensor([32.0])])
def test_a_number_may_come_as_float_or_tensor(answer, capsys):
    check("batching/updates", answer)
    assert capsys.readouterr().out == "Right.\n"


@pytest.mark.parametrize("answer, message", [
    (31, "The last batch counts too."), (5, "Divide."), ("32", "yours is the string '32'"),
    (None, "yours is None, that is, nothing. Is a return missing?"),
    (True, "yours is the bool True"), (float("nan"), "Divide."),
    (torch.zeros(2, 3), "yours is a Tensor of shape [2, 3]"), (len, "yours is the"),
])
def test_wrong_answer_gets_the_message_meant_for_it(answer, message, capsys):
    check("batching/updates", answer)
    out = capsys.readouterr().out
    assert out.startswith("Not yet. ") and message in out


def test_function_that_raises_is_not_yet_right_and_says_what_it_raised(capsys):
    check("batching/double", lambda x: x.no_such_name)
    out = capsys.readouterr().out
    assert "Not yet. Your code stopped with AttributeError: 'int' object" in out and "Print what goes into" in out


@pytest.mark.parametrize("function, remedy", [
    (lambda x: no_such_name, "Is that name spelled as where you made it"),  # noqa: F821
    (lambda: 2, "Restore that line."),
    (lambda x: torch.sigmoid(2.0), "takes a tensor, nothing else"),
    (lambda x: float(torch.zeros(3)), "takes a single number, and here are many"),
    (lambda x: math.sqrt(torch.zeros(3)), "takes a single number, and here are many"),
    (lambda x: math.log(0), "such as 0 or less"),
    (lambda x: 1 if torch.zeros(3) else 2, "a tensor holds many"),
    (lambda x: nn.BCEWithLogitsLoss(torch.zeros(3, 1), torch.zeros(3, 1)), "made first and called then"),
    (lambda x: nn.BCEWithLogitsLoss()(torch.zeros(3, 1), torch.zeros(3)), "Print both with .shape"),
    (lambda x: nn.BCELoss()(torch.full((3, 1), -1.0), torch.zeros(3, 1)), "BCEWithLogitsLoss takes logits"),
    (lambda x: torch.zeros(3, 4) @ torch.zeros(3, 4), "The shapes do not fit."),
    (lambda x: torch.zeros(100).reshape(-1, 32), "makes parts of n"),
    (lambda x: sum([]) / len([]), "a list or a slice is empty"),
    (lambda x: 2 * None, "A function without a return"),
    (lambda x: [1] * [2], "A list is no vector"),
    (lambda x: [1].mean(), "A list has no such method"),
])
def test_an_error_comes_with_what_to_do_about_it(function, remedy, capsys):
    check("batching/double", function)
    out = capsys.readouterr().out
    assert out.startswith("Not yet. Your code stopped with ") and remedy in out


def test_of_a_long_error_only_the_first_line_is_told(capsys):
    check("batching/double", lambda x: torch.randperm(x, generator=3))
    assert capsys.readouterr().out.count("\n") == 1


def test_an_error_of_the_check_is_not_put_down_to_the_code_of_the_student(capsys):
    check("batching/list", lambda x: None)
    out = capsys.readouterr().out
    assert "What you give stopped the check with TypeError" in out and "Your code" not in out


@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary() | st.complex_numbers()
    | st.just(...) | st.just(torch.zeros(0)) | st.just(torch.ones(2, 2)) | st.sampled_from([len, int, object(), torch]),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner) | st.tuples(inner, inner)))
def test_no_answer_whatever_makes_check_raise(answer):
    for exercise in Batching.EXERCISES:
        check(f"batching/{exercise}", answer)


def test_each_hint_comes_under_those_before_and_the_last_names_the_solution(capsys):
    for _ in range(3):
        hint("batching/updates")
    first, second, again = re.split(r"(?=Hint 1)", capsys.readouterr().out)[1:]
    assert first == "Hint 1 of 2: Count.\n"
    assert second == again
    assert second.splitlines() == [
        "Hint 1 of 2: Count.", "Hint 2 of 2: Divide.",
        'That was the last one; solution("batching/updates") shows a solution.']


def test_hints_seen_survive_an_answer_and_a_new_kernel(capsys, tmp_path):
    hint("batching/updates")
    check("batching/updates", 31)
    assert stored(tmp_path)["exercises"]["batching/updates"] == {"hints": 1, "passed": False}


def test_solution_is_shown_as_code(capsys):
    solution("batching/double")
    assert capsys.readouterr().out == "One way to solve it:\ndef answer(x):\n    return 2 * x\n"


@pytest.mark.parametrize("name, error, message", [
    ("batching/none", ValueError, '"batching/updates"'), ("nowhere/updates", ValueError, "must start with a chapter"),
    ("batching", ValueError, '"batching/updates"'), (3, TypeError, "must be a string"),
])
def test_unknown_name_is_an_error_that_lists_the_known_ones(name, error, message):
    for function in (lambda name: check(name, 1), hint, solution):
        with pytest.raises(error, match=re.escape(message)):
            function(name)


# ---- quiz

def test_wrong_option_is_explained_without_telling_the_right_one():
    question = QuizQuestion("batching/size", QUIZ)
    question.field.index = 0
    question.button.click()
    assert "Not quite. Three is more." in question.said.value
    assert "Two is less" not in question.said.value


def test_right_option_brings_the_explanation_of_all(tmp_path):
    question = QuizQuestion("batching/size", QUIZ)
    question.field.index = 1
    question.button.click()
    assert "Right. Two is less than &lt;three&gt;." in question.said.value
    assert "“three”: Three is more." in question.said.value
    assert stored(tmp_path)["quizzes"]["batching/size"] == {"answer": "two", "right": True, "tries": 1}


def test_nothing_is_judged_before_an_option_is_chosen(tmp_path):
    question = QuizQuestion("batching/size", QUIZ)
    question.button.click()
    assert "Choose one of the answers first." in question.said.value
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize("show", [lambda: quiz("batching/size"), lambda: predict("batching/word"),
                                  lambda: predict("batching/share")])
def test_a_question_shows_no_answer_and_the_same_words_each_time(show, monkeypatch):
    shown = []
    monkeypatch.setattr(asking, "display", lambda question: shown.append(question._repr_mimebundle_()))
    show()
    show()
    words = [(bundle["text/plain"], bundle["text/html"]) for bundle in shown]
    assert words[0] == words[1]
    assert not re.search(r"Three is more|Two is less|0x|[0-9a-f]{16}|right", " ".join(words[0]))


def test_options_keep_the_order_they_were_written_in():
    assert QuizQuestion("batching/size", QUIZ).field.options == ("three", "two")


def test_asking_again_closes_the_question_asked_before():
    quiz("batching/size")
    first = asking._open_questions["batching/size"]
    quiz("batching/size")
    assert first.box.comm is None
    assert asking._open_questions["batching/size"].box.comm is not None


def test_feedback_is_announced_to_screen_readers():
    question = QuizQuestion("batching/size", QUIZ)
    question.field.index = 0
    question.button.click()
    assert 'role="status"' in question.said.value


# ---- predict, reveal

def guess(name, value):
    question = GuessQuestion(f"batching/{name}", Batching.PREDICTIONS[name])
    question.field.value = value
    question.button.click()
    return question.said.value


def test_reveal_without_a_guess_says_so(capsys):
    reveal("batching/word", "slower")
    reveal("batching/share", 12.5)
    assert capsys.readouterr().out.splitlines() == [
        "Measured: slower. No guess was recorded.", "Measured: 12.5 %. No guess was recorded."]


@pytest.mark.parametrize("measured, said", [
    ("slower", "You guessed: slower. Measured: slower. As you said."),
    ("faster", "You guessed: slower. Measured: faster. What did you not expect?"),
])
def test_reveal_puts_a_chosen_word_beside_the_measured_one(measured, said, capsys):
    assert "Recorded: slower." in guess("word", "slower")
    reveal("batching/word", measured)
    assert capsys.readouterr().out.strip() == said


@pytest.mark.parametrize("typed", ["40", " 40 %", "40.0", "4e1", "40,0"])
def test_reveal_puts_a_guessed_number_beside_the_measured_one(typed, capsys):
    assert "Recorded: 40 %." in guess("share", typed)
    reveal("batching/share", 12.5)
    assert capsys.readouterr().out.strip() == "You guessed 40 %; measured: 12.5 %."


@pytest.mark.parametrize("typed", ["", "forty", "-1", "101", "nan", "inf"])
def test_what_is_no_number_of_the_range_is_asked_for_again(typed, tmp_path):
    assert "Give a number from 0 to 100 %" in guess("share", typed)
    assert not (tmp_path / "home").exists()


def test_an_earlier_guess_is_shown_when_the_question_is_asked_again():
    guess("share", "40")
    question = GuessQuestion("batching/share", Batching.PREDICTIONS["share"])
    assert "You guessed before: 40 %" in question.said.value


@pytest.mark.parametrize("name, measured, error", [
    ("word", "sideways", ValueError), ("share", "many", TypeError), ("share", float("nan"), ValueError)])
def test_measurement_that_no_guess_could_match_is_an_error(name, measured, error):
    with pytest.raises(error, match="measured must be"):
        reveal(f"batching/{name}", measured)


# ---- storage, as the student meets it

@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"quizzes": 3}', b"\xff\xfe\x00"])
def test_damaged_file_is_set_aside_and_told_of(content, capsys, tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    (home / "progress.json").write_bytes(content)
    check("batching/updates", 32)
    out = capsys.readouterr().out
    assert out.startswith("Right.") and "was damaged" in out
    assert (home / "progress.damaged.json").read_bytes() == content
    assert stored(tmp_path)["exercises"]["batching/updates"]["passed"] is True


def test_storage_that_refuses_keeps_answers_in_memory_and_says_so(capsys, tmp_path):
    (tmp_path / "home").write_text("a file where the folder should be")
    hint("batching/updates")
    hint("batching/updates")
    out = capsys.readouterr().out
    assert "Hint 2 of 2" in out and "cannot be" in out and "PIGEON_LESSONS_HOME" in out
