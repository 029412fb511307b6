"""Chapter 06: each number and comparison in its prose, measured again, over several seeds where it generalizes."""

import re
from math import comb
from pathlib import Path
from statistics import fmean, stdev

import joblib
import pytest
import torch
from torch import nn

from pigeon_lessons import (
    Digits,
    Pigeon,
    Sweep,
    Trainer,
    evaluate,
    grid,
    integer,
    load_mnist,
    log_uniform,
    sample,
    search,
    split,
    sweep,
    uniform,
)
from tests.chapters.claims import stands

TRAIN, VAL, _ = split(load_mnist())
TEXT = (Path(__file__).parents[2] / "lessons" / "06_hyperparameters.md").read_text(encoding="utf-8")
SIZES, RATES = [5, 15, 30, 60], [0.001, 0.003, 0.01, 0.03, 0.1, 0.3]
RANGES = {"lr": log_uniform(0.001, 0.3), "num_hidden": integer(5, 60), "momentum": uniform(0.0, 0.95),
          "batch_size": [16, 32, 64]}


def trained(settings, epochs):
    """Return a Pigeon for each of `settings`, looked at only after its last epoch."""
    run = Sweep(settings, TRAIN, evaluate_every=epochs * 32)
    for _ in run.slices(epochs):
        pass
    return [run.pigeon(index) for index in range(len(settings))]


@pytest.fixture(scope="module")
def accuracies():
    """Return {num_hidden: validation accuracies of seeds 1 to 10}."""
    pigeons = trained([{"num_hidden": size, "seed": seed} for size in (15, 30, 60) for seed in range(1, 11)], 15)
    scores = [evaluate(pigeon, VAL)["accuracy"] for pigeon in pigeons]
    return {15: scores[:10], 30: scores[10:20], 60: scores[20:]}


@pytest.fixture(scope="module")
def by_grid():
    """Return the mean validation losses of the lesson's grid, over two seeds: [sizes, learning rates]."""
    settings = [{**candidate, "seed": seed} for candidate in grid(num_hidden=SIZES, lr=RATES) for seed in (1, 2)]
    losses = [evaluate(pigeon, VAL)["loss"] for pigeon in trained(settings, 3)]
    return torch.tensor(losses).reshape(4, 6, 2).mean(dim=2)


@pytest.fixture(scope="module")
def by_chance():
    """Return the lesson's random search."""
    return search(sample(24, seed=1, **RANGES), TRAIN, VAL, epochs=3)


def standard_error(one, other):
    return (stdev(one) ** 2 / len(one) + stdev(other) ** 2 / len(other)) ** 0.5


def test_one_run_each_ranks_the_sizes_and_another_seed_ranks_them_otherwise(accuracies):
    by_seed = list(zip(accuracies[15], accuracies[30], accuracies[60], strict=True))
    stands("06", "The larger, the better: 92.3, 92.9, 93.0 %", 100 * by_seed[0][0], 100 * by_seed[0][1], by_seed[0][2])
    stands("06", "is right on 92.9 % of the validation digits", by_seed[0][1])
    stands("06", "It is right on 93.0 %", by_seed[0][2])
    assert max(by_seed[8][0], by_seed[8][2] + 0.009) < by_seed[8][1] < by_seed[8][2] + 0.01


def test_the_spread_between_seeds_is_larger_than_the_difference_between_30_and_60_units(accuracies):
    assert max(accuracies[30]) - min(accuracies[30]) > 0.015
    difference = fmean(accuracies[60]) - fmean(accuracies[30])
    stands("06", "The means of 30 and 60 units are 0.2 points apart", ..., ..., 100 * difference)
    assert difference < min(stdev(accuracies[30]), stdev(accuracies[60]))
    runs = [accuracy for group in accuracies.values() for accuracy in group]
    stands("06", "All 30 runs lie between 91.7 % and 93.9 %", len(runs), min(runs), max(runs))
    wins = sum(large > small for small, large in zip(accuracies[30], accuracies[60], strict=True))
    stands("06", "60 units won with seven seeds of ten", ..., seven=wins, ten=len(accuracies[60]))


def test_ten_tosses_of_a_coin_show_one_side_seven_times_or_more_in_a_third_of_all_cases():
    share = 2 * sum(comb(10, heads) for heads in (7, 8, 9, 10)) / 2**10
    stands("06", "one of its sides comes up seven times or more in a third of all cases", third=share)


def test_ten_seeds_decide_15_against_30_units_and_not_30_against_60(accuracies):
    lead = fmean(accuracies[30]) - fmean(accuracies[15])
    stands("06", "Ten seeds can tell 15 units from 30: the smaller one is worse by 0.6 points, nearly three standard "
                 "errors", ..., ..., 100 * lead, three=lead / standard_error(accuracies[15], accuracies[30]))
    difference, error = fmean(accuracies[60]) - fmean(accuracies[30]), standard_error(accuracies[30], accuracies[60])
    assert difference < 2 * error
    seeds = 10 * (2 * error / difference) ** 2  # that would decide it
    stands("06", "really is 0.23 points, it takes about 28 seeds", 100 * difference, seeds)


