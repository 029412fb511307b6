"""A run that was saved and resumed equals the uninterrupted one bit for bit, and each saved part is needed for it."""

import subprocess
import sys
from pathlib import Path

import pytest
import torch

from pigeon_lessons import History, load_checkpoint, save_checkpoint, training
from tests.checkpointing import advance, differences, make_trainer, trained
from tests.resume_in_new_process import STOPS, THREADS, WHOLE, first, spoil_global_random_state

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs")
    threads = torch.get_num_threads()
    first(folder)
    torch.set_num_threads(threads)
    command = [sys.executable, "-m", "tests.resume_in_new_process", str(folder)]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    return folder


@pytest.mark.parametrize("threads", THREADS)
@pytest.mark.parametrize("stop", STOPS)
def test_a_run_resumed_in_a_new_process_equals_the_uninterrupted_one_bit_for_bit(runs, threads, stop):
    uninterrupted = torch.load(runs / f"uninterrupted-{threads}.pt", weights_only=True)
    resumed = torch.load(runs / f"resumed-{threads}-{stop}.pt", weights_only=True)
    assert differences(resumed, uninterrupted) == []
    assert resumed["iteration"] == len(resumed["history"]["batch_loss"]) == WHOLE
    assert resumed["optimizer"]["state"][0]["momentum_buffer"].abs().sum() > 0


def resume(stop, whole, drop=lambda trainer: None):
    """Train `stop` iterations, hand the state to new objects, drop one part, train the rest; return the state."""
    resumed = make_trainer(model_seed=99)
    resumed.load_state_dict(trained(stop).state_dict())
    drop(resumed)
    spoil_global_random_state()
    advance(resumed, whole - stop)
    return resumed.state_dict()


def drop_weights(trainer):
    trainer.model.load_state_dict(make_trainer(model_seed=99).model.state_dict())


def drop_one_bias(trainer):
    torch.nn.init.zeros_(trainer.model.output.bias)


def drop_momentum(trainer):
    trainer.optimizer.state.clear()


def drop_momentum_of_one_parameter(trainer):
    trainer.optimizer.state[trainer.model.output.bias]["momentum_buffer"].zero_()


def drop_position(trainer):
    trainer.iteration = 0


def drop_position_in_the_epoch(trainer):
    trainer.iteration = 4


def drop_history(trainer):
    trainer.history = History({name: [] for name in trainer.history}, trainer.history.batch_loss)


def drop_batch_losses(trainer):
    trainer.history.batch_loss.clear()


def drop_seed(trainer):
    trainer.settings["seed"] = 2


def drop_shuffle(trainer):
    trainer.settings["shuffle"] = False


DROPS = [(drop_weights, "state.model.hidden.weight"), (drop_one_bias, "state.model.output.bias"),
         (drop_momentum, "state.model.hidden.weight"), (drop_momentum_of_one_parameter, "state.model.output.bias"),
         (drop_position, "state.iteration"), (drop_position_in_the_epoch, "state.model.hidden.weight"),
         (drop_history, "state.history.columns.train_loss"), (drop_batch_losses, "state.history.batch_loss"),
         (drop_seed, "state.model.hidden.weight"), (drop_shuffle, "state.model.hidden.weight")]


@pytest.mark.parametrize(("drop", "place"), DROPS)
def test_without_any_one_part_the_resumed_run_is_another(drop, place):
    assert differences(resume(7, 13), trained(13).state_dict()) == []
    assert place in differences(resume(7, 13, drop), trained(13).state_dict())


def test_a_data_order_from_global_random_state_would_be_noticed(monkeypatch):
    monkeypatch.setattr(training, "data_order", lambda count, **_: torch.randperm(count))
    assert "state.model.hidden.weight" in differences(resume(7, 13), trained(13).state_dict())


def test_a_learning_rate_changed_by_a_schedule_is_resumed():
    trainer, resumed = trained(5), make_trainer()
    trainer.optimizer.param_groups[0]["lr"] = 0.01
    resumed.load_state_dict(trainer.state_dict())
    advance(trainer, 6)
    advance(resumed, 6)
    assert differences(resumed.state_dict(), trainer.state_dict()) == []
    assert differences(resumed.state_dict(), trained(11).state_dict())


def test_loading_rewinds_a_trainer_that_has_gone_further(tmp_path):
    trainer = trained(6)
    save_checkpoint(tmp_path / "latest.ckpt", trainer)
    advance(trainer, 5)
    load_checkpoint(tmp_path / "latest.ckpt", trainer)
    assert differences(trainer.state_dict(), trained(6).state_dict()) == []


def test_a_state_is_a_snapshot_that_neither_trainer_changes_afterwards():
    trainer, resumed = trained(3), make_trainer()
    state = trainer.state_dict()
    resumed.load_state_dict(state)
    advance(trainer, 3)
    advance(resumed, 3)
    assert differences(state, trained(3).state_dict()) == []


def test_epochs_go_on_where_the_checkpoint_stood_inside_one():
    resumed = make_trainer()
    resumed.load_state_dict(trained(6).state_dict())
    assert list(resumed.epochs(2)) == [2, 3]  # the half epoch is finished first
    assert differences(resumed.state_dict(), trained(12).state_dict()) == []
