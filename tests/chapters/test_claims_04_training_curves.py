"""Chapter 04: each number and comparison in its prose, measured again, over several seeds where it generalizes."""

import random
import re
from math import log, sqrt
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn
from torch.utils.data import DataLoader

from pigeon_lessons import Digits, Pigeon, Trainer, evaluate, load_mnist, running_average, split, sweep
from pigeon_lessons.chapters.training_curves.clinic import PATIENTS
from pigeon_lessons.questions.content import declared
from tests.chapters.claims import stands

TRAIN, VAL, _ = split(load_mnist())
SEEDS = range(1, 9)
FIVE = [(1, 0.005), (1, 0.001), (32, 0.01), (32, 0.005), (32, 0.001)]  # in the order of their loss


@pytest.fixture(scope="module")
def one_epoch():
    """Return {(batch_size, lr): eight histories of one epoch}."""
    return {(batch_size, lr): sweep([{"batch_size": batch_size, "lr": lr, "seed": seed} for seed in SEEDS],
                                    TRAIN, epochs=1) for batch_size, lr in FIVE}


@pytest.fixture(scope="module")
def watched():
    """Return eight histories of three epochs at learning rate 0.01, evaluated at every iteration."""
    return sweep([{"lr": 0.01, "seed": seed} for seed in SEEDS], TRAIN, VAL, epochs=3, evaluate_every=1)


@pytest.fixture(scope="module")
def spoiled_and_mended():
    labels = TRAIN.labels.clone()
    labels[512:544] = torch.where(labels[512:544] < 3, 9, 0)
    return [Trainer(Pigeon(seed=1), digits, VAL, lr=0.01, shuffle=False).fit(10)
            for digits in (Digits(TRAIN.images, labels), TRAIN)]


def test_trainer_is_the_loop_that_students_wrote():
    pigeon, losses = Pigeon(seed=1), []
    optimizer = torch.optim.SGD(pigeon.parameters(), lr=0.005, momentum=0.9)
    for images, targets in DataLoader(TRAIN, batch_size=32):
        loss = nn.BCEWithLogitsLoss()(pigeon(images), targets)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        losses.append(loss.item())
    assert Trainer(Pigeon(seed=1), TRAIN, shuffle=False).fit(1).batch_loss == losses


def test_an_untrained_pigeon_starts_near_ln_2_at_every_batch_size(one_epoch):
    for (batch_size, _), histories in one_epoch.items():
        assert np.mean([history.batch_loss[0] for history in histories]) == pytest.approx(log(2), abs=0.07), batch_size
        assert all(history["train_loss"][0] == pytest.approx(log(2), abs=0.04) for history in histories)


def test_the_calm_curve_stays_between_04_and_08_and_the_jumpy_one_rises_above_10(one_epoch):
    calm, jumpy = one_epoch[32, 0.005][0].batch_loss, one_epoch[1, 0.005][0].batch_loss
    stands("04", "always more than 0.4 and less than 0.8", min(calm), max(calm))
    stands("04", "once it is above 10", max(jumpy))


def test_at_equal_images_seen_the_order_of_the_five_is_the_same_in_all_eight_seeds(one_epoch):
    ends = [[one_epoch[setting][seed]["train_loss"][-1] for setting in FIVE] for seed in range(len(SEEDS))]
    stands("04", "the five end in the same order in all eight seeds", eight=sum(one == sorted(one) for one in ends))
    jumpy, calm = (one_epoch[size, 0.005][0]["train_loss"][-1] for size in (1, 32))
    stands("04", "a loss of 0.15 against 0.56", jumpy, calm)
    stands("04", "The calm run of this chapter ended at a loss of 0.56", calm)


def test_batch_32_after_one_epoch_answers_no_to_every_digit(one_epoch):
    trainer = Trainer(Pigeon(seed=1), TRAIN)
    trainer.fit(1)
    with torch.no_grad():
        assert not (trainer.model(TRAIN.images) > 0).any()
    accuracy = one_epoch[32, 0.005][0]["train_accuracy"][-1]
    assert accuracy == (TRAIN.labels >= (least := 3)).sum().item() / len(TRAIN)
    stands("04", "ended at 69.2 %, which is exactly the share of digits that are 3 or larger", accuracy, least)