def test_seeds_and_digits_together_still_decide_15_against_30_units(accuracies):
    pigeons = trained([{"num_hidden": size, "seed": seed} for size in (15, 30) for seed in range(1, 11)], 15)
    with torch.no_grad():
        right = torch.stack([(pigeon(VAL.images) > 0) == (VAL.targets > 0.5) for pigeon in pigeons])[:, :, 0].double()
    few, many = right[:10], right[10:]
    draws, differences = torch.Generator().manual_seed(1), []
    for _ in range(1000):  # other seeds and other digits, by bootstrap: no formula
        one, other = (torch.randint(10, (10,), generator=draws) for _ in range(2))
        digits = torch.randint(1024, (1024,), generator=draws)
        differences.append((many[other][:, digits].mean() - few[one][:, digits].mean()).item())
    difference = (many.mean() - few.mean()).item()
    stands("06", "and 0.6 points of them are between six and seven digits", 100 * difference)
    assert 6 < 1024 * difference < 7
    assert stdev(differences) == pytest.approx(0.0026, abs=3e-4) and difference > 2 * stdev(differences)
    by_digits = (many.mean(dim=0) - few.mean(dim=0)).std().item() / 32
    assert by_digits == pytest.approx(0.0013, abs=5e-5) and by_digits < standard_error(accuracies[15], accuracies[30])


def test_equal_settings_differ_by_two_standard_errors_about_once_in_twenty_times():
    draws = torch.randn(20_000, 2, 10, generator=torch.Generator().manual_seed(1))
    difference = draws.mean(dim=2)[:, 0] - draws.mean(dim=2)[:, 1]
    error = (draws.var(dim=2).sum(dim=1) / 10).sqrt()
    assert 0.05 < (difference.abs() > 2 * error).float().mean() < 0.07


def test_one_hidden_unit_does_nearly_as_well_as_15_unless_its_only_relu_is_off(accuracies):
    pigeons = trained([{"num_hidden": 1, "seed": seed} for seed in range(1, 6)], 15)
    tiny = [evaluate(pigeon, VAL)["accuracy"] for pigeon in pigeons]
    always_no = 1 - VAL.targets.mean().item()
    assert tiny[0] == pytest.approx(0.925, abs=6e-4)
    assert [accuracy == pytest.approx(always_no) for accuracy in tiny] == [False, True, False, False, False]
    stands("06", 'Always "no" is right on about 71 %', always_no)
    good = [accuracy for accuracy in tiny if fmean(accuracies[15]) - accuracy < 0.02]
    stands("06", "One unit does nearly as well as 15, in four seeds of five", ..., four=len(good), five=len(tiny))
    with torch.no_grad():
        off = (pigeons[1].hidden(VAL.images.flatten(1)) <= 0).float().mean()
    stands("06", "its only ReLU is off for more than 99 % of the digits", off)


def test_a_second_unit_protects_against_the_bad_luck_of_a_single_one():
    settings = [{"num_hidden": size, "seed": seed} for size in (1, 2, 15) for seed in range(1, 21)]
    ends = [evaluate(pigeon, VAL)["accuracy"] for pigeon in trained(settings, 15)]
    one, two, many = ends[:20], ends[20:40], ends[40:]
    assert sum(end < 0.72 for end in one) >= 3 and min(two) > 0.9  # all but "no" to everything, and none
    assert fmean(many) - fmean(two) < 0.5 * (fmean(two) - fmean(one))


def test_relu_is_ahead_of_tanh_and_both_of_sigmoid_and_of_no_activation(accuracies):
    def fitted(seed, *layers):
        trainer = Trainer(nn.Sequential(nn.Flatten(), *layers), TRAIN, lr=0.05, seed=seed, evaluate_every=6 * 32)
        trainer.fit(6)
        return evaluate(trainer.model, VAL)["accuracy"]

    scores = {"relu": [], "tanh": [], "sigmoid": [], "none": [], "two": []}
    for seed in (1, 2, 3):
        for name, between in (("relu", [nn.ReLU]), ("tanh", [nn.Tanh]), ("sigmoid", [nn.Sigmoid]), ("none", []),
                              ("two", [nn.ReLU, lambda: nn.Linear(30, 30), nn.ReLU])):
            torch.manual_seed(seed)
            scores[name].append(fitted(seed, nn.Linear(784, 30), *(make() for make in between), nn.Linear(30, 1)))
    assert min(scores["relu"]) > max(scores["tanh"])
    assert min(scores["two"]) < max(scores["relu"]) and min(scores["relu"]) < max(scores["two"])  # they overlap
    assert min(*scores["relu"], *scores["two"], *scores["tanh"]) > max(*scores["sigmoid"], *scores["none"])
    assert min(scores["relu"]) > max(accuracies[30])  # 6 epochs at 0.05 against 15 at 0.005


