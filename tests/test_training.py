"""Claims about training; the oracles are closed forms in numpy and a loop in plain PyTorch."""

import random
import re
import signal

import numpy as np
import pytest
import torch
from torch import nn
from torch.utils.data import DataLoader

from pigeon_lessons import Pigeon, Trainer, evaluate, load_mnist, split
from pigeon_lessons.data import data_order
from tests.test_model import closed_form_gradients


@pytest.fixture(scope="module")
def parts():
    train, val, _ = split(load_mnist(), train=200, val=100)
    return train, val


class Doubled(nn.Module):
    """A Pigeon that works in float64, to be compared with numpy to many digits."""

    def __init__(self, seed):
        super().__init__()
        self.pigeon = Pigeon(seed=seed).double()

    def forward(self, images):
        return self.pigeon(images.double())


class Mixed(nn.Module):
    """A network with everything that an evaluation could disturb."""

    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(nn.Flatten(), nn.Linear(784, 8), nn.BatchNorm1d(8), nn.Dropout(), nn.Linear(8, 1))

    def forward(self, images):
        torch.rand(1)  # a careless draw from the global stream
        return self.layers(images)


def weights(model):
    return [parameter.detach().clone() for parameter in model.parameters()]


def same(first, second):
    return all(torch.equal(*pair) for pair in zip(first, second, strict=True))


def spoil_global_random_states(seed):
    random.seed(seed)
    np.random.seed(seed)  # noqa: NPY002 - the global stream is what is to be spoiled
    torch.manual_seed(seed)


# ---- the numbers ----

@pytest.mark.parametrize(("momentum", "decay"), [(0, 1.0), (0.9, 1.0), (0.9, 0.5)])
def test_updates_follow_the_closed_form_of_sgd_with_momentum_and_decay(momentum, decay, parts):
    train, lr, size = parts[0], 0.1, 32
    trainer = Trainer(Doubled(seed=1), train, lr=lr, momentum=momentum, decay=decay, batch_size=size, seed=4)
    expected = [weight.numpy().copy() for weight in weights(trainer.model)]
    velocity = [np.zeros_like(weight) for weight in expected]
    pixels, targets = train.images.double().reshape(-1, 784).numpy(), train.targets.double().numpy()
    for iteration in trainer.iterations(16):  # seven batches an epoch, the seventh of 8 images
        epoch, batch = divmod(iteration - 1, 7)
        chosen = data_order(200, seed=4, epoch=epoch)[size * batch:size * (batch + 1)]
        for place, gradient in enumerate(closed_form_gradients(expected, pixels[chosen], targets[chosen])):
            velocity[place] = momentum * velocity[place] + gradient
            expected[place] = expected[place] - lr * decay ** epoch * velocity[place]
        for ours, theirs in zip(weights(trainer.model), expected, strict=True):
            np.testing.assert_allclose(ours.numpy(), theirs, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("settings", [{"lr": 0.05, "batch_size": 32, "momentum": 0.9},
                                      {"lr": 0.005, "batch_size": 1, "momentum": 0},
                                      {"lr": 0.1, "batch_size": 200, "momentum": 0.5}])
def test_a_plain_loop_over_a_loader_gives_the_same_losses(settings, parts):
    train, val = parts
    history = Trainer(Pigeon(seed=2), train, val, seed=7, **settings).fit(3)

    model, loss_function = Pigeon(seed=2), nn.BCEWithLogitsLoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=settings["lr"], momentum=settings["momentum"])
    batch_losses, val_losses = [], []
    for epoch in range(3):
        order = data_order(len(train), seed=7, epoch=epoch).tolist()
        for images, targets in DataLoader(train, settings["batch_size"], sampler=order):
            loss = loss_function(model(images), targets)
            loss.backward()
            optimizer.step()
            optimizer.zero_grad()
            batch_losses.append(loss.item())
        with torch.no_grad():
            val_losses.append(loss_function(model(val.images), val.targets).item())
    assert history.batch_loss == pytest.approx(batch_losses, abs=1e-6)
    assert history["val_loss"][1:] == pytest.approx(val_losses, abs=1e-6)


def test_the_loss_of_a_set_is_the_mean_over_its_images_short_batch_or_not(parts):
    """Seven batches, the last of 8 images: their plain mean would count those 8 four times."""
    train = parts[0]
    trainer = Trainer(Pigeon(seed=1), train, lr=0.1, batch_size=32)
    trainer.fit(2)
    with torch.no_grad():
        logits = trainer.model(train.images).double().numpy()
    losses = np.logaddexp(0, logits) - train.targets.double().numpy() * logits
    assert trainer.history["train_loss"][-1] == pytest.approx(losses.mean(), abs=1e-6)
    batches = np.split(losses, range(32, 200, 32))
    assert trainer.history["train_loss"][-1] == pytest.approx(
        np.average([batch.mean() for batch in batches], weights=[len(batch) for batch in batches]), abs=1e-6)
    assert np.mean([batch.mean() for batch in batches]) != pytest.approx(losses.mean(), rel=1e-3)