def test_at_equal_updates_batch_32_is_slightly_ahead_in_each_of_eight_seeds(one_epoch):
    singles = []
    for seed, calm in zip(SEEDS, one_epoch[32, 0.005], strict=True):
        trainer = Trainer(Pigeon(seed=seed), TRAIN, batch_size=1, seed=seed, evaluate_every=32)
        list(trainer.iterations(32))
        singles.append(trainer.history["train_loss"][-1])
        assert calm["train_loss"][-1] < singles[-1]
    stands("04", "the calm one is ahead, in each of the eight seeds", eight=len(singles))
    assert np.mean(singles) == pytest.approx(0.59, abs=0.005)
    assert np.mean([calm["train_loss"][-1] for calm in one_epoch[32, 0.005]]) == pytest.approx(0.56, abs=0.005)


def test_a_running_average_over_50_cuts_the_spread_to_a_seventh(one_epoch):
    runs = [history.batch_loss for history in one_epoch[1, 0.005]]
    raw = np.mean([np.std(run[512:]) for run in runs])
    averaged = np.mean([running_average(run, 50)[512:].std() for run in runs])
    assert averaged / raw == pytest.approx(1 / sqrt(50), rel=0.1)
    stands("04", "The window of 50 cuts the spread to about a seventh", ..., seventh=averaged / raw)


def test_most_single_image_losses_are_far_below_their_mean(one_epoch):
    late = np.array([history.batch_loss[512:] for history in one_epoch[1, 0.005]])
    stands("04", "Nearly two thirds of the losses are below 0.1, yet their mean is 0.27", ..., late.mean(),
           two_thirds=(late < 0.1).mean())


@pytest.mark.parametrize("window", [1, 2, 5, 50])
def test_on_a_straight_slope_a_running_average_is_late_by_half_its_window(window):
    line = np.arange(200.0)
    assert running_average(line, window)[window:] == pytest.approx(line[window:] - (window - 1) / 2)


def test_the_mini_batch_loss_scatters_evenly_around_the_loss_of_the_whole_set(watched):
    for history in watched:
        gaps = np.array(history.batch_loss) - np.array(history["train_loss"][:-1])
        assert abs(gaps.mean()) < 0.02
        assert 0.05 < gaps.std() < 0.09
        if history is watched[0]:  # as shown
            stands("04", "by about 0.07, and it is right on average", gaps.std())


def test_the_mean_over_an_epoch_is_late_so_that_validation_seems_better_than_training(watched):
    stands("04", "Here it says 0.595 when the Pigeon at the end of the epoch is at 0.491",
           np.mean(watched[0].batch_loss[:32]), watched[0]["train_loss"][32])
    for history in watched:
        assert np.mean(history.batch_loss[:32]) > max(history["train_loss"][32], history["val_loss"][32]) + 0.05


def test_accuracy_rests_while_the_loss_falls(watched):
    first = watched[0]
    start, end = first["iteration"][8], first["iteration"][28]
    stands("04", "From iteration 8 to 28 the accuracy rests at 69 %, while the loss falls from 0.64 to 0.52", start,
           end, first["train_accuracy"][start:end + 1], first["train_loss"][start], first["train_loss"][end])
    for history in watched:
        assert max(history["train_accuracy"][12:25]) - min(history["train_accuracy"][12:25]) < 0.015
        assert history["train_loss"][12] - history["train_loss"][24] > 0.05


def test_on_the_plateau_the_probabilities_of_the_two_groups_drift_apart():
    trainer, small = Trainer(Pigeon(seed=1), TRAIN, lr=0.01), TRAIN.labels < 3
    said_yes, gaps, means = [], [], []
    for iteration in trainer.iterations(28):
        if iteration in (12, 28):
            with torch.no_grad():
                p = torch.sigmoid(trainer.model(TRAIN.images))[:, 0]
            said_yes.append((p > 0.5).sum().item())
            gaps.append((p[small].mean() - p[~small].mean()).item())
            means.append((p[small].mean().item(), p[~small].mean().item()))
    assert said_yes == [0, 1]
    stands("04", "the gap between them grows from 0.03 to 0.11", *gaps)
    assert means[1][0] < means[0][0] and means[1][1] < means[0][1]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_with_as_many_digits_of_either_kind_the_mean_probability_of_the_small_ones_does_not_fall(seed):
    small = TRAIN.labels < 3
    few = (~small).nonzero()[:small.sum(), 0]
    order = torch.randperm(2 * len(few), generator=torch.Generator().manual_seed(1))
    balanced, means = TRAIN[torch.cat([small.nonzero()[:, 0], few])[order]], {}
    for digits in (TRAIN, balanced):
        trainer = Trainer(Pigeon(seed=seed), digits, lr=0.01, seed=seed)
        for iteration in trainer.iterations(28):
            if iteration in (12, 28):
                with torch.no_grad():
                    p = torch.sigmoid(trainer.model(digits.images))[digits.labels < 3].mean().item()
                means.setdefault(digits is balanced, []).append(p)
    assert means[False][0] > means[False][1] + 0.03 and means[True][0] < means[True][1]


