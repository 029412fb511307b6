"""`sweep` against `Trainer` one by one, setting against neighbor, slice against whole."""

import math
import signal

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from pigeon_lessons import Digits, Pigeon, Sweep, Trainer, load_mnist, split, sweep
from pigeon_lessons.setting import Setting
from pigeon_lessons.stack import Stack, padded_width

TRAIN, VAL, _ = split(load_mnist(), train=70, val=40)


@st.composite
def sane_settings(draw):
    """One setting inside the domain that sweep's docstring states."""
    batch_size = draw(st.sampled_from([3, 8, 9, 32, 69, 70, 71]))
    momentum = draw(st.sampled_from([0.0, 0.5, 0.9, 0.95]))
    largest = min(1, batch_size / 40) * (1 - momentum)
    return {
        "lr": draw(st.floats(largest / 100, largest)),
        "batch_size": batch_size,
        "momentum": momentum,
        "decay": draw(st.sampled_from([1.0, 0.8])),
        "weight_decay": draw(st.sampled_from([0.0, 0.01])),
        "num_hidden": draw(st.sampled_from([1, 5, 15, 16, 30, 33])),
        "seed": draw(st.integers(0, 5)),
    }


def trained_alone(setting, epochs, evaluate_every=None):
    rest = {key: value for key, value in setting.items() if key != "num_hidden"}
    trainer = Trainer(Pigeon(setting.get("num_hidden", 30), seed=setting.get("seed", 1)), TRAIN, VAL,
                      evaluate_every=evaluate_every, **rest)
    trainer.fit(epochs)
    return trainer


def assert_same_run(history, other):
    assert history["iteration"] == other["iteration"]
    assert history["epoch"] == other["epoch"]
    assert history["tau"] == pytest.approx(other["tau"], rel=1e-9, abs=0)
    for name in ("train_loss", "val_loss", "train_accuracy", "val_accuracy"):
        assert history[name] == pytest.approx(other[name], abs=1e-4), name
    assert history.batch_loss == pytest.approx(other.batch_loss, abs=1e-4)


@settings(max_examples=6, derandomize=True)
@given(st.lists(sane_settings(), min_size=1, max_size=3))
def test_every_recorded_value_equals_the_trainer_s_over_15_epochs(mixed):
    for setting, history in zip(mixed, sweep(mixed, TRAIN, VAL), strict=True):
        assert_same_run(history, trained_alone(setting, 15).history)


@settings(max_examples=6, derandomize=True)
@given(st.lists(sane_settings(), min_size=1, max_size=3), st.integers(1, 40))
def test_rows_fall_on_every_kth_iteration_as_the_trainer_s_do(mixed, every):
    for setting, history in zip(mixed, sweep(mixed, TRAIN, VAL, epochs=2, evaluate_every=every), strict=True):
        assert_same_run(history, trained_alone(setting, 2, every).history)


def test_single_images_equal_the_trainer_s_over_15_epochs():
    singles = [{"batch_size": 1, "lr": 0.0025}, {"batch_size": 1, "lr": 0.02, "momentum": 0, "seed": 4},
               {"batch_size": 1, "lr": 0.0025, "weight_decay": 0.01}]
    for setting, history in zip(singles, sweep(singles, TRAIN, VAL), strict=True):
        assert_same_run(history, trained_alone(setting, 15).history)


def test_a_setting_and_a_dict_of_numpy_s_numbers_are_the_same_to_a_sweep():
    setting = Setting(lr=0.25, batch_size=16)
    one, other = sweep([setting, {"lr": np.float32(0.25), "batch_size": np.int64(16)}], TRAIN, VAL, epochs=1)
    assert one == other
    assert Sweep([setting], TRAIN).settings == [setting]


@pytest.mark.parametrize("digits", [
    load_mnist()[:1100],  # three pieces, the last one short
    Digits(0.01 + torch.arange(40 * 784).view(40, 1, 28, 28) % 89 / 90, torch.arange(40) % 10),
    Digits(torch.eye(40, 784).view(40, 1, 28, 28), torch.arange(40) % 10),
    Digits(torch.zeros(40, 1, 28, 28), torch.arange(40) % 10),
], ids=["in many pieces", "no pixel rare", "every pixel rare", "no ink"])
def test_evaluations_are_the_trainer_s_wherever_the_ink_is(digits):
    (history,) = sweep([{"lr": 0.01}], digits[3:], digits, epochs=2)
    trainer = Trainer(Pigeon(seed=1), digits[3:], digits, lr=0.01)
    assert_same_run(history, trainer.fit(2))


