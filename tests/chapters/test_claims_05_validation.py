"""Chapter 05: each number and comparison in its prose, measured again, over several seeds where it generalizes."""

import copy
from pathlib import Path
from statistics import NormalDist, fmean

import jupytext
import numpy as np
import pytest
import torch

from pigeon_lessons import Digits, Pigeon, Trainer, evaluate, load_mnist, split, sweep
from tests.chapters.claims import stands

TRAIN, VAL, TEST = split(load_mnist())
FEW = TRAIN[:256]
SEEDS = range(1, 9)
ALWAYS_NO = 1 - VAL.targets.mean().item()


@pytest.fixture(scope="module")
def eight():
    """Return eight histories of 100 epochs on 256 images at learning rate 0.05."""
    return sweep([{"lr": 0.05, "seed": seed} for seed in SEEDS], FEW, VAL, epochs=100)


@pytest.fixture(scope="module")
def stopped():
    """Return the lesson's early-stopped trainer and its weights as they were at the best epoch."""
    trainer = Trainer(Pigeon(seed=1), FEW, VAL, lr=0.05)
    for epoch in trainer.epochs(100):
        if trainer.history.is_best("val_loss"):
            best_epoch, weights = epoch, copy.deepcopy(trainer.model.state_dict())
        if epoch - best_epoch >= 5:
            break
    return trainer, best_epoch, weights


def lesson_cell(part):
    """Return the names that the code cell with `part` in it defines: the lesson's code is tested, not a copy of it."""
    notebook = jupytext.read(Path(__file__).parents[2] / "lessons" / "05_validation.md")
    source = next(cell.source for cell in notebook.cells if cell.cell_type == "code" and part in cell.source)
    names = {}
    exec(source, names)
    return names


def test_after_the_usual_run_new_digits_are_three_points_worse_than_training_digits():
    end = Trainer(Pigeon(seed=1), TRAIN, VAL).fit(15).row(-1)
    stands("05", "95.9 % on the training digits, 92.9 % on new ones", end["train_accuracy"], end["val_accuracy"])


def test_over_eight_seeds_validation_is_worse_than_training_after_the_usual_run():
    for history in sweep([{"seed": seed} for seed in SEEDS], TRAIN, VAL):
        assert history["val_loss"][-1] > history["train_loss"][-1]
        assert history["val_accuracy"][-1] < history["train_accuracy"][-1]


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_dealt_labels_are_learned_by_heart_and_new_digits_are_then_worse_than_always_no(seed):
    dealt = FEW.labels[torch.randperm(256, generator=torch.Generator().manual_seed(seed))]
    history = Trainer(Pigeon(seed=seed), Digits(FEW.images, dealt), VAL, lr=0.05, seed=seed).fit(100)
    assert history["train_accuracy"][-1] == 1
    assert history["val_accuracy"][-1] < ALWAYS_NO
    yes = 3 / 10  # three of ten digits, and as often by dice
    no = 1 - yes
    assert history["val_accuracy"][-1] == pytest.approx(yes * yes + no * no, abs=0.06)  # blind guessing
    stands("05", "a probability of 0.3 · 0.3 + 0.7 · 0.7 = 58 %", yes, yes, no, no, yes * yes + no * no)


def test_right_labels_on_the_same_images_reach_over_90_percent_of_new_digits(eight):
    assert all(history["train_accuracy"][-1] == 1 and history["val_accuracy"][-1] > 0.9 for history in eight)
    assert eight[0]["val_accuracy"][-1] == pytest.approx(0.924, abs=1e-3)


def test_validation_loss_turns_while_training_loss_falls_to_almost_nothing(eight):
    bests = [history.best("val_loss") for history in eight]
    stands("05", "In all eight runs the validation loss turns within the first 15 epochs, and ends at least 40 % above",
           ..., [history["val_loss"][-1] / best["val_loss"] - 1 for history, best in zip(eight, bests, strict=True)],
           eight=sum(5 <= best["epoch"] <= 15 for best in bests))
    assert all(history["train_loss"][-1] < 0.001 for history in eight)
    best = eight[0].best("val_loss")
    stands("05", "The validation loss is lowest after 10 epochs, at 0.221. Then it turns and ends at 0.341",
           best["epoch"], best["val_loss"], eight[0]["val_loss"][-1])