def test_the_loss_of_a_short_batch_is_the_mean_over_its_own_images(parts):
    train = parts[0]
    trainer = Trainer(Pigeon(seed=1), train, batch_size=32)
    for _ in trainer.iterations(6):
        pass
    last = data_order(200, seed=1, epoch=0)[192:]
    expected = evaluate(trainer.model, train[last])["loss"]
    next(trainer.iterations(1))
    assert len(last) == 8 and trainer.history.batch_loss[-1] == pytest.approx(expected, abs=1e-6)


def test_accuracy_is_the_share_of_right_answers(parts):
    digits, pigeon = parts[0], Pigeon(seed=1)
    with torch.no_grad():
        says_yes = pigeon(digits.images).numpy()[:, 0] > 0
    assert evaluate(pigeon, digits)["accuracy"] == np.mean(says_yes == (digits.labels.numpy() < 3))


# ---- the data order ----

def test_no_two_pairs_of_seed_and_epoch_share_an_order():
    seeds = [*range(60), 2**31 - 1, 2**31, 2**31 + 1, 2**32 - 2, 2**32 - 1]
    orders = {data_order(50, seed=seed, epoch=epoch).numpy().tobytes() for seed in seeds for epoch in range(60)}
    assert len(orders) == len(seeds) * 60  # pairs with equal sums, and (1, 2) against (2, 1), among them


@pytest.mark.parametrize("count", [1, 2, 1000])
def test_every_order_visits_each_example_once(count):
    for epoch in range(3):
        order = data_order(count, seed=2**32 - 1, epoch=epoch)
        assert order.dtype == torch.int64 and sorted(order.tolist()) == list(range(count))


def test_the_order_neither_reads_nor_changes_global_random_state():
    spoil_global_random_states(1)
    first = data_order(100, seed=3, epoch=5)
    drawn = random.random(), np.random.rand(), torch.rand(1).item()  # noqa: NPY002
    spoil_global_random_states(2)
    assert torch.equal(data_order(100, seed=3, epoch=5), first)
    spoil_global_random_states(1)
    assert (random.random(), np.random.rand(), torch.rand(1).item()) == drawn  # noqa: NPY002


def test_without_shuffling_the_stored_order_is_kept():
    assert data_order(5, seed=3, epoch=5, shuffle=False).tolist() == [0, 1, 2, 3, 4]


# ---- an evaluation changes nothing ----

def test_evaluate_changes_no_weight_gradient_mode_or_random_state(parts):
    model = Mixed().train()
    model.layers[2].eval()
    nn.BCEWithLogitsLoss()(model(parts[0].images), parts[0].targets).backward()
    gradients = [parameter.grad.clone() for parameter in model.parameters()]
    state = {name: value.clone() for name, value in model.state_dict().items()}
    modes = [module.training for module in model.modules()]
    spoil_global_random_states(1)
    before = random.getstate(), np.random.get_state()[1].tolist(), torch.get_rng_state()  # noqa: NPY002
    evaluate(model, parts[1])
    assert before[:2] == (random.getstate(), np.random.get_state()[1].tolist())  # noqa: NPY002
    assert torch.equal(before[2], torch.get_rng_state())
    assert [module.training for module in model.modules()] == modes == [True, True, True, True, False, True, True]
    assert same(state.values(), model.state_dict().values())
    assert same(gradients, [parameter.grad for parameter in model.parameters()])
    assert all(parameter.requires_grad for parameter in model.parameters())


def test_evaluate_answers_as_the_network_in_use_would(parts):
    """Dropout is off, and batch normalization uses what it has learned."""
    model = Mixed().train()
    measured = evaluate(model, parts[1])["loss"]
    with torch.no_grad():
        logits = model.eval()(parts[1].images)
    assert measured == pytest.approx(nn.BCEWithLogitsLoss()(logits, parts[1].targets).item(), abs=1e-6)


def test_a_failed_evaluation_leaves_the_modes_as_they_were(parts):
    model = nn.Sequential(nn.Flatten(), nn.Linear(10, 1), nn.Dropout())
    model[2].eval()
    with pytest.raises(RuntimeError):
        evaluate(model, parts[1])
    assert [module.training for module in model.modules()] == [True, True, True, False]


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
                                      {"decay": 0.5}])
