"""Claims about the checks of arguments: what passes, and that every message names argument, value and remedy."""

import math
import re
from fractions import Fraction

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from pigeon_lessons import checks
from pigeon_lessons.setting import Setting


@given(st.integers(), st.integers(-5, 5))
def test_a_whole_number_passes_from_its_least_on(value, least):
    if value >= least:
        assert checks.whole_number("n", value, least=least) == value
    else:
        with pytest.raises(ValueError, match=re.escape(f"n must be at least {least}, got {value}; ")):
            checks.whole_number("n", value, least=least)


@given(st.floats())
def test_a_learning_rate_is_finite_and_above_zero(value):
    if 0 < value < math.inf:
        assert Setting(lr=value).lr == value
    else:
        with pytest.raises(ValueError, match=r"lr must be .*, got .*; try 0\.005"):
            Setting(lr=value)


@given(st.floats())
def test_a_momentum_is_at_least_zero_and_below_one(value):
    if 0 <= value < 1:
        assert Setting(momentum=value).momentum == value
    else:
        with pytest.raises(ValueError, match="momentum must be .*, got .*; 0 means none"):
            Setting(momentum=value)


@pytest.mark.parametrize("value", [3, np.int64(3), np.uint8(3), np.array(3), torch.tensor(3)])
def test_integers_of_numpy_and_torch_are_whole_numbers_and_become_ints(value):
    assert type(checks.whole_number("n", value, least=1)) is int


@pytest.mark.parametrize("value", [0.5, np.float32(0.5), np.float64(0.5), Fraction(1, 2), np.array(0.5),
                                   torch.tensor(0.5), torch.tensor(0.5, dtype=torch.float16, requires_grad=True)])
def test_real_numbers_of_any_kind_become_floats(value):
    assert type(Setting(lr=value).lr) is float and Setting(lr=value).lr == 0.5


@pytest.mark.parametrize("value", [True, 2.0, "2", None, [2], np.float64(2), 2 + 0j, np.True_, torch.tensor(True),
                                   torch.tensor(2.0), np.array([2]), torch.tensor([2]), np.str_("2"),
                                   torch.tensor(2, device="meta")])
def test_what_is_no_int_is_no_whole_number(value):
    with pytest.raises(TypeError, match=re.escape(f"n must be a whole number, got {value!r}; give a whole number of")):
        checks.whole_number("n", value, least=1)


@pytest.mark.parametrize("value", [True, "0.1", None, [0.1], 1j, np.False_, np.array([0.1]), torch.tensor([0.1]),
                                   torch.tensor(0.1, device="meta")])
def test_what_is_no_real_number_is_no_learning_rate(value):
    with pytest.raises(TypeError, match=re.escape(f"lr must be a number, got {value!r}; try 0.005")):
        Setting(lr=value)


@pytest.mark.parametrize("value", [10**400, Fraction(10**400, 3), -10**400])
def test_a_number_that_no_float_can_hold_is_not_finite(value):
    with pytest.raises(ValueError, match="x must be finite, got .*; try 1"):
        checks.real_number("x", value, remedy="try 1")


@pytest.mark.parametrize("value", [0, 1, 2**31, 2**32 - 1])
def test_seeds_that_pass(value):
    assert Setting(seed=value).seed == value


@pytest.mark.parametrize("value", [1, 0, "no", None])
def test_yes_or_no_takes_nothing_else(value):
    assert checks.yes_or_no("shuffle", False) is False
    with pytest.raises(TypeError, match=f"shuffle must be True or False, got {value!r}; "):
        checks.yes_or_no("shuffle", value)


def test_one_of_lists_the_choices():
    with pytest.raises(ValueError, match="x must be one of 'epoch', 'iteration', got 'time'; "):
        checks.one_of("x", "time", ("epoch", "iteration"))
    for value in (None, ["epoch"], np.array(["epoch", "epoch"])):
        with pytest.raises(ValueError, match="x must be one of 'epoch', got "):
            checks.one_of("x", value, ("epoch",))