@pytest.fixture(scope="module")
def slow_and_fast():
    """Return five histories of 200 epochs at 0.005, and five of 60 epochs at 0.05, on 1,024 images."""
    return [sweep([{"lr": lr, "seed": seed} for seed in SEEDS[:5]], TRAIN, VAL, epochs=n)
            for lr, n in ((0.005, 200), (0.05, 60))]


def test_each_knob_does_to_the_validation_loss_what_the_table_says(eight, slow_and_fast):
    usual = Trainer(Pigeon(seed=1), TRAIN, VAL).fit(15)
    slow, fast = (runs[0] for runs in slow_and_fast)
    runs = [usual, slow.up_to(60 * 32), slow, fast, eight[0].up_to(480)]
    lowest = [min(history["val_loss"]) for history in runs]
    assert lowest == pytest.approx([0.185, 0.120, 0.119, 0.106, 0.221], abs=6e-4)
    stands("05", "the best loss is twice as high, 0.221", lowest[4])
    rise = [history["val_loss"][-1] / low - 1 for history, low in zip(runs, lowest, strict=True)]
    assert rise[1] < 0.01 and rise[2] == pytest.approx(0.13, abs=0.01) and min(rise[3:]) > 0.4
    assert runs[3]["train_loss"][-1] < 0.002 > runs[4]["train_loss"][-1]


def test_slow_and_fast_runs_turn_at_about_the_same_time_on_the_clock(slow_and_fast):
    slow, fast = ([history.best("val_loss")["tau"] for history in runs] for runs in slow_and_fast)
    assert all(one < other < 2 * one for one, other in zip(slow, fast, strict=True))
    in_epochs = fmean(slow) / fmean(fast) * 10  # an epoch at ten times the rate is ten times as long on the clock
    stands("05", "In epochs they are a factor of seven apart", seven=in_epochs)
    stands("05", "then went on three times as far", three=60 * 32 * 0.5 / (200 * 32 * 0.05))
    stands("06", "lowest when τ is somewhat above 100", [slow[0], fast[0]])
    stands("05", "slow runs are best between τ = 90 and 130, fast ones between 128 and 176", min(slow), max(slow),
           min(fast), max(fast))
    assert all(history["val_loss"][-1] > 1.1 * min(history["val_loss"]) for runs in slow_and_fast for history in runs)


def test_validation_loss_is_flat_before_it_rises_while_training_loss_falls_by_nearly_half(slow_and_fast):
    slow = slow_and_fast[0]
    assert [round(slow[0]["val_loss"][epoch], 3) for epoch in (60, 80)] == pytest.approx([0.120, 0.121], abs=2e-3)
    for history in slow:
        assert abs(history["val_loss"][80] - history["val_loss"][60]) < 0.006
        assert 0.4 < 1 - history["train_loss"][80] / history["train_loss"][60] < 0.5


def dropped_out(seed):
    torch.manual_seed(seed)
    network = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(784, 30), torch.nn.ReLU(),
                                  torch.nn.Dropout(0.5), torch.nn.Linear(30, 1))
    return Trainer(network, FEW, VAL, lr=0.05, seed=seed, evaluate_every=40).fit(60)


