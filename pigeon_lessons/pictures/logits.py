"""From a logit to a probability, and from there to the loss of one answer."""

import numpy as np
from matplotlib.figure import Figure

from pigeon_lessons.pictures.picture import Picture
from pigeon_lessons.pictures.style import styled
from pigeon_lessons.words import number

SHOWN = (-3, 0, 3)
"""The logits that the words name."""


def plot_sigmoid_and_loss():
    """Draw the sigmoid (left) and the binary cross-entropy of one answer (right, in nats) over logits −6..6.

    `.ax` are the left Axes; the right ones are the second of `.figure.axes`.

    >>> plot_sigmoid_and_loss().words[:69]
    'The sigmoid rises with the logit: 0.0474 at -3, 0.5 at 0, 0.953 at 3.'
    """
    figure = Figure(figsize=(9.0, 3.2), layout="constrained")
    left, right = (styled(ax) for ax in figure.subplots(1, 2))
    logits = np.linspace(-6, 6, 121)
    left.plot(logits, _sigmoid(logits), linewidth=1.8)
    left.set(xlabel="logit", ylabel='probability of "yes"')
    right.plot(logits, _loss(logits, 1), linewidth=1.8, label='target 1 ("yes" is right)')
    right.plot(logits, _loss(logits, 0), linewidth=1.8, label='target 0 ("no" is right)')
    right.set(xlabel="logit", ylabel="loss of one image (nats)")
    right.legend(frameon=False, loc="upper center")
    words = (f"The sigmoid rises with the logit: {_listed(_sigmoid)}. "
             f"The loss of one image with target 1 falls with the logit: {_listed(lambda z: _loss(z, 1))}. "
             f"With target 0 it rises: {_listed(lambda z: _loss(z, 0))}.")
    return Picture(left, "Probability and loss over the logit", words)


def _sigmoid(logit):
    return 1 / (1 + np.exp(-logit))


def _loss(logit, target):
    return np.logaddexp(0, -logit if target else logit)  # −ln of the probability of the right answer


def _listed(function):
    return ", ".join(f"{number(float(function(logit)))} at {logit}" for logit in SHOWN)