def test_a_linear_map_of_a_linear_map_is_a_linear_map_of_785_parameters():
    first, second, joined = nn.Linear(784, 30), nn.Linear(30, 1), nn.Linear(784, 1)
    with torch.no_grad():
        joined.weight.copy_(second.weight @ first.weight)
        joined.bias.copy_(second.weight @ first.bias + second.bias)
    pixels = VAL.images.flatten(1)
    assert torch.allclose(second(first(pixels)), joined(pixels), atol=1e-5)
    stands("06", "785 parameters could do the same", sum(tensor.numel() for tensor in joined.parameters()))


def test_the_learning_rate_changes_the_loss_more_than_the_size_and_01_is_best_for_each_size(by_grid):
    stands("06", "the loss changes by up to 0.42", (by_grid.amax(1) - by_grid.amin(1)).max())
    by_size = by_grid.amax(0) - by_grid.amin(0)
    assert by_size.max().item() == pytest.approx(0.10, abs=0.005)
    stands("06", "and mostly by about 0.03", by_size.median())
    last_three = by_grid[:, 3:]
    assert (last_three.amax(1) - last_three.amin(1)).max() < 1.25 * (last_three.amax(0) - last_three.amin(0)).max()
    stands("06", "The best learning rate is 0.1, for each", torch.tensor(RATES)[by_grid.argmin(1)])


def test_rounding_moves_no_mean_of_the_grid_by_a_printed_digit(by_grid):
    draws = torch.Generator().manual_seed(1)
    noise = 1e-6 * torch.randn(TRAIN.images.shape, generator=draws)  # ten times the rounding of a pixel
    settings = [{"num_hidden": size, "lr": 0.3, "seed": seed} for size in SIZES for seed in (1, 2)]
    run = Sweep(settings, Digits((TRAIN.images * (1 + noise)).clamp(0, 1), TRAIN.labels))
    for _ in run.slices(3):
        pass
    losses = [evaluate(run.pigeon(index), VAL)["loss"] for index in range(len(settings))]
    assert torch.tensor(losses).reshape(4, 2).mean(dim=1) == pytest.approx(by_grid[:, -1], abs=2e-4)


def test_the_worst_random_candidates_are_those_whose_clock_has_hardly_begun_to_run(by_chance):
    clocks = [3 * 1024 / candidate["batch_size"] * candidate["lr"] / (1 - candidate["momentum"])
              for candidate in by_chance.candidates]
    ranking = sorted(range(24), key=by_chance.means.__getitem__)
    assert max(clocks[index] for index in ranking[-6:]) < 2 < 10 < min(clocks[index] for index in ranking[:6])
    assert len({candidate["lr"] for candidate in by_chance.candidates}) == 24
    stands("06", "the best three all have 16", [by_chance.candidates[index]["batch_size"] for index in ranking[:3]])


def test_the_rate_that_is_best_after_3_epochs_is_not_the_best_after_15():
    ends, few, many = {}, 3, 15
    for lr in (0.01, 0.03, 0.1):
        histories = sweep([{"lr": lr, "seed": seed} for seed in range(1, 6)], TRAIN, VAL)
        ends[lr] = [fmean(history["val_loss"][epoch] for history in histories) for epoch in (few, many)]
    early, late = (min(ends, key=lambda lr: ends[lr][column]) for column in (0, 1))
    stands("06", "After 3 epochs 0.1 is best, after 15 it is 0.03", few, early, many, late)
    assert ends[0.03][1] < ends[0.1][1] - 0.02


def test_each_candidate_near_the_best_is_better_than_all_but_the_best_anywhere(by_chance):
    best = by_chance.best_params
    near = {"lr": log_uniform(best["lr"] / 2, best["lr"] * 2), "momentum": [best["momentum"]],
            "num_hidden": integer(30, 60), "batch_size": [best["batch_size"]]}
    second = search(sample(12, seed=4, **near), TRAIN, VAL, epochs=3)
    assert max(second.means) < sorted(by_chance.means)[1]


def test_side_by_side_on_threads_the_search_finds_the_same():
    candidates = grid(num_hidden=SIZES, lr=RATES)
    alone = search(candidates, TRAIN[:128], VAL[:128], epochs=2)
    with joblib.parallel_config(backend="threading", n_jobs=2):
        side_by_side = search(candidates, TRAIN[:128], VAL[:128], epochs=2)
    assert side_by_side.best_params == alone.best_params
    assert side_by_side.means == alone.means


