"""What a student is told of an error that their answer raised: where it was, what it says, what to do."""

import traceback

from pigeon_lessons.questions.kinds import SAID


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
    remedies = (remedy for words, remedy in SAID["remedies"].items() if words in said)
    return f"Your code stopped with {what}{_place(error)}. {next(remedies, 'Print what goes into that line.')}"


def _place(error):
    """Return " (line 3: `the code`)": the innermost line that stands in the student's notebook, or ""."""
    lines = [frame for frame in traceback.extract_tb(error.__traceback__) if "ipykernel" in frame.filename]
    return f" (line {lines[-1].lineno}: `{lines[-1].line}`)" if lines else ""
