"""Chapter 07: each number and comparison in its prose, measured again, over five seeds where it generalizes."""

import copy
import hashlib
import os
import random

import pytest
import torch

from pigeon_lessons import (
    CheckpointError,
    Pigeon,
    Trainer,
    evaluate,
    load_checkpoint,
    load_mnist,
    save_checkpoint,
    split,
)
from pigeon_lessons.checkpoint import VERSION
from pigeon_lessons.data import data_order
from tests.chapters.claims import stands

TRAIN, VAL, _ = split(load_mnist())
SEEDS = range(1, 6)


def trainer_of(seed=1, weights=None, val=VAL, **settings):
    return Trainer(Pigeon(seed=weights or seed), TRAIN, val, seed=seed, **settings)


def without_momentum(state):
    state = copy.deepcopy(state)
    state["optimizer"]["state"] = {}
    return state


@pytest.fixture(scope="module")
def interrupted():
    """Return, for each seed, (all parts, no momentum): trainers after 32 updates, in fresh trainers.

    They look at the training digits after every second update: row 21 of their history is update 42.
    """
    pairs = []
    for seed in SEEDS:
        start = trainer_of(seed, val=None, lr=0.01, evaluate_every=2)
        list(start.iterations(32))
        pair = [trainer_of(seed, weights=99, val=None, lr=0.01, evaluate_every=2) for _ in range(2)]
        pair[0].load_state_dict(start.state_dict())
        pair[1].load_state_dict(without_momentum(start.state_dict()))
        pairs.append(pair)
    return pairs


def test_a_run_cut_off_at_update_137_and_resumed_equals_the_whole_run_to_the_last_bit(tmp_path):
    whole, crashed, resumed = trainer_of(lr=0.05), trainer_of(lr=0.05), trainer_of(weights=99, lr=0.05)
    whole.fit(10)
    for iteration in crashed.iterations(failure := 137):
        if iteration % 20 == 0:
            save_checkpoint(tmp_path / "latest.ckpt", crashed)
    torch.rand(1000)
    load_checkpoint(tmp_path / "latest.ckpt", resumed)
    assert resumed.epoch + 1 == 4
    stands("07", "The crash cost 17 updates, those from 121 to 137", failure - resumed.iteration, resumed.iteration + 1,
           failure)
    list(resumed.iterations(200))
    assert resumed.history.batch_loss == whole.history.batch_loss and len(whole.history.batch_loss) == 320
    assert resumed.history == whole.history
    assert all(map(torch.equal, resumed.model.parameters(), whole.model.parameters()))


def test_without_momentum_the_loss_falls_behind_by_003_and_makes_up_three_quarters_in_64_updates(interrupted):
    made_up, gaps = [], []
    for good, bad in copy.deepcopy(interrupted):
        for trainer in (good, bad):
            list(trainer.iterations(64))
        gap = [b - a for a, b in zip(good.history["train_loss"], bad.history["train_loss"], strict=True)]
        assert gap[16] == 0 and 0.02 < gap[21] < 0.04 and 0 < gap[48] < 0.012
        made_up.append(1 - gap[48] / gap[21])
        gaps.append(gap[21])
    stands("07", "the run falls behind by about 0.03, and after 64 updates it has made up about three quarters of that",
           sum(gaps) / 5, ..., three_quarters=sum(made_up) / 5)
    assert 0.7 < sum(made_up) / 5 < 0.8


def test_without_weights_the_loss_jumps_back_to_that_of_an_untrained_pigeon(interrupted):
    trainer = copy.deepcopy(interrupted[0][0])
    before = evaluate(trainer.model, TRAIN)["loss"]
    trainer.model.load_state_dict(Pigeon(seed=99).state_dict())
    list(trainer.iterations(1))
    after = evaluate(trainer.model, TRAIN)["loss"]
    assert before < 0.5
    stands("07", "Without the weights the loss jumps back to 0.70", after)


def test_without_momentum_the_first_step_is_a_seventh_to_a_quarter_and_the_twentieth_as_long_as_ever(interrupted):
    def lengths(trainer):
        found = []
        for _ in range(25):
            before = torch.cat([parameter.detach().flatten() for parameter in trainer.model.parameters()])
            list(trainer.iterations(1))
            after = torch.cat([parameter.detach().flatten() for parameter in trainer.model.parameters()])
            found.append((after - before).norm().item())
        return found

    ratios = [[b / g for g, b in zip(lengths(good), lengths(bad), strict=True)]
              for good, bad in copy.deepcopy(interrupted)]
    stands("07", "from a seventh to a quarter, with five seeds", seventh=min(ratio[0] for ratio in ratios),
           quarter=max(ratio[0] for ratio in ratios), five=len(ratios))
    assert all(0.14 < ratio[0] < 0.26 and 0.9 < ratio[20] < 1.1 for ratio in ratios)


