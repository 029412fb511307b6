"""Chapter 08: each number and comparison in its prose, measured again; its challenges, met in the panel itself."""

from functools import cache
from math import log, sqrt
from pathlib import Path
from statistics import NormalDist, fmean, stdev

import numpy as np
import pytest
import torch

from pigeon_lessons import Sweep, check, explore, load_mnist, split, sweep
from pigeon_lessons.chapters.playground.questions import IN_ALL
from pigeon_lessons.panels.controls import CONTROLS
from pigeon_lessons.panels.declare import are_met
from pigeon_lessons.panels.runs import SweepRun
from pigeon_lessons.questions.content import solution_of
from tests.chapters.claims import stands
from tests.panels.declared import EXPLORERS

TRAIN, VAL, TEST = split(load_mnist())
TEXT = (Path(__file__).parents[2] / "lessons" / "08_playground.md").read_text(encoding="utf-8")
CHALLENGES = EXPLORERS["playground"].challenges
SETTINGS = {"momentum": (0.005, 0.9), "slow": (0.005, 0.0), "disguised": (0.05, 0.0),
            "fast": (0.05, 0.9), "fast disguised": (0.5, 0.0)}


@cache
def runs(lr, momentum):
    """Return the histories of a setting with 20 seeds: the lesson's ten, then its new ones."""
    return sweep([{"lr": lr, "momentum": momentum, "seed": seed} for seed in range(1, 21)], TRAIN, VAL)


@pytest.fixture(scope="module")
def ends():
    """Return the last validation losses [20 seeds] of each setting."""
    return {name: np.array([history["val_loss"][-1] for history in runs(*setting)])
            for name, setting in SETTINGS.items()}


def test_momentum_lags_behind_its_disguise_at_first_and_from_epoch_8_on_the_bands_overlap():
    losses = np.array([[history["val_loss"] for history in runs(*SETTINGS[name])[:10]]
                       for name in ("momentum", "disguised")])
    lag, spread = losses[0].mean(axis=0) - losses[1].mean(axis=0), losses.std(axis=1, ddof=1)
    assert (lag[1:4] > spread.max(axis=0)[1:4]).all()
    together = max(np.flatnonzero(lag >= spread.sum(axis=0))) + 1  # closer than one band each from here on
    assert together <= (said := 8)
    stands("08", "From epoch 8 on the two bands can hardly be told apart", said)


def test_nine_steps_are_more_than_half_of_the_lag_of_momentum():
    settings = [{"lr": lr, "momentum": momentum, "seed": seed} for lr, momentum in ((0.005, 0.9), (0.05, 0.0))
                for seed in range(1, 11)]
    losses = np.array([history["val_loss"] for history in sweep(settings, TRAIN, VAL, epochs=3, evaluate_every=1)])
    late, ahead = losses.reshape(2, 10, -1).mean(axis=1)
    steps = round(0.9 / (1 - 0.9))
    made_up = [1 - (late[at + steps] - ahead[at]) / (late[at] - ahead[at]) for at in (16, 32, 64)]
    stands("08", "some nine steps late (see Explain), and that is more than half of the lag", nine=steps, half=made_up)


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
    stands("08", "the loss ends at 0.435 instead of 0.188", means[1], means[0])
    assert all(ends["slow"] > ends["momentum"] + 0.15)
    assert abs(means[0] - means[2]) < stdev(ends["momentum"][:10])


def test_the_lead_of_the_disguise_is_decided_pair_by_pair_but_not_apart_and_not_on_new_seeds(ends):
    found, again = (differences(ends, "momentum", "disguised", new=new) for new in (False, True))
    stands("08", "is better, it seems, in nine of ten seeds", nine=sum(found < 0), ten=len(found))
    stands("08", "Nearly equal. The difference is 0.006", fmean(found))
    stands("08", "the same difference is 3.7 of them", in_errors(found))
    apart = error_apart(ends, "momentum", "disguised")
    stands("08", "the standard error is less than half as large", half=stdev(found) / sqrt(10) / apart)
    assert abs(fmean(found)) < 2 * apart
    stands("08", "nearly the same size, but it is 1.5 standard errors", in_errors(again))
    assert fmean(again) == pytest.approx(fmean(found), rel=0.2)
    cost = differences(ends, "momentum", "slow", new=False)
    stands("08", "is less than a fortieth of what taking the momentum away had cost",
           fortieth=fmean(found) / fmean(cost))


