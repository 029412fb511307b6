"""What a challenge needs is plain data; a run meets it exactly where it should."""

from math import inf, nan

import pytest

from pigeon_lessons import History
from pigeon_lessons.panels.declare import are_met
from pigeon_lessons.panels.runs import Result
from tests.panels.declared import EXPLORERS

SEEDS = tuple(History({"iteration": [0, 32, 64], "epoch": [0, 1, 2], "train_loss": [0.7, nan, 1],
                       "val_accuracy": values}, [0.7] * 64) for values in ([0.3, 0.9, 0.8], [0.3, 0.7, 1.0]))
RESULT = Result({"lr": 0.05, "epochs": 2, "batch_size": 32}, SEEDS, 1024)
COLUMN = {"of": "column", "name": "val_accuracy"}


@pytest.mark.parametrize(("need", "is_met"), [
    ({"of": "setting", "name": "lr", "equals": 0.05}, True),
    ({"of": "setting", "name": "lr", "at_most": 0.01}, False),
    ({"of": "run", "name": "updates", "equals": 64}, True),
    ({"of": "run", "name": "diverged", "equals": False}, True),
    ({**COLUMN, "at_least": 0.8}, True),
    ({**COLUMN, "above": 0.8}, False),
    ({**COLUMN, "take": "highest", "at_least": 0.9}, True),
    ({**COLUMN, "take": "highest", "within": 31, "at_least": 0.9}, False),
    ({**COLUMN, "take": "lowest", "below": 0.31}, True),
    ({**COLUMN, "seeds": "mean", "at_least": 0.9}, True),
    ({**COLUMN, "seeds": "mean", "take": "highest", "above": 0.94}, True),
    ({"of": "column", "name": "val_loss", "below": 9}, False),
    ({"of": "column", "name": "train_loss", "take": "highest", "at_least": 1}, True),
    ({"of": "column", "name": "train_loss", "within": 32, "below": 9}, False),
    ({"of": "measured", "name": "difference", "above": 0.02}, True),
    ({"of": "measured", "name": "nothing", "above": 0}, False),
    ({"of": "measured", "name": "difference", "minus": "premise", "below": -0.1}, True),
    ({**COLUMN, "minus": "premise", "equals": 0}, True),
])
def test_a_need_is_met_where_its_quantity_compares(need, is_met):
    measured, premise = {"difference": 0.03}, (RESULT, {"difference": 0.2})
    assert are_met([need], RESULT, measured, premise) is is_met
    assert are_met([need, {"of": "run", "name": "updates", "above": inf}], RESULT, measured, premise) is False


def test_no_needs_are_always_met():
    assert are_met([], RESULT, {}) is True


def test_every_prediction_has_an_outcome_for_each_answer_and_one_for_the_rest():
    for name, explorer in EXPLORERS.items():
        asked = explorer.prediction
        if asked is not None:
            assert set(asked.outcomes) == set(asked.answers), name
            assert list(asked.outcomes.values())[-1] == [], name