def test_leaving_out_the_start_shows_that_the_loss_still_falls_by_four_fifths():
    average, start = running_average(Trainer(Pigeon(seed=1), TRAIN, lr=0.05).fit(10).batch_loss, 32), 96
    stands("04", "between iterations 96 and 320 the average falls from 0.17 to 0.03, by four fifths", start,
           len(average), average[start], average[-1], four_fifths=1 - average[-1] / average[start])


def test_looking_changes_nothing_and_costs_65_times_the_training_images():
    histories = {every: Trainer(Pigeon(seed=1), TRAIN, VAL, lr=0.01, evaluate_every=every).fit(3) for every in (1, 8)}
    every_1st, every_8th = histories[1], histories[8]
    for column in ("train_loss", "train_accuracy", "val_loss", "val_accuracy"):
        assert every_1st[column][::8] == every_8th[column]
    looked = {every: len(history["iteration"]) * 2048 for every, history in histories.items()}
    stands("04", "sends 65 times as many images through the network", looked[1] / (3 * len(TRAIN)))
    assert looked[1] / looked[8] == pytest.approx(8, abs=0.7)


def test_the_accuracy_over_a_quarter_of_the_digits_is_twice_as_uncertain():
    few, all_of_them = (np.random.default_rng(1).binomial(n, 0.9, 20_000) / n for n in (256, 1024))
    assert few.std() / all_of_them.std() == pytest.approx(2, rel=0.03)


def test_a_lower_rate_leaves_less_spread_between_seeds(one_epoch):
    spreads = [np.std([run["train_loss"][-1] for run in one_epoch[1, lr]], ddof=1) for lr in (0.001, 0.005)]
    stands("04", "with a standard deviation of 0.004 between seeds, at 0.005 with 0.023", spreads[0], ..., spreads[1])
    as_far = sweep([{"batch_size": 1, "lr": 0.001, "seed": seed} for seed in SEEDS], TRAIN, epochs=5)
    stands("04", "give it five epochs, and so the same way, and it is still at 0.013",
           np.std([run["train_loss"][-1] for run in as_far], ddof=1), five=0.005 / 0.001)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_one_batch_is_learned_by_heart_and_dealt_labels_help_no_new_digit(seed):
    one_batch = Trainer(Pigeon(seed=seed), TRAIN[:32], lr=0.05, seed=seed).fit(100)
    assert one_batch["train_loss"][-1] < 0.001 and one_batch["train_accuracy"][-1] == 1
    dealt = TRAIN.labels[torch.randperm(1024, generator=torch.Generator().manual_seed(seed))]
    history = Trainer(Pigeon(seed=seed), Digits(TRAIN.images, dealt), VAL, lr=0.05, seed=seed).fit(5)
    assert all(0.56 < loss < 0.66 for loss in history["val_loss"][1:])
    shares = torch.stack([TRAIN.targets.mean(), 1 - TRAIN.targets.mean()])
    knows_the_share = -(shares * shares.log()).sum()
    stands("04", '0.62 for one that knows only the share of "yes"', knows_the_share)
    stands("04", "With dealt labels the loss on new digits stays near 0.6", history["val_loss"][-1])
    assert Trainer(Pigeon(seed=seed), TRAIN, VAL, lr=0.05, seed=seed).fit(5)["val_loss"][-1] < 0.2


def test_a_first_loss_that_was_divided_by_the_batch_size_is_002(one_epoch):
    stands("04", "A first loss of 0.02 has been divided", one_epoch[32, 0.005][0].batch_loss[0] / 32)


def test_a_spike_that_comes_back_every_epoch_is_invisible_in_the_average_over_an_epoch(spoiled_and_mended):
    spoiled, mended = spoiled_and_mended
    by_epoch = np.array(spoiled.batch_loss).reshape(10, 32)
    assert (by_epoch[2:].argmax(axis=1) == 16).all()
    stands("04", "It grows to about 2.5", by_epoch[-1, 16])
    average = running_average(spoiled.batch_loss, 32)
    assert abs(np.diff(average[64:])).max() < 0.03  # no jump anywhere
    assert average[-1] == pytest.approx(0.23, abs=0.005)
    assert running_average(mended.batch_loss, 32)[-1] == pytest.approx(0.14, abs=0.005)
    assert max(mended.batch_loss[-32:]) < 0.5