def test_every_setting_makes_a_difference(settings, parts):
    usual = Trainer(Pigeon(seed=5), *parts).fit(2)
    assert Trainer(Pigeon(seed=5), *parts, **settings).fit(2).batch_loss != usual.batch_loss


# ---- positions and rows ----

def test_evaluate_every_none_makes_a_row_for_each_epoch(parts):
    history = Trainer(Pigeon(seed=1), *parts).fit(3)
    assert history["iteration"] == [0, 7, 14, 21] and history["epoch"] == [0, 1, 2, 3]
    assert len(history.batch_loss) == 21
    assert set(history) == {"iteration", "epoch", "train_loss", "train_accuracy", "val_loss", "val_accuracy"}


def test_evaluate_every_k_makes_a_row_after_each_kth_iteration(parts):
    history = Trainer(Pigeon(seed=1), *parts, evaluate_every=5).fit(3)
    assert history["iteration"] == [0, 5, 10, 15, 20]
    assert history["epoch"] == pytest.approx([0, 160 / 200, 1 + 96 / 200, 2 + 32 / 200, 2 + 192 / 200])


def test_row_zero_is_the_untrained_model(parts):
    trainer = Trainer(Pigeon(seed=1), *parts)
    untrained, row = Pigeon(seed=1), trainer.history.row(0)
    for name, digits in zip(("train", "val"), parts, strict=True):
        assert {metric: row[f"{name}_{metric}"] for metric in ("loss", "accuracy")} == evaluate(untrained, digits)


def test_without_validation_there_are_no_val_columns(parts):
    assert set(Trainer(Pigeon(), parts[0]).fit(1)) == {"iteration", "epoch", "train_loss", "train_accuracy"}


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


# ---- Ctrl-C ----

@pytest.mark.parametrize("moment", ["before the step", "after the step", "in the forward pass"])
@pytest.mark.parametrize("at", [1, 7, 10], ids=["first update", "last of an epoch", "inside an epoch"])
def test_ctrl_c_inside_an_update_waits_for_its_end(at, moment, parts):
    whole, trainer = (Trainer(Pigeon(seed=1), *parts, lr=0.05) for _ in range(2))
    whole.fit(3)

    def press(*_):
        if trainer.model.training and torch.is_grad_enabled() and trainer.iteration == at - 1:
            signal.raise_signal(signal.SIGINT)

    hooks = {"before the step": trainer.optimizer.register_step_pre_hook,
             "after the step": trainer.optimizer.register_step_post_hook,
             "in the forward pass": trainer.model.hidden.register_forward_hook}
    hook = hooks[moment](press)
    usual = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            trainer.fit(3)
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    finally:
        signal.signal(signal.SIGINT, usual)
    assert trainer.iteration == len(trainer.history.batch_loss) == at
    assert trainer.history["iteration"] == list(range(0, at + 1, 7))
    hook.remove()
    trainer.fit(3 - trainer.epoch)
    assert trainer.history == whole.history and trainer.history.batch_loss == whole.history.batch_loss
    assert same(weights(trainer.model), weights(whole.model))


# ---- bad input ----

