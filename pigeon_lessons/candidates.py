"""What a search may try: every combination of a grid, or settings drawn at random. Nothing here trains."""

import math
from dataclasses import dataclass
from itertools import product

import numpy as np

from pigeon_lessons import checks
from pigeon_lessons.setting import MOST_SEED, checked


def grid(**values):
    """Return every combination of `values`, each a list for one key of a setting, as a list of dicts.

    The last key varies fastest. Arrays and tensors are lists too, and their numbers become Python's own.
    Raises TypeError for what is not a list, ValueError for an empty one.

    >>> grid(lr=[0.01, 0.1], num_hidden=[15, 30])[1]
    {'lr': 0.01, 'num_hidden': 30}
    """
    lists = [_choices(name, choices) for name, choices in values.items()]
    return [dict(zip(values, combination, strict=True)) for combination in product(*lists)]


def sample(n, *, seed, **ranges):
    """Return `n` settings, at most a million, drawn at random.

    `ranges` are `uniform`, `log_uniform`, `integer` or a list to choose from. The draws follow from `seed` alone,
    and a longer sample begins with the shorter one. Raises TypeError or ValueError for other arguments.
    Source: Bergstra & Bengio, "Random search for hyper-parameter optimization", JMLR 13, 2012.

    >>> sample(2, seed=1, lr=log_uniform(0.001, 0.1), num_hidden=[15, 30])
    [{'lr': 0.0106, 'num_hidden': 30}, {'lr': 0.00194, 'num_hidden': 30}]
    """
    n = checks.whole_number("n", n, least=0, most=1_000_000)
    generator = np.random.default_rng(checked("seed", seed))
    ranges = {name: one if isinstance(one, _Range) else _choices(name, one) for name, one in ranges.items()}
    return [{name: one.draw(generator) if isinstance(one, _Range) else one[generator.integers(len(one))]
             for name, one in ranges.items()} for _ in range(n)]


@dataclass(frozen=True)
class _Range:
    """All numbers from `low` to `high`; `draw(generator)` returns one of them."""

    low: float
    high: float

    def __post_init__(self):
        remedy = "give two numbers, the smaller one first"
        low = checks.real_number("low", self.low, remedy=remedy)
        high = checks.real_number("high", self.high, least=low, remedy=remedy)
        if not math.isfinite(high - low):
            raise ValueError(f"high - low must be finite, got {high!r} - {low!r}; choose a smaller range")
        vars(self).update(low=low, high=high)

    def __repr__(self):
        return f"{type(self).__name__}({self.low!r}, {self.high!r})"

    def _rounded(self, value):
        """Return a draw as it is printed, so that what is read is what was trained; never out of its range."""
        return min(max(float(f"{value:.3g}"), self.low), self.high)


class uniform(_Range):
    """The range of all numbers from `low` to `high`, each as likely, for `sample`.

    Numbers are drawn to three significant digits. Raises TypeError or ValueError unless both are finite
    numbers, the smaller one first.

    >>> sample(2, seed=1, momentum=uniform(0, 0.95))
    [{'momentum': 0.486}, {'momentum': 0.903}]
    """

    def draw(self, generator):
        return self._rounded(generator.uniform(self.low, self.high))


class log_uniform(_Range):
    """The range from `low` to `high` in which every factor of ten is as likely, for `sample`.

    From 0.001 to 0.1, half of the draws lie below 0.01: right for what acts by its order of magnitude,
    as a learning rate does. Three significant digits and errors as for `uniform`; `low` must be above 0.

    >>> sample(2, seed=1, lr=log_uniform(0.001, 0.1))
    [{'lr': 0.0106}, {'lr': 0.0796}]
    """

    def __post_init__(self):
        super().__post_init__()
        if self.low <= 0:
            raise ValueError(f"low must be greater than 0, got {self.low!r}; a logarithmic range cannot reach 0")

    def draw(self, generator):
        return self._rounded(math.exp(generator.uniform(math.log(self.low), math.log(self.high))))


class integer(_Range):
    """The range of whole numbers from `low` to `high`, both included, each as likely, for `sample`.

    Raises TypeError or ValueError unless both are whole numbers of at least 0, the smaller one first.

    >>> sample(3, seed=1, num_hidden=integer(10, 60))
    [{'num_hidden': 34}, {'num_hidden': 36}, {'num_hidden': 48}]
    """

    def __post_init__(self):
        low, high = (checks.whole_number(name, getattr(self, name), least=0, most=MOST_SEED)
                     for name in ("low", "high"))
        super().__post_init__()
        vars(self).update(low=low, high=high)

    def draw(self, generator):
        return int(generator.integers(self.low, self.high, endpoint=True))


def _choices(name, choices):
    """Return the values to choose from as a list, each number Python's own."""
    choices = checks.list_of("values", name, choices)
    if not choices:
        raise ValueError(f"{name} must hold at least one value, got none; leave it out to keep its default")
    return [checks.plain(choice) for choice in choices]
