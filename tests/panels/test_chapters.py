"""The runs and pictures that only one chapter has: single updates, resumed runs, steps on a slope, the map."""

import contextlib
import io
import os
import subprocess
import sys

import numpy as np
import pytest

from pigeon_lessons import Pigeon, Trainer, evaluate, explore
from pigeon_lessons.chapters import PANELS
from pigeon_lessons.chapters.checkpointing.explorer import ResumedCurves, ResumedRun
from pigeon_lessons.chapters.meet_the_pigeon.explorer import UpdateRun
from pigeon_lessons.data import data_order
from pigeon_lessons.gradients import directions
from tests.panels import page

SETTINGS = {"lr": 0.05, "momentum": 0.9, "seed": 1, "interrupt": 2, "forget": "nothing"}


def test_single_updates_are_those_of_the_trainer_at_batch_size_1(digits):
    train, val = digits[0][:60], digits[1]
    run = UpdateRun({"lr": 0.01, "momentum": 0.9, "seed": 2}, train, val)
    history = run.finish(2).history
    trainer = Trainer(Pigeon(seed=2), train, val, lr=0.01, batch_size=1, seed=2)
    trainer.fit(2)
    assert history == trainer.history and history.batch_loss == trainer.history.batch_loss
    for (position, logit, _), loss in zip(run.updates, history.batch_loss, strict=True):
        target = train.targets[position].item()
        assert loss == pytest.approx(np.log1p(np.exp(-logit if target else logit)), rel=1e-4)


def test_the_update_shown_is_told_with_what_the_pigeon_says_before_and_after_it(digits):
    panel = explore("update_loop", *digits, lr=0.03, update=1)
    shown, pigeon = panel.scene.picture, Pigeon(seed=1)
    image = digits[0].images[shown["position"]]
    before = pigeon(image[None]).sigmoid().item()
    Trainer(pigeon, digits[0][[shown["position"]]], lr=0.03, batch_size=1).fit(1)
    assert (shown["chance"], shown["chance_after"]) == pytest.approx((before, pigeon(image[None]).sigmoid().item()))
    assert f"the probability {before:.3f}, at a loss of" in panel.summary


def test_a_resumed_run_equals_the_uninterrupted_one_to_the_last_bit(digits):
    run = ResumedRun(SETTINGS, *digits)
    result = run.finish(5)
    measured = ResumedCurves.measure(run, result, {}, [])
    assert (measured["difference"], measured["after"]) == (0.0, 0.0)
    assert result.history == run.whole.history == Trainer(Pigeon(seed=1), *digits, lr=0.05, seed=1).fit(5)


@pytest.mark.parametrize("forget", ["momentum", "position"])
def test_what_was_forgotten_shows_after_the_interruption_and_only_then(digits, forget):
    run = ResumedRun({**SETTINGS, "forget": forget}, *digits)
    result = run.finish(5)
    own, whole = result.history, run.whole.history
    assert own["train_loss"][:3] == whole["train_loss"][:3] and own["train_loss"][3] != whole["train_loss"][3]
    for clock in ("iteration", "epoch", "tau"):
        assert own[clock] == pytest.approx(whole[clock])
    assert len(own.batch_loss) == len(whole.batch_loss)


def test_checkpointing_says_that_nothing_is_lost_or_how_much(digits):
    panel = explore("checkpointing", *digits, epochs=5, interrupt=2)
    assert "equals the uninterrupted one, to the last bit" in panel.summary
    panel.controls["forget"].value = "momentum"
    assert "With the momentum forgotten, its training loss differs by up to" in panel.summary
    panel.controls["keep"].value = 3
    assert f"after 3 epochs have validation loss {panel.history['val_loss'][3]:.3g}" in panel.summary
    panel.controls["interrupt"].value = 10
    assert "The run ends before it is interrupted." in panel.summary


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
    assert (panel.scene.picture["before"], panel.scene.picture["after"]) == pytest.approx((before, after), rel=1e-4)
    assert f"takes the loss from {before:.3g} to {after:.3g}" in panel.summary


def test_the_map_fills_with_the_mean_accuracy_of_what_was_visited(digits):
    panel = explore("hyperparameters", *digits, epochs=2, repeats=3)
    panel.controls["lr"].value = 0.05
    shown = panel.scene.picture
    ends = panel.scene.now.ends("val_accuracy")
    assert [(shown["rates"][cell["column"]], shown["sizes"][cell["row"]]) for cell in shown["cells"]] == [
        (0.005, 30), (0.05, 30)]
    assert shown["cells"][1]["accuracy"] == pytest.approx(np.mean(ends)) and shown["here"] == (4, 5)
    panel.controls["seed"].value = 2
    assert len(panel.scene.picture["cells"]) == 1


def test_the_batch_shown_is_the_one_that_the_seed_draws(digits):
    panel = explore("batching", *digits, batch_size=8)
    panel.controls["batch"].value = 3
    positions = data_order(len(digits[0]), seed=1, epoch=0)[16:24]
    loss = evaluate(Pigeon(seed=1), digits[0][positions])["loss"]
    assert panel.scene.picture["positions"] == positions.tolist()
    assert f"Batch 3 holds 8 images; its mean loss is {loss:.3g}" in panel.summary


def test_a_batch_s_direction_is_measured_by_the_pigeon_after_the_epoch_chosen(digits):
    panel = explore("batching", *digits, lr=0.1, stage=2, epochs=3)
    trainer = Trainer(Pigeon(seed=1), digits[0], lr=0.1)
    trainer.fit(2)
    found = directions(trainer.model, digits[0], 32, seed=1)
    assert panel.scene.picture["cosine"] == pytest.approx(found[0].cosine, abs=1e-3)
    panel.controls["epochs"].value = 1  # the run is over before: the last epoch there is
    trainer = Trainer(Pigeon(seed=1), digits[0], lr=0.1)
    trainer.fit(1)
    found = directions(trainer.model, digits[0], 32, seed=1)
    assert panel.scene.picture["cosine"] == pytest.approx(found[0].cosine, abs=1e-3)


def test_the_leaderboard_ranks_finished_runs_and_leaves_out_diverged_ones(digits):
    panel = explore("playground", *digits, epochs=3)
    for rate in (0.05, 10.0, 0.0001):
        panel.controls["lr"].value = rate
    best = panel.scene.leaderboard
    accuracies = [one["accuracy"] for one in best]
    assert len(accuracies) == 3 and accuracies == sorted(accuracies, reverse=True)
    assert all(one["settings"]["lr"] != 10.0 for one in best)
    assert page.html(panel, "pigeon-leaderboard").count("<tr>") == 1 + 3


PICTURES = """
import hashlib
from pigeon_lessons import explore, load_mnist
from pigeon_lessons.chapters import PANELS
from pigeon_lessons.panels.declare import declared
from pigeon_lessons.panels.drawing import last_picture

digits = load_mnist()
for name in PANELS:
    scene = explore(name, digits[:64], digits[64:96]).scene
    saved = last_picture(declared(name), scene, digits[:64])
    print(name, hashlib.sha256(saved.encode()).hexdigest())
"""


def test_a_panels_picture_is_the_same_to_the_byte_in_every_process():
    other = subprocess.run([sys.executable, "-c", PICTURES], capture_output=True, text=True, check=True,
                           env={**os.environ, "PYTHONHASHSEED": "1"}).stdout
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(PICTURES, {})
    assert [line.split()[0] for line in other.splitlines()] == list(PANELS) and other == printed.getvalue()
