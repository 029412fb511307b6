"""Claims about the numbers of training; the oracles are closed forms in numpy and a loop in plain PyTorch."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.utils.data import DataLoader

from pigeon_lessons import Pigeon, Trainer, evaluate
from pigeon_lessons.data import data_order
from tests.training import closed_form_gradients, weights


class Doubled(nn.Module):
    """A Pigeon that works in float64, to be compared with numpy to many digits."""

    def __init__(self, seed):
        super().__init__()
        self.pigeon = Pigeon(seed=seed).double()

    def forward(self, images):
        return self.pigeon(images.double())


@pytest.mark.parametrize(("momentum", "decay", "weight_decay"), [
    (0, 1.0, 0), (0.9, 1.0, 0), (0.9, 0.5, 0), (0, 1.0, 0.1), (0.9, 0.5, 0.1)])
def test_updates_follow_the_closed_form_of_sgd_with_momentum_and_both_decays(momentum, decay, weight_decay, parts):
    train, lr, size = parts[0], 0.1, 32
    trainer = Trainer(Doubled(seed=1), train, lr=lr, momentum=momentum, decay=decay,
                      weight_decay=weight_decay, batch_size=size, seed=4)
    expected = [weight.numpy().copy() for weight in weights(trainer.model)]
    velocity = [np.zeros_like(weight) for weight in expected]
    pixels, targets = train.images.double().reshape(-1, 784).numpy(), train.targets.double().numpy()
    for iteration in trainer.iterations(16):  # seven batches an epoch, the seventh of 8 images
        epoch, batch = divmod(iteration - 1, 7)
        chosen = data_order(200, seed=4, epoch=epoch)[size * batch:size * (batch + 1)]
        for place, gradient in enumerate(closed_form_gradients(expected, pixels[chosen], targets[chosen])):
            velocity[place] = momentum * velocity[place] + gradient + weight_decay * expected[place]
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
