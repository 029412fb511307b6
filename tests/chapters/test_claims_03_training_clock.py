"""What chapter 03 says of the training clock, of what leaves it, and of schedules; measured over several seeds."""

from functools import cache
from math import ceil
from statistics import fmean

import pytest
import torch
from torch.nn.functional import binary_cross_entropy_with_logits
from torch.optim import SGD, Adam, AdamW

from pigeon_lessons import Pigeon, Sweep, evaluate, load_mnist, split, sweep
from tests.chapters.claims import stands

SEEDS = (1, 2, 3, 4, 5)
TRAIN, _, _ = split(load_mnist())


@cache
def losses(batch_size, lr, momentum, taus=(2, 8, 12)):
    """Return for each of `taus` the training losses of five seeds when so much of lr / (1 - momentum) was added up."""
    every = max(1, round(0.5 * (1 - momentum) / lr))
    tick = every * lr / (1 - momentum)
    epochs = ceil((max(taus) / tick + 1) * every * batch_size / len(TRAIN))
    histories = sweep([{"batch_size": batch_size, "lr": lr, "momentum": momentum, "seed": seed} for seed in SEEDS],
                      TRAIN, epochs=epochs, evaluate_every=every)
    rows = [round(tau / tick) for tau in taus]
    return [[history["train_loss"][row] for history in histories] for row in rows]


CALM = [(8, 0.01, 0.0), (32, 0.02, 0.0), (128, 0.03, 0.0), (32, 0.006, 0.5), (64, 0.012, 0.5)]


def test_calm_runs_of_every_batch_size_are_one_line_on_the_clock():
    for setting in CALM:
        early, middle, late = map(fmean, losses(*setting))
        assert early == pytest.approx(0.475, abs=0.01)
        assert middle == pytest.approx(0.24, abs=0.005)
        assert late == pytest.approx(0.20, abs=0.005)
        stands("03", "The line is at 0.24 and 0.20", middle, late)
        stands("03", "at τ = 8 all stand at 0.24", ..., middle)


def test_the_clock_of_a_history_is_the_sum_of_rate_by_one_minus_momentum():
    history, = sweep([{"lr": 0.02, "momentum": 0.75, "decay": 0.5}], TRAIN[:64], epochs=3)
    assert history["tau"] == pytest.approx([0, 2 * 0.08, 2 * 0.12, 2 * 0.14])


def test_a_velocity_that_must_grow_lags_behind_and_smaller_steps_mend_it():
    _, lagging, _ = map(fmean, losses(128, 0.03, 0.9))
    _, mended, _ = map(fmean, losses(128, 0.006, 0.9))
    assert lagging > 0.33 and mended == pytest.approx(0.25, abs=0.01)


def test_noise_lifts_a_run_above_the_line_and_larger_batches_mend_it():
    two, eight, many = (fmean(losses(n, 0.04, 0.0)[1]) for n in (2, 8, 128))
    assert two > many + 0.04 and two > eight + 0.03 and many == pytest.approx(0.24, abs=0.005)


def test_half_the_batch_is_like_twice_the_rate():
    def floor(batch_size, lr, taus=(8, 10, 12, 14, 16)):
        """Return how high above the line of calm runs the loss lies on average."""
        noisy, line = losses(batch_size, lr, 0.0, taus), losses(128, 0.04, 0.0, taus)
        return fmean(map(fmean, noisy)) - fmean(map(fmean, line))

    half = [floor(n, lr) for n, lr in ((4, 0.02), (8, 0.04), (16, 0.08))]
    whole = [floor(n, lr) for n, lr in ((4, 0.08), (8, 0.16))]
    assert all(0.006 < one < 0.016 for one in half) and all(0.05 < one < 0.09 for one in whole), (half, whole)


def test_where_images_can_be_learned_by_heart_the_noise_fades_with_the_loss():
    noisy, = sweep([{"batch_size": 2, "lr": 0.04, "momentum": 0}], TRAIN, epochs=20)
    assert noisy["tau"][-1] > 400 and noisy["train_loss"][-1] < 0.005 < 0.04 < noisy["train_loss"][5]


