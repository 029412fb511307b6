"""The same training, written for each tool: 784–30–1, SGD with momentum 0.9, both splits evaluated each epoch."""

import logging
import warnings

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from pigeon_lessons import Pigeon, Trainer, evaluate, load_mnist, split

TRAIN, VAL, _ = split(load_mnist())
TENSORS = [TensorDataset(digits.images, digits.targets) for digits in (TRAIN, VAL)]
EPOCHS = 15


def bare_loop(lr=0.005, batch_size=32, epochs=EPOCHS):
    """The loop a student writes, over tensors in memory."""
    model = Pigeon(seed=1)
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=0.9)
    loss_function = nn.BCEWithLogitsLoss()
    images, targets, losses = TRAIN.images, TRAIN.targets, []
    for _ in range(epochs):
        for chosen in torch.randperm(len(TRAIN)).split(batch_size):
            loss = loss_function(model(images[chosen]), targets[chosen])
            loss.backward()
            optimizer.step()
            optimizer.zero_grad()
            losses.append(loss.item())
        evaluate(model, TRAIN), evaluate(model, VAL)


def trainer(epochs=EPOCHS):
    Trainer(Pigeon(seed=1), TRAIN, VAL).fit(epochs)


def skorch(epochs=EPOCHS):
    """With its classifier for yes and no, arrays, and scores by name, as its user guide has it."""
    from skorch.callbacks import EpochScoring

    def on_train(scoring):  # its cache would hold what the network said while it was still changing
        return EpochScoring(scoring, name=f"train_{scoring}", on_train=True, use_caching=False, lower_is_better=False)

    skorch_net(epochs, callbacks=[on_train("accuracy"), on_train("neg_log_loss")])


def skorch_lean(epochs=EPOCHS):
    """With a callback written for the purpose, which goes through the training images once for both scores."""
    from skorch.callbacks import Callback

    class OnTrain(Callback):
        def on_epoch_end(self, net, dataset_train, **_):
            logits, targets = net.forward(dataset_train), TRAIN.targets[:, 0]
            net.history.record("train_loss_after", net.criterion_(logits, targets).item())
            net.history.record("train_accuracy", ((logits > 0) == (targets > 0.5)).float().mean().item())

    skorch_net(epochs, callbacks=[OnTrain()])


def skorch_net(epochs, callbacks):
    """Train its classifier, which records the loss and the accuracy on the validation digits by itself."""
    from skorch import NeuralNetBinaryClassifier
    from skorch.dataset import Dataset
    from skorch.helper import predefined_split

    (images, answers), val = ((digits.images.numpy(), digits.targets[:, 0].numpy()) for digits in (TRAIN, VAL))
    NeuralNetBinaryClassifier(Pigeon, lr=0.005, optimizer__momentum=0.9, batch_size=32, iterator_train__shuffle=True,
                              max_epochs=epochs, train_split=predefined_split(Dataset(*val)), verbose=0,
                              callbacks=callbacks).fit(images, answers)


def lightning(epochs=EPOCHS, evaluated_at_once=32):
    """With the same batch size in all its loaders, as is usual."""
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
            Module(), DataLoader(TENSORS[0], batch_size=32, shuffle=True),
            [DataLoader(tensors, batch_size=evaluated_at_once) for tensors in TENSORS])


def lightning_lean():
    """With a single batch for each evaluation."""
    lightning(evaluated_at_once=len(TRAIN))


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
