"""Chapter 08: each number and comparison in its prose, measured again; its challenges, met in the panel itself."""

from math import sqrt
from statistics import fmean, stdev

import numpy as np
import pytest
import torch

from pigeon_lessons import explore, load_mnist, split, sweep
from pigeon_lessons.chapters.playground.questions import IN_ALL
from pigeon_lessons.panels.controls import CONTROLS
from pigeon_lessons.questions.content import solution_of

TRAIN, VAL, _ = split(load_mnist())
SETTINGS = {"momentum": (0.005, 0.9), "slow": (0.005, 0.0), "disguised": (0.05, 0.0),
            "fast": (0.05, 0.9), "fast disguised": (0.5, 0.0)}


@pytest.fixture(scope="module")
def ends():
    """Return the last validation losses [20 seeds] of each setting: the lesson's ten, then its new ones."""
    grid = [{"lr": lr, "momentum": momentum, "seed": seed} for lr, momentum in SETTINGS.values()
            for seed in range(1, 21)]
    losses = np.array([history["val_loss"][-1] for history in sweep(grid, TRAIN, VAL)])
    return dict(zip(SETTINGS, losses.reshape(-1, 20), strict=True))


def test_momentum_lags_behind_its_disguise_at_first_and_from_epoch_8_on_the_bands_overlap():
    settings = [{"lr": lr, "momentum": momentum, "seed": seed} for lr, momentum in ((0.005, 0.9), (0.05, 0.0))
                for seed in range(1, 11)]
    losses = np.array([history["val_loss"] for history in sweep(settings, TRAIN, VAL)]).reshape(2, 10, 16)
    lag, spread = losses[0].mean(axis=0) - losses[1].mean(axis=0), losses.std(axis=1, ddof=1)
    assert (lag[1:4] > spread.max(axis=0)[1:4]).all()
    assert (lag[8:] < spread.sum(axis=0)[8:]).all()  # closer than one band each


def differences(ends, one, other, *, new):
    part = slice(10, 20) if new else slice(0, 10)
    return (ends[other] - ends[one])[part]


def in_errors(values):
    """Return how many of its standard errors a mean difference is from 0."""
    return abs(fmean(values)) / (stdev(values) / sqrt(len(values)))


def error_apart(ends, one, other):
    return sqrt((stdev(ends[one][:10]) ** 2 + stdev(ends[other][:10]) ** 2) / 10)


def test_ten_times_the_rate_brings_back_what_the_missing_momentum_had_cost(ends):
    means = [fmean(ends[name][:10]) for name in ("momentum", "slow", "disguised")]
    assert means == pytest.approx([0.188, 0.435, 0.182], abs=6e-4)
    assert all(ends["slow"] > ends["momentum"] + 0.15)
    assert abs(means[0] - means[2]) < stdev(ends["momentum"][:10])


def test_the_lead_of_the_disguise_is_decided_pair_by_pair_but_not_apart_and_not_on_new_seeds(ends):
    found, again = (differences(ends, "momentum", "disguised", new=new) for new in (False, True))
    assert sum(found < 0) == 9 and fmean(found) == pytest.approx(-0.006, abs=5e-4)
    assert in_errors(found) == pytest.approx(3.7, abs=0.1)
    apart = error_apart(ends, "momentum", "disguised")
    assert stdev(found) / sqrt(10) < apart / 2 and abs(fmean(found)) < 2 * apart
    assert in_errors(again) == pytest.approx(1.5, abs=0.1)
    assert fmean(again) == pytest.approx(fmean(found), rel=0.2)
    cost = differences(ends, "momentum", "slow", new=False)
    assert abs(fmean(found)) < fmean(cost) / 40


def test_at_ten_times_the_rate_going_without_momentum_is_ahead_on_both_sets_of_seeds(ends):
    for new in (False, True):
        found = differences(ends, "fast", "fast disguised", new=new)
        assert in_errors(found) > 4 and fmean(found) < -0.01 and sum(found < 0) == 9
        part = slice(10, 20) if new else slice(0, 10)
        assert -fmean(found) / fmean(ends["fast"][part]) == pytest.approx(0.1, abs=0.02)


