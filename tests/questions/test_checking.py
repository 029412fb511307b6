"""Judging exercises, hints and solutions: the engine, on content made up for the purpose."""

import gc
import math
import re
from types import SimpleNamespace

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from torch import nn

from pigeon_lessons import check, hint, rooms, solution
from pigeon_lessons.questions import content
from pigeon_lessons.questions.feedback import Message, block
from pigeon_lessons.questions.marking import function_exercise
from tests.questions.conftest import Batching, twice

pytestmark = pytest.mark.usefixtures("progress")
ASKED = content.asked  # as it is, before a test asks something else


@pytest.mark.parametrize("stub", [..., [..., 3], (1, ...), {"loss": ...}, lambda x: ..., lambda x: (x, ...)])
def test_untouched_stub_is_not_attempted_and_leaves_no_trace(stub, capsys, progress):
    check("batching/double", stub)
    assert capsys.readouterr().out.startswith("Not attempted yet")
    assert not progress.path.exists()


def test_right_answer_is_said_to_be_right_and_remembered(capsys, stored):
    check("batching/updates", 32)
    assert capsys.readouterr().out == "Right.\n"
    assert stored()["exercises"]["batching/updates"]["passed"] is True


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
    (lambda x: 1 if torch.zeros(3) else 2, "Instead of an if, multiply"),
    (lambda x: nn.BCEWithLogitsLoss(torch.zeros(3, 1), torch.zeros(3, 1)), "made first and called then"),
    (lambda x: nn.BCEWithLogitsLoss()(torch.zeros(3, 1), torch.zeros(3)), "Print both with .shape"),
    (lambda x: nn.BCELoss()(torch.full((3, 1), -1.0), torch.zeros(3, 1)), "BCEWithLogitsLoss takes logits"),
    (lambda x: torch.zeros(3).sum().backward(), "Is the loss computed under no_grad"),
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
@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
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
        "Hint 1 of 2: Count.", "Hint 2 of 2: Halve.",
        'That was the last one; solution("batching/updates") shows a solution.']


def test_hints_seen_survive_an_answer_and_a_new_kernel(capsys, stored):
    hint("batching/updates")
    check("batching/updates", 31)
    assert stored()["exercises"]["batching/updates"] == {
        "hints": 1, "passed": False, "wrong": ["The last batch counts too."]}


def test_solution_is_shown_as_code(capsys):
    solution("batching/double")
    assert capsys.readouterr().out == "One way to solve it:\ndef twice(x):\n    return 2 * x\n"


@pytest.mark.parametrize("name, error, message", [
    ("batching/none", ValueError, '"batching/updates"'), ("nowhere/updates", ValueError, "must start with a chapter"),
    ("batching", ValueError, '"batching/updates"'), (3, TypeError, "must be a string"),
])
def test_unknown_name_is_an_error_that_lists_the_known_ones(name, error, message):
    for function in (lambda name: check(name, 1), hint, solution):
        with pytest.raises(error, match=re.escape(message)):
            function(name)


# ---- what check returns

@pytest.mark.parametrize("answer, passed", [(32, True), (31, False), ("32", False), (..., None)])
def test_what_check_returns_can_be_asserted_and_has_the_message(answer, passed, capsys):
    result = check("batching/updates", answer)
    assert result.passed is passed and bool(result) is (passed is True)
    assert result.message.replace("`", "") in capsys.readouterr().out


def test_the_message_is_shown_once_also_as_the_last_line_of_a_cell_and_also_in_the_middle():
    shell = InteractiveShell.instance()
    for code in ("check('batching/updates', 31)", "check('batching/updates', 31); x = 3"):
        with capture_output() as captured:
            shell.run_cell(f"from pigeon_lessons import check\n{code}")
        assert len(captured.outputs) == 1 and "Not yet" not in captured.stdout, code
    InteractiveShell.clear_instance()


def test_a_success_is_kept_when_a_wrong_answer_follows(stored):
    check("batching/updates", 32)
    check("batching/updates", 31)
    assert stored()["exercises"]["batching/updates"]["passed"] is True


# ---- functions

def test_the_usual_slip_is_named_with_the_call_that_shows_it(capsys):
    check("batching/double", lambda x: x + 3)
    assert re.fullmatch(r"Not yet\. twice\(\d\) should be \d+; yours gives \d+\. You add\.\n", capsys.readouterr().out)


def test_a_slip_is_named_where_the_answer_is_wrong_though_it_is_right_elsewhere(capsys):
    check("batching/double", lambda x: 6 if x == 3 else x + 3)
    assert "You add." in capsys.readouterr().out


def test_a_constant_is_called_one(capsys):
    check("batching/double", lambda x: 6)
    assert "the same in every case" in capsys.readouterr().out


def test_code_as_it_was_given_is_not_attempted(stored, capsys):
    assert check("batching/double", lambda x: 7 * x).passed is None
    assert "the code is as it was given" in capsys.readouterr().out


