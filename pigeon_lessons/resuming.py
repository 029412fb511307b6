"""May this trainer use that optimizer, and go on from that state? All is compared before anything is changed.

It knows the layout of a trainer's state, and neither a trainer nor a file. Nothing here trains a network.
"""

import copy

import torch

from pigeon_lessons import checks
from pigeon_lessons.history import History

CHANGING = ("lr", "momentum", "betas")
"""What a schedule may have changed in an optimizer since it was made."""
SAME_SETTINGS = "make the trainer with the saved settings, or train a new one from the start"
SAME_DATA = "give the trainer the very digits, in the same order, that the saved run had"
SAME_MODEL = "make the model with the layers and sizes of the saved one"
WHOLE_STATE = "give a state that Trainer.state_dict() returned"
SAME_OPTIMIZER = "give the trainer the optimizer that the saved run had, with its options"


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


def check_state(saved, own, optimizer):
    """Raise ValueError or TypeError unless a trainer whose state is `own` may go on from the state `saved`.

    `optimizer` is the trainer's. The message shows both values of whatever differs.

    >>> check_state({"iteration": 7}, {"iteration": 0, "model": {}}, optimizer=None)
    Traceback (most recent call last):
    ValueError: the saved state has the parts iteration, not iteration, model; give a state ...
    """
    _check_names("the saved state has the parts", saved, own, WHOLE_STATE)
    _check_equal(saved["settings"], own["settings"], "settings", SAME_SETTINGS)
    _check_equal(saved["data"], own["data"], "data", SAME_DATA)
    _check_names("the saved model has the tensors", saved["model"], own["model"], SAME_MODEL)
    for name, tensor in own["model"].items():
        _check_kind(name, saved["model"][name], tensor)
    _check_optimizer(saved["optimizer"], own["optimizer"], optimizer)
    checks.whole_number("iteration", saved["iteration"], least=0, remedy=WHOLE_STATE)
    checks.real_number("tau", saved["tau"], least=0, remedy=WHOLE_STATE)
    _check_history(saved["history"], own["history"], saved["iteration"])


def _check_names(sentence, saved, own, remedy):
    if not isinstance(saved, dict):
        raise TypeError(f"{sentence} of a {type(saved).__name__}, not a dict; {remedy}")
    if set(saved) != set(own):
        raise ValueError(f"{sentence} {', '.join(map(str, saved))}, not {', '.join(map(str, own))}; {remedy}")


def _check_equal(saved, own, part, remedy):
    _check_names(f"the saved {part} are", saved, own, remedy)
    conflicts = [f"{name} is {saved[name]!r} in the saved run, {own[name]!r} in this trainer"
                 for name in own if repr(saved[name]) != repr(own[name]) and saved[name] != own[name]]
    if conflicts:
        raise ValueError(f"{'; '.join(conflicts)}; {remedy}")


def _check_kind(name, saved, own):
    """Raise unless what was saved is of the own one's type, and a tensor of its shape and dtype."""
    if type(saved) is not type(own):
        raise TypeError(f"{name} is of type {type(saved).__name__} in the saved run, not {type(own).__name__}; "
                        f"{WHOLE_STATE}")
    if isinstance(own, torch.Tensor):
        kinds = [f"shape {list(tensor.shape)} and dtype {tensor.dtype}" for tensor in (saved, own)]
        if kinds[0] != kinds[1]:
            raise ValueError(f"{name} has {kinds[0]} in the saved run, {kinds[1]} in this trainer; {SAME_MODEL}")


def _check_optimizer(saved, own, optimizer):
    _check_names("the saved optimizer has the parts", saved, own, WHOLE_STATE)
    _check_equal({"optimizer": saved["name"]}, {"optimizer": own["name"]}, "optimizer", SAME_OPTIMIZER)
    groups, own_groups = saved["param_groups"], own["param_groups"]
    if not (isinstance(groups, list) and all(isinstance(part, dict) for part in (*groups, saved["state"]))):
        raise TypeError(f"the saved optimizer's groups and state are not a list of dicts and a dict; {WHOLE_STATE}")
    if len(groups) != len(own_groups):
        raise ValueError(f"the saved optimizer has {len(groups)} parameter groups, not {len(own_groups)}; {SAME_MODEL}")
    for group, own_group in zip(groups, own_groups, strict=True):
        # another torch may list more or fewer of them
        shared = [name for name in own_group if name in group and name not in CHANGING]
        _check_equal(*({name: part[name] for name in shared} for part in (group, own_group)), "optimizer",
                     SAME_OPTIMIZER)
    options = changed(groups, own_groups)
    for name, value in (option for group in options for option in group.items()):
        for number in value if isinstance(value, (list, tuple)) else [value]:
            checks.real_number(name, number, least=0, remedy=WHOLE_STATE)
    wanted = layout(optimizer, options)
    for index, buffers in saved["state"].items():
        if index not in wanted:
            raise ValueError(f"the saved optimizer knows a parameter {index!r}, of {len(wanted)}; {SAME_MODEL}")
        _check_names("the saved optimizer keeps the buffers", buffers, wanted[index], WHOLE_STATE)
        for name, value in wanted[index].items():
            _check_kind(f"the optimizer's {name} of parameter {index}", buffers[name], value)


def _check_history(saved, own, iteration):
    _check_names("the saved history has the parts", saved, own, WHOLE_STATE)
    _check_names("the saved history has the columns", saved["columns"], own["columns"], WHOLE_STATE)
    history = History(saved["columns"], saved["batch_loss"])  # refuses columns of unequal length
    if len(history.batch_loss) != iteration:
        raise ValueError(f"the saved history has {len(history.batch_loss)} batch losses after {iteration} iterations; "
                         f"{WHOLE_STATE}")
    for name, values in [*history.items(), ("batch_loss", history.batch_loss)]:
        if not all(type(value) in (int, float) for value in values):
            raise TypeError(f"the saved {name} holds something other than numbers; {WHOLE_STATE}")
