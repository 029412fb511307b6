"""Exercises: judge an answer, give the next hint, show the solution, explain the error that an answer raised."""

import json
import traceback
from contextlib import contextmanager

import torch
from IPython.display import display

from pigeon_lessons.questions import kinds
from pigeon_lessons.questions.content import find, solution_of
from pigeon_lessons.questions.feedback import CheckResult, Message
from pigeon_lessons.questions.storage import progress

LONGEST = 300
"""Characters of what was said of a wrong answer that are kept with it."""
NOT_ATTEMPTED = "Not attempted yet: put your answer in place of the `...` and run the cell again."


def check(name, answer):
    """Judge the answer to an exercise, show the verdict, and return it as a CheckResult.

    `name`: "<chapter>/<key>". `answer`: a value or a function. Whatever it is, and whatever it raises, the
    cell goes on: an untouched `...` is "not attempted yet". Only a wrong `name` is an error (ValueError).

    >>> result = check("batching/updates", ...)
    Not attempted yet: put your answer in place of the ... and run the cell again.
    >>> result.passed is None, bool(result)
    (True, False)
    """
    exercise = find("exercises", name)
    kind, text = _verdict(exercise, answer)
    if kind != "note":
        looks = [json.dumps(answer, sort_keys=True, default=repr)] if exercise.looks and kind != "unfit" else []
        wrong = [text.removeprefix("Not yet. ")[:LONGEST]] if kind != "right" else []
        kept = {"looks": looks, "wrong": wrong}
        progress.put("exercises", name, {"passed": kind == "right", **{key: new for key, new in kept.items() if new}})
        if looks:
            text += f"\nLooks at {exercise.looks} so far: {len(progress.record('exercises', name)['looks'])}."
    message = Message("wrong" if kind == "unfit" else kind, text)
    display(message)
    return CheckResult({"right": True, "note": None}.get(kind, False), message.text)


def hint(name):
    """Show the next hint of an exercise, under those already seen.

    >>> hint("batching/updates")
    Hint 1 of ...
    """
    hints = find("exercises", name).hints
    before = progress.record("exercises", name).get("hints", 0)
    seen = min(before + 1 if isinstance(before, int) else 1, len(hints))
    progress.put("exercises", name, {"hints": seen})
    lines = [f"Hint {number} of {len(hints)}: {text}" for number, text in enumerate(hints[:seen], 1)]
    if seen == len(hints):
        lines.append(f'That was the last one; `solution("{name}")` shows a solution.')
    display(Message("note", "\n".join(lines)))


def solution(name):
    """Show a solution of an exercise as code; try it yourself first.

    >>> solution("batching/updates")
    One way to solve it:
    ...
    """
    code = solution_of(name)
    display(Message("note", "One way to solve it:" if code else "This edition comes without the solutions.", code=code))


@contextmanager
def _torch_as_before():
    """Let what comes after draw the same numbers, with the same defaults and gradients, checked or not."""
    dtype, device = torch.get_default_dtype(), torch.get_default_device()
    with torch.random.fork_rng(devices=[]), torch.set_grad_enabled(torch.is_grad_enabled()):
        try:
            yield
        finally:
            torch.set_default_dtype(dtype)
            if torch.get_default_device() != device:
                torch.set_default_device(None if device.type == "cpu" else device)  # one set to "cpu" slows torch


def _verdict(exercise, answer):
    """Return ("right", "wrong", "unfit" or "note", the message); "unfit" is wrong without having been tried."""
    try:
        if kinds.is_untouched(answer):
            raise kinds.NotAttempted
        checked = exercise.asks(answer)
        with _torch_as_before():
            complaint = exercise.judge(checked)
    except kinds.NotAttempted as stub:
        return "note", str(stub) or NOT_ATTEMPTED
    except kinds.Unfit as unfit:
        return "unfit", f"Not yet. {unfit}"
    except kinds.Stopped as stopped:
        return "wrong", f"Not yet. {explained(stopped.__cause__, raised_by_answer=True)}"
    except Exception as error:  # the judge stumbled over what it was given, and the notebook goes on
        return "wrong", f"Not yet. {explained(error, raised_by_answer=False)}"
    if complaint is None or isinstance(complaint, kinds.Right):
        return "right", complaint or "Right."
    return "wrong", f"Not yet. {complaint}"


def explained(error, *, raised_by_answer):
    """Return an error as a sentence that says what to do; only the first line of its message is kept.

    `raised_by_answer`: whether the student's own function raised it, or the check did on what it was given.

    >>> explained(NameError("name 'n' is not defined"), raised_by_answer=True)
    "Your code stopped with `NameError: name 'n' is not defined`. Is that name spelled as where you made it, ..."
    """
    try:
        said = (str(error).splitlines() or [""])[0]
    except Exception:  # an error of a class that the student wrote
        said = "…"
    what = f"`{type(error).__name__}: {said}`"
    if not raised_by_answer:
        return f"What you give stopped the check with {what}. Print it and compare it with what the exercise asks for."
    remedies = (remedy for words, remedy in kinds.SAID["remedies"].items() if words in said)
    lines = [frame for frame in traceback.extract_tb(error.__traceback__) if "ipykernel" in frame.filename]
    place = f" (line {lines[-1].lineno}: `{lines[-1].line}`)" if lines else ""  # the innermost in the notebook
    return f"Your code stopped with {what}{place}. {next(remedies, 'Print what goes into that line.')}"
