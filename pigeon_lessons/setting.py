"""What one training run is trained with: every setting's name, default, range and words, said once.

`Trainer`, `sweep`, `search` and the panels read them here. It knows no network and trains nothing.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from math import inf

from pigeon_lessons import checks

MOST_SEED = 2**32 - 1
"""The largest seed: these give distinct random streams."""


def _setting(default, label, help, **rule):
    return field(default=default, metadata={"label": label, "help": help, "rule": rule})


@dataclass(frozen=True, kw_only=True)
class Setting:
    """One complete setting of a training run: frozen, checked, comparable, and a key for a dict.

    `lr`: learning rate, above 0. `batch_size`: images for each update, at least 1. `momentum`: 0 ≤ momentum < 1.
    `decay`: 0 < decay ≤ 1, the factor on the learning rate after each epoch. `weight_decay`: at least 0, times
    the weights it is added to the gradient, as in `torch.optim.SGD`. `num_hidden`: hidden units, at least 1.
    `seed`: 0 ≤ seed < 2³², fixes starting weights and data order.
    Raises TypeError or ValueError, naming the setting, the value and the remedy, for any other.

    >>> setting = Setting(lr=0.05)
    >>> setting.batch_size, setting == Setting.of({"lr": 0.05})
    (32, True)
    >>> setting.but(seed=2)
    Setting(lr=0.05, batch_size=32, momentum=0.9, decay=1.0, weight_decay=0.0, num_hidden=30, seed=2)
    """

    lr: float = _setting(0.005, "learning rate", "how far each update moves the weights along the gradient",
                         above=0, remedy="try 0.005, or 0.05 for batches of 32")
    batch_size: int = _setting(32, "batch size", "images whose mean loss gives one update",
                               least=1, remedy="32 is usual")
    momentum: float = _setting(0.9, "momentum", "share of the last step that is kept in the next one",
                               least=0, below=1, remedy="0 means none, 0.9 is usual")
    decay: float = _setting(1.0, "decay", "factor on the learning rate after each epoch; 1 keeps it",
                            above=0, most=1, remedy="1 keeps the learning rate, 0.9 takes a tenth off")
    weight_decay: float = _setting(0.0, "weight decay", "how strongly each update draws the weights towards 0",
                                   least=0, remedy="0 means none, 0.001 is usual")
    num_hidden: int = _setting(30, "hidden units", "units of the hidden layer",
                               least=1, most=100_000, remedy="30 is the Pigeon's usual size")
    seed: int = _setting(1, "seed", "fixes the starting weights and the order of the images",
                         least=0, most=MOST_SEED)

    def __post_init__(self):
        for name in FIELDS:
            object.__setattr__(self, name, checked(name, getattr(self, name)))

    @classmethod
    def of(cls, setting):
        """Return a `Setting`, a dict of some of its names, or any mapping of them, as a complete `Setting`.

        Raises TypeError for anything else, ValueError for a name that is none.
        """
        if isinstance(setting, cls):
            return setting
        if not isinstance(setting, Mapping):
            raise TypeError(f'a setting must be a dict or a Setting, got {setting!r}; write {{"lr": 0.05}}')
        unknown = sorted(set(setting) - set(NAMES), key=str)
        if unknown:
            raise ValueError(f"a setting's keys must be among {', '.join(NAMES)}, got {unknown[0]!r}; "
                             "leave it out or mend its spelling")
        return cls(**setting)

    def but(self, **changes):
        """Return the same setting but for `changes`."""
        return replace(self, **changes)

    def as_dict(self):
        """Return the setting as a plain dict of Python's own numbers, in the order of NAMES: JSON takes it."""
        return asdict(self)


def checked(name, value):
    """Return the value of the setting `name` as Python's own number; TypeError or ValueError as `Setting` raises them.

    >>> checked("momentum", 0)
    0.0
    """
    one = FIELDS[name]
    check = checks.whole_number if one.type is int else checks.real_number
    return check(name, value, **one.metadata["rule"])


def pace(lr, momentum):
    """Return by how much one update moves the training clock tau: lr / (1 - momentum).

    As far as gradients stay the same, each of them moves the weights by so much in the long run, so that runs
    of different settings have come equally far at equal tau. inf for a momentum of 1 and more.
    Source: Polyak, "Some methods of speeding up the convergence of iteration methods", 1964.

    >>> pace(0.05, 0)
    0.05
    """
    return lr / (1 - momentum) if momentum < 1 else inf


FIELDS = {one.name: one for one in fields(Setting)}
NAMES = tuple(FIELDS)
DEFAULTS = {name: one.default for name, one in FIELDS.items()}