def test_a_right_function_may_change_what_it_is_given_and_may_be_a_generator_or_a_class():
    class Twice(int):
        def __new__(cls, x):
            return int(2 * x)

    assert check("batching/double", Twice)
    assert not check("batching/list", lambda x: (str(i) for i in range(x))).message.startswith("Not yet. What you give")


def test_a_function_that_leaves_the_program_is_an_error_like_others(capsys):
    check("batching/double", lambda x: exit())
    assert "Not yet. Your code stopped with SystemExit" in capsys.readouterr().out


def test_an_endless_generator_is_no_trap():
    def endless(x):
        while True:
            yield x

    assert not check("batching/double", endless)


class Hostile(Exception):
    """Raises whatever is asked of it."""

    def _raise(self, *_):
        raise ValueError("hostile")

    __repr__ = __str__ = __float__ = __eq__ = __bool__ = __len__ = __iter__ = __call__ = _raise
    __hash__ = None


def test_an_answer_that_resists_everything_is_not_right_and_nothing_is_raised():
    def throw(x):
        raise Hostile

    for answer in (Hostile(), lambda x: Hostile(), throw, [Hostile()], {"a": Hostile()}, Hostile):
        for name in Batching.EXERCISES:
            assert not check(f"batching/{name}", answer)


def test_check_leaves_gradients_on_though_an_answer_turns_them_off():
    check("batching/double", lambda x: 2 * x + 0 * len(str(torch.set_grad_enabled(False))))
    assert torch.is_grad_enabled()


def test_check_leaves_the_random_numbers_of_the_notebook_alone():
    torch.manual_seed(3)
    check("batching/double", lambda x: 2 * x + 0 * torch.rand(1).item())
    drawn = torch.rand(3)
    torch.manual_seed(3)
    assert torch.equal(drawn, torch.rand(3))


@pytest.mark.parametrize("code", ["torch.set_default_dtype(torch.float64)", "torch.set_default_device('meta')"])
def test_check_leaves_the_defaults_of_torch_as_they_were(code):
    was = torch.zeros(1)
    check("batching/double", lambda x: 2 * x + 0 * len(str(exec(code, {"torch": torch}))))
    now = torch.zeros(1)
    assert (now.dtype, now.device) == (was.dtype, was.device)


def test_an_answer_that_would_have_to_be_awaited_is_told_so_and_nothing_is_left_to_await(capsys, recwarn):
    async def twice(x):
        return 2 * x

    assert "write def alone" in check("batching/double", twice).message.replace("`", "")
    gc.collect()
    assert not recwarn.list and capsys.readouterr().err == ""


# ---- looks

def test_every_new_answer_is_a_look_and_the_same_one_again_is_none(capsys):
    said = [check("batching/looks", answer).message for answer in (2, 2, 1, "x", ...)]
    assert [re.findall(r"Looks at the end so far: (\d)\.", text) for text in said] == [["1"], ["1"], ["2"], [], []]


# ---- solutions that are not there

def test_an_edition_without_solutions_says_so(capsys):
    solution("batching/updates")
    assert capsys.readouterr().out == "This edition comes without the solutions.\n"


# ---- HTML

def test_what_the_student_writes_is_escaped():
    evil = "<img src=x onerror=alert(1)>"
    said = check("batching/updates", evil).message
    assert evil in said
    for html in (block("wrong", said), Message("note", evil, code=evil).html):
        assert "<img" not in html and "&lt;img" in html


def test_a_judge_may_say_what_came_of_a_right_answer(progress, capsys):
    found = check("batching/finding", 3)
    assert found and found.message == "Found: 3." and "Not yet" not in capsys.readouterr().out
    assert progress.record("exercises", "batching/finding") == {"passed": True}


@pytest.mark.parametrize(("words", "slips", "said"), [
    ("[exercises.twice]\nhints = ['Add.']", None,
     'exercise "batching/twice" must have its hints in asked.toml and its judge'),
    ("", {}, 'exercise "batching/twice" must have its hints in asked.toml and its judge'),
    ("[exercises.twice]\notherwise = 'No.'\nhints = []", {"sum": len}, 'slip "sum" of twice must have a function in'),
    ("[exercises.twice]\notherwise = 'No.'\nhints = []\nslips = {sum = 'You add.'}", {}, 'slip "sum" of twice must')])
def test_words_without_a_judge_and_a_judge_without_words_are_told_to_the_author(words, slips, said, monkeypatch):
    judges = {} if slips is None else {"twice": function_exercise(twice, lambda draw: [(1,)], slips)}
    monkeypatch.setattr(rooms, "text", lambda chapter, name: words)
    monkeypatch.setattr(rooms, "module", lambda chapter, name: SimpleNamespace(JUDGES=judges))
    with pytest.raises(ValueError, match=said):
        ASKED.__wrapped__("batching")