@pytest.mark.parametrize("seed", SEEDS)
def test_from_the_whole_set_as_one_batch_the_first_step_without_momentum_is_about_a_tenth(seed):
    start = trainer_of(seed, val=None, lr=0.01, batch_size=len(TRAIN), evaluate_every=10**9)
    list(start.iterations(32))
    steps = []
    for state in (start.state_dict(), without_momentum(start.state_dict())):
        trainer = trainer_of(seed, weights=99, val=None, lr=0.01, batch_size=len(TRAIN), evaluate_every=10**9)
        trainer.load_state_dict(state)
        before = torch.cat([parameter.detach().flatten() for parameter in trainer.model.parameters()])
        list(trainer.iterations(1))
        after = torch.cat([parameter.detach().flatten() for parameter in trainer.model.parameters()])
        steps.append((after - before).norm().item())
    assert 1 / 10 < steps[1] / steps[0] < 1 / 8


def test_velocity_recovers_as_the_formula_says():
    momentum, velocity, sizes = 0.9, 0.0, []
    full = sum(momentum**power for power in range(300))
    for _ in range(20):
        velocity = momentum * velocity + 1
        sizes.append(velocity / full)
    assert sizes[0] == pytest.approx(0.1)
    stands("07", r"With $\mu = 0.9$ that is $10\,g$", momentum, full)
    stands("07", "$1 - 0.9^{k}$ of its old size after $k$ updates: 65 % after 10, 88 % after 20", ..., momentum,
           sizes[half := len(sizes) // 2 - 1], half + 1, sizes[-1], len(sizes))


def test_the_best_interval_between_saves_is_that_of_the_rule_and_the_valley_is_flat():
    def share_lost(interval, saving=0.5, between=240.0):
        dice = random.Random(2)
        times = [dice.expovariate(1 / between) for _ in range(20_000)]
        return 1 - sum(interval * (time // (interval + saving)) for time in times) / sum(times)

    saving, between = 0.5, 240
    by_sum = min(range(10, 6000), key=lambda tenths: 10 * saving / tenths + tenths / 10 / (2 * between)) / 10
    stands("07", "For half a minute and four hours this is 15.5 minutes", by_sum)
    stands("07", "The best interval lies between, at √(2 · time to save", by_sum**2 / (saving * between))
    stands("07", "Near a quarter of an hour it is about 6 %", share_lost(15))
    stands("07", "Saving every two minutes loses a fifth of the time", fifth=share_lost(2))
    stands("07", "Once an hour loses about an eighth", eighth=share_lost(60))
    assert share_lost(2) == pytest.approx(0.2, abs=0.01) and share_lost(60) == pytest.approx(0.125, abs=0.01)
    assert all(0.058 < share_lost(interval) < 0.08 for interval in (10, 15.5, 20, 25))
    assert all(share_lost(15.5) < share_lost(interval) for interval in (4, 6, 40))
    assert share_lost(2) < 0.5 / 2 + 2 / 480 - 0.03  # the rule is too dark for short intervals


def test_the_best_epoch_is_8_of_20_and_can_still_be_had_after_the_run(tmp_path):
    trainer = trainer_of(lr=0.05)
    for _ in trainer.epochs(20):
        if trainer.history.is_best("val_loss"):
            save_checkpoint(tmp_path / "best.ckpt", trainer)
    chosen = trainer_of(weights=99, lr=0.05)
    load_checkpoint(tmp_path / "best.ckpt", chosen)
    stands("07", "The run had its best Pigeon after epoch 8", chosen.epoch)
    stands("07", "held epoch 8, the best of the run", chosen.epoch)
    assert chosen.history["val_loss"][-1] == min(trainer.history["val_loss"])
    assert chosen.history["val_loss"][-1] == pytest.approx(0.106, abs=6e-4)
    assert min(trainer.history["val_loss"][13:]) > chosen.history["val_loss"][-1]  # what a forgotten best keeps
    assert trainer.history["val_loss"][13] == pytest.approx(0.114, abs=6e-4)


def test_a_dictionary_of_weights_optimizer_position_and_record_goes_on_to_the_last_bit(tmp_path):
    def fresh(seed):
        pigeon = Pigeon(seed=seed)
        return pigeon, torch.optim.SGD(pigeon.parameters(), lr=0.05, momentum=0.9)

    def update(pigeon, optimizer, number):
        batch = TRAIN[32 * (number % 32):32 * (number % 32) + 32]
        loss = torch.nn.functional.binary_cross_entropy_with_logits(pigeon(batch.images), batch.targets)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return loss.item()

    pigeon, optimizer = fresh(1)
    losses = []
    for number in range(96):
        if number == 40:
            torch.save({"model": pigeon.state_dict(), "optimizer": optimizer.state_dict()}, tmp_path / "run.pt")
        losses.append(update(pigeon, optimizer, number))
    resumed, memory = fresh(99)
    saved = torch.load(tmp_path / "run.pt", weights_only=True)
    resumed.load_state_dict(saved["model"])
    memory.load_state_dict(saved["optimizer"])
    assert [update(resumed, memory, number) for number in range(40, 96)] == losses[40:]


@pytest.mark.parametrize("seed", SEEDS)
def test_with_a_cosine_schedule_epoch_8_of_20_is_not_the_end_of_a_run_planned_for_8(seed):
    def training_loss(planned, epochs=8):
        pigeon, order = Pigeon(seed=seed), torch.Generator().manual_seed(seed)
        optimizer = torch.optim.SGD(pigeon.parameters(), lr=0.05, momentum=0.9)
        schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 32 * planned)
        for chosen in (chosen for _ in range(epochs) for chosen in torch.randperm(1024, generator=order).split(32)):
            optimizer.zero_grad()
            torch.nn.functional.binary_cross_entropy_with_logits(
                pigeon(TRAIN.images[chosen]), TRAIN.targets[chosen]).backward()
            optimizer.step()
            schedule.step()
        return evaluate(pigeon, TRAIN)["loss"], optimizer.param_groups[0]["lr"]

    (long, rate), (short, end) = training_loss(20), training_loss(8)
    assert short > 1.3 * long and rate > 0.03 and end == pytest.approx(0, abs=1e-9)


class Gift:
    def __init__(self, folder):
        self.folder = folder

    def __reduce__(self):
        return os.mkdir, (self.folder,)


def test_a_strangers_file_runs_code_unless_it_is_read_as_weights_only(tmp_path):
    folder, path = str(tmp_path / "visited"), tmp_path / "gift.ckpt"
    torch.save({"model": Gift(folder)}, path)
    with pytest.raises(CheckpointError, match="its last line is missing"):
        load_checkpoint(path, trainer_of())
    content = path.read_bytes()  # a stranger can compute a checksum too
    checksum = hashlib.sha256(content).hexdigest().encode()
    forged = tmp_path / "forged.ckpt"
    forged.write_bytes(content + b"\npigeon-lessons checkpoint %d sha256 " % VERSION + checksum + b"\n")
    with pytest.raises(CheckpointError, match="more than tensors and plain values"):
        load_checkpoint(forged, trainer_of())
    assert not os.path.exists(folder)
    torch.load(path, weights_only=False)
    assert os.path.exists(folder)


def test_weights_alone_start_the_learning_rate_and_the_images_anew():
    settings = {"lr": 0.1, "decay": 0.8}
    half = trainer_of(**settings)
    half.fit(5)
    weights_only, mended = trainer_of(weights=99, **settings), trainer_of(weights=99, **settings)
    weights_only.model.load_state_dict(half.model.state_dict())
    mended.load_state_dict(half.state_dict())
    for trainer in (weights_only, mended):
        list(trainer.iterations(1))
    assert [trainer.iteration for trainer in (weights_only, mended)] == [1, 161]
    rates = [trainer.optimizer.param_groups[0]["lr"] for trainer in (weights_only, mended)]
    stands("07", "The learning rate should be 0.033 by now and is back at 0.1", rates[1], rates[0])
    assert not torch.equal(data_order(1024, seed=1, epoch=0), data_order(1024, seed=1, epoch=5))


def test_a_file_written_directly_is_lost_when_the_power_fails_and_a_checkpoint_is_not(tmp_path, monkeypatch):
    path, trainer = tmp_path / "only.ckpt", trainer_of()
    save_checkpoint(path, trainer)
    whole = path.read_bytes()
    list(trainer.iterations(1))

    def power_fails(*_):
        raise OSError("the power fails")

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", power_fails)
        with pytest.raises(CheckpointError, match="an earlier one there is still whole"):
            save_checkpoint(path, trainer)
    assert path.read_bytes() == whole
    torch.save(trainer.state_dict(), path)
    path.write_bytes(path.read_bytes()[:path.stat().st_size // 2])
    with pytest.raises(RuntimeError):
        torch.load(path, weights_only=True)


def test_the_challenge_of_the_explorer_is_met_by_losing_the_momentum_early_and_not_late():
    for interrupt, is_met in ((1, True), (5, False)):
        good, bad = (trainer_of(weights=weights, lr=0.01, momentum=0.9) for weights in (1, 99))
        good.fit(interrupt)
        bad.load_state_dict(without_momentum(good.state_dict()))
        pairs = zip(good.fit(6)["train_loss"], bad.fit(6)["train_loss"], strict=True)
        assert (max(abs(one - other) for one, other in pairs) > 0.02) == is_met
