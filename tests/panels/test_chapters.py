"""The runs and pictures that only one chapter has: single updates, resumed runs, steps on a slope, the map."""

import numpy as np
import pytest

from pigeon_lessons import Pigeon, Trainer, evaluate, explore
from pigeon_lessons.chapters.checkpointing.picture import ResumedRun
from pigeon_lessons.chapters.meet_the_pigeon.picture import UpdateRun

SETTINGS = {"lr": 0.05, "momentum": 0.9, "seed": 1, "interrupt": 2, "forget": "nothing"}


def walked(run, epochs):
    for _ in run.walk(epochs):
        pass
    return run.result(epochs)


def test_single_updates_are_those_of_the_trainer_at_batch_size_1(digits):
    train, val = digits[0][:60], digits[1]
    result = walked(UpdateRun({"lr": 0.01, "momentum": 0.9, "seed": 2}, train, val), 2)
    trainer = Trainer(Pigeon(seed=2), train, val, lr=0.01, batch_size=1, seed=2)
    trainer.fit(2)
    assert result.history.batch_loss == trainer.history.batch_loss
    assert [update.loss for update in result.updates] == trainer.history.batch_loss
    target = train.targets[result.updates[0].position].item()
    first = result.updates[0]
    assert first.loss == pytest.approx(np.log1p(np.exp(-first.logit if target else first.logit)), rel=1e-5)


def test_a_resumed_run_equals_the_uninterrupted_one_to_the_last_bit(digits):
    result = walked(ResumedRun(SETTINGS, *digits), 5)
    assert result.largest_difference() == (0.0, 0.0)
    assert result.history == result.whole
    assert result.history == Trainer(Pigeon(seed=1), *digits, lr=0.05, seed=1).fit(5)


@pytest.mark.parametrize("forget", ["momentum", "position"])
def test_what_was_forgotten_shows_after_the_interruption_and_only_then(digits, forget):
    result = walked(ResumedRun({**SETTINGS, "forget": forget}, *digits), 5)
    own, whole = result.history["train_loss"], result.whole["train_loss"]
    assert own[:3] == whole[:3] and own[3] != whole[3]
    assert result.history["iteration"] == result.whole["iteration"]
    assert len(result.history.batch_loss) == len(result.whole.batch_loss)


def test_a_resumed_run_can_be_left_and_continued(digits):
    run = ResumedRun({**SETTINGS, "forget": "position"}, *digits)
    for number, _ in enumerate(run.walk(5)):
        if number == 70:
            break
    walked(run, 3)
    assert walked(run, 5).history == walked(ResumedRun({**SETTINGS, "forget": "position"}, *digits), 5).history


def test_checkpointing_says_that_nothing_is_lost_or_how_much(digits):
    panel = explore("checkpointing", *digits, epochs=5, interrupt=2)
    assert "equals the uninterrupted one, to the last bit" in panel.summary
    panel.controls["forget"].value = "momentum"
    assert "With the momentum forgotten, its training loss differs by up to" in panel.summary
    panel.controls["keep"].value = 3
    assert f"after 3 epochs have validation loss {panel.history['val_loss'][3]:.3g}" in panel.summary


def test_epochs_reckons_iterations_and_the_short_last_batch(digits):
    panel = explore("epochs", *digits, train_images=100, batch_size=32, epochs=3)
    assert ("100 images in batches of 32 are 4 iterations an epoch, the last of them with 4 images only: "
            "3 epochs are 12 iterations, each image used 3 times.") in panel.summary
    assert panel.history["iteration"][-1] == 12


def test_the_step_lands_where_a_pigeon_lands_that_takes_it(digits):
    panel = explore("learning_rate", *digits, lr=0.3, momentum=0.0, epochs=2)
    train = digits[0]
    trainer = Trainer(Pigeon(seed=1), train, lr=0.3, batch_size=len(train), momentum=0.0)
    trainer.fit(1)
    before, after = (evaluate(pigeon, train)["loss"] for pigeon in (Pigeon(seed=1), trainer.model))
    assert f"takes the loss from {before:.3g} to {after:.3g}" in panel.summary


def test_the_map_fills_with_the_mean_accuracy_of_what_was_visited(digits):
    panel = explore("hyperparameters", *digits, epochs=2, repeats=3)
    panel.controls["lr"].value = 0.05
    cells = panel._canvas.picture.map.get_array()
    assert np.isfinite(cells).sum() == 2
    ends = panel._session.result().ends("val_accuracy")
    assert cells[4, 5] == pytest.approx(np.mean(ends))
    panel.controls["seed"].value = 2
    assert np.isfinite(panel._canvas.picture.map.get_array()).sum() == 1


def test_the_batch_shown_is_the_one_that_the_seed_draws(digits):
    from pigeon_lessons.data import data_order

    panel = explore("batching", *digits, batch_size=8)
    panel.controls["batch"].value = 3
    positions = data_order(len(digits[0]), seed=1, epoch=0)[16:24]
    loss = evaluate(Pigeon(seed=1), digits[0][positions])["loss"]
    assert f"Batch 3 holds 8 images; its mean loss is {loss:.3g}" in panel.summary


def test_the_leaderboard_ranks_finished_runs_and_leaves_out_diverged_ones(digits):
    panel = explore("playground", *digits, epochs=3)
    for rate in (0.05, 10.0, 0.0001):
        panel.controls["lr"].value = rate
    accuracies = [accuracy for accuracy, _ in panel._session.best_runs()]
    assert len(accuracies) == 3 and accuracies == sorted(accuracies, reverse=True)
    assert all(settings["lr"] != 10.0 for _, settings in panel._session.best_runs())
