"""Judges a class that students write: a network of layers, told by what it computes from random images."""

from functools import partial
from itertools import pairwise
from math import prod

import torch
from torch import nn

from pigeon_lessons.questions import kinds
from pigeon_lessons.questions.marking import Exercise, same


def module_exercise(name, *cases):
    """Return what makes, of its hints, the exercise to write a class of networks; `judge` says what cases are."""
    return partial(Exercise, module_class, partial(judge, cases=cases, name=name))


def module_class(answer):
    """Return the class `answer` as `kinds.watched` makes it; the kind of answer that `judge` takes.

    >>> module_class(nn.Linear(784, 10))
    Traceback (most recent call last):
    pigeon_lessons.questions.kinds.Unfit: Write a class; give it without brackets behind its name; yours is ...
    """
    if not isinstance(answer, type):
        raise kinds.Unfit(f"Write a class; give it without brackets behind its name; yours is {kinds.named(answer)}.")
    return kinds.watched(answer)


def judge(make, cases, name):
    """Return what is wrong with a class of networks, ReLUs between their layers and none behind the last; or None.

    `cases`: (arguments of the class, the widths of the network from input to output, how many images to try).
    `name`: what the lesson calls the class.

    >>> class Flat(nn.Linear):
    ...     def forward(self, images):
    ...         return super().forward(images.flatten(1))
    >>> judge(Flat, [((784, 1), (784, 1), 3)], "Flat")
    >>> judge(Flat, [((784, 1), (784, 9, 1), 3)], "Flat")
    'A network 784 → 9 → 1 has 7,075 parameters; yours has 785. Does each layer have its size, and a bias?'
    """
    for arguments, widths, n in cases:
        torch.manual_seed(n)  # by chance a network may have no logit below 0, and hide what cuts them off
        model = make(*arguments)
        if not isinstance(model, nn.Module):
            return f"The class should begin with `class {name}(nn.Module):`; yours makes {kinds.named(model)}."
        images = torch.rand(n, 1, 28, 28, generator=torch.Generator().manual_seed(n))
        given = kinds.watched(model)(images)
        if not isinstance(given, torch.Tensor) or given.shape != (n, widths[-1]):
            return f"{n} images should give logits of shape [{n}, {widths[-1]}]; yours gives {kinds.named(given)}."
        parameters = {tuple(one.shape): one for one in model.parameters()}
        if not parameters:
            return "PyTorch finds no parameters. Keep each layer as an attribute, `self.hidden = nn.Linear(…)`."
        of_layers = [((wide, narrow), (wide,)) for narrow, wide in pairwise(widths)]
        shapes = [shape for layer in of_layers for shape in layer]
        count, right = sum(one.numel() for one in model.parameters()), sum(map(prod, shapes))
        if count != right or set(parameters) != set(shapes):
            return (f"A network {' → '.join(map(str, widths))} has {right:,} parameters; yours has {count:,}. "
                    "Does each layer have its size, and a bias?")
        layers = [(parameters[weights], parameters[biases]) for weights, biases in of_layers]
        if not same(given, _computed(images, layers)):
            return next((kinds.SAID["networks"][name] for name, wrong in ILLNESSES.items()
                         if same(given, wrong(images, layers))),
                        "The shapes are right, the numbers are not. Layer by layer, a ReLU behind each but the last.")
        if not given.requires_grad:
            return "No gradient comes through. `forward` must not use `no_grad`, `detach` or `item`."
    return None


def _computed(images, layers, between=torch.relu, missing=None, end=torch.clone):
    """Return what the layers, pairs (weights, biases), make of images; `missing`: behind which one nothing follows."""
    x = images.flatten(1)
    for number, (weights, biases) in enumerate(layers):
        x = x @ weights.T + biases
        if number not in (missing, len(layers) - 1):
            x = between(x)
    return end(x)


ILLNESSES = {
    "straight": partial(_computed, between=nn.Identity()),
    "no first ReLU": partial(_computed, missing=0),
    "no second ReLU": partial(_computed, missing=1),
    "ReLU at the end": partial(_computed, end=torch.relu),
    "sigmoid at the end": partial(_computed, end=torch.sigmoid),
    "softmax at the end": partial(_computed, end=nn.Softmax(1)),
    "sigmoids between": partial(_computed, between=torch.sigmoid),
}
"""What a network may compute instead."""
