"""Claims about whole runs: what they repeat, and the positions and rows they pass through."""

import pytest
import torch

from pigeon_lessons import Pigeon, Trainer, evaluate
from tests.training import same, spoil_global_random_states, weights

# ---- the same again ----

def run(train, val, **settings):
    trainer = Trainer(Pigeon(seed=5), train, val, lr=0.05, seed=3, **settings)
    trainer.fit(3)
    return trainer


def test_a_run_is_the_same_whatever_ran_before(parts):
    first = run(*parts)
    spoil_global_random_states(99)
    evaluate(first.model, parts[0])
    torch.rand(1000)
    second = run(*parts)
    assert second.history == first.history and second.history.batch_loss == first.history.batch_loss
    assert same(weights(first.model), weights(second.model))


def test_evaluating_more_often_changes_no_update(parts):
    often = run(*parts, evaluate_every=1)
    assert often.history.batch_loss == run(*parts).history.batch_loss


def test_a_gradient_left_on_the_model_is_no_part_of_the_first_update(parts):
    model = Pigeon(seed=5)
    model(parts[0].images).sum().backward()
    trainer = Trainer(model, *parts, lr=0.05, seed=3)
    trainer.fit(3)
    assert trainer.history == run(*parts).history


def test_another_number_of_threads_changes_rounding_at_most(parts):
    usual = torch.get_num_threads()
    try:
        torch.set_num_threads(1)
        one = run(*parts).history
        torch.set_num_threads(2)
        two = run(*parts).history
    finally:
        torch.set_num_threads(usual)
    assert two.batch_loss == pytest.approx(one.batch_loss, rel=1e-4)
    assert two["val_loss"] == pytest.approx(one["val_loss"], rel=1e-4)


@pytest.mark.parametrize("settings", [{"seed": 4}, {"shuffle": False}, {"batch_size": 16}, {"momentum": 0.0},
                                      {"decay": 0.5}, {"weight_decay": 0.1}])
def test_every_setting_makes_a_difference(settings, parts):
    usual = Trainer(Pigeon(seed=5), *parts).fit(2)
    assert Trainer(Pigeon(seed=5), *parts, **settings).fit(2).batch_loss != usual.batch_loss


# ---- positions and rows ----

def test_evaluate_every_none_makes_a_row_for_each_epoch(parts):
    history = Trainer(Pigeon(seed=1), *parts).fit(3)
    assert history["iteration"] == [0, 7, 14, 21] and history["epoch"] == [0, 1, 2, 3]
    assert len(history.batch_loss) == 21
    assert list(history) == ["iteration", "epoch", "tau", "train_loss", "train_accuracy", "val_loss", "val_accuracy"]


def test_evaluate_every_k_makes_a_row_after_each_kth_iteration(parts):
    history = Trainer(Pigeon(seed=1), *parts, evaluate_every=5).fit(3)
    assert history["iteration"] == [0, 5, 10, 15, 20]
    assert history["epoch"] == pytest.approx([0, 160 / 200, 1 + 96 / 200, 2 + 32 / 200, 2 + 192 / 200])


def test_tau_adds_up_the_rate_over_one_minus_momentum_with_decay_and_schedule(parts):
    history = Trainer(Pigeon(seed=1), *parts, lr=0.1, momentum=0.75, decay=0.5).fit(3)
    assert history["tau"] == [0, 2.8, 4.2, 4.9]  # seven updates an epoch, each of 0.4, 0.2 and 0.1

    trainer, rates = Trainer(Pigeon(seed=1), *parts, momentum=0), [0.5, 0.25, 0.125, 0.0625]
    for rate, _ in zip(rates, trainer.iterations(3), strict=False):
        trainer.optimizer.param_groups[0]["lr"] = rate  # counts from the next update on
    assert trainer.tau == 0.005 + 0.5 + 0.25


def test_tau_of_an_optimizer_without_momentum_is_the_sum_of_its_rates(parts):
    trainer = Trainer(Pigeon(seed=1), *parts)
    trainer.optimizer = torch.optim.Adam(trainer.model.parameters(), lr=0.25)
    assert trainer.fit(2)["tau"] == [0, 7 * 0.25, 14 * 0.25]


def test_row_zero_is_the_untrained_model(parts):
    trainer = Trainer(Pigeon(seed=1), *parts)
    untrained, row = Pigeon(seed=1), trainer.history.row(0)
    for name, digits in zip(("train", "val"), parts, strict=True):
        assert {metric: row[f"{name}_{metric}"] for metric in ("loss", "accuracy")} == evaluate(untrained, digits)


def test_without_validation_there_are_no_val_columns(parts):
    assert set(Trainer(Pigeon(), parts[0]).fit(1)) == {"iteration", "epoch", "tau", "train_loss", "train_accuracy"}


def test_generators_yield_the_numbers_of_what_is_done(parts):
    trainer = Trainer(Pigeon(seed=1), *parts)
    assert list(trainer.iterations(9)) == list(range(1, 10))
    assert (trainer.epoch, trainer.iteration) == (1, 9)
    assert list(trainer.iterations(0)) == list(trainer.epochs(0)) == []
    assert trainer.iteration == 9


def test_an_epoch_left_half_done_is_finished_first(parts):
    trainer = Trainer(Pigeon(seed=1), *parts)
    list(trainer.iterations(3))
    assert list(trainer.epochs(2)) == [1, 2]
    assert trainer.iteration == 14
    assert trainer.history.batch_loss == Trainer(Pigeon(seed=1), *parts).fit(2).batch_loss


def test_many_short_calls_equal_one_long_one(parts):
    pieces, whole = Trainer(Pigeon(seed=1), *parts), Trainer(Pigeon(seed=1), *parts)
    for count in (1, 6, 8, 0, 4):
        list(pieces.iterations(count))
    pieces.fit(1)
    assert pieces.history == whole.fit(3) and pieces.history.batch_loss == whole.history.batch_loss


def test_training_between_two_steps_of_a_generator_keeps_the_order(parts):
    trainer, whole = Trainer(Pigeon(seed=1), *parts), Trainer(Pigeon(seed=1), *parts)
    steps = trainer.iterations(5)
    next(steps)
    trainer.fit(1)
    list(steps)
    assert trainer.iteration == 11
    list(whole.iterations(11))
    assert trainer.history.batch_loss == whole.history.batch_loss


def test_a_batch_larger_than_the_set_is_the_whole_set(parts):
    history = Trainer(Pigeon(seed=1), *parts, batch_size=1000).fit(2)
    assert history["iteration"] == [0, 1, 2]
    assert history.batch_loss == pytest.approx(history["train_loss"][:2], abs=1e-6)
