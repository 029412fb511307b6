"""What judges chapter 09's exercises: a module, a loop, a model that reads digits, a picture.

The loop is judged by what it does to a model and what it returns, on data made up here; the model by what it answers.
"""

import copy
from functools import cache, partial

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset, random_split

from pigeon_lessons import words
from pigeon_lessons.data import load_mnist
from pigeon_lessons.questions import drawings, kinds, loops
from pigeon_lessons.questions.marking import Exercise, function_exercise, same, told
from pigeon_lessons.questions.modules import module_exercise

GIVEN_WITH = ("softmax", "never cleared", "eval mode", "live weights")
"""The faults of the loop as it is given."""
SLIPS = ("judged in training", "mean of means", "endless", "stops early", "stops late", "cleared early")
"""What may go wrong in mending it."""


def fit(model, optimizer, train_loader, val_loader, *, faults=()):
    """Train as the lesson says, with these faults, and return the validation losses."""
    losses, best = [], {}
    patience = 2 if "stops early" in faults else 4 if "stops late" in faults else 99 if "endless" in faults else 3
    model.train()
    for epoch in range(20):
        if "eval mode" not in faults:
            model.train()
        loops.one_pass(model, optimizer, train_loader, faults=faults,
                       loss_of=_of_probabilities if "softmax" in faults else nn.functional.cross_entropy)
        losses.append(_validation(model, val_loader, faults))
        if losses[-1] == min(losses):
            best = model.state_dict() if "live weights" in faults else copy.deepcopy(model.state_dict())
        if epoch - losses.index(min(losses)) == patience:
            break
    model.load_state_dict(best)
    return losses


def _of_probabilities(logits, labels):
    return nn.functional.cross_entropy(logits.softmax(1), labels)


@torch.no_grad()
def _validation(model, loader, faults):
    if "judged in training" not in faults:
        model.eval()
    parts = [(nn.functional.cross_entropy(model(images), labels).item(), len(labels)) for images, labels in loader]
    if "mean of means" in faults:
        return sum(loss for loss, _ in parts) / len(parts)
    return sum(loss * count for loss, count in parts) / len(loader.dataset)


class _Forgetful(nn.Module):
    """A small network for ten classes that drops the same units at each update: dropout without chance."""

    def __init__(self, seed):
        super().__init__()
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            self.hidden, self.output = nn.Linear(784, 12), nn.Linear(12, 10)

    def forward(self, images):
        on = torch.relu(self.hidden(images.flatten(1)))
        if self.training:
            on = on * torch.tensor([2.0, 0.0] * 6)
        return self.output(on)


def _runs(draw):
    """Yield a model, an optimizer and two loaders: one run that over-fits, one that goes on to the end, one between."""
    for lr, size, is_adam in ((0.1, 40, False), (0.005, 60, False), (0.02, 50, True)):
        model = _Forgetful(draw.randrange(1000))
        optimizer = (torch.optim.Adam(model.parameters(), lr=lr) if is_adam
                     else torch.optim.SGD(model.parameters(), lr=lr, momentum=0.9))
        first = draw.randrange(0, 4000)
        parts = [TensorDataset(*(part[first + begin:first + end] for part in (_digits().images, _digits().labels)))
                 for begin, end in ((0, size), (500, 533))]
        yield model, optimizer, DataLoader(parts[0], batch_size=16), DataLoader(parts[1], batch_size=11 - size % 3)


@cache
def _digits():
    return load_mnist()


def _observed(function, model, optimizer, train_loader, val_loader):
    """Return what a loop returns, and what the model then answers when it is judged."""
    losses = function(model, optimizer, train_loader, val_loader)
    with torch.no_grad():
        return losses, model.eval()(_digits().images[:20])


def _differing_runs(call, wanted, given):
    losses, answers = given
    losses = kinds.list_of_numbers(losses, "What `fit` returns")
    if not same(losses, wanted[0]):
        lowest = wanted[0].index(min(wanted[0])) + 1
        return (f"In a run of {len(wanted[0])} epochs, the best of them epoch {lowest}, the validation losses begin "
                f"with {told(wanted[0][:3])}; your list has {len(losses)} and begins with {told(losses[:3])}.")
    if not same(answers, wanted[1]):
        return "The losses are right, but the model is not left with the weights of its best epoch."
    return None


