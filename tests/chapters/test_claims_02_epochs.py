"""What chapter 02 says of iterations and epochs, measured; over several seeds where the sentence is general."""

from math import ceil

import pytest
import torch
from torch.utils.data import DataLoader

from pigeon_lessons import Pigeon, Trainer, evaluate, load_mnist, split, sweep

SEEDS = (1, 2, 3)


@pytest.fixture(scope="module")
def digits():
    train, val, _ = split(load_mnist())
    return train, val


def trained(train, iterations, *, seed, **settings):
    trainer = Trainer(Pigeon(seed=seed), train, seed=seed, evaluate_every=10**9, **settings)
    for _ in trainer.iterations(iterations):
        pass
    return trainer


def losses_at_the_end(train, epochs, **settings):
    return [history["train_loss"][-1]
            for history in sweep([{**settings, "seed": seed} for seed in SEEDS], train, epochs=epochs)]


@pytest.mark.parametrize("count, drop_last, iterations, last", [
    (1024, False, 32, 32), (1000, False, 32, 8), (1000, True, 31, 32)])
def test_an_epoch_has_as_many_iterations_as_the_lesson_counts(digits, count, drop_last, iterations, last):
    sizes = [len(images) for images, _ in DataLoader(digits[0][:count], batch_size=32, drop_last=drop_last)]
    assert (len(sizes), sizes[-1]) == (iterations, last)
    assert iterations == (count // 32 if drop_last else ceil(count / 32))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_thousand_single_images_teach_and_ten_batches_do_not(digits, seed):
    train, _ = digits
    always_no = 1 - train.targets.mean().item()
    assert always_no == pytest.approx(0.692, abs=5e-4)
    assert evaluate(trained(train, 1000, batch_size=1, seed=seed).model, train)["accuracy"] > always_no + 0.2
    assert evaluate(trained(train, 10, batch_size=32, seed=seed).model, train)["accuracy"] < always_no + 0.04


def test_at_equal_updates_batches_of_8_32_and_128_end_close_together_and_at_equal_epochs_far_apart(digits):
    train, _ = digits
    at_128_updates = [losses_at_the_end(train, epochs, batch_size=size)
                      for size, epochs in ((8, 1), (32, 4), (128, 16))]
    for ends in zip(*at_128_updates, strict=True):
        assert max(ends) - min(ends) < 0.05
    after_one_epoch = losses_at_the_end(train, 1, batch_size=128)
    for small, large in zip(at_128_updates[0], after_one_epoch, strict=True):
        assert small < large - 0.3


def test_with_single_images_128_updates_end_near_04_on_average_with_8_near_03(digits):
    train, _ = digits
    assert all(0.27 < eight < 0.33 for eight in losses_at_the_end(train, 1, batch_size=8))
    singles = [evaluate(trained(train, 128, batch_size=1, seed=seed).model, train)["loss"] for seed in range(1, 9)]
    assert sum(singles) / 8 == pytest.approx(0.4, abs=0.03)
    assert max(singles) - min(singles) > 0.1


def test_with_a_1_in_the_contest_of_the_lesson_its_128_updates_end_at_047(digits):
    train, _ = digits
    pigeon = Pigeon(seed=1)
    optimizer = torch.optim.SGD(pigeon.parameters(), lr=0.005, momentum=0.9)
    loader = DataLoader(train, 1, shuffle=True, generator=torch.Generator().manual_seed(1))
    for _, (image, target) in zip(range(128), loader, strict=False):
        optimizer.zero_grad()
        torch.nn.functional.binary_cross_entropy_with_logits(pigeon(image), target).backward()
        optimizer.step()
    assert evaluate(pigeon, train)["loss"] == pytest.approx(0.47, abs=0.005)


@pytest.mark.parametrize("seed", SEEDS)
def test_one_epoch_brings_the_loss_down_further_the_smaller_the_batch(digits, seed):
    train, _ = digits
    ends = [evaluate(trained(train, ceil(1024 / size), batch_size=size, seed=seed).model, train)["loss"]
            for size in (1, 8, 32, 128, 1024)]
    assert ends == sorted(ends)


def test_a_loader_keeps_the_stored_order_unless_told_to_shuffle():
    loader = DataLoader(range(10), batch_size=5)
    assert [torch.cat(list(loader)).tolist() for _ in range(2)] == [list(range(10))] * 2
    shuffled = DataLoader(range(10), batch_size=5, shuffle=True, generator=torch.Generator().manual_seed(1))
    first, second = (torch.cat(list(shuffled)).tolist() for _ in range(2))
    assert first != second
    assert sorted(first) == sorted(second) == list(range(10))


@pytest.fixture(scope="module")
def by_label(digits):
    train, _ = digits
    return train[torch.argsort(train.labels, stable=True)]


def test_sorted_batches_are_nine_of_yes_one_mixed_and_22_of_no(by_label):
    shares = [batch.mean().item() for batch in by_label.targets.split(32)]
    assert shares[:9] == [1.0] * 9
    assert 0 < shares[9] < 1
    assert shares[10:] == [0.0] * 22


@pytest.mark.parametrize("seed", [1, 2, 3, 4, 5])
def test_trained_on_sorted_digits_the_pigeon_says_no_to_everything_and_shuffling_mends_it(by_label, seed):
    broken = trained(by_label, 5 * 32, lr=0.01, shuffle=False, seed=seed)
    assert (broken.model(by_label.images) <= 0).all()
    assert evaluate(broken.model, by_label)["loss"] > 0.5
    assert broken.history.batch_loss[-1] < 0.4
    assert all(broken.history.batch_loss[32 * epoch] > 0.9 for epoch in (1, 2, 3, 4))
    mended = trained(by_label, 5 * 32, lr=0.01, seed=seed)
    assert evaluate(mended.model, by_label)["accuracy"] > 0.9


def test_ten_epochs_of_31_iterations_leave_296_images_one_use_short():
    loader = DataLoader(range(1000), batch_size=32, shuffle=True)
    used = torch.zeros(1000, dtype=torch.int64)
    batches = [positions for _ in range(10) for positions in loader]
    for positions in batches[:310]:
        used[positions] += 1
    assert sorted(set(used.tolist())) == [9, 10]
    assert (used == 9).sum() == 296
    assert len(batches) == 320
    assert sum(map(len, batches)) == 10_000
    assert 310 * 32 / 31 == 320  # the epochs that the wrong log shows after 310 real ones


def test_the_challenge_can_be_met_with_small_batches_and_not_with_32(digits):
    train, val = digits
    small = sweep([{"batch_size": 1}, {"batch_size": 4}], train, val, epochs=2)
    assert max(history["val_accuracy"][-1] for history in small) >= 0.93
    assert sweep([{"batch_size": 32}], train, val, epochs=2)[0]["val_accuracy"][-1] < 0.93


def test_thirty_updates_from_all_images_leave_the_pigeon_near_always_no(digits):
    ends = sweep([{"batch_size": 1024, "seed": seed} for seed in SEEDS], digits[0], epochs=30)
    assert all(history["train_accuracy"][-1] < 0.74 and history["iteration"][-1] == 30 for history in ends)