def test_the_weights_are_the_trainer_s_too():
    mixed = [{"lr": 0.05, "num_hidden": 15}, {"batch_size": 1, "seed": 3}, {"lr": 0.02, "batch_size": 40, "decay": 0.7},
             {"lr": 0.02, "weight_decay": 0.1, "decay": 0.7}, {"batch_size": 1, "weight_decay": 0.05}]
    run = Sweep(mixed, TRAIN, VAL)
    for _ in run.slices(3):
        pass
    for index, setting in enumerate(mixed):
        expected = trained_alone(setting, 3).model.state_dict()
        for name, weights in run.pigeon(index).state_dict().items():
            torch.testing.assert_close(weights, expected[name], atol=1e-5, rtol=0, msg=f"{setting}: {name}")


def test_the_untrained_pigeon_of_a_sweep_is_the_seeded_pigeon():
    pigeon = Sweep([{"num_hidden": 7, "seed": 4}], TRAIN).pigeon(0)
    for name, weights in Pigeon(7, seed=4).state_dict().items():
        assert torch.equal(pigeon.state_dict()[name], weights)


def test_a_pigeon_taken_out_of_a_sweep_does_not_change_with_it():
    run = Sweep([{"lr": 0.05}], TRAIN)
    before = run.pigeon(0)
    for _ in run.slices(1):
        pass
    assert torch.equal(before.hidden.weight, Pigeon(seed=1).hidden.weight)
    assert not torch.equal(run.pigeon(0).hidden.weight, before.hidden.weight)


@pytest.mark.parametrize("batch_size", [1, 5, 8, 32, 70])
def test_a_diverging_neighbor_changes_no_bit_of_the_others(batch_size):
    sane = [{"lr": 0.003, "batch_size": batch_size, "seed": seed, "momentum": momentum}
            for seed, momentum in ((1, 0.9), (2, 0.9), (1, 0.5))]
    wild = [{"lr": 1e30, "batch_size": batch_size}, {"lr": 1e38, "batch_size": batch_size, "seed": 2}]
    without = sweep(sane, TRAIN, VAL, epochs=3)
    beside = sweep([wild[0], *sane, wild[1]], TRAIN, VAL, epochs=3)
    for history, other in zip(without, beside[1:-1], strict=True):
        assert history == other
        assert history.batch_loss == other.batch_loss
    for history in (beside[0], beside[-1]):
        assert not math.isfinite(history["train_loss"][-1])
        assert history.num_rows == 4


@settings(max_examples=5, derandomize=True)
@given(st.lists(sane_settings(), min_size=2, max_size=5), st.randoms(use_true_random=False))
def test_order_and_company_change_no_bit(mixed, random):
    shuffled = random.sample(range(len(mixed)), len(mixed))
    together = sweep(mixed, TRAIN, VAL, epochs=2)
    again = sweep([mixed[index] for index in shuffled], TRAIN, VAL, epochs=2)
    alone = sweep(mixed[:1], TRAIN, VAL, epochs=2)[0]
    for index, history in zip(shuffled, again, strict=True):
        assert history == together[index]
        assert history.batch_loss == together[index].batch_loss
    assert (alone, alone.batch_loss) == (together[0], together[0].batch_loss)


def test_slices_left_and_resumed_give_the_run_in_one_piece():
    mixed = [{"lr": 0.05}, {"batch_size": 3, "decay": 0.9}, {"batch_size": 8, "num_hidden": 60}]
    run = Sweep(mixed, TRAIN, VAL)
    for number, _ in enumerate(run.slices(2, budget_ms=0)):
        if number == 5:  # in the middle of an epoch
            break
    lengths = [len(history.batch_loss) for history in run.histories]
    assert 0 < sum(lengths) < 2 * (3 + 24 + 9)
    for histories in run.slices(4, budget_ms=0):
        assert histories is run.histories
    for history, other in zip(run.histories, sweep(mixed, TRAIN, VAL, epochs=4), strict=True):
        assert (history, history.batch_loss) == (other, other.batch_loss)


def test_a_sweep_made_in_inference_mode_is_walked_outside_and_inside():
    settings = [{"batch_size": 8}]
    with torch.inference_mode():
        run = Sweep(settings, TRAIN, VAL)
    for _ in run.slices(2):
        pass
    with torch.inference_mode():
        *_, histories = run.slices(3)
    *_, histories = run.slices(4)
    assert histories == sweep(settings, TRAIN, VAL, epochs=4)


def test_ctrl_c_ends_a_sweep_after_the_block_it_came_in_and_loses_nothing(monkeypatch):
    train_block, blocks = Stack.train_block, []

    def interrupted_once(stack, start, stop):
        train_block(stack, start, stop)
        blocks.append(start)
        if len(blocks) == 5:
            signal.raise_signal(signal.SIGINT)  # the weights have moved, nothing is counted yet

    monkeypatch.setattr(Stack, "train_block", interrupted_once)
    run = Sweep([{"lr": 0.05, "batch_size": 10}], TRAIN, VAL)
    with pytest.raises(KeyboardInterrupt):
        list(run.slices(3, budget_ms=1e6))
    assert len(blocks) == 5
    *_, histories = run.slices(3)
    assert histories == sweep([{"lr": 0.05, "batch_size": 10}], TRAIN, VAL, epochs=3)


