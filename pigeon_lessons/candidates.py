"""What a search may try: every combination of a grid, or settings drawn at random. Nothing here trains."""

import math
from itertools import product

import numpy as np

from pigeon_lessons import checks


def grid(**values):
    """Return every combination of `values`, each a list for one key of a setting, as a list of dicts.

    The last key varies fastest. Raises TypeError for what is not a list, ValueError for an empty one.

    >>> grid(lr=[0.01, 0.1], num_hidden=[15, 30])[1]
    {'lr': 0.01, 'num_hidden': 30}
    """
    for name, choices in values.items():
        _check_choices(name, choices)
    return [dict(zip(values, combination, strict=True)) for combination in product(*values.values())]


def sample(n, *, seed, **ranges):
    """Return `n` settings drawn at random; `ranges` are `uniform`, `log_uniform`, `integer` or a list to choose from.

    The draws follow from `seed` alone, and a longer sample begins with the shorter one. Raises
    TypeError or ValueError for other arguments.
    Source: Bergstra & Bengio, "Random search for hyper-parameter optimization", JMLR 13, 2012.

    >>> sample(2, seed=1, lr=log_uniform(0.001, 0.1), num_hidden=[15, 30])
    [{'lr': 0.0106, 'num_hidden': 30}, {'lr': 0.00194, 'num_hidden': 30}]
    """
    n = checks.whole_number("n", n, least=0)
    generator = np.random.default_rng(checks.seed(seed))
    for name, one in ranges.items():
        if not callable(one):
            _check_choices(name, one)
    return [{name: one(generator) if callable(one) else one[generator.integers(len(one))]
             for name, one in ranges.items()} for _ in range(n)]


def uniform(low, high):
    """Return the range of all numbers from `low` to `high`, each as likely, for `sample`.

    Numbers are drawn to three significant digits. Raises TypeError or ValueError unless both are finite
    numbers, the smaller one first.

    >>> sample(2, seed=1, momentum=uniform(0, 0.95))
    [{'momentum': 0.486}, {'momentum': 0.903}]
    """
    low, high = _bounds(low, high)
    return lambda generator: _rounded(generator.uniform(low, high), low, high)


def log_uniform(low, high):
    """Return the range from `low` to `high` in which every factor of ten is as likely, for `sample`.

    From 0.001 to 0.1, half of the draws lie below 0.01: right for what acts by its order of magnitude,
    as a learning rate does. Three significant digits and errors as for `uniform`; `low` must be above 0.

    >>> sample(2, seed=1, lr=log_uniform(0.001, 0.1))
    [{'lr': 0.0106}, {'lr': 0.0796}]
    """
    low, high = _bounds(low, high)
    if low <= 0:
        raise ValueError(f"low must be greater than 0, got {low!r}; a logarithmic range cannot reach 0")
    return lambda generator: _rounded(math.exp(generator.uniform(math.log(low), math.log(high))), low, high)


def integer(low, high):
    """Return the range of whole numbers from `low` to `high`, both included, each as likely, for `sample`.

    Raises TypeError or ValueError unless both are whole numbers of at least 0, the smaller one first.

    >>> sample(3, seed=1, num_hidden=integer(10, 60))
    [{'num_hidden': 34}, {'num_hidden': 36}, {'num_hidden': 48}]
    """
    low, high = checks.whole_number("low", low, least=0), checks.whole_number("high", high, least=0)
    _bounds(low, high)
    return lambda generator: int(generator.integers(low, high, endpoint=True))


def _rounded(value, low, high):
    """Return a draw as it is printed, so that what is read is what was trained; never out of its range."""
    return min(max(float(f"{value:.3g}"), low), high)


def _check_choices(name, choices):
    if isinstance(choices, str) or not hasattr(choices, "__len__") or not hasattr(choices, "__getitem__"):
        raise TypeError(f"{name} must be a list of values, got {choices!r}; write {name}=[{choices!r}]")
    if not len(choices):
        raise ValueError(f"{name} must hold at least one value, got {choices!r}; leave it out to keep its default")


def _bounds(low, high):
    remedy = "give two numbers, the smaller one first"
    low = checks.real_number("low", low, remedy=remedy)
    return low, checks.real_number("high", high, least=low, remedy=remedy)
