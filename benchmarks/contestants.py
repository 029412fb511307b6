"""The same training, written for each tool: 784–30–1, SGD with momentum 0.9, both splits evaluated each epoch."""

import logging
import warnings

import torch
from torch import nn
from torch.utils.data import DataLoader

from pigeon_lessons import Pigeon, Trainer, evaluate, load_mnist, split

TRAIN, VAL, _ = split(load_mnist())
EPOCHS = 15


def bare_loop(lr=0.005, batch_size=32, epochs=EPOCHS):
    """The loop a student writes, over tensors in memory."""
    model = Pigeon(seed=1)
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=0.9)
    loss_function = nn.BCEWithLogitsLoss()
    losses = []
    for _ in range(epochs):
        for chosen in torch.randperm(len(TRAIN)).split(batch_size):
            loss = loss_function(model(TRAIN.images[chosen]), TRAIN.targets[chosen])
            loss.backward()
            optimizer.step()
            optimizer.zero_grad()
            losses.append(loss.item())
        evaluate(model, TRAIN), evaluate(model, VAL)


def trainer(epochs=EPOCHS):
    Trainer(Pigeon(seed=1), TRAIN, VAL).fit(epochs)


def skorch(epochs=EPOCHS):
    from skorch import NeuralNet
    from skorch.callbacks import EpochScoring
    from skorch.helper import predefined_split

    def accuracy(net, data, targets=None):
        digits = data.dataset if hasattr(data, "dataset") else data
        return ((net.forward(digits.images) > 0) == (digits.targets > 0.5)).float().mean().item()

    def train_loss(net, data, targets=None):
        return net.criterion_(net.forward(TRAIN.images), TRAIN.targets).item()

    NeuralNet(Pigeon, nn.BCEWithLogitsLoss, lr=0.005, optimizer=torch.optim.SGD, optimizer__momentum=0.9,
              batch_size=32, iterator_train__shuffle=True, max_epochs=epochs, train_split=predefined_split(VAL),
              verbose=0, callbacks=[
                  ("val_accuracy", EpochScoring(accuracy, use_caching=False)),
                  ("train_accuracy", EpochScoring(accuracy, use_caching=False, on_train=True)),
                  ("whole_train_loss", EpochScoring(train_loss, use_caching=False, on_train=True)),
              ]).fit(TRAIN, None)


def lightning(epochs=EPOCHS):
    import lightning

    class Module(lightning.LightningModule):
        def __init__(self):
            super().__init__()
            self.model, self.loss = Pigeon(seed=1), nn.BCEWithLogitsLoss()

        def training_step(self, batch, index):
            return self.loss(self.model(batch[0]), batch[1])

        def validation_step(self, batch, index, dataloader_idx=0):
            logits = self.model(batch[0])
            self.log_dict({"loss": self.loss(logits, batch[1]),
                           "accuracy": ((logits > 0) == (batch[1] > 0.5)).float().mean()})

        def configure_optimizers(self):
            return torch.optim.SGD(self.parameters(), lr=0.005, momentum=0.9)

    logging.getLogger("lightning.pytorch").setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        lightning.Trainer(max_epochs=epochs, accelerator="cpu", logger=False, enable_checkpointing=False,
                          enable_progress_bar=False, enable_model_summary=False, num_sanity_val_steps=0).fit(
            Module(), DataLoader(TRAIN, batch_size=32, shuffle=True),
            [DataLoader(digits, batch_size=len(digits)) for digits in (TRAIN, VAL)])


@torch.no_grad()
def stacked_limit(rates, batch_size=32, epochs=EPOCHS):
    """Stacked Pigeons by hand, in place, nothing recorded but the evaluations: the limit of the plain way."""
    pigeons = [Pigeon(seed=1) for _ in rates]
    count, n = len(rates), len(TRAIN)
    weights = torch.stack([pigeon.hidden.weight.t() for pigeon in pigeons]).contiguous()
    biases = torch.stack([pigeon.hidden.bias for pigeon in pigeons]).unsqueeze(1)
    output = torch.stack([pigeon.output.weight for pigeon in pigeons])
    offset = torch.stack([pigeon.output.bias for pigeon in pigeons]).unsqueeze(1)
    parameters = (weights, biases, output, offset)
    velocities = [torch.zeros_like(one) for one in parameters]
    steps = torch.tensor(rates).view(-1, 1, 1)
    images, targets = TRAIN.images.view(n, -1), TRAIN.targets
    for _ in range(epochs):
        for chosen in torch.randperm(n).split(batch_size):
            batch = images[chosen].expand(count, -1, -1)
            active = torch.baddbmm(biases, batch, weights).relu_()
            errors = (active * output).sum(-1, keepdim=True).add_(offset).sigmoid_().sub_(targets[chosen])
            errors.mul_(steps / -len(chosen))
            changes = (errors * output).mul_(active > 0)
            velocities[0].baddbmm_(batch.transpose(1, 2), changes, beta=0.9)
            for velocity, change in zip(velocities[1:], (changes, active * errors, errors), strict=True):
                velocity.mul_(0.9).add_(change.sum(1, keepdim=True))
            for parameter, velocity in zip(parameters, velocities, strict=True):
                parameter.add_(velocity)
        for digits in (TRAIN, VAL):
            sums = torch.baddbmm(biases, digits.images.view(1, len(digits), -1).expand(count, -1, -1), weights).relu_()
            logits = (sums * output).sum(-1, keepdim=True).add_(offset)
            nn.functional.binary_cross_entropy_with_logits(logits, digits.targets.expand_as(logits))
            ((logits > 0) == (digits.targets > 0.5)).float().mean((1, 2))
