"""Training loops for judges to compare with: one update and one pass, right or with a fault that is usual."""

from functools import partial

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from pigeon_lessons import words
from pigeon_lessons.model import Pigeon
from pigeon_lessons.questions import kinds
from pigeon_lessons.questions.marking import function_exercise, same, told


def start(draw, kind=0):
    """Return a small Pigeon and an optimizer for it, drawn by a `random.Random`: SGD with momentum, or Adam."""
    model = Pigeon(num_hidden=draw.randint(2, 5), seed=draw.randrange(100))
    if kind == 0:
        return model, torch.optim.SGD(model.parameters(), lr=draw.choice([0.05, 0.1]), momentum=0.9)
    return model, torch.optim.Adam(model.parameters(), lr=0.01)


def batch(draw, n):
    """Return n made-up images [n, 1, 28, 28] with targets [n, 1]."""
    generator = torch.Generator().manual_seed(draw.randrange(1000))
    images = torch.rand(n, 1, 28, 28, generator=generator)
    return images, (torch.rand(n, 1, generator=generator) < 0.5).float()


def updates(*sizes):
    """Return cases for `update`, one for each batch size; in the second the optimizer is Adam."""
    return lambda draw: [(*start(draw, kind == 1), *batch(draw, n)) for kind, n in enumerate(sizes)]


def passes(*shapes):
    """Return cases for `one_pass`, one for each (images, batch size); in the second the optimizer is Adam."""
    return lambda draw: [(*start(draw, kind == 1), DataLoader(TensorDataset(*batch(draw, n)), batch_size=size))
                         for kind, (n, size) in enumerate(shapes)]


def update(model, optimizer, images, targets, *, faults=(), loss_of=nn.functional.binary_cross_entropy_with_logits):
    """Make one update, with these faults, and return the loss before it."""
    logits = model(images)
    loss = loss_of(torch.sigmoid(logits) if "probabilities" in faults else logits, targets)
    if "summed" in faults:
        loss = loss * len(images)
    if "divided" in faults:
        loss = loss / len(images)
    loss.backward()
    if "cleared early" in faults:
        optimizer.zero_grad()
    if "no step" not in faults:
        optimizer.step()
    if not {"never cleared", "cleared late", "no step"} & set(faults):
        optimizer.zero_grad()
    return loss.item()


def one_pass(model, optimizer, loader, *, faults=(), **loss_of):
    """Make an update for each batch, with these faults, "short left out" and "cleared late" too; return the losses."""
    least = 32 if "short left out" in faults else 1
    losses = [update(model, optimizer, *batch, faults=faults, **loss_of) for batch in loader if len(batch[0]) >= least]
    if "cleared late" in faults:
        optimizer.zero_grad()
    return losses


def done(function, model, optimizer, *given):
    """Return what two calls of a training function return, the weights, whether the optimizer worked, what is left."""
    returned = [function(model, optimizer, *given) for _ in range(2)]
    weights = nn.utils.parameters_to_vector(model.parameters()).detach().clone()
    left = any(one.grad is not None and bool(one.grad.any()) for one in model.parameters())
    return returned, weights, len(optimizer.state) > 0, left


def difference(call, wanted, given):
    """Say what `done` saw differently, None if nothing; a gradient may be left if it is cleared before the next."""
    returned, weights, has_stepped, _ = given
    for mine, yours in zip(wanted[0], returned, strict=True):
        if isinstance(mine, float) and not isinstance(yours, float):
            return f"Return the loss as a float, `loss.item()`; yours is {kinds.named(yours)}."
        if isinstance(mine, list) and not (isinstance(yours, list) and all(isinstance(one, float) for one in yours)):
            return f"Return a list of floats, `loss.item()` of each batch; yours is {kinds.named(yours)}."
        if isinstance(mine, list) and len(yours) != len(mine):
            return (f"There are {len(mine)} batches, the last of fewer images; your list has "
                    f"{words.count(len(yours), 'number')}.")
    if not has_stepped:
        return "The optimizer that is given has made no step."
    if not same(weights, wanted[1]):
        return "The parameters do not change as they should."
    if not same(returned, wanted[0]):
        return f"The steps are right, but the loss before each was {told(wanted[0])}; you return {told(returned)}."
    return None


def loop_exercise(right, cases, slips=None, mend=()):
    """Return what makes the exercise to write `update` or `one_pass`, judged by what two calls return and do."""
    return function_exercise(right, cases, slips, mend=mend, observe=done, differs=difference, usual=[
        (partial(right, faults=(name,)), message) for name, message in kinds.SAID["loops"].items()])