def test_at_ten_times_the_rate_going_without_momentum_is_ahead_on_both_sets_of_seeds(ends):
    for new in (False, True):
        found = differences(ends, "fast", "fast disguised", new=new)
        part = slice(10, 20) if new else slice(0, 10)
        assert in_errors(found) > 4 and -fmean(found) / fmean(ends["fast"][part]) == pytest.approx(0.1, abs=0.02)
        stands("08", "the loss ends lower by more than 0.01, about a tenth of the whole, and in nine of the ten new "
                     "seeds", -fmean(found), nine=sum(found < 0), ten=len(found))
        if not new:
            stands("08", "Five standard errors this time", five=in_errors(found))


def test_with_tuned_rates_a_part_of_the_lead_goes_and_about_001_stays_at_the_best_epoch(ends):
    for part in (slice(0, 10), slice(10, 20)):
        last, best, accuracy = {}, {}, {}
        for momentum, rates in ((0.9, (0.01, 0.02, 0.03, 0.05)), (0.0, (0.1, 0.2, 0.3, 0.5))):
            tried = [runs(lr, momentum)[part] for lr in rates]
            last[momentum] = min(fmean(run["val_loss"][-1] for run in ten) for ten in tried)
            best[momentum] = min(fmean(min(run["val_loss"]) for run in ten) for ten in tried)
            accuracy[momentum] = max(fmean(run["val_accuracy"][-1] for run in ten) for ten in tried)
        untuned = fmean(ends["fast"][part] - ends["fast disguised"][part])
        assert 0.004 < last[0.9] - last[0.0] < untuned * 2 / 3
        stands("08", "a gap of about 0.01 remains", best[0.9] - best[0.0])
        assert 0 < accuracy[0.0] - accuracy[0.9] < 0.01


def test_at_the_larger_rate_pairing_gains_nothing(ends):
    found = differences(ends, "fast", "fast disguised", new=False)
    apart = error_apart(ends, "fast", "fast disguised")
    assert stdev(found) / sqrt(10) == pytest.approx(apart, rel=0.1)
    stands("08", "5.1 standard errors as two groups, 5.2 in pairs", fmean(found) / apart, in_errors(found))


