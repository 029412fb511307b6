"""What a student is told of an error that their answer raised: where it was, what it says, what to do."""

import traceback

REMEDIES = {
    "is not defined": "Is that name spelled as where you made it, and has that cell been run?",
    "positional argument": "The check calls your function with the arguments of its first line. Restore that line.",
    "unexpected keyword argument": "The name of that argument is another one. Look it up where you saw it used.",
    "must be Tensor, not": "That function of `torch` takes a tensor, nothing else. For one number, use `math`.",
    "only one element tensors": "That takes a single number, and here are many. `torch` has functions for many.",
    "elements cannot be converted": "That takes a single number, and here are many. `torch` has functions for many.",
    "is ambiguous": "One yes or no is needed here, and a tensor holds many. Instead of an `if`, multiply: `targets * … "
                    "+ (1 - targets) * …`. A loss like `nn.BCEWithLogitsLoss` is made first and called then: "
                    "`nn.BCEWithLogitsLoss()(logits, targets)`.",
    "infer output dtype": "PyTorch takes no mean of True and False. Make 1 and 0 of them first, with `.float()`.",
    "before Module.__init__": "The first line of your `__init__` is missing: `super().__init__()`.",
    "missing the required \"forward\"": "A module says in its method `forward(self, images)` what it does.",
    "No such file": "Does `save` write to the `path` that it is given?",
    "Weights only load failed": "The file holds a whole object, which is code. Save numbers only: `state_dict()`.",
    "between 0 and 1": "`BCELoss` takes probabilities. `BCEWithLogitsLoss` takes logits.",
    "Target size": "The shapes do not fit. Print both with `.shape`: logits and targets are [n, 1].",
    "cannot be multiplied": "The shapes do not fit. `images.flatten(1)` makes [n, 784] of n images.",
    "invalid for input of size": "The numbers do not fill that shape. `.split(n)` makes parts of n, the last shorter.",
    "division by zero": "What do you divide by, and when is it 0? Often a list or a slice is empty there.",
    "math domain error": "A logarithm or a root got a number that it cannot take, such as 0 or less.",
    "NoneType": "Something is None, that is, nothing. A function without a `return` gives that.",
    "multiply sequence": "A list is no vector. Go through it item by item, for instance with `zip`.",
    "'list' object has no attribute": "A list has no such method. Go through it item by item, with `sum` and `len`.",
}
"""What to do about an error, by words of its message; the first that fits counts."""


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
    remedy = next((remedy for words, remedy in REMEDIES.items() if words in said), "Print what goes into that line.")
    return f"Your code stopped with {what}{_place(error)}. {remedy}"


def _place(error):
    """Return " (line 3: `the code`)": the innermost line that stands in the student's notebook, or ""."""
    lines = [frame for frame in traceback.extract_tb(error.__traceback__) if "ipykernel" in frame.filename]
    return f" (line {lines[-1].lineno}: `{lines[-1].line}`)" if lines else ""
