"""Claims about networks of every kind: those that draw random numbers, normalize batches, or live elsewhere."""

import re

import pytest
import torch
from torch import nn

from pigeon_lessons import Pigeon, Sweep, Trainer, evaluate, load_mnist, search, stack, sweep
from tests.checkpointing import differences
from tests.training import same, spoil_global_random_states, weights


class Dropping(nn.Module):
    """A Pigeon that forgets half of its hidden units at random: by a layer, or in its own way."""

    def __init__(self, in_its_own_way):
        super().__init__()
        self.pigeon, self.in_its_own_way = Pigeon(10, seed=1), in_its_own_way
        self.dropout = nn.Identity() if in_its_own_way else nn.Dropout()

    def forward(self, images):
        active = torch.relu(self.pigeon.hidden(images.flatten(1)))
        if self.in_its_own_way and self.training:
            active = active * (torch.rand(active.shape) < 0.5)
        return self.pigeon.output(self.dropout(active))


def dropping(parts, in_its_own_way=False, seed=3):
    return Trainer(Dropping(in_its_own_way), *parts, lr=0.05, seed=seed)


def normalizing(parts, **settings):
    torch.manual_seed(1)
    layers = nn.Sequential(nn.Flatten(), nn.Linear(784, 6), nn.BatchNorm1d(6), nn.ReLU(), nn.Linear(6, 1))
    return Trainer(layers, *parts, **settings)


@pytest.mark.parametrize("in_its_own_way", [False, True])
def test_what_a_network_draws_follows_from_the_seed_whatever_ran_before(in_its_own_way, parts):
    histories = []
    for seed, noise in ((3, 1), (3, 2), (4, 2)):
        spoil_global_random_states(noise)
        before = torch.get_rng_state()
        histories.append(dropping(parts, in_its_own_way, seed).fit(2))
        assert torch.equal(torch.get_rng_state(), before)
    assert histories[0].batch_loss == histories[1].batch_loss != histories[2].batch_loss


def test_dropout_is_at_work_and_drops_others_each_time(parts):
    dropped = []
    trainer = dropping(parts)
    trainer.model.dropout.register_forward_hook(
        lambda _, given, kept: dropped.append((kept[:8] == 0) & (given[0][:8] > 0)) if trainer.model.training else None)
    trainer.fit(2)
    assert len(dropped) == 14 and all(one.any() for one in dropped)
    assert not any(torch.equal(one, other) for one, other in zip(dropped, dropped[1:], strict=False))


@pytest.mark.parametrize("make", [dropping, normalizing])
def test_a_resumed_run_draws_and_normalizes_as_the_uninterrupted_one(make, parts):
    whole, first, resumed = make(parts), make(parts), make(parts)
    list(first.iterations(9))
    spoil_global_random_states(5)
    resumed.load_state_dict(first.state_dict())
    list(resumed.iterations(9))
    list(whole.iterations(18))
    assert differences(resumed.state_dict(), whole.state_dict()) == []


def test_a_network_that_draws_nothing_never_touches_the_global_state_after_its_first_update(parts, monkeypatch):
    trainer = Trainer(Pigeon(seed=1), *parts)
    next(trainer.iterations(1))
    monkeypatch.setattr("pigeon_lessons.draws.draws_kept", None)
    monkeypatch.setattr("pigeon_lessons.training.evaluate", lambda model, digits: {"loss": 0.0, "accuracy": 0.0})
    trainer.fit(1)


def test_a_last_batch_of_one_is_refused_by_batch_normalization_with_the_remedy(parts):
    trainer = normalizing((parts[0][:97], parts[1]))
    words = "batch_size must leave no batch of one image, got 32 for 97 (Expected more than 1"
    with pytest.raises(ValueError, match=re.escape(words)):
        trainer.fit(2)
    assert trainer.iteration == len(trainer.history.batch_loss) == 3
    assert normalizing((parts[0][:97], parts[1]), batch_size=33).fit(1).num_rows == 2


# ---- gradients of others, and none at all ----

def test_a_gradient_that_someone_leaves_between_two_updates_is_no_part_of_the_next(parts):
    trainer = Trainer(Pigeon(seed=1), *parts, lr=0.05)
    for iteration in trainer.iterations(5):
        (trainer.model(parts[1].images).sum() * iteration).backward()
    assert trainer.fit(1) == Trainer(Pigeon(seed=1), *parts, lr=0.05).fit(1)


