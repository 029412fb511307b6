"""Ctrl-C inside an epoch: the trainer says where it stands, and saving there and then works exactly."""

import signal

import pytest

from pigeon_lessons import load_checkpoint, save_checkpoint
from tests.checkpointing import advance, differences, make_trainer, trained


def interrupt_at(trainer, call):
    """Let Ctrl-C arrive while the trainer is inside its `call`-th update."""
    step, calls = trainer._step, []

    def interrupted_step(*batch):
        calls.append(batch)
        if len(calls) == call:
            signal.raise_signal(signal.SIGINT)
        return step(*batch)
    trainer._step = interrupted_step


@pytest.mark.parametrize("call", [1, 4, 6, 8])  # of 4 updates an epoch: first, last, inside, last of the second
def test_ctrl_c_inside_an_update_lets_it_end_and_the_trainer_says_where_it_stands(call):
    trainer = make_trainer()
    interrupt_at(trainer, call)
    with pytest.raises(KeyboardInterrupt):
        trainer.fit(5)
    assert trainer.iteration == len(trainer.history.batch_loss) == call
    assert trainer.epoch == call // 4 and trainer.history.num_rows == 1 + call // 4
    assert differences(trainer.state_dict(), trained(call).state_dict()) == []


@pytest.mark.parametrize("call", [1, 4, 6])
def test_a_run_saved_after_ctrl_c_inside_an_epoch_resumes_exactly(tmp_path, call):
    trainer = make_trainer()
    interrupt_at(trainer, call)
    with pytest.raises(KeyboardInterrupt):
        trainer.fit(3)
    save_checkpoint(tmp_path / "latest.ckpt", trainer)
    resumed = make_trainer(model_seed=5)
    load_checkpoint(tmp_path / "latest.ckpt", resumed)
    advance(resumed, 12 - call)
    assert differences(resumed.state_dict(), trained(12).state_dict()) == []


def test_ctrl_c_while_loading_waits_until_the_whole_state_is_there(tmp_path):
    trainer, resumed = trained(6), make_trainer(model_seed=5)
    save_checkpoint(tmp_path / "latest.ckpt", trainer)
    load_weights = resumed.model.load_state_dict

    def interrupted_load(state):
        signal.raise_signal(signal.SIGINT)
        return load_weights(state)
    resumed.model.load_state_dict = interrupted_load
    with pytest.raises(KeyboardInterrupt):
        load_checkpoint(tmp_path / "latest.ckpt", resumed)
    assert differences(resumed.state_dict(), trainer.state_dict()) == []


def test_the_same_trainer_goes_on_after_ctrl_c_as_if_nothing_had_been():
    trainer = make_trainer()
    interrupt_at(trainer, 6)
    with pytest.raises(KeyboardInterrupt):
        trainer.fit(3)
    assert list(trainer.epochs(2)) == [2, 3]
    assert differences(trainer.state_dict(), trained(12).state_dict()) == []