def test_with_tuned_rates_a_part_of_the_lead_goes_and_about_001_stays_at_the_best_epoch(ends):
    for seeds, part in ((range(1, 11), slice(0, 10)), (range(11, 21), slice(10, 20))):
        last, best, accuracy = {}, {}, {}
        for momentum, tenfold in ((0.9, 1), (0.0, 10)):
            tried = [sweep([{"lr": tenfold * lr, "momentum": momentum, "seed": seed} for seed in seeds], TRAIN, VAL)
                     for lr in (0.01, 0.02, 0.03, 0.05)]
            last[momentum] = min(fmean(run["val_loss"][-1] for run in runs) for runs in tried)
            best[momentum] = min(fmean(min(run["val_loss"]) for run in runs) for runs in tried)
            accuracy[momentum] = max(fmean(run["val_accuracy"][-1] for run in runs) for runs in tried)
        untuned = fmean(ends["fast"][part] - ends["fast disguised"][part])
        assert 0.004 < last[0.9] - last[0.0] < untuned * 2 / 3
        assert best[0.9] - best[0.0] == pytest.approx(0.0115, abs=0.004)
        assert 0 < accuracy[0.0] - accuracy[0.9] < 0.01


def test_at_the_larger_rate_pairing_gains_nothing(ends):
    found = differences(ends, "fast", "fast disguised", new=False)
    assert stdev(found) / sqrt(10) == pytest.approx(error_apart(ends, "fast", "fast disguised"), rel=0.1)


def test_momentum_is_nine_steps_behind_a_ten_times_larger_rate_where_the_gradient_stays_the_same():
    places = []
    for lr, momentum in ((0.01, 0.9), (0.1, 0.0)):
        place = torch.zeros(1, dtype=torch.float64, requires_grad=True)
        optimizer = torch.optim.SGD([place], lr=lr, momentum=momentum)
        for _ in range(480):
            optimizer.zero_grad()
            place.sum().backward()
            optimizer.step()
        places.append(place.item())
    assert (places[0] - places[1]) / 0.1 == pytest.approx(9)


def test_at_either_rate_the_larger_batch_ends_higher_though_changing_both_looks_like_a_gain(ends):
    slow, fast = (np.array([history["val_loss"][-1] for history in
                            sweep([{"lr": lr, "batch_size": 128, "seed": seed} for seed in range(1, 11)], TRAIN, VAL)])
                  for lr in (0.005, 0.05))
    assert fmean(fast) < fmean(ends["momentum"][:10]) - 0.02
    assert all(slow > ends["momentum"][:10]) and fmean(fast) > fmean(ends["fast"][:10]) + 0.02


def test_the_best_of_ten_of_the_worse_setting_beats_four_of_ten_and_one_try_four_of_a_hundred(ends):
    fast, disguised = ends["fast"][:10], ends["fast disguised"][:10]
    assert sum(disguised > min(fast)) == 4
    assert sum(a < b for a in fast for b in disguised) == 4


def met(panel):
    return [challenge["is_met"] for challenge in panel.scene.challenges]


def test_the_five_challenges_are_met_in_the_panel_by_settings_its_sliders_offer_and_none_at_the_start():
    panel = explore("playground", TRAIN, VAL)
    assert panel.state == "done" and not any(met(panel))
    for number in range(5):
        names = {}
        exec(solution_of(f"playground/challenge-{number + 1}"), names)
        assert all(value in CONTROLS[name].choices for name, value in names["answer"].items())
        panel.apply(IN_ALL | names["answer"])
        assert panel.state in ("done", "diverged") and met(panel)[number]
    assert met(panel) == [True] * 5
    panel.close()


def test_the_preset_large_and_long_over_fits():
    history = sweep([{"num_hidden": 60, "lr": 0.05}], TRAIN, VAL, epochs=50)[0]
    assert history["val_loss"][-1] > 1.2 * min(history["val_loss"]) and history["train_loss"][-1] < 0.001
