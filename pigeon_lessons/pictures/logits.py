"""From a logit to a probability, and from there to the loss of one answer."""

import numpy as np
from matplotlib.figure import Figure

from pigeon_lessons.pictures.picture import finished
from pigeon_lessons.pictures.style import COLORS, look, styled
from pigeon_lessons.words import number


def plot_sigmoid_and_loss():
    """Draw the sigmoid (left) and the binary cross-entropy of one answer (right, in nats) over logits −6..6.

    `.ax` are the left Axes; the right ones are the second of `.figure.axes`.

    >>> plot_sigmoid_and_loss().words[:69]
    'The sigmoid rises with the logit: 0.0474 at -3, 0.5 at 0, 0.953 at 3.'
    """
    left, right = map(styled, Figure(figsize=(9.0, 3.4), layout="constrained").subplots(1, 2))
    logits = np.linspace(-6, 6, 121)
    left.plot(logits, _sigmoid(logits), linewidth=1.8, color=COLORS[0])
    right.plot(logits, _loss_of_yes(logits), linewidth=1.8, label='target 1 ("yes" is right)', **look(0))
    right.plot(logits, _loss_of_yes(-logits), linewidth=1.8, label='target 0 ("no" is right)', **look(1))
    finished(right, "Loss of one image over the logit", [
        f"The loss of one image with target 1 falls with the logit: {_listed(_loss_of_yes)}.",
        f"With target 0 it rises: {_listed(lambda logit: _loss_of_yes(-logit))}."],
        xlabel="logit", ylabel="loss of one image (nats)")
    return finished(left, "Probability over the logit", [f"The sigmoid rises with the logit: {_listed(_sigmoid)}."],
                    xlabel="logit", ylabel='probability of "yes"')


def _sigmoid(logit):
    return 1 / (1 + np.exp(-logit))


def _loss_of_yes(logit):
    return np.logaddexp(0, -logit)  # −ln of the probability of "yes"; that of "no" is one of −logit


def _listed(function):
    return ", ".join(f"{number(float(function(logit)))} at {logit}" for logit in (-3, 0, 3))