def _model(answer):
    if not isinstance(answer, nn.Module):
        raise kinds.Unfit("The answer should be a trained model, an object of your `nn.Module` class; yours is "
                          f"{kinds.named(answer)}.")
    return answer


@cache
def _test():
    """Return images and labels of the 1,000 digits that the lesson keeps for the test."""
    data = TensorDataset(_digits().images, _digits().labels)
    *_, test = random_split(data, [3000, 1000, 1000], generator=torch.Generator().manual_seed(1))
    return data[test.indices]


@torch.no_grad()
def _judge_reads(model):
    if model.training:
        return "Your model is in training mode, so dropout may be on. Say `model.eval()` before you hand it over."
    device = next((one.device for one in model.parameters()), torch.device("cpu"))
    answers, before = kinds.watched(model), copy.deepcopy(model.state_dict())
    for n in (1, 7):
        images = torch.rand(n, 1, 28, 28, generator=torch.Generator().manual_seed(n)).to(device)
        logits = answers(images)
        if not isinstance(logits, torch.Tensor) or logits.shape != (n, 10):
            return (f"{words.count(n, 'image')} should give logits of shape [{n}, 10]; yours gives "
                    f"{kinds.named(logits)}.")
        if same(logits.exp().sum(dim=1), torch.ones(n, device=device)):
            logits = logits.exp()
        if same(logits.sum(dim=1), torch.ones(n, device=device)) and (logits >= 0).all():
            return "Your model gives probabilities. Let it return logits: the loss holds the softmax already."
        if not same(answers(images), logits):
            return "Asked twice about the same images, your model gives two answers. Is something drawn in `forward`?"
    images, labels = _test()
    given = answers(images.to(device)).argmax(dim=1).cpu()
    if any(not torch.equal(one, before[name]) for name, one in model.state_dict().items()):
        return "Your model changes while it answers."
    share = (given == labels).double().mean().item()
    if share >= READS:
        return None
    if len(given.unique()) == 1:
        return f"It takes every image for a {given[0]}. Has it been trained? Do the units still live (chapter 03)?"
    worst = min(range(10), key=lambda digit: (given == labels)[labels == digit].double().mean())
    return f"It reads {share:.1%} of the test digits; {READS:.0%} are asked for. It has most trouble with the {worst}."


READS = 0.9


def _tables(draw):
    """Yield two confusion tables in which no two numbers are equal."""
    for _ in range(2):
        yield torch.tensor([draw.sample(range(100), 10) for _ in range(10)])


def _missing(ax, table):
    """Return what the picture of a confusion table lacks, or None."""
    if not ax.images:
        return "There is no picture in the Axes. `ax.imshow(table)` draws one square for each number."
    shown = torch.as_tensor(ax.images[0].get_array().data)
    if not same(shown.double(), table.double()):
        return ("Rows and columns are exchanged: a row of the table is a true digit, and goes down."
                if same(shown.double(), table.T.double()) else "The squares do not show the numbers of the table.")
    if unnamed := drawings.unnamed_axis(ax, x="answer", y="true"):
        return unnamed
    for axis in ("x", "y"):
        if [round(float(tick), 6) for tick in getattr(ax, f"get_{axis}ticks")()] != list(range(10)):
            return f"Not all ten digits are written along the {axis}-axis: `ax.set_{axis}ticks(range(10))`."
    return None


JUDGES = {
    "module": module_exercise("Deep", ((20, 15), (784, 20, 15, 10), 5), ((7, 31), (784, 7, 31, 10), 1),
                              ((64, 32), (784, 64, 32, 10), 40)),
    "loop": function_exercise(fit, _runs, {name: partial(fit, faults=(name,)) for name in SLIPS}, mend=GIVEN_WITH,
                              observe=_observed, differs=_differing_runs),
    "reads": partial(Exercise, _model, _judge_reads),
    "draw": drawings.drawing_exercise(_tables, _missing),
}
