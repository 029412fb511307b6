"""Quizzes, predictions and what was measured, on content made up for the purpose."""

import gc
import json
import re
import warnings

import ipywidgets
import pytest

from pigeon_lessons import check, hint, predict, quiz, reveal
from pigeon_lessons.questions import asking, revealing
from pigeon_lessons.questions.asking import GuessQuestion, QuizQuestion
from tests.questions.conftest import Batching

pytestmark = pytest.mark.usefixtures("progress")
QUIZ = Batching.QUIZZES["size"]


# ---- quiz

def test_wrong_option_is_explained_without_telling_the_right_one():
    question = QuizQuestion("batching/size", QUIZ)
    question.field.index = 0
    question.buttons[0].click()
    assert "Not quite. Three is more." in question.said.value
    assert "Two is less" not in question.said.value


def test_right_option_brings_the_explanation_of_all(stored):
    question = QuizQuestion("batching/size", QUIZ)
    question.field.index = 1
    question.buttons[0].click()
    assert "Right. Two is less than &lt;three&gt;." in question.said.value
    assert "“three”: Three is more." in question.said.value
    assert stored()["quizzes"]["batching/size"] == {"answer": "two", "right": True, "tries": 1, "wrong": []}


def test_nothing_is_judged_before_an_option_is_chosen(progress):
    question = QuizQuestion("batching/size", QUIZ)
    question.buttons[0].click()
    assert "Choose one of the answers first." in question.said.value
    assert not progress.path.exists()


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


def test_a_wrong_answer_after_the_right_one_takes_nothing_back_and_is_remembered(stored):
    question = QuizQuestion("batching/size", QUIZ)
    for chosen in (1, 0):
        question.field.index = chosen
        question.buttons[0].click()
    assert stored()["quizzes"]["batching/size"] == {"answer": "three", "right": True, "tries": 2, "wrong": ["three"]}


def test_what_quiz_and_predict_return_can_be_asserted():
    assert quiz("batching/size").passed is None and predict("batching/word").passed is None
    for name, question in asking._open_questions.items():
        question.field.index = 0 if name == "batching/word" else 1
        question.buttons[0].click()
    assert quiz("batching/size") and predict("batching/word")


def test_asking_again_closes_all_of_the_question_asked_before_and_nothing_keeps_it():
    def living():
        gc.collect()
        with warnings.catch_warnings(action="ignore"):
            return len(ipywidgets.Widget.widgets)

    quiz("batching/size")
    predict("batching/share")
    once = living()
    for _ in range(3):
        quiz("batching/size")
        predict("batching/share")
    assert living() == once
    asking._open_questions["batching/size"].close()
    gc.collect()
    assert "batching/size" not in asking._open_questions


def test_feedback_is_announced_to_screen_readers():
    question = QuizQuestion("batching/size", QUIZ)
    question.field.index = 0
    question.buttons[0].click()
    assert 'role="status"' in question.said.value


# ---- predict

def guess(name, value):
    question = GuessQuestion(f"batching/{name}", Batching.PREDICTIONS[name])
    question.field.value = value
    question.buttons[0].click()
    return question.said.value


@pytest.mark.parametrize("typed, read", [
    ("40", 40), (" 40 ", 40), ("+40.", 40), ("4e1", 40), ("4.0E+1", 40), (".5", 0.5), ("0", 0), ("-0", 0), ("40 %", 40),
    ("40%", 40), ("400e-1 %", 40)])
def test_a_plain_number_is_read_its_unit_behind_it_or_not(typed, read, stored):
    assert "Recorded: " in guess("share", typed)
    assert stored()["predictions"]["batching/share"] == {"guess": read}


@pytest.mark.parametrize("typed, reason", [
    ("", "Give a number from 0 to 100 %"), ("  ", "Give a number from 0 to 100 %"), ("-1", "out of range"),
    ("101", "out of range"), ("1e999", "out of range"), ("2,5", "without a comma"), ("1,000", "without a comma"),
    *((typed, "cannot be read as a number") for typed in (
        "forty", "½", "٣", "４０", "0x10", "1_000", "nan", "inf", "-inf", "1 000", "1.000.000", "4 0", "40 %%", "% 40",
        "40 °", "−1", "e5", ".", "1e", "1e5.5", "--1", "40px", "<img src=x onerror=alert(1)>", "9" * 10_000 + "x")),
])
def test_anything_else_is_asked_for_again_with_the_reason(typed, reason, progress):
    said = guess("share", typed)
    assert reason in said and "<img" not in said
    assert not progress.path.exists()


@pytest.mark.parametrize("typed", ["0.1 %", "0.1%"])
def test_a_unit_that_was_not_asked_for_is_not_read(typed):
    assert "cannot be read" in guess("rate", typed) and "Recorded" in guess("rate", "0.1")


def test_an_earlier_guess_is_shown_when_the_question_is_asked_again():
    guess("share", "40")
    question = GuessQuestion("batching/share", Batching.PREDICTIONS["share"])
    assert "You guessed before: 40 %" in question.said.value


# ---- reveal

def revealed(name, measured):
    return revealing.Revealed(f"batching/{name}", Batching.PREDICTIONS[name], measured)


