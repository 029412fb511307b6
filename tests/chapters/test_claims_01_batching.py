"""The sentences of chapter 01 that state a number or compare, measured; over several seeds where they generalize."""

import re
from functools import cache

import pytest
import torch
from torch import nn
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.data import DataLoader

from pigeon_lessons import Pigeon, Trainer, evaluate, explore, load_mnist, split
from pigeon_lessons.setting import Setting
from tests.chapters.claims import stands

SEEDS = (1, 2, 3)
train, val, test = split(load_mnist())
loss_function = nn.BCEWithLogitsLoss()


def gradient(model, images, targets):
    model.zero_grad()
    loss_function(model(images), targets).backward()
    return torch.cat([parameter.grad.flatten() for parameter in model.parameters()])


@cache
def spread(seed, n, draws=100, *, repeats=False):
    """Return the root mean square distance of n-image gradients to the full one, in lengths of the latter.

    With `repeats` an image may be drawn more than once.
    """
    model, generator = Pigeon(seed=seed), torch.Generator().manual_seed(seed)
    full = gradient(model, train.images, train.targets)
    chosen = [torch.randint(len(train), (n,), generator=generator) if repeats
              else torch.randperm(len(train), generator=generator)[:n] for _ in range(draws)]
    squares = [(gradient(model, train.images[i], train.targets[i]) - full).square().sum() for i in chosen]
    return (torch.stack(squares).mean().sqrt() / full.norm()).item()


@cache
def run(seed, n, updates, divisor=1, lr=0.005):
    """Return (scores on val, batch losses) after `updates` on batches of n in stored order."""
    pigeon, losses = Pigeon(seed=seed), []
    optimizer = torch.optim.SGD(pigeon.parameters(), lr=lr, momentum=0.9)
    for update in range(updates):
        start = update * n % len(train)
        loss = loss_function(pigeon(train.images[start:start + n]), train.targets[start:start + n]) / divisor
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        losses.append(loss.item())
    return evaluate(pigeon, val), losses


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("n", [4, 16, 64])
def test_spread_of_the_gradient_falls_as_one_over_the_root_of_n(seed, n):
    assert spread(seed, n) == pytest.approx(spread(seed, 1) / n**0.5, rel=0.12)


def test_single_image_spread_is_about_4_times_the_full_gradient_and_16_images_make_it_its_equal():
    stands("01", "For a single image the spread is 4", spread(1, 1))
    assert spread(1, 16) == pytest.approx(1, rel=0.1)
    assert spread(1, 256) == pytest.approx(0.2, rel=0.15)


@pytest.mark.parametrize("seed", SEEDS)
def test_at_256_of_1024_images_the_spread_lies_below_the_law_as_drawing_without_replacement_says(seed):
    law = spread(seed, 1) / 16
    assert spread(seed, 256) == pytest.approx(law * (768 / 1023) ** 0.5, rel=0.1)
    assert spread(seed, 256) < law


def test_drawn_with_repetition_256_of_1024_images_lie_on_the_law():
    with_repeats, without, law = (sum(one) / len(SEEDS) for one in zip(*(
        (spread(seed, 256, repeats=True), spread(seed, 256), spread(seed, 1) / 16) for seed in SEEDS), strict=True))
    assert with_repeats == pytest.approx(law, rel=0.05) and without < 0.93 * with_repeats


@cache
def noise_scale(seed, epochs):
    """Return (noise, signal): the spread of single images' gradients, and the length of the full one."""
    trainer = Trainer(Pigeon(seed=seed), train, seed=seed, evaluate_every=10**9)
    trainer.fit(epochs)
    full = gradient(trainer.model, train.images, train.targets)
    chosen = torch.randperm(len(train), generator=torch.Generator().manual_seed(seed))[:200].split(1)
    squares = [(gradient(trainer.model, train.images[i], train.targets[i]) - full).square().sum() for i in chosen]
    return torch.stack(squares).mean().sqrt().item(), full.norm().item()


@pytest.mark.parametrize("seed", SEEDS)
def test_the_noise_scale_is_about_16_at_first_and_grows_because_the_signal_fades_and_the_noise_does_not(seed):
    (noise, signal), (later_noise, later_signal) = noise_scale(seed, 0), noise_scale(seed, epochs := 5)
    assert (noise / signal) ** 2 == pytest.approx(16, abs=4)
    assert later_signal < signal and later_noise > noise
    stands("01", "after 5 passes over the images in batches of 32 it is above 100", epochs, Setting().batch_size,
           (later_noise / later_signal) ** 2)


