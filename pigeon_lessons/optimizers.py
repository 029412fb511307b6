"""Which optimizers a trainer can use, and whether what is saved of one fits. Nothing here trains a network."""

import copy

import torch

from pigeon_lessons import checks

CHANGING = ("lr", "momentum", "betas")
"""What a schedule may have changed in an optimizer since it was made."""


def check_optimizer(optimizer, model):
    """Raise TypeError or ValueError unless `optimizer` can train `model`, one step for each gradient."""
    remedy = "give one of torch.optim for model.parameters(), such as torch.optim.Adam(trainer.model.parameters())"
    if not isinstance(optimizer, torch.optim.Optimizer):
        raise TypeError(f"optimizer must be one of torch.optim, got {optimizer!r}; {remedy}")
    own = set(model.parameters())
    if not own.issuperset(parameter for group in optimizer.param_groups for parameter in group["params"]):
        raise ValueError(f"optimizer must be for the parameters of this trainer's model, got "
                         f"{type(optimizer).__name__} with others; {remedy}")
    try:
        layout(optimizer)
    except Exception as error:  # each optimizer has its own words for what it misses
        raise ValueError(f"optimizer must need nothing but gradients for a step, got {type(optimizer).__name__} "
                         f"({error}); {remedy}") from error


def layout(optimizer, groups=()):
    """Return what an optimizer like this keeps of each parameter after a step, as in its `state_dict()["state"]`.

    `groups`: options that replace its own, group by group.

    >>> weight = torch.zeros(2, requires_grad=True)
    >>> layout(torch.optim.SGD([weight], lr=0.1, momentum=0.9))
    {0: {'momentum_buffer': tensor([0., 0.])}}
    """
    twin = copy.deepcopy(optimizer)
    for group, options in zip(twin.param_groups, groups, strict=False):
        group.update(options)
    for parameter in (parameter for group in twin.param_groups for parameter in group["params"]):
        parameter.grad = torch.zeros_like(parameter)
    twin.step()
    return twin.state_dict()["state"]


def changed(saved_groups, own_groups):
    """Return for each group the options that a schedule may have changed, as they were saved."""
    return [{name: saved[name] for name in CHANGING if name in own and name in saved}
            for saved, own in zip(saved_groups, own_groups, strict=True)]


def check_changed(options, remedy):
    """Raise TypeError or ValueError unless each of these options is a number of at least 0, or several such."""
    for name, value in options.items():
        for number in value if isinstance(value, (list, tuple)) else [value]:
            checks.real_number(name, number, least=0, remedy=remedy)
