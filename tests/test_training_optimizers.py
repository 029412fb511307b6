"""Claims about optimizers: any of torch.optim trains, is saved and goes on exactly, or is refused with the reason."""

import re

import numpy as np
import pytest
import torch
from torch import optim

from pigeon_lessons import CheckpointError, Pigeon, Trainer, load_checkpoint, save_checkpoint
from tests.checkpointing import advance, differences, digest, make_trainer

EXACT = [optim.ASGD, optim.Adadelta, optim.Adafactor, optim.Adagrad, optim.Adam, optim.AdamW, optim.Adamax, optim.NAdam,
         optim.RAdam, optim.RMSprop, optim.Rprop]


def with_optimizer(kind, model_seed=1, **options):
    trainer = make_trainer(model_seed=model_seed)
    trainer.optimizer = kind(trainer.model.parameters(), **options)
    return trainer


@pytest.mark.parametrize(("kind", "options"), [
    *((kind, {}) for kind in EXACT), (optim.SGD, {"lr": 0.1, "nesterov": True, "momentum": 0.9}),
    (optim.RMSprop, {"momentum": 0.5, "centered": True}), (optim.Adam, {"amsgrad": True, "weight_decay": 0.1})])
def test_every_optimizer_is_saved_and_resumed_to_the_last_bit(kind, options, tmp_path):
    trainer, resumed = with_optimizer(kind, **options), with_optimizer(kind, model_seed=9, **options)
    advance(trainer, 6)
    save_checkpoint(tmp_path / "latest.ckpt", trainer)
    load_checkpoint(tmp_path / "latest.ckpt", resumed)
    advance(resumed, 7)
    advance(trainer, 7)
    assert differences(resumed.state_dict(), trainer.state_dict()) == []


def test_adam_trains_as_in_a_loop_by_hand():
    trainer = with_optimizer(optim.Adam, lr=0.01)
    model = Pigeon(3, seed=1)
    optimizer, losses = optim.Adam(model.parameters(), lr=0.01), []
    for images, targets in trainer._batches():
        optimizer.zero_grad()
        loss = torch.nn.functional.binary_cross_entropy_with_logits(model(images), targets)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        next(trainer.iterations(1))
    assert len(losses) == 4 and trainer.history.batch_loss == pytest.approx(losses, abs=1e-6)


def test_decay_lowers_whatever_rate_the_optimizer_has():
    trainer = make_trainer(decay=0.5)
    trainer.optimizer = optim.Adam([{"params": [trainer.model.hidden.weight], "lr": 0.1},
                                    {"params": [trainer.model.output.weight], "lr": 0.01}])
    trainer.fit(2)
    assert [group["lr"] for group in trainer.optimizer.param_groups] == [0.025, 0.0025]


@pytest.mark.parametrize(("make", "error", "words"), [
    (lambda own: optim.LBFGS(own), ValueError, "nothing but gradients for a step, got LBFGS (LBFGS.step() missing"),
    (lambda own: optim.SparseAdam(own), ValueError, "got SparseAdam (SparseAdam does not support dense gradients"),
    (lambda own: optim.Adam(Pigeon().parameters()), ValueError, "for the parameters of this trainer's model, got Adam"),
    (lambda own: optim.Adam, TypeError, "optimizer must be one of torch.optim, got <class"),
    (lambda own: None, TypeError, "optimizer must be one of torch.optim, got None; give one of torch.optim for"),
])
def test_what_cannot_train_this_model_is_refused_at_once(make, error, words):
    trainer = make_trainer()
    before = trainer.optimizer
    with pytest.raises(error, match=re.escape(words)):
        trainer.optimizer = make(list(trainer.model.parameters()))
    assert trainer.optimizer is before


@pytest.mark.parametrize(("other", "words"), [
    (lambda trainer: None, "optimizer is 'Adam' in the saved run, 'SGD' in this trainer; give the trainer"),
    (lambda trainer: optim.Adam(trainer.model.parameters(), amsgrad=True), "amsgrad is False in the saved run, True"),
    (lambda trainer: optim.Adam([trainer.model.hidden.weight]), "params is [0, 1, 2, 3] in the saved run, [0] in this"),
])
def test_a_checkpoint_of_another_optimizer_is_refused_and_changes_nothing(other, words, tmp_path):
    trainer = with_optimizer(optim.Adam)
    advance(trainer, 3)
    save_checkpoint(tmp_path / "adam.ckpt", trainer)
    resumed = make_trainer()
    resumed.optimizer = other(resumed) or resumed.optimizer
    before = digest(resumed.state_dict())
    with pytest.raises(CheckpointError, match=re.escape(words)):
        load_checkpoint(tmp_path / "adam.ckpt", resumed)
    assert digest(resumed.state_dict()) == before