def test_the_challenge_of_the_explorer_is_met_by_learning_rate_005_and_not_by_the_next_larger():
    for lr, loss in ((0.005, 0.56), (0.05, 0.25), (0.1, 0.32)):
        histories = sweep([{"lr": lr, "seed": seed} for seed in (1, 2, 3, 4, 5)], TRAIN, epochs=1)
        assert np.mean([history["train_loss"][-1] for history in histories]) == pytest.approx(loss, abs=0.01)


def patients():
    def trained(data=TRAIN, forget=False, **settings):
        trainer = Trainer(Pigeon(seed=settings.get("seed", 1)), data, **settings)
        if forget:
            trainer.optimizer.zero_grad = lambda: None
        trainer.fit(3)
        return trainer

    by_label = TRAIN[TRAIN.labels.sort(stable=True).indices]
    return {"healthy": trained(lr=0.05), "too small": trained(lr=0.0001), "too large": trained(lr=0.5, seed=6),
            "dead": trained(lr=2.0, seed=3), "sorted": trained(by_label, lr=0.01, shuffle=False),
            "no zero_grad": trained(lr=0.005, forget=True)}


def test_the_letters_of_the_gallery_are_those_that_the_lesson_deals():
    deal = random.Random(2)
    order = sorted(patients(), key=lambda name: deal.random())
    assert dict(zip("ABCDEF", order, strict=True)) == declared("training_curves")["exercises"]["gallery"]["right"]


def test_each_patient_shows_the_sign_by_which_the_hints_tell_it():
    runs = patients()
    losses = {name: np.array(run.history.batch_loss) for name, run in runs.items()}
    assert losses["healthy"][-32:].mean() < 0.2 and losses["healthy"].max() < 0.8
    assert losses["too small"].min() > 0.65
    assert losses["too large"][32:].min() < 0.2 and losses["too large"].max() > 1.5
    assert losses["dead"][:32].max() > 2 and losses["dead"][-32:].mean() == pytest.approx(0.64, abs=0.02)
    with torch.no_grad():
        assert not (runs["dead"].model.hidden(TRAIN.images.flatten(1)) > 0).any()
    sawtooth = losses["sorted"].reshape(3, 32)
    assert np.corrcoef(sawtooth[1:])[0, 1] > 0.9
    thirds = losses["no zero_grad"].reshape(3, 32)
    assert thirds[2].mean() > 2 * thirds[0].mean() and thirds.max() > 2


@pytest.fixture(scope="module")
def clinic():
    """Return what the cells of the lesson's clinic define, up to the first exercise."""
    text = (Path(__file__).parents[2] / "lessons" / "04_training_curves.md").read_text(encoding="utf-8")
    names = {"torch": torch, "nn": nn, "DataLoader": DataLoader, "Pigeon": Pigeon, "evaluate": evaluate, "val": VAL}
    cells = re.findall(r"```\{code-cell\} ipython3\n(.*?)```", text[text.index("### 5. The clinic"):], re.DOTALL)
    for cell in cells[:4]:
        exec(cell, names)
    return names


def test_six_patients_have_one_complaint_and_each_has_a_finding_of_its_own(clinic):
    found = {letter: {what: clinic["finding"](letter, what) for what in
                      ("loss before", "loss after", "units on", "yes", "gradient", "shapes")} for letter in "ABCDEF"}
    best = max(evaluate(one, VAL)["accuracy"] for one in clinic["ward"].values())
    stands("04", "they are right on 71 % of the validation digits at best", best)
    signs = {
        "sigmoid twice": lambda one: one["loss after"] > 0.9,
        "dead units": lambda one: one["units on"] == 0 and one["loss before"] < 0.75,
        "wrong shapes": lambda one: one["shapes"][2] != one["shapes"][1],
        "lost optimizer": lambda one: one["loss after"] == one["loss before"],
        "pixels to 255": lambda one: one["loss before"] > 2,
    }
    for illness, sign in signs.items():
        assert [PATIENTS[letter] for letter, one in found.items() if sign(one)] == [illness]
    images, targets = clinic["deliver"]("A")[:]
    assert torch.equal(images, TRAIN.images) and torch.equal(targets[1:], TRAIN.targets[:-1])