def test_the_noise_scale_is_about_16_on_average():
    mean = sum((noise / signal) ** 2 for noise, signal in (noise_scale(seed, 0) for seed in SEEDS)) / len(SEEDS)
    stands("01", "about 16 here", mean)
    stands("01", "it is about 16.", mean)


@cache
def updates_until(seed, n, lr, goal=0.3):
    pigeon, updates = Pigeon(seed=seed), 0
    optimizer = torch.optim.SGD(pigeon.parameters(), lr=lr)
    while True:
        for images, targets in zip(train.images.split(n), train.targets.split(n), strict=True):
            loss_function(pigeon(images), targets).backward()
            optimizer.step()
            optimizer.zero_grad()
            updates += 1
            if (n > 1 or updates > 150) and evaluate(pigeon, train)["loss"] < goal:
                return updates


RATES = {1: 0.07, 4: 0.2, 16: 0.4, 64: 0.4, 256: 0.4}


@pytest.mark.parametrize("seed", SEEDS)
def test_up_to_the_noise_scale_a_larger_batch_takes_the_place_of_updates_and_beyond_it_hardly(seed):
    needed = {n: updates_until(seed, n, lr) for n, lr in RATES.items()}
    assert needed[1] / needed[16] > 6
    assert needed[16] / needed[256] < 2
    law = {n: needed[16] / 2 * (1 + 16 / n) for n in RATES}
    assert all(0.7 * law[n] < needed[n] < 1.4 * law[n] for n in RATES)
    if seed == 1:  # as shown
        assert list(needed.values()) == [196, 54, 28, 17, 15]
        assert all(1.2 < law[n] / needed[n] < 1.34 for n in (1, 4))  # a fifth to a third too many
        assert all(law[n] == pytest.approx(needed[n], rel=0.05) for n in (64, 256))


def test_gradient_of_the_mean_loss_is_the_mean_of_the_gradients():
    model, images, targets = Pigeon(seed=1), train.images[:32], train.targets[:32]
    singles = torch.stack([gradient(model, images[i:i + 1], targets[i:i + 1]) for i in range(32)])
    mean = gradient(model, images, targets)
    assert torch.allclose(singles.mean(dim=0), mean, atol=1e-6)
    sums = nn.BCEWithLogitsLoss(reduction="sum")(model(images), targets)
    slopes = torch.cat([slope.flatten() for slope in torch.autograd.grad(sums, list(model.parameters()))])
    assert torch.allclose(slopes, 32 * mean, atol=1e-4)


@pytest.mark.parametrize("seed", SEEDS)
def test_after_320_images_single_steps_are_far_ahead_and_ten_batch_steps_no_better_than_always_no(seed):
    singles, batches = run(seed, 1, 320)[0], run(seed, 32, 10)[0]
    assert singles["accuracy"] > 0.87
    assert batches["accuracy"] == pytest.approx(0.713, abs=0.012)
    assert batches["loss"] > 2 * singles["loss"]


@pytest.mark.parametrize("seed", SEEDS)
def test_losses_of_batches_are_calm_and_losses_of_single_images_jump(seed):
    singles, batches = (torch.tensor(run(seed, n, updates)[1]).diff().std() for n, updates in ((1, 320), (32, 10)))
    assert singles > 20 * batches