@pytest.mark.parametrize("change", [
    lambda state: state["state"][0].pop("exp_avg"),
    lambda state: state["state"][0].update(exp_avg=torch.zeros(7)),
    lambda state: state["state"][0].update(step="many"),
    lambda state: state["param_groups"][0].update(betas=(0.9, "high")),
    lambda state: state.update(name="Muon"),
])
def test_a_malformed_state_of_an_optimizer_changes_nothing(change):
    trainer, resumed = with_optimizer(optim.Adam), with_optimizer(optim.Adam)
    advance(trainer, 3)
    state, before = trainer.state_dict(), digest(resumed.state_dict())
    change(state["optimizer"])
    with pytest.raises((TypeError, ValueError)):
        resumed.load_state_dict(state)
    assert digest(resumed.state_dict()) == before


@pytest.mark.parametrize("number", [np.float64, np.float32, float, torch.tensor])
def test_a_rate_that_a_schedule_made_of_any_number_is_saved_and_resumed(number, tmp_path):
    trainer, resumed = make_trainer(), make_trainer(model_seed=9)
    for epoch in trainer.epochs(3):
        trainer.optimizer.param_groups[0]["lr"] = number(0.05 * 0.7**epoch)
        save_checkpoint(tmp_path / "latest.ckpt", trainer)
    load_checkpoint(tmp_path / "latest.ckpt", resumed)
    advance(resumed, 5)
    advance(trainer, 5)
    assert differences(resumed.model.state_dict(), trainer.model.state_dict()) == []
    assert resumed.history == trainer.history and resumed.tau == trainer.tau


def test_a_schedule_of_the_weight_decay_is_resumed(tmp_path):
    trainer, resumed = (make_trainer(model_seed=seed, weight_decay=0.1) for seed in (1, 9))
    for epoch in trainer.epochs(2):
        trainer.optimizer.param_groups[0]["weight_decay"] = 0.1 * 0.5**epoch
    save_checkpoint(tmp_path / "latest.ckpt", trainer)
    load_checkpoint(tmp_path / "latest.ckpt", resumed)
    advance(resumed, 5)
    advance(trainer, 5)
    assert differences(resumed.state_dict(), trainer.state_dict()) == []


def test_a_checkpoint_loaded_in_inference_mode_is_trained_on_outside(tmp_path):
    trainer, resumed = with_optimizer(optim.Adam), with_optimizer(optim.Adam, model_seed=9)
    advance(trainer, 3)
    save_checkpoint(tmp_path / "latest.ckpt", trainer)
    with torch.inference_mode():
        load_checkpoint(tmp_path / "latest.ckpt", resumed)
    advance(resumed, 5)
    advance(trainer, 5)
    assert differences(resumed.state_dict(), trainer.state_dict()) == []


def test_a_one_cycle_schedule_that_moves_betas_too_is_resumed():
    def scheduled(model_seed):
        trainer = with_optimizer(optim.Adam, model_seed)
        return trainer, optim.lr_scheduler.OneCycleLR(trainer.optimizer, 0.1, total_steps=20)

    def walk(trainer, scheduler, count):
        for _ in trainer.iterations(count):
            scheduler.step()

    (trainer, schedule), (resumed, its) = scheduled(1), scheduled(9)
    walk(trainer, schedule, 6)
    resumed.load_state_dict(trainer.state_dict())
    its.load_state_dict(schedule.state_dict())
    walk(resumed, its, 6)
    walk(trainer, schedule, 6)
    assert differences(resumed.model.state_dict(), trainer.model.state_dict()) == []


def test_a_trainer_says_what_it_is_and_where_it_stands():
    trainer = with_optimizer(optim.Adam)
    advance(trainer, 6)
    assert repr(trainer) == (
        "Trainer(Pigeon, 100 training, 50 validation images, Adam, lr=0.05, batch_size=32, momentum=0.9, decay=1.0, "
        "weight_decay=0.0, seed=1, shuffle=True, evaluate_every=None; epoch 1, iteration 6)")
    assert repr(Trainer(Pigeon(), trainer.train)).startswith("Trainer(Pigeon, 100 training images, SGD, lr=0.005, ")