def test_of_the_four_cures_moved_copies_help_most_and_weight_decay_makes_stopping_hardly_needed():
    moved = [torch.roll(FEW.images, shift, (2, 3)) for shift in ((0, 0), (1, 0), (-1, 0), (0, 1), (0, -1))]
    more, seeds = Digits(torch.cat(moved), FEW.labels.repeat(5)), SEEDS[:5]

    def trained(digits, epochs, weight_decay=0.0):
        settings = [{"lr": 0.05, "weight_decay": weight_decay, "seed": seed} for seed in seeds]
        return sweep(settings, digits, VAL, epochs=epochs, evaluate_every=40)

    runs = {"none": trained(FEW, 60), "dropout": [dropped_out(seed) for seed in seeds],
            "decay": trained(FEW, 60, weight_decay=0.01), "copies": trained(more, 12)}
    assert {history.num_rows for histories in runs.values() for history in histories} == {13}  # equally many looks
    stands("05", "Four moved copies of each image make 1,280 out of 256", len(more), len(FEW))
    stands("05", "All get the same 480 updates", [run["iteration"][-1] for runs in runs.values() for run in runs])
    best = {cure: np.mean([min(history["val_loss"]) for history in runs[cure]]) for cure in runs}
    last = {cure: np.mean([history["val_loss"][-1] for history in runs[cure]]) for cure in runs}
    right = {cure: np.mean([run["val_accuracy"][-1] for run in runs[cure]]) for cure in runs}
    assert min(best, key=best.get) == max(right, key=right.get) == "copies"
    assert last["decay"] < best["decay"] + 0.04 and last["none"] > best["none"] + 0.1
    turned = {cure: last[cure] - best[cure] for cure in runs}
    assert min(turned, key=turned.get) == "decay" and turned["copies"] > 0.02
    assert best["dropout"] < best["none"] and last["dropout"] > best["dropout"] + 0.1


def test_dropout_answers_anew_each_time_until_eval_switches_it_off():
    network = torch.nn.Sequential(torch.nn.Dropout(0.5), torch.nn.Linear(8, 1))
    inputs = torch.ones(64, 8)
    assert not torch.equal(network(inputs), network(inputs))
    network.eval()
    assert torch.equal(network(inputs), network(inputs))
    with torch.no_grad():
        assert not network(inputs).requires_grad


def test_the_gradients_of_training_images_and_new_digits_agree_at_first_and_later_do_not():
    def gradient(model, digits):
        loss = torch.nn.functional.binary_cross_entropy_with_logits(model(digits.images), digits.targets)
        return torch.cat([part.flatten() for part in torch.autograd.grad(loss, list(model.parameters()))])

    cosines = []
    for seed in SEEDS:
        trainer = Trainer(Pigeon(seed=seed), FEW, lr=0.05, seed=seed)
        for epochs in (0, 20):
            trainer.fit(epochs)
            pair = gradient(trainer.model, FEW), gradient(trainer.model, VAL)
            cosines.append(torch.cosine_similarity(*pair, dim=0).item())
    assert min(cosines[::2]) > 0.9 and max(cosines[1::2]) < 0.3
    assert cosines[1] < 0
    assert cosines[:2] == pytest.approx([0.95, -0.41], abs=0.006)


def test_slow_and_long_has_hardly_any_turn():
    history = sweep([{"lr": 0.005}], TRAIN, VAL, epochs=100)[0]
    best = history.best("val_loss")
    assert best["epoch"] > 40 and history["val_loss"][-1] < 1.1 * best["val_loss"]


def test_early_stopping_ends_after_15_epochs_with_the_best_pigeon_of_all_100(stopped, eight):
    trainer, best_epoch, weights = stopped
    assert (trainer.epoch, best_epoch) == (15, 10)
    kept = Pigeon()
    kept.load_state_dict(weights)
    assert evaluate(kept, VAL)["loss"] == pytest.approx(min(eight[0]["val_loss"]), abs=1e-4)


def test_with_patience_5_early_stopping_finds_the_best_epoch_in_every_seed(eight):
    for history in eight:
        losses = history["val_loss"]
        best = history.best("val_loss")["epoch"]
        assert all(min(losses[:epoch + 1]) == min(losses[max(0, epoch - 4):epoch + 1]) for epoch in range(1, int(best)))


def test_a_state_dict_that_is_not_copied_changes_with_the_next_update():
    trainer = Trainer(Pigeon(seed=1), FEW)
    live = trainer.model.state_dict()
    copied = copy.deepcopy(live)
    list(trainer.iterations(1))
    assert not torch.equal(live["output.bias"], copied["output.bias"])