def test_the_words_of_the_first_picture_say_where_both_curves_lie():
    (single, batch), images = (1, 32), 320
    jumpy, calm = (run(1, n, images // n)[1] for n in (single, batch))
    stands("01", "Two curves over 320 images seen", images)
    stands("01", "Batch size 1 jumps between 0 and nearly 4", single, min(jumpy), max(jumpy))
    stands("01", "batch size 32 is nearly a straight line just below 0.7", batch, calm)


@pytest.mark.parametrize("seed", SEEDS)
def test_at_equal_images_the_smaller_batch_ends_lower(seed):
    losses = [run(seed, n, 1024 // n)[0]["loss"] for n in (1, 32, 1024)]
    assert losses == sorted(losses)


@pytest.mark.parametrize("seed", SEEDS)
def test_at_equal_updates_the_larger_batch_ends_lower_but_hardly_so_from_32_to_1024(seed):
    sizes = (1, 32, 1024)
    single, batch, whole = (run(seed, n, 100)[0]["loss"] for n in sizes)
    assert single > batch > whole
    assert single - batch == pytest.approx(0.06, abs=0.02)
    assert batch - whole == pytest.approx(0.01, abs=0.005)
    if seed == 1:  # as shown
        stands("01", "Going from 1 to 32 images a step lowers the final loss by 0.06", *sizes[:2], single - batch)
        stands("01", "Going on to 1,024, again 32 times as many images, lowers it by another 0.01", sizes[2],
               sizes[2] / sizes[1], batch - whole)


def test_a_batch_of_32_takes_as_many_orders_as_a_single_image():
    class Count(TorchDispatchMode):
        orders = 0

        def __torch_dispatch__(self, order, types, arguments=(), named=None):
            self.orders += 1
            return order(*arguments, **(named or {}))

    counts = []
    for n in (1, 32):
        with Count() as count:
            gradient(Pigeon(seed=1), train.images[:n], train.targets[:n])
        counts.append(count.orders)
    assert counts[0] == counts[1] > 10


@pytest.mark.parametrize("seed", SEEDS)
def test_dividing_by_32_again_starts_at_002_and_hardly_learns(seed):
    (right, _), (wrong, losses) = run(seed, 32, 32), run(seed, 32, 32, divisor=32)
    untrained = evaluate(Pigeon(seed=seed), val)["loss"]
    assert losses[0] == pytest.approx(0.693 / 32, rel=0.05)
    stands("01", "must start near 0.693; this one starts at 0.02", untrained, losses[0])
    assert untrained - wrong["loss"] < 0.15 * (untrained - right["loss"])
    factor = 32
    made_up, _ = run(seed, 32, 32, divisor=factor, lr=factor * 0.005)
    assert made_up["loss"] == pytest.approx(right["loss"], abs=1e-5)
    stands("01", "only a rate 32 times as large would make up for it", factor)


def test_logits_n_1_against_targets_n_are_refused_by_the_loss_but_compared_as_n_times_n():
    logits = Pigeon(seed=1)(train.images[:32])
    flat = (train.labels[:32] < 3).float()
    with pytest.raises(ValueError, match="same"):
        loss_function(logits, flat)
    assert ((logits > 0) == (flat > 0.5)).shape == (32, 32)


def test_1000_images_in_batches_of_32_are_31_full_batches_and_one_of_8():
    sizes = [len(images) for images, _ in DataLoader(train[:1000], batch_size=32)]
    assert sizes == [32] * 31 + [8]
    stands("01", "Take 1,000 images: 31 batches of 32, and 8 images are left", sum(sizes), len(sizes) - 1, *sizes[-2:])
    stands("01", "It worked 31 times", len(sizes) - 1)


def cosine(n, stage=0, seed=1):
    """Return the mean cosine between batch gradients and the full one, after `stage` epochs of batches of 32."""
    trainer = Trainer(Pigeon(seed=seed), train, seed=seed)
    trainer.fit(stage)
    full = gradient(trainer.model, train.images, train.targets)
    batches = torch.randperm(len(train), generator=torch.Generator().manual_seed(seed)).split(n)
    return torch.stack([torch.cosine_similarity(gradient(trainer.model, train.images[i], train.targets[i]), full, dim=0)
                        for i in batches]).mean().item()


@pytest.mark.parametrize("seed", SEEDS)
def test_cosine_with_the_full_gradient_grows_with_the_batch_and_256_gains_little_on_128(seed):
    cosines = [cosine(n, seed=seed) for n in (1, 8, 64, 128, 256)]
    assert cosines == sorted(cosines)
    assert cosines[-2] > 0.9
    assert cosines[-1] - cosines[-2] < 0.04


@pytest.mark.parametrize("seed", SEEDS)
def test_a_batch_knows_the_way_worse_once_the_pigeon_has_learned_something(seed):
    assert cosine(32, stage=0, seed=seed) > cosine(32, stage=1, seed=seed) > cosine(32, stage=5, seed=seed)


def test_in_the_explorer_128_is_the_smallest_batch_with_an_average_cosine_above_09():
    panel, cosines = explore("batching", train, val), {}
    for n in (64, 128):
        panel.controls["batch_size"].value = n
        cosines[n] = float(re.search(r"it is ([\d.]+\d) on average", panel.summary)[1])
    assert cosines[64] < 0.9 < cosines[128]
