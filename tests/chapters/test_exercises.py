"""What the chapters ask: every question is complete, every check judges right, nothing is asked that is not there."""

import ast
import contextlib
import importlib
import importlib.util
import io
import re
from functools import cache
from pathlib import Path

import jupytext
import nbformat
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pigeon_lessons import check
from pigeon_lessons.chapters import CHAPTERS
from pigeon_lessons.questions.content import Choice, Number, asked, solution_of

ROOT = Path(__file__).parents[2]
LESSONS = {path.stem[3:]: path for path in sorted((ROOT / "lessons").glob("[0-9][0-9]_*.md"))}
QUIZZES, GUESSES, EXERCISES = ([(f"{chapter}/{key}", one) for chapter in CHAPTERS
                                for key, one in asked(chapter)[kind].items()]
                               for kind in ("quizzes", "predictions", "exercises"))
JUNK = [None, True, "thirty-two", "", b"", [], {}, (1, 2, 3), [[1.0]], -1, 3.5, 10**30, float("nan"), float("inf"), 1j,
        object(), int, torch, torch.zeros(0), torch.ones(2, 2), lambda: None, lambda *_, **__: None, lambda *_: "text"]


@pytest.fixture(autouse=True)
def new_student(tmp_path, monkeypatch):
    """A student without a past: what may be done only once can be done in each test."""
    monkeypatch.setenv("PIGEON_LESSONS_HOME", str(tmp_path))


def mistakes(name):
    chapter, key = name.split("/")
    path = Path(__file__).parent / "mistakes" / f"{chapter}.py"
    specification = importlib.util.spec_from_file_location(f"mistakes_{chapter}", path)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module.MISTAKES[key]


@cache
def first_cell(chapter):
    """Return the names that the first code cell of a lesson defines: solutions may use them."""
    names = {}
    cells = jupytext.read(LESSONS[chapter]).cells
    exec(next(cell.source for cell in cells if cell.cell_type == "code"), names)
    return names


def answer_of(name, code):
    """Return what `code` answers: `answer`, else what it defines last."""
    names = dict(first_cell(name.split("/")[0]))
    before = set(names)
    exec(code, names)
    return names.get("answer", names[[new for new in names if new not in before][-1]])


def verdict(name, answer):
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        check(name, answer)
    return printed.getvalue()


def calls(lesson):
    """Yield (function, name) for each question or exercise that a lesson calls."""
    for cell in jupytext.read(lesson).cells:
        if cell.cell_type == "code":
            for node in ast.walk(ast.parse(cell.source)):
                called = getattr(getattr(node, "func", None), "id", "")
                if called in ("quiz", "predict", "reveal", "check"):
                    yield called, ast.literal_eval(node.args[0])


def test_every_lesson_has_questions_and_no_questions_are_without_a_lesson():
    assert set(CHAPTERS) == set(LESSONS)


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_what_a_lesson_calls_is_what_its_content_holds(chapter):
    found, called = asked(chapter), list(calls(LESSONS[chapter]))
    for function, kind in {"quiz": "quizzes", "predict": "predictions", "reveal": "predictions",
                           "check": "exercises"}.items():
        names = [name for call, name in called if call == function]
        assert sorted(names) == sorted(f"{chapter}/{key}" for key in found[kind]), function


@pytest.mark.parametrize("name, quiz", QUIZZES, ids=lambda value: value if isinstance(value, str) else "")
def test_every_option_is_explained_and_at_least_one_is_right_but_not_all(name, quiz):
    assert quiz.question.endswith("?")
    assert all(option.text and len(option.why) > 15 for option in quiz.options)
    assert len({option.text for option in quiz.options}) == len(quiz.options) >= 2
    assert 1 <= sum(option.right for option in quiz.options) < len(quiz.options)


def test_the_place_of_the_right_option_gives_nothing_away():
    places = [[option.right for option in quiz.options].index(True) for _, quiz in QUIZZES]
    assert max(places.count(place) for place in set(places)) <= 0.6 * len(places)


@pytest.mark.parametrize("name, prediction", GUESSES, ids=lambda value: value if isinstance(value, str) else "")
def test_every_prediction_leaves_something_to_guess(name, prediction):
    if isinstance(prediction, Choice):
        assert len(set(prediction.options)) == len(prediction.options) >= 2
    else:
        assert isinstance(prediction, Number) and prediction.low < prediction.high


@pytest.mark.parametrize("name, exercise", EXERCISES, ids=lambda value: value if isinstance(value, str) else "")
def test_solution_passes(name, exercise):
    said = verdict(name, answer_of(name, solution_of(name)))
    assert re.fullmatch(r"(Right\.|Opened\. .+)\n(Looks at .+ so far: \d+\.\n)?", said)


@pytest.mark.parametrize("name, exercise", EXERCISES, ids=lambda value: value if isinstance(value, str) else "")
def test_three_typical_mistakes_each_get_their_own_message(name, exercise):
    made = mistakes(name)
    messages = [verdict(name, answer_of(name, code)) for code, _ in made]
    for message, (code, phrase) in zip(messages, made, strict=True):
        assert message.startswith("Not yet. "), code
        assert phrase in message, code
    assert len(set(messages)) >= 3


@pytest.mark.parametrize("name, returned", [("meet_the_pigeon/update", "loss.item()"),
                                            ("batching/updates", "losses.append(loss.item())")])
def test_a_loss_given_back_as_a_tensor_is_told_so_and_no_step_is_blamed_for_it(name, returned):
    code = solution_of(name)
    said = verdict(name, answer_of(name, code.replace(returned, returned.replace("loss.item()", "loss"))))
    assert "Return " in said and "gradient" not in said


@pytest.mark.parametrize("name, exercise", EXERCISES, ids=lambda value: value if isinstance(value, str) else "")
def test_nonsense_is_answered_by_a_message_written_for_students(name, exercise):
    for junk in JUNK:
        said = verdict(name, junk)
        assert said.startswith("Not yet. "), junk
        assert callable(junk) or not re.search("stopped (the check )?with", said), junk


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just(...) | st.sampled_from(JUNK),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3) | st.tuples(inner, inner))


@pytest.mark.parametrize("name, exercise", EXERCISES, ids=lambda value: value if isinstance(value, str) else "")
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(answer=anything | st.functions(like=lambda *arguments, **named: None, returns=anything))
def test_no_answer_makes_check_raise(name, exercise, answer):
    assert verdict(name, answer)


@pytest.mark.parametrize("name, exercise", EXERCISES, ids=lambda value: value if isinstance(value, str) else "")
def test_there_are_hints(name, exercise):
    assert len(exercise.hints) >= 2


@pytest.mark.parametrize("chapter", LESSONS)
def test_exercises_in_the_committed_notebook_are_untouched_and_say_so_once_each(chapter):
    notebook = nbformat.read(ROOT / "notebooks" / f"{LESSONS[chapter].stem}.ipynb", as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            count = len(re.findall(r"^check\(", cell.source, re.MULTILINE))
            said = [output.data.get("text/plain", "") for output in cell.outputs if "data" in output]
            assert sum(words.startswith("Not attempted yet") for words in said) == count, cell.source