def test_at_the_end_wrong_answers_are_about_as_many_and_cost_twice_as_much(stopped):
    _, _, weights = stopped
    at_best = Pigeon()
    at_best.load_state_dict(weights)
    at_end = Trainer(Pigeon(seed=1), FEW, lr=0.05)
    at_end.fit(100)
    counts, costs = [], []
    for model in (at_best, at_end.model):
        with torch.no_grad():
            logits = model(VAL.images)
        losses = torch.nn.functional.binary_cross_entropy_with_logits(logits, VAL.targets, reduction="none")
        wrong = (logits > 0) != (VAL.targets > 0.5)
        counts.append(wrong.sum().item())
        costs.append(losses[wrong].mean().item())
    assert counts[1] < counts[0] < counts[1] + 10
    assert 1.8 < costs[1] / costs[0] < 2.2


def test_the_wilson_interval_of_the_lesson_has_the_limits_of_its_defining_equation():
    wilson = lesson_cell("def wilson")["wilson"]
    for right, total in ((60, 64), (952, 1024), (0, 10), (10, 10)):
        low, share, high = wilson(right, total)
        for limit in (low, high):  # |measured - limit| is z standard errors of the limit itself
            assert (share - limit) ** 2 == pytest.approx(1.96**2 * limit * (1 - limit) / total, abs=1e-12)
        assert low - 1e-12 <= share <= high + 1e-12


def test_the_wilson_interval_contains_the_true_share_in_95_of_100_draws():
    wilson = lesson_cell("def wilson")["wilson"]
    draws = np.random.default_rng(1).binomial(1024, 0.95, size=4000)
    caught = [low <= 0.95 <= high for low, _, high in (wilson(int(right), 1024) for right in draws)]
    assert np.mean(caught) == pytest.approx(0.95, abs=0.012)


def test_a_standard_error_and_how_many_of_them_hold_95_percent_of_a_bell_curve():
    share, total, sure = 0.93, len(VAL), 0.95
    wide = NormalDist().inv_cdf((1 + sure) / 2)
    error = np.sqrt(share * (1 - share) / total)
    stands("05", "For 93 % of 1,024 digits that is 0.8 points", share, total, 100 * error)
    stands("05", "1.96, to be exact, because 95 % of a bell curve lie within 1.96 standard deviations", wide, sure,
           round(wide, 2))
    stands("05", "which true shares lie within 1.96 of", round(wide, 2))


def test_four_times_the_digits_halve_the_interval():
    wilson = lesson_cell("def wilson")["wilson"]
    widths = [high - low for low, _, high in (wilson(round(0.93 * total), total) for total in (256, 1024))]
    assert widths[0] / widths[1] == pytest.approx(2, abs=0.1)
    low, _, high = wilson(60, total := 64)
    stands("05", "right on 93.8 % of 64 digits, its true share may be as low as 85 %, or as high as 98 %", 60 / total,
           total, low, high)


