"""Claims about Ctrl-C while a network is trained: the update is finished, and the run can go on."""

import os
import signal

import pytest
import torch

from pigeon_lessons import Pigeon, Trainer
from tests.training import same, weights


@pytest.mark.parametrize("moment", ["before the step", "after the step", "in the forward pass"])
@pytest.mark.parametrize("at", [1, 7, 10], ids=["first update", "last of an epoch", "inside an epoch"])
def test_ctrl_c_inside_an_update_waits_for_its_end(at, moment, parts):
    whole, trainer = (Trainer(Pigeon(seed=1), *parts, lr=0.05) for _ in range(2))
    whole.fit(3)

    def press(*_):
        if trainer.model.training and torch.is_grad_enabled() and trainer.iteration == at - 1:
            signal.raise_signal(signal.SIGINT)

    hooks = {"before the step": trainer.optimizer.register_step_pre_hook,
             "after the step": trainer.optimizer.register_step_post_hook,
             "in the forward pass": trainer.model.hidden.register_forward_hook}
    hook = hooks[moment](press)
    usual = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            trainer.fit(3)
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    finally:
        signal.signal(signal.SIGINT, usual)
    assert trainer.iteration == len(trainer.history.batch_loss) == at
    assert trainer.history["iteration"] == list(range(0, at + 1, 7))
    hook.remove()
    trainer.fit(3 - trainer.epoch)
    assert trainer.history == whole.history and trainer.history.batch_loss == whole.history.batch_loss
    assert same(weights(trainer.model), weights(whole.model))


def test_a_notebook_shows_an_interrupted_fit_in_one_line(parts):
    from IPython.core.interactiveshell import InteractiveShell

    trainer, shell, shown = Trainer(Pigeon(seed=1), *parts, lr=0.05), InteractiveShell(), []

    def press(*_):
        if trainer.model.training and trainer.iteration == 2:
            signal.raise_signal(signal.SIGINT)

    trainer.model.hidden.register_forward_hook(press)
    shell.user_ns["trainer"] = trainer
    shell._showtraceback = lambda kind, value, lines: shown.extend(lines)
    usual = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        shell.run_cell("trainer.fit(3)")
    finally:
        signal.signal(signal.SIGINT, usual)
    assert shown == ["Interrupted: stopped after iteration 3; train on, and nothing is lost"]


def test_a_long_fit_shows_how_far_it_has_come_and_a_short_one_does_not(parts, monkeypatch, capsys):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    Trainer(Pigeon(seed=1), *parts).fit(2)
    assert capsys.readouterr().err == ""
    monkeypatch.setattr("pigeon_lessons.bar.PATIENCE", 0)
    Trainer(Pigeon(seed=1), *parts).fit(2)
    assert "epochs" in (shown := capsys.readouterr().err) and shown.endswith("2 of 2\n")


class Log:
    """What some programs put in the place of stderr."""

    def write(self, text):
        pass


@pytest.mark.parametrize("stderr", [None, Log(), open(os.devnull, "w")], ids=["none", "a log", "closed"])  # noqa: SIM115
def test_a_fit_needs_no_terminal_nor_any_stderr(stderr, parts, monkeypatch):
    if hasattr(stderr, "close"):
        stderr.close()
    monkeypatch.setattr("pigeon_lessons.bar.PATIENCE", 0)
    monkeypatch.setattr("sys.stderr", stderr)
    assert Trainer(Pigeon(seed=1), *parts).fit(2).num_rows == 3
