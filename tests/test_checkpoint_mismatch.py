"""A checkpoint of another run is refused, both values are shown, and nothing in the trainer changes."""

import re

import pytest
import torch
from torch import nn

from pigeon_lessons import CheckpointError, Pigeon, Trainer, load_checkpoint, load_mnist, save_checkpoint
from tests.checkpointing import digest, make_trainer, trained

CONFLICTS = [
    ({"lr": 0.1}, "lr is 0.05 in the saved run, 0.1 in this trainer"),
    ({"batch_size": 16}, "batch_size is 32 in the saved run, 16 in this trainer"),
    ({"momentum": 0.5}, "momentum is 0.9 in the saved run, 0.5 in this trainer"),
    ({"seed": 2}, "seed is 1 in the saved run, 2 in this trainer"),
    ({"shuffle": False}, "shuffle is True in the saved run, False in this trainer"),
    ({"evaluate_every": 5}, "evaluate_every is None in the saved run, 5 in this trainer"),
    ({"lr": 0.1, "seed": 2}, "lr is 0.05 in the saved run, 0.1 in this trainer; seed is 1 in the saved run, 2 in"),
    ({"num_hidden": 4}, "hidden.weight has shape [3, 784] and dtype torch.float32 in the saved run, shape [4, 784]"),
]


@pytest.fixture
def path(tmp_path):
    save_checkpoint(tmp_path / "latest.ckpt", trained(6))
    return tmp_path / "latest.ckpt"


def assert_refused(path, trainer, words):
    before = digest(trainer.state_dict())
    with pytest.raises(CheckpointError, match=re.escape(words)) as caught:
        load_checkpoint(path, trainer)
    assert str(path) in str(caught.value) and "unchanged" in str(caught.value)
    assert digest(trainer.state_dict()) == before


@pytest.mark.parametrize(("settings", "words"), CONFLICTS)
def test_a_conflicting_setting_or_size_shows_both_values_and_changes_nothing(path, settings, words):
    assert_refused(path, trained(2, **settings), words)


def test_another_architecture_shows_both_lists_of_layers(path):
    trainer = make_trainer()
    deep = nn.Sequential(nn.Flatten(), nn.Linear(784, 3), nn.ReLU(), nn.Linear(3, 1))
    other = Trainer(deep, trainer.train, trainer.val, lr=0.05)
    assert_refused(path, other, "tensors hidden.weight, hidden.bias, output.weight, output.bias, not 1.weight, 1.bias,")


def test_another_precision_is_refused_instead_of_rounded(path):
    trainer = trained(0)
    trainer.model.double()
    state = trained(6).state_dict()
    with pytest.raises(ValueError, match=r"dtype torch.float32 in the saved run, .*torch.float64 in this trainer"):
        trainer.load_state_dict(state)


def test_other_training_digits_are_refused_even_in_the_same_number(path):
    trainer, digits = make_trainer(), load_mnist()
    other = Trainer(Pigeon(3, seed=1), digits[1:101], trainer.val, lr=0.05)
    saved, own = trainer.train.fingerprint(), other.train.fingerprint()
    assert_refused(path, other, f"train is '{saved}' in the saved run, '{own}' in this trainer")


def test_other_or_no_validation_digits_are_refused(path):
    trainer = make_trainer()
    assert_refused(path, Trainer(Pigeon(3, seed=1), trainer.train, lr=0.05), "in the saved run, None in this trainer")
    assert_refused(path, Trainer(Pigeon(3, seed=1), trainer.train, trainer.train, lr=0.05), "val is '")


PARTS = ("settings", "data", "model", "optimizer", "iteration", "tau", "history")


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("spoil", [lambda state, part: state.pop(part),
                                   lambda state, part: state.update({part: None}),
                                   lambda state, part: state.update({part: {}}),
                                   lambda state, part: state.update({part: "7"})])
def test_a_state_with_a_part_missing_or_of_another_kind_changes_nothing(part, spoil):
    trainer, state = trained(2), trained(6).state_dict()
    before = digest(trainer.state_dict())
    spoil(state, part)
    with pytest.raises((ValueError, TypeError)):
        trainer.load_state_dict(state)
    assert digest(trainer.state_dict()) == before


def set_in(*keys_and_value):
    *keys, last, value = keys_and_value

    def change(state):
        for key in keys:
            state = state[key]
        state[last] = value
    return change


MALFORMED = {
    "momentum of another shape": set_in("optimizer", "state", 0, "momentum_buffer", torch.zeros(2)),
    "momentum of a parameter that is not there": set_in("optimizer", "state", 4, {"momentum_buffer": torch.zeros(1)}),
    "buffers of another optimizer": set_in("optimizer", "state", 0, {"exp_avg": torch.zeros(1)}),
    "no parameter group": set_in("optimizer", "param_groups", []),
    "a learning rate that is none": set_in("optimizer", "param_groups", 0, "lr", "high"),
    "a weight decay that is none": set_in("optimizer", "param_groups", 0, "weight_decay", "high"),
    "another dampening": set_in("optimizer", "param_groups", 0, "dampening", 0.1),
    "other parameters": set_in("optimizer", "param_groups", 0, "params", [0, 1, 2]),
    "a negative position": set_in("iteration", -1),
    "a position beside its history": set_in("iteration", 5),
    "a clock that runs backwards": set_in("tau", -1.0),
    "columns of unequal length": set_in("history", "columns", "train_loss", [0.5]),
    "a column without numbers": set_in("history", "columns", "train_loss", ["low", "lower"]),
    "batch losses without numbers": set_in("history", "batch_loss", [None] * 6),
    "a weight that is a number": set_in("model", "hidden.weight", 1.0),
}


@pytest.mark.parametrize("change", MALFORMED.values(), ids=MALFORMED.keys())
def test_a_malformed_state_changes_nothing(change):
    trainer, state = trained(2), trained(6).state_dict()
    before = digest(trainer.state_dict())
    change(state)
    with pytest.raises((ValueError, TypeError)):
        trainer.load_state_dict(state)
    assert digest(trainer.state_dict()) == before


def test_a_wrong_argument_is_named_with_its_remedy(tmp_path):
    trainer, path = make_trainer(), tmp_path / "latest.ckpt"
    for function in (save_checkpoint, load_checkpoint):
        with pytest.raises(TypeError, match="path must be a string or a Path, got .*; give a file name"):
            function(trainer, path)
        with pytest.raises(TypeError, match="trainer must have state_dict.*, got .*; give a Trainer"):
            function(path, trainer.history)
    assert list(tmp_path.iterdir()) == []