def test_validation_prefers_the_larger_learning_rate_and_the_test_score_is_the_lower_one():
    histories = {lr: Trainer(Pigeon(seed=1), TRAIN, VAL, lr=lr).fit(15) for lr in (0.005, 0.05)}
    assert [min(histories[lr]["val_loss"]) for lr in (0.005, 0.05)] == pytest.approx([0.185, 0.106], abs=6e-4)
    final = Trainer(Pigeon(seed=1), TRAIN, lr=0.05)
    final.fit(int(histories[0.05].best("val_loss")["epoch"]))
    shares = [(evaluate(final.model, digits)["accuracy"], len(digits)) for digits in (VAL, TEST)]
    error = np.sqrt(sum(share * (1 - share) / n for share, n in shares))
    stands("05", "On the validation digits it was 96.8 %", shares[0][0])
    low, right, high = lesson_cell("def wilson")["wilson"](round(shares[1][0] * len(TEST)), len(TEST))
    stands("05", "right in 95.6 %, give or take 0.7 points", right, 100 * (high - low) / 2)
    stands("09", "was right on 95.6 % of the test digits", right)
    stands("05", "The gap is 1.7 of them", (shares[0][0] - shares[1][0]) / error)
    with torch.no_grad():
        yes, small = final.model(VAL.images)[:, 0].numpy() > 0, VAL.labels.numpy() < 3
    assert (yes & small).sum() / yes.sum() == pytest.approx(0.94, abs=0.006)  # precision
    assert (yes & small).sum() / small.sum() == pytest.approx(0.95, abs=0.006)  # recall


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_copies_on_both_sides_of_the_split_make_the_score_too_good(seed):
    positions = torch.arange(512).repeat(4)[torch.randperm(2048, generator=torch.Generator().manual_seed(seed))]
    leaky_train, leaky_val, _ = split(TRAIN[positions])
    trainer = Trainer(Pigeon(seed=seed), leaky_train, leaky_val, lr=0.05, seed=seed)
    trainer.fit(15)
    assert trainer.history["val_accuracy"][-1] > 0.985
    assert evaluate(trainer.model, VAL)["accuracy"] < 0.955
    assert len(positions[:1024].unique()) > 0.9 * 512  # nearly all
    if seed == 1:
        assert np.isin(positions[1024:], positions[:1024]).sum() == 888


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_splitting_before_copying_gives_a_score_that_holds_elsewhere(seed):
    part, held_out, _ = split(TRAIN[:512], train=256, val=256)
    trainer = Trainer(Pigeon(seed=seed), part[torch.arange(256).repeat(4)], held_out, lr=0.05, seed=seed)
    trainer.fit(15)
    assert abs(trainer.history["val_accuracy"][-1] - evaluate(trainer.model, VAL)["accuracy"]) < 0.03


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_choosing_the_epoch_on_a_small_test_set_flatters_by_two_points(seed):
    trainer, is_right = Trainer(Pigeon(seed=seed), FEW, lr=0.1, seed=seed), []
    for _ in trainer.epochs(40):
        with torch.no_grad():
            is_right.append(((trainer.model(VAL.images) > 0) == (VAL.targets > 0.5))[:, 0].numpy())
    is_right, flattery = np.array(is_right), []
    for first in range(0, 1000, 100):
        outside = np.delete(is_right, slice(first, first + 100), axis=1)
        chosen = is_right[:, first:first + 100].mean(axis=1).argmax()
        flattery.append(is_right[chosen, first:first + 100].mean() - outside[chosen].mean())
    assert 0.015 < np.mean(flattery) < 0.03


def test_the_presets_of_the_explorer_tell_true_stories():
    by_heart = sweep([{"lr": 0.05}], TRAIN[:64], VAL, epochs=50)[0]
    assert by_heart["train_accuracy"][-1] == 1 and by_heart["val_accuracy"][-1] < 0.9
    long = sweep([{"lr": 0.05, "num_hidden": 60}], TRAIN, VAL, epochs=100)[0]
    stopped_early = long.up_to(10 * 32)
    assert long["val_loss"][-1] > 1.4 * min(long["val_loss"]) > 0
    assert stopped_early["val_loss"][-1] < 1.15 * min(long["val_loss"])
    assert long["val_accuracy"][-1] >= stopped_early["val_accuracy"][-1]  # accuracy does not show it


def test_the_challenge_of_the_explorer_can_be_met_but_not_by_the_setting_it_starts_from():
    for num_hidden, lr, epochs, is_met in ((30, 0.05, 15, False), (120, 0.01, 30, True), (120, 0.02, 30, True)):
        settings = [{"num_hidden": num_hidden, "lr": lr, "seed": seed} for seed in (1, 2, 3)]
        histories = sweep(settings, FEW, VAL, epochs=epochs)
        assert (np.mean([min(history["val_loss"]) for history in histories]) < 0.215) == is_met