def test_a_step_of_1_overshoots_however_large_the_batch():
    assert all(fmean(losses(n, 1.0, 0.0)[1]) > 0.4 for n in (128, 1024))
    assert fmean(losses(128, 0.1, 0.0)[1]) < 0.25


@pytest.mark.parametrize("momentum", [0.0, 0.9])
def test_from_the_whole_set_as_one_batch_both_bowls_end_between_1_and_2(momentum):
    ends = [[history["train_loss"][-1] for history in sweep(
        [{"lr": lr, "momentum": momentum, "batch_size": 1024, "seed": seed} for seed in SEEDS], TRAIN, epochs=160,
        evaluate_every=160)] for lr in (1.0, 2.0)]
    assert max(ends[0]) < 0.06 and fmean(ends[1]) > 0.3


@pytest.mark.parametrize("momentum", [0.0, 0.5, 0.9])
def test_in_a_parabola_momentum_lifts_the_limit_of_the_rate(momentum):
    def distance(lr, curvature=3.0):
        place, velocity = 1.0, 0.0
        for _ in range(3000):
            velocity = momentum * velocity + curvature * place
            place -= lr * velocity
        return abs(place)

    limit = 2 * (1 + momentum) / 3.0
    assert distance(0.98 * limit) < 1e-6 and distance(1.02 * limit) > 1e6


def sharpness(pigeon):
    """Return the largest curvature of the loss on all training images, by power iteration."""
    parameters = list(pigeon.parameters())
    loss = binary_cross_entropy_with_logits(pigeon(TRAIN.images), TRAIN.targets)
    slopes = torch.autograd.grad(loss, parameters, create_graph=True)
    draws = torch.Generator().manual_seed(0)
    vector = [torch.randn(part.shape, generator=draws) for part in parameters]
    for _ in range(25):
        length = sum((part**2).sum() for part in vector).sqrt()
        vector = [part / length for part in vector]
        product = torch.autograd.grad(sum((a * b).sum() for a, b in zip(slopes, vector, strict=True)), parameters,
                                      retain_graph=True)
        curvature = sum((a * b).sum() for a, b in zip(vector, product, strict=True)).item()
        vector = product
    return curvature


def test_curvature_grows_but_not_far_beyond_2_by_the_rate_and_falls_again():
    """Over three seeds at τ = 0, 5, 20 and 100 it was 1.6 to 2.0, 6.6 to 6.9, 7.8 and 5.6 to 5.9 at a rate of 0.1."""
    for lr, marks, expected in ((0.1, (0, 20, 400), (1.85, 7.8, 1.2)), (0.8, (0, 20, 100), (1.85, 2.5, 2.2))):
        run, found = Sweep([{"lr": lr, "momentum": 0.0, "batch_size": len(TRAIN)}], TRAIN, evaluate_every=10_000), []
        for mark in marks:
            for _ in run.slices(round(mark / lr)):
                pass
            found.append(sharpness(run.pigeon(0)))
        assert found == pytest.approx(expected, rel=0.12)
        if lr < 0.5:
            stands("03", "at a rate of 0.1: from 1.8 untrained to 7.8 at τ = 20, and down to 1.2 at τ = 400", lr,
                   found[0], found[1], marks[1], found[2], marks[2])
        assert max(found) < 1.2 * 2 / lr


def scheduled(lr, seed, factor):
    """Return the training loss after 160 updates at momentum 0.9; `factor`(update) scales the rate, no scheduler."""
    pigeon, order, update = Pigeon(seed=seed), torch.Generator().manual_seed(seed), 0
    optimizer = SGD(pigeon.parameters(), lr=lr, momentum=0.9)
    for _ in range(5):
        for chosen in torch.randperm(len(TRAIN), generator=order).split(32):
            optimizer.param_groups[0]["lr"] = lr * factor(update)
            optimizer.zero_grad()
            binary_cross_entropy_with_logits(pigeon(TRAIN.images[chosen]), TRAIN.targets[chosen]).backward()
            optimizer.step()
            update += 1
    return evaluate(pigeon, TRAIN)["loss"]


