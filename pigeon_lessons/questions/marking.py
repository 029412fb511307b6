"""The parts that checks of exercises are made of: each returns None, or a message for the student.

They chain with `or`: `return not_a_number(answer) or (None if answer == 32 else "Count the …")`.
"""

import numbers
from math import isclose

import numpy as np
import torch


def not_a_number(answer):
    """Return a message unless `answer` is one number: an int, a float, or a tensor or array of one element.

    >>> not_a_number(32), not_a_number("32")
    (None, "The answer should be a number; yours is the string '32'.")
    """
    if isinstance(answer, (torch.Tensor, np.ndarray)) and np.prod(answer.shape) == 1:
        return None
    if isinstance(answer, numbers.Real) and not isinstance(answer, bool):
        return None
    if answer is None:
        return "The answer should be a number; yours is None, that is, nothing. Is a `return` missing?"
    return f"The answer should be a number; yours is {_named(answer)}."


def not_a_function(answer):
    """Return a message unless `answer` can be called.

    >>> not_a_function(3)
    'The answer should be a function, given without brackets behind its name; yours is the int 3.'
    """
    if callable(answer):
        return None
    return f"The answer should be a function, given without brackets behind its name; yours is {_named(answer)}."


def number_check(right, mistakes=(), *, otherwise, tolerance=1e-6):
    """Return a check for an answer that is one number.

    `right`: the right number. `mistakes`: pairs (wrong number, message). `otherwise`: the message for
    every other number. `tolerance` is relative.

    >>> judge = number_check(32, [(31, "The short last batch counts too.")], otherwise="Divide 1,000 by 32.")
    >>> judge(32), judge(31), judge(5)
    (None, 'The short last batch counts too.', 'Divide 1,000 by 32.')
    """

    def judge(answer):
        complaint = not_a_number(answer)
        if complaint:
            return complaint
        answer = float(answer)
        if isclose(answer, right, rel_tol=tolerance, abs_tol=1e-12):
            return None
        for wrong, message in mistakes:
            if isclose(answer, wrong, rel_tol=tolerance, abs_tol=1e-12):
                return message
        return otherwise

    return judge


def _named(answer):
    kind = {"str": "string", "NoneType": "value"}.get(type(answer).__name__, type(answer).__name__)
    if isinstance(answer, (torch.Tensor, np.ndarray)):
        return f"a {kind} of shape {list(answer.shape)}"
    text = repr(answer)
    return f"the {kind} {text if len(text) <= 40 else text[:37] + '…'}"
