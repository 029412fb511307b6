"""What chapter 02 says of iterations and epochs, measured; over several seeds where the sentence is general."""

from math import ceil

import pytest
import torch
from torch.utils.data import DataLoader

from pigeon_lessons import Pigeon, Trainer, evaluate, load_mnist, split, sweep
from tests.chapters.claims import stands

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


def test_an_epoch_has_as_many_iterations_as_the_lesson_counts(digits):
    def row(count, size, drop_last=False):
        sizes = [len(images) for images, _ in DataLoader(digits[0][:count], batch_size=size, drop_last=drop_last)]
        assert len(sizes) == (count // size if drop_last else ceil(count / size))
        return count, size, len(sizes), sizes[-1], 10 * len(sizes)

    stands("02", "| 1,024 | 1 | 1,024 | 1 | 10,240 iterations |", *row(1024, 1))
    stands("02", "| 1,024 | 32 | 32 | 32 | 320 iterations |", *row(1024, 32))
    stands("02", "| 1,000 | 32 | 32 | 8 | 320 iterations |", *(short := row(1000, 32)))
    stands("02", "| 1,000 | 32, `drop_last` | 31 | 32 | 310 iterations |", *(dropped := row(1000, 32, drop_last=True)))
    stands("02", "the last batch is short: 8 images", short[3])
    stands("02", "the loader throws it away: 31 iterations, and 8 images are not used", dropped[2], short[3])


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
    stands("02", "0.47, not near 0.3", ..., losses_at_the_end(train, 1, batch_size=8))
    singles = [evaluate(trained(train, 128, batch_size=1, seed=seed).model, train)["loss"] for seed in range(1, 9)]
    stands("02", "the mean of eight is about 0.4", sum(singles) / len(singles))
    assert max(singles) - min(singles) > 0.1


def test_with_a_1_in_the_contest_of_the_lesson_its_128_updates_end_at_047(digits):
    train, _ = digits
    pigeon = Pigeon(seed=1)
    optimizer = torch.optim.SGD(pigeon.parameters(), lr=0.005, momentum=0.9)
    loader = DataLoader(train, 1, shuffle=True, generator=torch.Generator().manual_seed(1))
    for _, (image, target) in zip(range(updates := 128), loader, strict=False):
        optimizer.zero_grad()
        torch.nn.functional.binary_cross_entropy_with_logits(pigeon(image), target).backward()
        optimizer.step()
    stands("02", "128 updates on single images end at 0.47", updates, evaluate(pigeon, train)["loss"])


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
    assert set(shares[10:]) == {0.0}
    stands("02", 'After a mixed one come 22 batches of pure "no"', len(shares[10:]))
    pure = [bool(part.max() < 3) for part in by_label.labels.split(32)]
    stands("02", "The first nine batches hold only the digits 0, 1 and 2", *by_label.labels[:sum(pure) * 32].unique(),
           nine=sum(pure))


@pytest.mark.parametrize("seed", [1, 2, 3, 4, 5])
def test_trained_on_sorted_digits_the_pigeon_says_no_to_everything_and_shuffling_mends_it(by_label, seed):
    broken = trained(by_label, 5 * 32, lr=0.01, shuffle=False, seed=seed)
    assert (broken.model(by_label.images) <= 0).all()
    assert evaluate(broken.model, by_label)["loss"] > 0.5
    assert broken.history.batch_loss[-1] < 0.4
    assert all(broken.history.batch_loss[32 * epoch] > 0.9 for epoch in (1, 2, 3, 4))
    if seed == 1:  # as shown
        stands("02", "opens with a loss of about 1 or more", min(broken.history.batch_loss[32:160:32]))
    mended = trained(by_label, 5 * 32, lr=0.01, seed=seed)
    assert evaluate(mended.model, by_label)["accuracy"] > 0.9


def yes_after_pure_batches(digits, order, *, seed):
    """Return the share of "yes" after five epochs of batches that each hold one kind of answer, in this order."""
    arranged = digits[0][torch.cat(order)]
    return (trained(arranged, 5 * len(arranged) // 32, lr=0.01, shuffle=False, seed=seed).model(
        arranged.images) > 0).float().mean().item()


def test_22_batches_of_no_outweigh_nine_of_yes_in_either_order_and_nine_do_not(digits):
    small = digits[0].labels < 3
    yes, no = small.nonzero()[:9 * 32, 0], (~small).nonzero()[:22 * 32, 0]
    stands("02", "But 22 batches outweigh nine", len(no) / 32, nine=len(yes) / 32)
    for seed in range(1, 6):
        shares = [yes_after_pure_batches(digits, order, seed=seed) for order in ((yes, no), (no, yes))]
        assert shares[0] == 0 and shares[1] < 0.05
        no_last, yes_last = (yes_after_pure_batches(digits, order, seed=seed)
                             for order in ((yes, no[:len(yes)]), (no[:len(yes)], yes)))
        assert 0.1 < no_last < 0.5 < yes_last - 0.1


def test_ten_epochs_of_31_iterations_leave_296_images_one_use_short():
    loader = DataLoader(range(1000), batch_size=32, shuffle=True)
    used = torch.zeros(1000, dtype=torch.int64)
    batches = [positions for _ in range(10) for positions in loader]
    for positions in batches[:310]:
        used[positions] += 1
    assert sorted(set(used.tolist())) == [9, 10]
    stands("02", "296 images have been used only 9 times", (used == 9).sum(), used.min())
    batch, wrong, right = loader.batch_size, len(used) // loader.batch_size, len(loader)
    stands("02", "They compute `1000 // 32`, which is 31, and train for 310", len(used), batch, wrong, 10 * wrong)
    stands("02", "The loader makes 32 batches an epoch, not 31", right, wrong)
    stands("02", 'After 310 iterations it is in the middle of the tenth epoch, while the log says "10 epochs done". '
                 "After 310 real epochs, the log would say 320", 10 * wrong, 10 * wrong / wrong, 10 * wrong,
           10 * wrong * right / wrong)
    stands("02", '"images used = iterations × 32". After 320 iterations that gives 10,240 images. It was 10,000', batch,
           len(batches), len(batches) * batch, sum(map(len, batches)))


def test_the_challenge_can_be_met_with_small_batches_and_not_with_32(digits):
    train, val = digits
    for seed in range(1, 11):
        small, usual = sweep([{"batch_size": size, "seed": seed} for size in (4, 32)], train, val, epochs=2)
        assert max(small["val_accuracy"]) >= 0.9 > max(usual["val_accuracy"]) and small["iteration"][-1] <= 600


def test_thirty_updates_from_all_images_leave_the_pigeon_near_always_no(digits):
    ends = sweep([{"batch_size": 1024, "seed": seed} for seed in SEEDS], digits[0], epochs=30)
    assert all(history["train_accuracy"][-1] < 0.74 and history["iteration"][-1] == 30 for history in ends)