def test_reveal_without_a_guess_is_folded_and_has_the_measurement_in_plain_text(capsys):
    reveal("batching/word", "slower")
    reveal("batching/share", 12.5)
    assert capsys.readouterr().out.splitlines() == [
        "Measured: slower. No guess was recorded.", "Measured: 12.5 %. No guess was recorded."]
    for shown in (revealed("word", "slower"), revealed("share", 12.5)):
        html = shown._repr_mimebundle_()["text/html"]
        assert html.startswith("<details") and "Make your guess above first" in html and not shown.is_open
        assert set(shown._repr_mimebundle_()) == {"text/plain", "text/html", "text/latex"}


@pytest.mark.parametrize("measured, said", [
    ("slower", "You guessed: slower. Measured: slower. As you said."),
    ("faster", "You guessed: slower. Measured: faster. What did you not expect?"),
])
def test_reveal_puts_a_chosen_word_beside_the_measured_one(measured, said, capsys):
    assert "Recorded: slower." in guess("word", "slower")
    reveal("batching/word", measured)
    assert capsys.readouterr().out.strip() == said
    assert "<details" not in revealed("word", measured).html


def test_reveal_puts_a_guessed_number_beside_the_measured_one(capsys):
    assert "Recorded: 40 %." in guess("share", "40")
    reveal("batching/share", 12.5)
    assert capsys.readouterr().out.strip() == "You guessed 40 %; measured: 12.5 %."
    assert "<details" not in revealed("share", 12.5).html


def test_who_skips_sees_the_measurement_and_may_still_guess():
    question = GuessQuestion("batching/share", Batching.PREDICTIONS["share"])
    question.buttons[1].click()
    assert "Skipped" in question.said.value
    assert revealed("share", 12.5).is_open and revealed("share", 12.5).words.endswith("No guess was recorded.")
    guess("share", "40")
    assert revealed("share", 12.5).words == "You guessed 40 %; measured: 12.5 %."


def test_a_guess_made_after_everything_was_run_opens_what_was_folded(monkeypatch):
    class Place:
        def update(self, shown):
            self.shown = shown

    place = Place()
    monkeypatch.setattr(revealing, "display", lambda *_, **__: place)
    reveal("batching/share", 12.5)
    guess("share", "40")
    assert place.shown.is_open and place.shown.words == "You guessed 40 %; measured: 12.5 %."


@pytest.mark.parametrize("name, measured, error", [
    ("word", "sideways", ValueError), ("word", None, ValueError), ("word", [], ValueError),
    ("share", "many", TypeError),
    ("share", float("nan"), ValueError), ("share", None, TypeError), ("share", True, TypeError)])
def test_measurement_that_no_guess_could_match_is_an_error(name, measured, error):
    with pytest.raises(error, match="measured must be"):
        reveal(f"batching/{name}", measured)


@pytest.mark.parametrize("guessed", ["40", None, [], True, 1e9, float("nan"), {"guess": 3}])
def test_a_stored_guess_that_somebody_edited_counts_for_nothing(guessed, progress):
    progress.path.parent.mkdir()
    progress.path.write_text(json.dumps({"predictions": {f"batching/{name}": {"guess": guessed}
                                                         for name in ("share", "word")}}))
    assert not revealed("share", 12.5).is_open and not revealed("word", "slower").is_open
    assert predict("batching/share").passed is None


@pytest.mark.parametrize("function", [quiz, predict, lambda name: reveal(name, 1), hint])
@pytest.mark.parametrize("name", [
    None, 3, [], {}, b"batching/size", "", "/", "batching", "batching/", "\0", "../x", "x" * 10_000])
def test_a_wrong_name_is_a_documented_error(function, name):
    with pytest.raises((ValueError, TypeError), match="name must"):
        function(name)


# ---- storage, as the student meets it

@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"quizzes": 3}', b"\xff\xfe\x00"])
def test_damaged_file_is_set_aside_and_told_of(content, capsys, tmp_path, stored):
    home = tmp_path / "home"
    home.mkdir()
    (home / "progress.json").write_bytes(content)
    check("batching/updates", 32)
    out = capsys.readouterr().out
    assert out.startswith("Right.") and "was damaged" in out
    assert (home / "progress.damaged.json").read_bytes() == content
    assert stored()["exercises"]["batching/updates"]["passed"] is True


def test_storage_that_refuses_keeps_answers_in_memory_and_says_so(capsys, tmp_path):
    (tmp_path / "home").write_text("a file where the folder should be")
    hint("batching/updates")
    hint("batching/updates")
    out = capsys.readouterr().out
    assert "Hint 2 of 2" in out and "cannot be" in out and "PIGEON_LESSONS_HOME" in out


def test_a_folder_with_a_hostile_name_is_told_of_as_text(monkeypatch, tmp_path):
    (tmp_path / "<img src=x onerror=alert(1)>").write_text("a file where the folder should be")
    monkeypatch.setenv("PIGEON_LESSONS_HOME", str(tmp_path / "<img src=x onerror=alert(1)>"))
    said = guess("share", "40")
    assert "cannot be kept" in said and "&lt;img" in said and "<img" not in said
