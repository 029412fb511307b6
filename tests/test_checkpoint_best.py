"""Keeping the best and saving every few epochs are three lines; the best is read from the history."""

import math

import pytest

from pigeon_lessons import Trainer, evaluate, load_checkpoint, save_checkpoint
from tests.checkpointing import differences, make_trainer, trained


def keep_best(trainer, epochs, path):
    for _ in trainer.epochs(epochs):
        if trainer.history.is_best("val_loss"):
            save_checkpoint(path, trainer)


def saved_iteration(path):
    trainer = make_trainer()
    load_checkpoint(path, trainer)
    return trainer.iteration


def pretend(trainer, values):
    """Give the trainer these validation losses, epoch by epoch, whatever it measures."""
    record, values = trainer._record, iter(values)

    def overrule():
        record()
        trainer.history["val_loss"][-1] = next(values)
    trainer._record = overrule
    return trainer


def test_the_best_file_holds_the_epoch_that_the_history_calls_best(tmp_path):
    trainer, path = make_trainer(lr=0.3, num_hidden=3), tmp_path / "best.ckpt"
    keep_best(trainer, 30, path)
    best, loaded = trainer.history.best("val_loss"), make_trainer(lr=0.3, num_hidden=3)
    load_checkpoint(path, loaded)
    assert 0 < best["epoch"] < 30, "the run should have its best epoch inside"
    assert loaded.history.row(-1) == best
    assert differences(loaded.state_dict(), trained(best["iteration"], lr=0.3).state_dict()) == []


@pytest.mark.parametrize("walk", [Trainer.epochs, Trainer.iterations])
@pytest.mark.parametrize("every", [None, 1, 3, 5, 1000])
def test_the_weights_in_the_best_file_are_those_whose_loss_was_compared(every, walk, tmp_path):
    """4 iterations an epoch: rows fall on the ends of epochs, beside them, or never."""
    trainer, saved = make_trainer(lr=0.3, evaluate_every=every), {}
    for _ in walk(trainer, 12):
        if trainer.history.is_best("val_loss"):
            saved = {"row": trainer.history.row(-1), "loss": evaluate(trainer.model, trainer.val)["loss"]}
            save_checkpoint(tmp_path / "best.ckpt", trainer)
            best = trainer.history.best("val_loss")
            assert saved == {"row": best, "loss": best["val_loss"]} and best["iteration"] == trainer.iteration
    assert saved or (every == 1000 and walk is Trainer.iterations)
    if saved:
        loaded = make_trainer(lr=0.3, evaluate_every=every)
        load_checkpoint(tmp_path / "best.ckpt", loaded)
        assert evaluate(loaded.model, loaded.val)["loss"] == loaded.history.best("val_loss")["val_loss"]
        assert loaded.iteration == loaded.history.best("val_loss")["iteration"]


def test_each_step_of_epochs_has_its_row_and_the_others_stay_where_they_were():
    walked, fitted = make_trainer(evaluate_every=3), make_trainer(evaluate_every=3)
    seen = [walked.history["iteration"][-1] for _ in walked.epochs(3)]
    assert seen == [4, 8, 12]
    assert walked.history["iteration"] == [0, 3, 4, 6, 8, 9, 12] and fitted.fit(3)["iteration"] == [0, 3, 6, 9, 12]
    for name in fitted.history:
        ours = dict(zip(walked.history["iteration"], walked.history[name], strict=True))
        assert [ours[iteration] for iteration in fitted.history["iteration"]] == fitted.history[name]


@pytest.mark.parametrize(("losses", "best_epoch"), [
    ([0.5, 0.4, 0.45], 2),
    ([0.5, math.nan, 0.6], 1),           # nan never wins, and does not hide what came before it
    ([math.nan, 0.5, 0.6], 2),
    ([0.4, 0.4, 0.4], 1),                # ties keep the earliest
    ([0.5, -math.inf, math.nan], 2),
])
def test_nan_never_wins_and_ties_keep_the_earliest(tmp_path, losses, best_epoch):
    path = tmp_path / "best.ckpt"
    keep_best(pretend(make_trainer(), losses), len(losses), path)
    assert saved_iteration(path) == 4 * best_epoch


def test_a_run_of_nan_alone_saves_no_best_file(tmp_path):
    trainer = make_trainer()
    trainer.history["val_loss"][0] = math.nan
    keep_best(pretend(trainer, [math.nan] * 3), 3, tmp_path / "best.ckpt")
    assert list(tmp_path.iterdir()) == []


def test_after_a_resume_a_worse_epoch_never_overwrites_the_best_file(tmp_path):
    best, latest = tmp_path / "best.ckpt", tmp_path / "latest.ckpt"
    first = pretend(make_trainer(), [0.5, 0.3])
    keep_best(first, 2, best)
    save_checkpoint(latest, first)
    content = best.read_bytes()

    resumed = make_trainer()
    load_checkpoint(latest, resumed)
    pretend(resumed, [0.4, 0.35, 0.2])
    keep_best(resumed, 2, best)
    assert best.read_bytes() == content, "0.4 and 0.35 are better than nothing, but worse than the saved 0.3"
    keep_best(resumed, 1, best)
    assert saved_iteration(best) == 20


def test_every_second_epoch_is_saved_under_its_own_name(tmp_path):
    trainer = make_trainer()
    for epoch in trainer.epochs(5):
        if epoch % 2 == 0:
            save_checkpoint(tmp_path / f"epoch-{epoch:02}.ckpt", trainer)
    found = {path.name: saved_iteration(path) for path in tmp_path.iterdir()}
    assert found == {"epoch-02.ckpt": 8, "epoch-04.ckpt": 16}
