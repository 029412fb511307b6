"""Claims about arguments at random: what is not understood is refused by name, value and remedy, and nothing changes.

The package's own exceptions are known by their words: a remedy follows a semicolon (a KeyError lists the columns).
"""

import pytest
from hypothesis import HealthCheck, given, settings

from pigeon_lessons import (
    Digits,
    History,
    Pigeon,
    describe,
    grid,
    integer,
    load_mnist,
    log_uniform,
    sample,
    split,
    uniform,
)
from tests.hostile import DIGITS, HISTORY, anything, world

CALLS = [
    Digits,
    lambda a, b, c: Digits(a, DIGITS.labels),
    lambda a, b, c: Digits(DIGITS.images, a),
    lambda a, b, c: Digits(DIGITS.images, DIGITS.labels, yes=a),
    lambda a, b, c: DIGITS[a],
    lambda a, b, c: DIGITS[a:b:c],
    lambda a, b, c: DIGITS.to(a),
    lambda a, b, c: load_mnist(a, root=b, download=c),
    lambda a, b, c: load_mnist(yes=a),
    lambda a, b, c: load_mnist("test", root=a, download=False),
    split,
    lambda a, b, c: split(DIGITS, a, b),
    lambda a, b, c: Pigeon(a, seed=1 if b is None else b),  # without a seed it draws from the global state
    lambda a, b, c: History(a, b),
    lambda a, b, c: describe(History({"epoch": a, "val_loss": b}, c)),
    lambda a, b, c: HISTORY.copy().add(iteration=a, epoch=b, val_loss=c),
    lambda a, b, c: HISTORY.row(a),
    lambda a, b, c: HISTORY.best(a, b),
    lambda a, b, c: HISTORY.is_best("val_loss", a),
    lambda a, b, c: HISTORY.up_to(a),
    lambda a, b, c: History.load(a),
    lambda a, b, c: describe(a, b),
    lambda a, b, c: describe(HISTORY, metrics=a),
    lambda a, b, c: grid(lr=a, seed=b),
    lambda a, b, c: sample(3, seed=a, lr=b),
    lambda a, b, c: sample(str(a), seed=1),
    lambda a, b, c: sample(2, seed=1, lr=uniform(a, b)),
    lambda a, b, c: sample(2, seed=1, lr=log_uniform(a, b)),
    lambda a, b, c: sample(2, seed=1, lr=integer(a, b)),
]


@pytest.mark.parametrize("call", CALLS)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=anything, second=anything, third=anything)
def test_hostile_arguments_meet_documented_exceptions_alone(call, first, second, third, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    before = world()
    try:
        call(first, second, third)
    except (FileNotFoundError, IsADirectoryError):  # from History.load
        pass
    except (IndexError, KeyError, TypeError, ValueError) as error:
        assert "; " in str(error)
    except RuntimeError as error:
        assert 'Go on with load_mnist("sample")' in str(error)
    assert world() == before