def test_momentum_is_nine_steps_behind_a_ten_times_larger_rate_where_the_gradient_stays_the_same():
    places = []
    for lr, momentum in ((0.01, 0.9), (0.1, 0.0)):
        place = torch.zeros(1, dtype=torch.float64, requires_grad=True)
        optimizer = torch.optim.SGD([place], lr=lr, momentum=momentum)
        for _ in range(updates := 15 * 1024 // 32):
            optimizer.zero_grad()
            place.sum().backward()
            optimizer.step()
        places.append(place.item())
    stands("08", r"that costs $\mu / (1 - \mu) = 9$ steps, of 480 here", ..., (places[0] - places[1]) / lr, updates)


def test_at_either_rate_the_larger_batch_ends_higher_though_changing_both_looks_like_a_gain(ends):
    slow, fast = (np.array([history["val_loss"][-1] for history in
                            sweep([{"lr": lr, "batch_size": 128, "seed": seed} for seed in range(1, 11)], TRAIN, VAL)])
                  for lr in (0.005, 0.05))
    assert fmean(fast) < fmean(ends["momentum"][:10]) - 0.02
    assert all(slow > ends["momentum"][:10]) and fmean(fast) > fmean(ends["fast"][:10]) + 0.02
    equal_updates = sweep([{"batch_size": 128, "seed": seed} for seed in range(1, 11)], TRAIN, VAL, epochs=4 * 15)
    assert fmean(run["val_loss"][-1] for run in equal_updates) == pytest.approx(fmean(ends["momentum"][:10]), abs=0.01)


@pytest.fixture(scope="module")
def right():
    """Return which of the 1,024 validation digits each of 64 runs that differ in their seed reads rightly."""
    run = Sweep([{"lr": 0.05, "seed": seed} for seed in range(1, 65)], TRAIN)
    for _ in run.slices(epochs=5):
        pass
    with torch.no_grad():
        return np.array([((run.pigeon(place)(VAL.images) > 0) == (VAL.targets > 0.5)).numpy().ravel()
                         for place in range(64)])


def too_good(right, number, *, same_digits, draws):
    """Return the mean by which the best of so many runs is too good, in standard errors of 128 digits."""
    gaps = []
    for _ in range(800):
        runs, digits = right[draws.permutation(64)[:number]], draws.permutation(1024)
        scores = [(run[order[:128]].mean(), run[order[128:]].mean()) for run in runs
                  for order in [digits if same_digits else draws.permutation(1024)]]
        judged, worth = max(scores, key=lambda score: score[0])
        gaps.append(judged - worth)
    return fmean(gaps) / sqrt(right.mean() * (1 - right.mean()) / 128)


def test_the_best_of_64_is_too_good_by_one_error_where_digits_are_shared_and_two_where_not(right):
    draws = np.random.default_rng(8)
    shared, own = (too_good(right, 64, same_digits=same, draws=draws) for same in (True, False))
    assert shared == pytest.approx(1.0, abs=0.1) and own == pytest.approx(1.95, abs=0.1)
    assert own < sqrt(2 * log(64))


def test_runs_share_their_luck_since_they_stumble_over_the_same_digits(right):
    between = np.corrcoef(right)
    assert 0.6 < (between.sum() - 64) / (64 * 63) < 0.7
    assert 100 * sqrt(right.mean() * (1 - right.mean()) / 128) == pytest.approx(2.0, abs=0.05)
    assert 100 * right.mean(axis=1).std(ddof=1) == pytest.approx(1.0, abs=0.05)


def test_a_single_best_of_64_may_lie_above_the_line_and_a_perfect_score_lies_below_it(right):
    above = 1 - NormalDist().cdf(sqrt(2 * log(64))) ** 64
    stands("08", "the best lies above it about once in eight times", eight=1 / above)
    share = right.mean()
    assert (1 - share) / sqrt(share * (1 - share) / 128) < sqrt(2 * log(64))


def test_the_reference_line_bounds_the_best_of_independent_equal_runs_and_64_do_not_reach_it():
    best = np.random.default_rng(1).standard_normal((20_000, 64)).max(axis=1).mean()
    assert 2.3 < best < 2.4 < sqrt(2 * log(64))


def challenges_met(settings):
    """Return the numbers of the challenges that a run of ten seeds meets; it is trained only where one may be met."""
    settings = {**IN_ALL, **settings, "repeats": 10}
    run = run_of(tuple(sorted(settings.items() - {("epochs", settings["epochs"])})))
    result = run.result(settings["epochs"])
    may_be_met = [number for number, one in enumerate(CHALLENGES, 1) if one.settings.items() <= settings.items()
                  and are_met([need for need in one.needs if need["of"] != "column"], result, {})]
    result = run.finish(settings["epochs"]) if may_be_met else result
    return [number for number in may_be_met if are_met(CHALLENGES[number - 1].needs, result, {})]


@cache
def run_of(items):
    return SweepRun(dict(items), TRAIN, VAL)


def solution(number):
    names = {}
    exec(solution_of(f"playground/challenge-{number}"), names)
    return names["answer"]


def test_the_challenges_are_met_in_the_panel_by_settings_its_sliders_offer_and_none_at_the_start():
    panel = explore("playground", TRAIN, VAL)
    assert panel.state == "done" and not any(one["is_met"] for one in panel.scene.challenges)
    for number, challenge in enumerate(CHALLENGES, 1):
        answer = solution(number)
        assert all(value in CONTROLS[name].choices for name, value in answer.items())
        panel.apply(IN_ALL | answer)
        assert panel.scene.challenges[number - 1]["is_met"], challenge.text
        assert f"{number}. {challenge.text}" in TEXT
    panel.close()


@pytest.mark.parametrize("number", range(1, 6))
def test_a_challenge_is_met_from_any_ten_seeds_on_not_by_lucky_ones(number):
    for first in (6, 101):
        assert number in challenges_met(solution(number) | {"seed": first}), first


@pytest.mark.parametrize("name", EXPLORERS)
def test_no_preset_meets_a_challenge_of_the_playground(name):
    for preset in EXPLORERS[name].presets:
        settings = EXPLORERS[name].controls | preset.settings
        assert not challenges_met({key: value for key, value in settings.items() if key in IN_ALL}), preset.name


@pytest.mark.parametrize("name", [name for name in CONTROLS if name in IN_ALL and name not in ("seed", "repeats")])
def test_moving_one_slider_meets_no_challenge_of_the_playground(name):
    for value in (one for one in CONTROLS[name].choices if name != "epochs" or one <= 100):
        assert not challenges_met({name: value}), value


def test_an_envelope_is_opened_once_and_takes_no_other_after_it(tmp_path, monkeypatch):
    monkeypatch.setenv("PIGEON_LESSONS_HOME", str(tmp_path))
    first, second = {"epochs": 1, "promise": 0.5}, {"epochs": 1, "promise": 0.8}
    for _ in range(2):  # looking again at what was found is no second opening
        opened = check("playground/envelope", first)
        assert opened and "You promised 50.0 %: kept." in opened.message and "so far: 1." in opened.message
        assert "for you" not in opened.message
    refused = check("playground/envelope", second)
    assert not refused and '"promise": 0.5} was in it' in refused.message and "so far" not in refused.message


def test_an_envelope_tells_test_accuracy_and_counts_the_looks_before_it(tmp_path, monkeypatch):
    monkeypatch.setenv("PIGEON_LESSONS_HOME", str(tmp_path))
    for rate in (0.001, 0.01, 0.03):
        check("playground/challenge-1", {"lr": rate, "epochs": 1, "repeats": 10})
    check("playground/challenge-1", {"lr": 0.001, "epochs": 1, "repeats": 10})  # the same look once more
    check("playground/challenge-1", {"lr": 0.001})  # never trained
    said = check("playground/envelope", {"lr": 0.05, "epochs": 1, "promise": 0.999}).message
    runs = [sweep([{"lr": lr, "seed": seed} for seed in range(1, 11)], TRAIN, digits, epochs=epochs)
            for lr, epochs in ((0.05, 1), (0.005, 15)) for digits in (VAL, TEST)]
    for share in (fmean(history["val_accuracy"][-1] for history in histories) for histories in runs):
        assert f"{100 * share:.1f} %" in said
    assert "You promised 99.9 %: not kept." in said and "3 times for you" in said
    assert f"less than {sqrt(2 * log(3)):.1f} standard errors on average" in said


def test_the_settings_that_the_lesson_lists_are_those_that_an_answer_begins_with():
    stands("08", "`lr` 0.005, `batch_size` 32, `momentum` 0.9, `decay` 1.0, `weight_decay` 0, `num_hidden` 30, "
                 "`seed` 1, `epochs` 15, `train_images` 1024, `repeats` 1", *IN_ALL.values())


def test_the_preset_large_and_long_over_fits():
    history = sweep([{"num_hidden": 60, "lr": 0.05}], TRAIN, VAL, epochs=50)[0]
    assert history["val_loss"][-1] > 1.2 * min(history["val_loss"]) and history["train_loss"][-1] < 0.001