@pytest.mark.parametrize(("arguments", "error", "words"), [
    ({"batch_size": 0}, ValueError, "batch_size must be at least 1, got 0; 32 is usual"),
    ({"batch_size": -1}, ValueError, "batch_size must be at least 1, got -1; 32 is usual"),
    ({"batch_size": 2.5}, TypeError, "batch_size must be a whole number, got 2.5; 32 is usual"),
    ({"batch_size": "32"}, TypeError, "batch_size must be a whole number, got '32'; 32 is usual"),
    ({"batch_size": True}, TypeError, "batch_size must be a whole number, got True; 32 is usual"),
    ({"batch_size": None}, TypeError, "batch_size must be a whole number, got None; 32 is usual"),
    ({"lr": 0}, ValueError, "lr must be greater than 0, got 0; try 0.005"),
    ({"lr": -1}, ValueError, "lr must be greater than 0, got -1; try 0.005"),
    ({"lr": float("nan")}, ValueError, "lr must be greater than 0, got nan; try 0.005"),
    ({"lr": float("inf")}, ValueError, "lr must be finite, got inf; try 0.005"),
    ({"lr": "x"}, TypeError, "lr must be a number, got 'x'; try 0.005"),
    ({"lr": True}, TypeError, "lr must be a number, got True; try 0.005"),
    ({"momentum": -0.1}, ValueError, "momentum must be at least 0, got -0.1; 0 means none"),
    ({"momentum": 1}, ValueError, "momentum must be less than 1, got 1; 0 means none"),
    ({"momentum": float("nan")}, ValueError, "momentum must be at least 0, got nan; 0 means none"),
    ({"momentum": "0.9"}, TypeError, "momentum must be a number, got '0.9'; 0 means none"),
    ({"decay": 0}, ValueError, "decay must be greater than 0, got 0; "),
    ({"decay": 1.1}, ValueError, "decay must be at most 1, got 1.1; "),
    ({"decay": float("nan")}, ValueError, "decay must be greater than 0, got nan; "),
    ({"decay": "half"}, TypeError, "decay must be a number, got 'half'; "),
    ({"seed": -1}, ValueError, "seed must be at least 0, got -1; give a whole number"),
    ({"seed": 2**32}, ValueError, "seed must be less than 4294967296, got 4294967296; give a whole number"),
    ({"seed": None}, TypeError, "seed must be a whole number, got None; give a whole number"),
    ({"shuffle": "no"}, TypeError, "shuffle must be True or False, got 'no'; write"),
    ({"evaluate_every": 0}, ValueError, "evaluate_every must be at least 1, got 0; None evaluates once an epoch"),
    ({"evaluate_every": 1.5}, TypeError, "evaluate_every must be a whole number, got 1.5; None evaluates"),
    ({"model": "pigeon"}, TypeError, "model must be a torch module, got 'pigeon'; give Pigeon(seed=1)"),
    ({"model": Pigeon}, TypeError, "model must be a torch module, got <class"),
    ({"train": [1, 2]}, TypeError, "train must be Digits, got list; use load_mnist() and split()"),
    ({"train": load_mnist()[:0]}, ValueError, "train must hold at least one digit, got none; take a longer slice"),
    ({"val": load_mnist()[:0]}, ValueError, "val must hold at least one digit, got none; leave it out to train"),
    ({"val": "val"}, TypeError, "val must be Digits, got str; use load_mnist() and split(); leave it out to train"),
])
def test_a_trainer_refuses_bad_arguments_and_touches_nothing(arguments, error, words, parts):
    usual = {"model": Pigeon(seed=1), "train": parts[0], "val": parts[1]}
    with pytest.raises(error, match=re.escape(words)):
        Trainer(**usual | arguments)
    assert same(weights(usual["model"]), weights(Pigeon(seed=1)))
    assert all(parameter.grad is None for parameter in usual["model"].parameters())


@pytest.mark.parametrize("method", ["epochs", "iterations", "fit"])
@pytest.mark.parametrize(("count", "error"), [(-1, ValueError), (1.5, TypeError), ("3", TypeError), (True, TypeError)])
def test_a_bad_count_is_refused_at_once_and_changes_nothing(method, count, error, parts):
    trainer = Trainer(Pigeon(seed=1), *parts)
    name = "iterations" if method == "iterations" else "epochs"
    with pytest.raises(error, match=f"{name} must be .*, got {count!r}; "):
        getattr(trainer, method)(count)
    assert trainer.iteration == 0 and trainer.history.num_rows == 1 and not trainer.history.batch_loss


@pytest.mark.parametrize(("layers", "shape"), [
    ([nn.Flatten(), nn.Linear(784, 1), nn.Flatten(0)], "[200]"),
    ([nn.Flatten(), nn.Linear(784, 10)], "[200, 10]"),
    ([nn.Linear(28, 1)], "[200, 1, 28, 1]"),
])
def test_logits_of_another_shape_are_refused_before_they_spread_over_the_targets(layers, shape, parts):
    words = f"model must return logits of shape [200, 1] for 200 images, got {shape}; end it with nn.Linear(…, 1)"
    with pytest.raises(ValueError, match=re.escape(words)):
        Trainer(nn.Sequential(*layers), *parts)
    with pytest.raises(ValueError, match=re.escape(words)):
        evaluate(nn.Sequential(*layers), parts[0])


@pytest.mark.parametrize(("arguments", "error", "words"), [
    ((Pigeon(), "digits"), TypeError, "digits must be Digits, got str; use load_mnist()"),
    ((Pigeon(), load_mnist()[:0]), ValueError, "digits must hold at least one digit, got none; take a longer slice"),
    ((None, load_mnist()[:1]), TypeError, "model must be a torch module, got None; give Pigeon(seed=1)"),
])
def test_evaluate_refuses_bad_arguments(arguments, error, words):
    with pytest.raises(error, match=re.escape(words)):
        evaluate(*arguments)