def test_a_slice_shows_the_losses_of_all_iterations_done_so_far():
    run = Sweep([{"lr": 0.05, "batch_size": 10}], TRAIN)
    counts = [len(histories[0].batch_loss) for histories in run.slices(1, budget_ms=0)]
    assert counts == [*range(1, 8), 7]


def test_asking_for_epochs_already_done_changes_nothing():
    run = Sweep([{}], TRAIN, VAL)
    list(run.slices(2))
    before = run.histories[0].copy()
    assert [histories[0] for histories in run.slices(1)] == [before]


def test_a_sweep_says_what_it_is_and_where_it_stands():
    run = Sweep([{}, {"batch_size": 3}], TRAIN)
    list(run.slices(2))
    assert repr(run) == "Sweep(2 settings, 2 epochs done)" and repr(Sweep([], TRAIN)) == "Sweep(0 settings)"


@pytest.mark.parametrize(("call", "error", "words"), [
    (lambda run: run.pigeon(1), IndexError, "index must be that of one of 1 settings, got 1; 0 is the first"),
    (lambda run: run.pigeon("0"), TypeError, "index must be a whole number, got '0'"),
    (lambda run: run.slices(1, budget_ms=-1), ValueError, "budget_ms must be at least 0, got -1; 40 is usual"),
])
def test_what_a_sweep_cannot_give_is_named(call, error, words):
    with pytest.raises(error, match=words):
        call(Sweep([{}], TRAIN))


def test_no_validation_digits_no_validation_columns():
    assert set(sweep([{}], TRAIN, epochs=1)[0]) == {"iteration", "epoch", "tau", "train_loss", "train_accuracy"}


def test_no_settings_give_no_histories():
    assert sweep([], TRAIN, VAL) == []


def test_global_random_state_is_neither_read_nor_changed():
    torch.manual_seed(5)
    before = torch.get_rng_state()
    first = sweep([{"seed": 3}], TRAIN, epochs=1)
    assert torch.equal(before, torch.get_rng_state())
    torch.manual_seed(6)
    assert sweep([{"seed": 3}], TRAIN, epochs=1) == first


def test_the_padding_stays_exactly_zero():
    run = Sweep([{"num_hidden": 5, "lr": 0.1}, {"num_hidden": 12, "lr": 0.1, "batch_size": 32}], TRAIN)
    list(run.slices(2))
    (stack,) = {id(one.stack): one.stack for one in run._runs}.values()
    assert padded_width(5) == padded_width(12) == 16
    assert not stack.hidden[0, :, 5:-1].any() and not stack.output[0, :, 5:-1].any()
    assert not stack.hidden[1, :, 12:-1].any() and not stack.output[1, :, 12:-1].any()


@pytest.mark.parametrize(("setting", "error", "words"), [
    ({"lr": 0}, ValueError, "lr must be greater than 0"),
    ({"lr": "fast"}, TypeError, "lr must be a number"),
    ({"batch_size": 2.5}, TypeError, "batch_size must be a whole number"),
    ({"momentum": 1}, ValueError, "momentum must be less than 1"),
    ({"decay": 1.1}, ValueError, "decay must be at most 1"),
    ({"weight_decay": -0.1}, ValueError, "weight_decay must be at least 0"),
    ({"num_hidden": 0}, ValueError, "num_hidden must be at least 1"),
    ({"seed": -1}, ValueError, "seed must be at least 0"),
    ({"learning_rate": 0.1}, ValueError, "'learning_rate'; leave it out or mend its spelling"),
    (0.1, TypeError, "a setting must be a dict or a Setting, got 0.1"),
])
def test_a_wrong_setting_is_named(setting, error, words):
    with pytest.raises(error, match=words):
        sweep([{}, setting], TRAIN, VAL)


@pytest.mark.parametrize(("arguments", "error", "words"), [
    ({"settings": {"lr": 0.1}}, TypeError, "settings must be a list of settings, got {'lr': 0.1}; put one alone"),
    ({"settings": 3}, TypeError, "settings must be a list of settings, got 3"),
    ({"train": None}, TypeError, "train must be Digits"),
    ({"val": TRAIN[:0]}, ValueError, "val must hold at least one digit"),
    ({"epochs": -1}, ValueError, "epochs must be at least 0"),
    ({"evaluate_every": 0}, ValueError, "evaluate_every must be at least 1"),
])
def test_a_wrong_argument_is_named(arguments, error, words):
    with pytest.raises(error, match=words):
        sweep(**({"settings": [{}], "train": TRAIN, "val": VAL} | arguments))