def test_an_update_that_failed_after_its_gradient_can_be_done_again(parts):
    trainer = Trainer(Pigeon(seed=1), *parts)
    next(trainer.iterations(1))
    hook = trainer.optimizer.register_step_pre_hook(lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        next(trainer.iterations(1))
    hook.remove()
    assert trainer.iteration == 1
    assert trainer.fit(1) == Trainer(Pigeon(seed=1), *parts).fit(1)


NOTHING_LEARNS = "^model must have parameters that learn, got none .*; train outside of torch.no_grad"


@pytest.mark.parametrize("model", [Pigeon(seed=1).requires_grad_(False), nn.AvgPool2d(28)])
def test_a_network_without_a_parameter_that_learns_is_measured_but_not_trained(model, parts):
    images = nn.Sequential(model, nn.Flatten())
    assert evaluate(images, parts[0])["loss"] > 0
    with pytest.raises(ValueError, match=NOTHING_LEARNS):
        Trainer(images, *parts)


@pytest.mark.parametrize("without_gradients", [torch.no_grad, torch.inference_mode])
def test_training_where_torch_keeps_no_gradients_is_refused_with_the_remedy(without_gradients, parts):
    trainer = Trainer(Pigeon(seed=1), *parts)
    with without_gradients(), pytest.raises(ValueError, match=NOTHING_LEARNS):
        trainer.fit(1)
    assert trainer.fit(1) == Trainer(Pigeon(seed=1), *parts).fit(1)


def test_a_network_made_where_torch_makes_nothing_to_be_trained_is_refused_with_the_remedy(parts):
    with torch.inference_mode():
        model = Pigeon(seed=1)
    with pytest.raises(ValueError, match=NOTHING_LEARNS):
        Trainer(model, *parts)


def test_a_network_that_does_not_take_images_is_refused_with_the_remedy(parts):
    words = r"^model must take images of shape \[200, 1, 28, 28\], .* cannot be multiplied .*; begin it with nn.Flatten"
    with pytest.raises(ValueError, match=words):
        Trainer(nn.Linear(784, 1), *parts)


# ---- precision and device ----

@pytest.mark.parametrize("dtype", [torch.float64, torch.float16, torch.bfloat16])
@pytest.mark.parametrize("use", [lambda model, digits: evaluate(model, digits), Trainer])
def test_another_precision_is_refused_with_its_remedy(dtype, use, parts):
    with pytest.raises(TypeError, match=f"must work in float32, .* got hidden.weight in {dtype}; give model.float"):
        use(Pigeon(seed=1).to(dtype), parts[0])


@pytest.mark.parametrize("use", [
    lambda trainer, *parts: trainer.fit(1), lambda trainer, *parts: next(trainer.iterations(1)),
    lambda trainer, *parts: Trainer(trainer.model, *parts), lambda trainer, *parts: evaluate(trainer.model, parts[0]),
    lambda trainer, *parts: sweep([{}], *parts), lambda trainer, *parts: next(Sweep([{}], *parts).slices(1)),
    lambda trainer, *parts: search([{}], *parts),
])
def test_half_precision_around_a_cell_is_refused_before_anything_is_computed_in_it(use, parts):
    trainer, started = Trainer(Pigeon(seed=1), *parts), Sweep([{}], *parts)
    with torch.autocast("cpu"):
        with pytest.raises(ValueError, match="model must work in float32, got torch.autocast here; leave that block"):
            use(trainer, *parts)
        with pytest.raises(ValueError, match="autocast"):
            next(started.slices(1))
    assert trainer.fit(1) == Trainer(Pigeon(seed=1), *parts).fit(1)


def test_a_network_on_another_device_is_refused_with_its_remedy(parts):
    words = 'model must be on the device of the digits, cpu, got hidden.weight on meta; .*model.to("cpu")'
    with pytest.raises(ValueError, match=words.replace("(", r"\(").replace(")", r"\)")):
        Trainer(Pigeon(seed=1).to("meta"), *parts)


def runs(parts):
    """Everything that trains, and what it gives."""
    return [Trainer(Pigeon(seed=1), *parts, batch_size=8).fit(1), Trainer(Pigeon(seed=1), *parts, shuffle=False).fit(1),
            *sweep([{}, {"batch_size": 1}, {"weight_decay": 0.1}], *parts, epochs=1),
            search([{"batch_size": 4}], *parts, epochs=1).trials, evaluate(Pigeon(seed=2), load_mnist()[:50])]


def test_torch_s_default_precision_and_device_change_nothing(parts, monkeypatch):
    monkeypatch.setattr(stack, "_carried", stack._carried.__wrapped__)  # which would remember what it made before
    expected = runs(parts)
    torch.set_default_dtype(torch.float64)
    try:
        assert runs(parts) == expected
    finally:
        torch.set_default_dtype(torch.float32)
    with torch.device("meta"):
        assert runs(parts) == expected


def test_digits_and_model_moved_to_a_device_train_as_where_they_were(parts):
    moved = [part.to("cpu") for part in parts]
    trainer = Trainer(Pigeon(seed=1).to("cpu"), *moved)
    assert trainer.fit(2) == Trainer(Pigeon(seed=1), *parts).fit(2)
    assert same(weights(trainer.model), weights(trainer.model.cpu()))


def test_a_batch_size_beyond_all_bounds_is_the_whole_set(parts):
    assert Trainer(Pigeon(seed=1), *parts, batch_size=10**30).fit(1) == Trainer(Pigeon(seed=1), *parts,
                                                                                batch_size=200).fit(1)


@pytest.mark.parametrize("own_view", [torch.Tensor.view_as, lambda labels, _: labels.numpy()])
def test_labels_changed_in_place_name_another_run(own_view, parts):
    train = parts[0][:]
    trainer = Trainer(Pigeon(seed=1), train)
    before = trainer.state_dict()["data"]
    view = own_view(train.labels, train.labels)
    view[0] = (view[0] + 5) % 10
    assert trainer.state_dict()["data"]["train"] == train.fingerprint() != before["train"]
