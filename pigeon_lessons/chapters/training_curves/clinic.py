"""Chapter 04's clinic: digits as they are delivered to its patients, and the judge of a loop that treats them.

The loops of the patients stand in the lesson.
"""

import torch
from torch import nn
from torch.utils.data import TensorDataset

from pigeon_lessons.data import load_mnist, split
from pigeon_lessons.evaluating import evaluate
from pigeon_lessons.questions.content import declared
from pigeon_lessons.words import percent

PATIENTS = declared("training_curves")["exercises"]["clinic"]["right"]
"""Which illness each of them has."""


def deliver(letter, digits=None):
    """Return a patient's images and targets, a `TensorDataset`: the training digits, as they came to the ward.

    >>> images, targets = deliver("B")[:32]
    >>> images.shape, targets.shape
    (torch.Size([32, 1, 28, 28]), torch.Size([32, 1]))
    """
    digits = split(load_mnist())[0] if digits is None else digits
    images, targets, illness = digits.images, digits.targets, PATIENTS.get(letter)
    if illness == "labels of others":
        targets = targets.roll(1, 0)
    return TensorDataset(255 * images if illness == "pixels to 255" else images,
                         targets[:, 0] if illness == "wrong shapes" else targets)


def judge_treatment(treat):
    """Return what is wrong with a function that trains on deliveries it has not seen, None if nothing."""
    others, val, _ = split(load_mnist(), 2048)
    for letter, what in (("B", "pixels from 0 to 1"), ("F", "pixels from 0 to 255"), ("D", "targets of shape [n]")):
        torch.manual_seed(2)
        model = treat(deliver(letter, others[1024:]))
        if not isinstance(model, nn.Module):
            return "Return the trained Pigeon."
        found = evaluate(model, val)
        if found["accuracy"] < 0.9 or not found["loss"] < 0.3:
            return (f"Trained on digits with {what}, it reads {percent(found['accuracy'])} of new digits rightly "
                    f"(pixels from 0 to 1), at a loss of {found['loss']:.2f}. {_sign(model, val)}")
    return None


def _sign(model, val):
    """Return what the network of a treatment that failed looks like."""
    if any(one.grad is not None and bool(one.grad.any()) for one in model.parameters()):
        return "Gradients are left in its parameters. Does the optimizer hold them, and forget them after each step?"
    with torch.no_grad():
        logits = model(val.images)
    if logits.std() < 1e-3:
        return "It says the same of every image, as with all units off."
    if logits.mean() < -2 and logits.max() < 0:
        return "Its logits are pushed far below 0. Does the loss take logits, and does it get any?"
    return ("It has learned too little. Are its pixels from 0 to 1? Does each image meet its own target, and often "
            "enough?")
