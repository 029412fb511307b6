"""Exercises: judge an answer, give the next hint, show the solution."""

import functools
import traceback

from IPython.display import display

from pigeon_lessons.questions.content import find
from pigeon_lessons.questions.errors import explained
from pigeon_lessons.questions.feedback import Message
from pigeon_lessons.questions.storage import progress


class _NotAttempted(Exception):
    """The student's function returned `...`: it is still the stub."""


def check(name, answer):
    """Judge the answer to an exercise and show the verdict; nothing is returned.

    `name`: "<chapter>/<key>". `answer`: a value or a function. Whatever it is, and whatever it raises, the
    cell goes on: an untouched `...` is "not attempted yet". Only a wrong `name` is an error (ValueError).

    >>> check("batching/updates", ...)
    Not attempted yet: put your answer in place of the ... and run the cell again.
    """
    exercise = find("EXERCISES", name)
    kind, text = _verdict(exercise, answer)
    if kind != "note":
        progress.put("exercises", name, {"passed": kind == "right"})
    display(Message(kind, text))


def hint(name):
    """Show the next hint of an exercise, under those already seen.

    >>> hint("batching/updates")
    Hint 1 of ...
    """
    hints = find("EXERCISES", name).hints
    seen = min(_record(name).get("hints", 0) + 1, len(hints))
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
    display(Message("note", "One way to solve it:", code=find("EXERCISES", name).solution.strip()))


def _record(name):
    return progress.record("exercises", name)


def _verdict(exercise, answer):
    """Return ("right", "wrong" or "note", the message)."""
    untouched = "Not attempted yet: put your answer in place of the `...` and run the cell again."
    if _has_ellipsis(answer):
        return "note", untouched
    try:
        complaint = exercise.check(_watched(answer) if callable(answer) else answer)
    except _NotAttempted:
        return "note", untouched
    except Exception as error:  # the student's code may raise anything, and the notebook goes on
        by_answer = any(frame.name == "student" for frame in traceback.extract_tb(error.__traceback__))
        return "wrong", f"Not yet. {explained(error, raised_by_answer=by_answer)}"
    return ("right", "Right.") if complaint is None else ("wrong", f"Not yet. {complaint}")


def _has_ellipsis(answer):
    if isinstance(answer, dict):
        answer = list(answer.values())
    return answer is ... or (isinstance(answer, (list, tuple)) and any(part is ... for part in answer))


def _watched(function):
    """Return the student's function, with a `...` that comes out of it raised as _NotAttempted."""

    @functools.wraps(function, updated=())
    def student(*arguments, **named):  # the name by which a traceback tells the student's error from the check's
        result = function(*arguments, **named)
        if _has_ellipsis(result):
            raise _NotAttempted
        return result

    return student
