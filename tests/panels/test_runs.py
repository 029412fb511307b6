"""Runs grow and never start anew: what is shorter is a cut of them, what is longer their continuation, to the bit."""

import numpy as np
import pytest
import torch

from pigeon_lessons import Pigeon, Trainer
from pigeon_lessons.history import BOUND, divergence
from pigeon_lessons.panels.runs import KEPT_EPOCHS, SweepRun
from tests.panels.declared import EXPLORERS

SETTINGS = {"lr": 0.05, "batch_size": 32, "seed": 3}
KINDS = {explorer.run: {"interrupt": 2, "forget": "position"} if name == "checkpointing" else {}
         for name, explorer in EXPLORERS.items()}
every_kind = pytest.mark.parametrize("kind", KINDS)


def made(kind, digits, **settings):
    return kind({**SETTINGS, **KINDS[kind], "train_images": 24, "batch_size": 8, **settings}, *digits)


def weights(pigeon):
    return torch.nn.utils.parameters_to_vector(pigeon.parameters())


def test_a_run_is_what_the_trainer_makes_of_the_same_settings(digits):
    trainer = Trainer(Pigeon(30, seed=3), *digits, lr=0.05, batch_size=32, seed=3)
    run = SweepRun(SETTINGS, *digits)
    result = run.finish(4)
    for name, column in trainer.fit(4).items():
        assert np.allclose(result.history[name], column, atol=1e-4), name
    assert torch.allclose(weights(run.pigeon_at(4)), weights(trainer.model), atol=1e-4)


@every_kind
def test_a_run_left_at_any_slice_and_taken_up_again_equals_one_that_never_was(kind, digits, every_block):
    whole = made(kind, digits)
    slices = sum(1 for _ in whole.walk(3))
    for leave in range(1, slices + 1, 1 + slices // 20):
        run = made(kind, digits)
        for number, _ in enumerate(run.walk(3), 1):
            if number == leave:
                break
        assert run.finish(3) == whole.result(3)
        for epoch in range(4):
            assert torch.equal(weights(run.pigeon_at(epoch)), weights(whole.pigeon_at(epoch))), (leave, epoch)


@every_kind
def test_the_weights_of_an_epoch_are_kept_before_its_last_slice_is_handed_out(kind, digits, monkeypatch):
    run, wanted = made(kind, digits), walked_to(kind, digits, 3)
    for _ in run.walk(3):
        if run.epochs_done == 3:
            break  # cancelled there, nothing that comes after the slice is done
    monkeypatch.setattr(kind, "walk", None)  # nothing may be trained any more
    assert torch.equal(weights(run.pigeon_at(3)), weights(wanted))


def walked_to(kind, digits, epoch):
    run = made(kind, digits)
    run.finish(epoch)
    return run.pigeon()


@every_kind
def test_the_weights_of_any_epoch_are_those_of_that_epoch_whatever_was_asked_for_before(kind, digits):
    run = made(kind, digits)
    run.finish(6)
    run.finish(3)
    for epoch in (3, 6, 4):  # 4 and 6 are none that a panel offers
        assert torch.equal(weights(run.pigeon_at(epoch)), weights(walked_to(kind, digits, epoch)))


@every_kind
def test_a_shorter_run_is_a_cut_of_the_longer_one(kind, digits):
    run = made(kind, digits)
    run.finish(4)
    for epochs in (1, 3):
        assert run.result(epochs) == made(kind, digits).finish(epochs)
        assert run.result(epochs).is_complete


def test_only_the_offered_epochs_and_the_newest_are_kept_on_the_way(digits):
    run = SweepRun(SETTINGS, *digits)
    run.finish(8)
    trained = []
    run.slices = trained.append
    assert [run.pigeon_at(epoch).hidden.out_features for epoch in (0, *KEPT_EPOCHS[:4], 8)] == [30] * 6
    assert trained == []


def test_a_result_is_made_once_and_does_not_change_when_the_run_goes_on(digits):
    run = SweepRun(SETTINGS, *digits)
    result = run.finish(2)
    assert run.result(2) is result
    rows = result.history.num_rows
    run.finish(4)
    assert result.history.num_rows == rows == 3
    assert run.result(2) == result


def test_repeats_are_the_seeds_from_the_chosen_one_on(digits):
    result = SweepRun({**SETTINGS, "repeats": 3}, *digits).finish(1)
    alone = SweepRun({**SETTINGS, "seed": 5}, *digits).finish(1)
    assert len(result.histories) == 3
    assert np.allclose(result.histories[2]["val_loss"], alone.history["val_loss"], atol=1e-5)


def test_fewer_training_images_are_the_first_ones_and_never_more_than_there_are(digits):
    train, val = digits
    fewer = SweepRun({**SETTINGS, "train_images": 64}, train, val).finish(2)
    assert fewer == SweepRun({**SETTINGS, "train_images": 1024}, train[:64], val).finish(2)
    assert fewer.iterations_per_epoch == 2 and fewer.settings["train_images"] == 64


@pytest.mark.parametrize(("losses", "batch_size", "update"), [
    ([0.7, float("inf"), 0.1], 32, 2),
    ([0.7, float("nan")], 1, 2),
    ([0.7, BOUND + 1], 32, 2),
    ([0.7, BOUND - 1], 32, None),
    ([0.7, BOUND + 1], 1, None),
    ([2 * BOUND] * 40, 1, 17),  # 17 images at 20 nats, among 32, are more than 10 on average
    ([], 32, None),
])
def test_divergence_is_a_loss_out_of_all_bounds_over_at_least_32_images(losses, batch_size, update):
    found = divergence(losses, batch_size)
    assert (found and found[0]) == update


@pytest.mark.parametrize("batch_size", [1, 5, 8, 32, 64])
def test_a_divergence_is_the_same_however_often_the_growing_losses_are_looked_at(batch_size):
    losses = np.random.default_rng(1).uniform(0, 17, size=200).tolist()
    at_once = divergence(losses, batch_size)
    for step in (1, 3, 50):
        looks = [divergence(losses[:seen + step], batch_size, since=seen) for seen in range(0, 200, step)]
        assert next((found for found in looks if found), None) == at_once


def test_a_huge_learning_rate_diverges_and_a_usual_one_does_not(digits):
    diverged = SweepRun({"lr": 10.0}, *digits)
    step, loss = diverged.finish(5).diverged
    assert loss > BOUND
    assert SweepRun({"lr": 0.05}, *digits).finish(5).diverged is None
    assert diverged.result(5, shown=(step - 1) // 4).diverged is None, "a run cut before it has not diverged"