def test_the_optuna_code_of_the_lesson_runs():
    optuna = pytest.importorskip("optuna")
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    code = re.search(r"```python\n(import optuna.*?)```", TEXT, re.DOTALL)[1].replace("n_trials=24", "n_trials=3")
    names = {"Trainer": Trainer, "Pigeon": Pigeon, "train": TRAIN[:128], "val": VAL[:128]}
    exec(code, names)
    assert 0 < names["study"].best_value < 1


def test_the_best_of_many_equal_candidates_reports_two_points_more_than_it_is_worth():
    many = trained([{"lr": 0.05, "seed": seed} for seed in range(1, 65)], 5)
    with torch.no_grad():
        answers = [pigeon(VAL.images) > 0 for pigeon in many]
    is_right = torch.stack([(answer == (VAL.targets > 0.5))[:, 0].float() for answer in answers])
    draws, gaps, worth = torch.Generator().manual_seed(2), [], []
    for number in (1, 2, 4, 8, 16, 32, 64):
        pairs = []
        for part in torch.arange(1024).split(128):
            judge = torch.zeros(1024, dtype=torch.bool)
            judge[part] = True
            for _ in range(50):
                chosen = is_right[torch.randperm(64, generator=draws)[:number]]
                best = chosen[chosen[:, judge].mean(dim=1).argmax()]
                pairs.append((best[judge].mean().item(), best[~judge].mean().item()))
        reported, truth = map(fmean, zip(*pairs, strict=True))
        gaps.append(reported - truth)
        worth.append(truth)
    assert gaps == sorted(gaps) and gaps[0] < 0.005
    weeded = is_right[is_right.mean(dim=1).argsort()[16:]]  # without the seeds that trained badly nothing grows
    judges = [torch.isin(torch.arange(1024), part) for part in torch.arange(1024).split(128)]
    alone, of_four = (fmean(best[~judge].mean().item() for judge in judges for _ in range(50)
                            for chosen in [weeded[torch.randperm(48, generator=draws)[:number]]]
                            for best in [chosen[chosen[:, judge].mean(dim=1).argmax()]]) for number in (1, 4))
    assert of_four - alone < 0.001 < 0.002 < worth[2] - worth[0]
    assert gaps[-1] == pytest.approx(0.021, abs=0.002)
    stands("06", "illusion: two points, for the best of 64", len(many), two=100 * gaps[-1])
    assert worth[2] > worth[0] + 0.002 and max(worth[3:]) < worth[2] + 0.001  # 4 candidates, then no more


def test_the_luck_of_the_best_grows_about_like_the_root_of_twice_the_logarithm():
    draws = torch.randn(4000, 64, generator=torch.Generator().manual_seed(1))
    lucky = [draws[:, :number].amax(dim=1).mean().item() for number in (4, 16, 64)]
    law = [(2 * torch.tensor(float(number)).log()).sqrt().item() for number in (4, 16, 64)]
    assert all(0.6 < one / other < 0.85 for one, other in zip(lucky, law, strict=True)) and lucky == sorted(lucky)


def test_the_best_of_ten_beats_one_of_ten_though_its_mean_is_lower(accuracies):
    assert accuracies[60][0] + 0.009 < max(accuracies[30]) < accuracies[60][0] + 0.01
    assert fmean(accuracies[30]) < fmean(accuracies[60])


def test_a_search_whose_best_lies_on_the_rim_goes_on_to_a_better_one(by_grid):
    losses = by_grid[SIZES.index(30)].tolist()
    assert min(range(3), key=losses.__getitem__) == 2
    assert min(range(6), key=losses.__getitem__) == 4


def test_the_challenge_of_the_explorer_is_met_by_the_learning_rate_alone():
    for lr, is_met in ((0.005, False), (0.03, True)):
        pigeons = trained([{"num_hidden": 5, "lr": lr, "seed": seed} for seed in range(1, 6)], 15)
        assert (fmean(evaluate(pigeon, VAL)["loss"] for pigeon in pigeons) < 0.19) == is_met


def test_at_the_larger_rate_60_units_add_little_to_what_the_rate_has_gained():
    ends = {(num_hidden, lr): fmean(history["val_accuracy"][-1] for history in sweep(
        [{"num_hidden": num_hidden, "lr": lr, "seed": seed} for seed in range(1, 6)], TRAIN, VAL))
        for num_hidden, lr in ((30, 0.005), (30, 0.05), (60, 0.05))}
    assert 0 < ends[60, 0.05] - ends[30, 0.05] < 0.2 * (ends[30, 0.05] - ends[30, 0.005])


def test_bands_of_five_seeds_that_do_not_touch_have_means_more_than_two_standard_errors_apart():
    for one, other in ((1.0, 1.0), (1.0, 0.2), (3.0, 0.001)):  # their standard deviations
        assert one + other > 2 * ((one**2 + other**2) / 5) ** 0.5