def cosine(share):
    return (1 + torch.cos(torch.tensor(torch.pi * share)).item()) / 2


def test_warm_up_and_decay_pay_near_the_upper_end_and_only_cost_at_a_moderate_rate():
    plans = (lambda update: 1, lambda update: cosine(update / 160),
             lambda update: 0.01 + 0.99 * update / 32 if update < 32 else cosine((update - 32) / 128))
    large, moderate = ([[scheduled(lr, seed, plan) for seed in SEEDS] for plan in plans] for lr in (0.5, 0.1))
    constant, decayed, warmed = map(fmean, large)
    assert constant > decayed + 0.05 and decayed > warmed + 0.02
    assert all(one < other for ends in moderate[1:] for one, other in zip(moderate[0], ends, strict=True))
    as_far = [scheduled(0.2, seed, plans[1]) for seed in SEEDS]  # the mean of a cosine is half of its start
    assert fmean(as_far) == pytest.approx(fmean(moderate[0]), abs=0.01)


def test_adam_moves_a_parameter_by_its_rate_however_long_a_gradient_that_stays_the_same():
    for slope in (0.001, 1.0, 1000.0):
        weight = torch.zeros(1, requires_grad=True)
        optimizer = Adam([weight], lr=0.01)
        for _ in range(3):
            weight.grad = torch.tensor([slope])
            optimizer.step()
        assert weight.item() == pytest.approx(-0.03, rel=1e-3)


def test_adamw_draws_a_weight_towards_0_by_rate_times_decay_apart_from_its_gradient():
    weight = torch.full((1,), 2.0, requires_grad=True)
    weight.grad = torch.zeros(1)
    AdamW([weight], lr=0.1, weight_decay=0.5).step()
    assert weight.item() == pytest.approx(2 * (1 - 0.1 * 0.5))


@pytest.mark.parametrize("seeds", [range(1, 11), range(11, 21)])
def test_a_range_test_finds_the_edge_in_the_mean_of_ten_seeds_and_scatters_in_single_runs(seeds):
    rates = [0.001 * 10 ** (4 * number / 127) for number in range(128)]
    losses = torch.tensor([range_test(seed, rates) for seed in seeds])
    mean, middle = losses.mean(dim=0), torch.tensor(rates[4:-4])
    lowest = middle[torch.stack([*losses, mean]).unfold(1, 9, 1).mean(dim=2).argmin(dim=1)]
    stands("03", "falls from about 0.01 on, is lowest near 0.3, and rises steeply beyond 1", ..., lowest[-1], ...)
    assert 2 < lowest[:-1].max() / lowest[:-1].min() < 8
    assert mean[torch.tensor(rates) < 0.01].min() > 0.6
    alone = sweep([{"lr": 0.01, "momentum": 0.0, "seed": seed} for seed in SEEDS], TRAIN, epochs=4)
    assert max(history["train_loss"][-1] for history in alone) < 0.56  # as many updates, all at a rate on the left
    assert mean[torch.tensor(rates) > 1].mean() > mean.min() + 0.5


def range_test(seed, rates):
    """Return the loss before each update, by plain arithmetic: the rate is another at each of them."""
    pigeon, order, losses = Pigeon(seed=seed), torch.Generator().manual_seed(seed), []
    batches = [chosen for _ in range(4) for chosen in torch.randperm(len(TRAIN), generator=order).split(32)]
    for rate, chosen in zip(rates, batches, strict=True):
        loss = binary_cross_entropy_with_logits(pigeon(TRAIN.images[chosen]), TRAIN.targets[chosen])
        slopes = torch.autograd.grad(loss, list(pigeon.parameters()))
        with torch.no_grad():
            for parameter, slope in zip(pigeon.parameters(), slopes, strict=True):
                parameter -= rate * slope
        losses.append(loss.item())
    return losses
