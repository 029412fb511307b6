"""Claims about bad input: a trainer refuses it at once, by name, and touches nothing."""

import re

import pytest
from torch import nn

from pigeon_lessons import Pigeon, Trainer, evaluate, load_mnist
from tests.training import same, weights


@pytest.mark.parametrize(("arguments", "error", "words"), [
    ({"batch_size": 0}, ValueError, "batch_size must be at least 1, got 0; 32 is usual"),
    ({"batch_size": -1}, ValueError, "batch_size must be at least 1, got -1; 32 is usual"),
    ({"batch_size": 2.5}, TypeError, "batch_size must be a whole number, got 2.5; 32 is usual"),
    ({"batch_size": "32"}, TypeError, "batch_size must be a whole number, got '32'; 32 is usual"),
    ({"batch_size": True}, TypeError, "batch_size must be a whole number, got True; 32 is usual"),
    ({"batch_size": None}, TypeError, "batch_size must be a whole number, got None; 32 is usual"),
    ({"lr": 0}, ValueError, "lr must be greater than 0, got 0; try 0.005"),
    ({"lr": -1}, ValueError, "lr must be greater than 0, got -1; try 0.005"),
    ({"lr": float("nan")}, ValueError, "lr must be greater than 0, got nan; try 0.005"),
    ({"lr": float("inf")}, ValueError, "lr must be finite, got inf; try 0.005"),
    ({"lr": "x"}, TypeError, "lr must be a number, got 'x'; try 0.005"),
    ({"lr": True}, TypeError, "lr must be a number, got True; try 0.005"),
    ({"momentum": -0.1}, ValueError, "momentum must be at least 0, got -0.1; 0 means none"),
    ({"momentum": 1}, ValueError, "momentum must be less than 1, got 1; 0 means none"),
    ({"momentum": float("nan")}, ValueError, "momentum must be at least 0, got nan; 0 means none"),
    ({"momentum": "0.9"}, TypeError, "momentum must be a number, got '0.9'; 0 means none"),
    ({"decay": 0}, ValueError, "decay must be greater than 0, got 0; "),
    ({"decay": 1.1}, ValueError, "decay must be at most 1, got 1.1; "),
    ({"decay": float("nan")}, ValueError, "decay must be greater than 0, got nan; "),
    ({"decay": "half"}, TypeError, "decay must be a number, got 'half'; "),
    ({"seed": -1}, ValueError, "seed must be at least 0, got -1; give a whole number"),
    ({"seed": 2**32}, ValueError, "seed must be at most 4294967295, got 4294967296; give a whole number"),
    ({"seed": None}, TypeError, "seed must be a whole number, got None; give a whole number"),
    ({"shuffle": "no"}, TypeError, "shuffle must be True or False, got 'no'; write"),
    ({"evaluate_every": 0}, ValueError, "evaluate_every must be at least 1, got 0; None evaluates once an epoch"),
    ({"evaluate_every": 1.5}, TypeError, "evaluate_every must be a whole number, got 1.5; None evaluates"),
    ({"model": "pigeon"}, TypeError, "model must be a torch module, got 'pigeon'; give Pigeon(seed=1)"),
    ({"model": Pigeon}, TypeError, "model must be a torch module, got <class"),
    ({"train": [1, 2]}, TypeError, "train must be Digits, got list; use load_mnist() and split()"),
    ({"train": load_mnist()[:0]}, ValueError, "train must hold at least one digit, got none; take a longer slice"),
    ({"val": load_mnist()[:0]}, ValueError, "val must hold at least one digit, got none; leave it out to train"),
    ({"val": "val"}, TypeError, "val must be Digits, got str; use load_mnist() and split(); leave it out to train"),
])
def test_a_trainer_refuses_bad_arguments_and_touches_nothing(arguments, error, words, parts):
    usual = {"model": Pigeon(seed=1), "train": parts[0], "val": parts[1]}
    with pytest.raises(error, match=re.escape(words)):
        Trainer(**usual | arguments)
    assert same(weights(usual["model"]), weights(Pigeon(seed=1)))
    assert all(parameter.grad is None for parameter in usual["model"].parameters())


@pytest.mark.parametrize("method", ["epochs", "iterations", "fit"])
@pytest.mark.parametrize(("count", "error"), [(-1, ValueError), (1.5, TypeError), ("3", TypeError), (True, TypeError)])
def test_a_bad_count_is_refused_at_once_and_changes_nothing(method, count, error, parts):
    trainer = Trainer(Pigeon(seed=1), *parts)
    name = "iterations" if method == "iterations" else "epochs"
    with pytest.raises(error, match=f"{name} must be .*, got {count!r}; "):
        getattr(trainer, method)(count)
    assert trainer.iteration == 0 and trainer.history.num_rows == 1 and not trainer.history.batch_loss


@pytest.mark.parametrize(("layers", "shape"), [
    ([nn.Flatten(), nn.Linear(784, 1), nn.Flatten(0)], "[200]"),
    ([nn.Flatten(), nn.Linear(784, 10)], "[200, 10]"),
    ([nn.Linear(28, 1)], "[200, 1, 28, 1]"),
])
def test_logits_of_another_shape_are_refused_before_they_spread_over_the_targets(layers, shape, parts):
    words = f"model must return logits of shape [200, 1] for 200 images, got {shape}; end it with nn.Linear(…, 1)"
    with pytest.raises(ValueError, match=re.escape(words)):
        Trainer(nn.Sequential(*layers), *parts)
    with pytest.raises(ValueError, match=re.escape(words)):
        evaluate(nn.Sequential(*layers), parts[0])
