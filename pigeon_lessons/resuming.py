"""May this trainer use that optimizer, and go on from that state? All is compared before anything is changed.

It knows the layout of a trainer's state, and neither a trainer nor a file. Nothing here trains a network.
"""

import copy

import torch

from pigeon_lessons import checks
from pigeon_lessons.history import History

CHANGING = ("lr", "momentum", "betas", "weight_decay")
"""What a schedule may have changed in an optimizer since it was made."""
SAME_SETTINGS = "make the trainer with the saved settings, or train a new one from the start"
SAME_DATA = "give the trainer the very digits, in the same order, that the saved run had"
SAME_MODEL = "make the model with the layers and sizes of the saved one"
SAME_OPTIMIZER = "give the trainer the optimizer that the saved run had, with its options"
WHOLE_STATE = "give a state that Trainer.state_dict() returned"


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
        buffers(optimizer)
    except Exception as error:  # each optimizer has its own words for what it misses
        raise ValueError(f"optimizer must need nothing but gradients for a step, got {type(optimizer).__name__} "
                         f"({error}); {remedy}") from error


def buffers(optimizer, groups=()):
    """Return what an optimizer like this keeps of each parameter after a step; `groups`: options in place of its own.

    >>> weight = torch.zeros(2, requires_grad=True)
    >>> buffers(torch.optim.SGD([weight], lr=0.1, momentum=0.9))
    {0: {'momentum_buffer': tensor([0., 0.])}}
    """
    twin = copy.deepcopy(optimizer)
    for group, options in zip(twin.param_groups, groups, strict=False):
        group.update(options | {"params": group["params"]})
    for parameter in (parameter for group in twin.param_groups for parameter in group["params"]):
        parameter.grad = torch.zeros_like(parameter)
    twin.step()
    return twin.state_dict()["state"]


def what_fits(saved, own, optimizer):
    """Return (state for `optimizer`, `History`) of the state `saved`, for a trainer whose own state is `own`.

    Raises ValueError, showing both values of whatever differs, unless the trainer may go on from there; TypeError if
    `saved` is no whole state.

    >>> what_fits({"iteration": 7}, {"iteration": 0, "settings": {}}, optimizer=None)
    Traceback (most recent call last):
    TypeError: the saved state is not whole ('settings'); give a state ...
    """
    try:
        check_same("settings", saved["settings"], own["settings"], SAME_SETTINGS)
        check_same("data", saved["data"], own["data"], SAME_DATA)
        check_same("tensors", saved["model"], own["model"], SAME_MODEL, verb="has", told=kind)
        checks.whole_number("iteration", saved["iteration"], least=0, remedy="it counts the updates")
        checks.real_number("tau", saved["tau"], least=0, remedy="it adds up steps")
        check_same("columns", *(dict.fromkeys(one["history"]["columns"]) for one in (saved, own)), WHOLE_STATE)
        history = History(**saved["history"])
        if len(history.batch_loss) != saved["iteration"]:
            raise ValueError(f"the saved history has {len(history.batch_loss)} batch losses after {saved['iteration']} "
                             f"iterations; {WHOLE_STATE}")
        return optimizer_that_fits(saved["optimizer"], own["optimizer"], optimizer), history
    except (AttributeError, KeyError, TypeError) as error:
        raise TypeError(f"the saved state is not whole ({error}); {WHOLE_STATE}") from error


def optimizer_that_fits(saved, own, optimizer):
    """Return the own state with the saved buffers, and the saved options that a schedule may have changed."""
    check_same("optimizer", {"optimizer": saved["name"]}, {"optimizer": own["name"]}, SAME_OPTIMIZER)
    if len(saved["param_groups"]) != len(own["param_groups"]):
        raise ValueError(f"the saved optimizer has {len(saved['param_groups'])} parameter groups, not "
                         f"{len(own['param_groups'])}; {SAME_MODEL}")
    groups = []
    for group, own_group in zip(saved["param_groups"], own["param_groups"], strict=True):
        shared = {name: group[name] for name in own_group if name in group}  # another torch may list more or fewer
        changing = {name: shared.pop(name) for name in CHANGING if name in shared}
        check_same("options", shared, {name: own_group[name] for name in shared}, SAME_OPTIMIZER)
        for name, value in changing.items():
            for one in value if isinstance(value, (list, tuple)) else [value]:
                checks.real_number(name, one, least=0, remedy="it is a rate")
        groups.append(own_group | changing)
    wanted = buffers(optimizer, groups)
    for index, kept in saved["state"].items():
        if index not in wanted:
            raise ValueError(f"the saved optimizer knows a parameter {index!r}, of {len(wanted)}; {SAME_MODEL}")
        check_same("buffers", kept, wanted[index], WHOLE_STATE, verb="has", told=kind)
    return {"state": copy.deepcopy(saved["state"]), "param_groups": groups}


def check_same(what, saved, own, remedy, *, verb="is", told=lambda value: repr(checks.plain(value))):
    """Raise ValueError unless two dicts have the same names, and values that are `told` alike."""
    if saved.keys() != own.keys():
        raise ValueError(f"the saved run has the {what} {', '.join(map(str, saved))}, not {', '.join(map(str, own))}; "
                         f"{remedy}")
    pairs = {name: (told(saved[name]), told(own[name])) for name in own}
    conflicts = [f"{name} {verb} {one} in the saved run, {other} in this trainer"
                 for name, (one, other) in pairs.items() if one != other]
    if conflicts:
        raise ValueError(f"{'; '.join(conflicts)}; {remedy}")


def kind(value):
    """Return shape and dtype of a tensor, and of anything else its type."""
    if isinstance(value, torch.Tensor):
        return f"shape {list(value.shape)} and dtype {value.dtype}"
    return f"type {type(value).__name__}"
