"""Claims about panels and questions given anything: what is not understood is refused by name, value and remedy."""

import ipywidgets
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from traitlets import TraitError

from pigeon_lessons import check, explore, hint, load_mnist, predict, quiz, reveal, solution
from tests.hostile import anything, world

TRAIN, VAL = load_mnist()[20:60], load_mnist()[60:80]
NAMES = ["lr", "batch_size", "epochs", "seed", "x", "smoothing", "log"]


def move(name, value):
    explore("training_curves", TRAIN, VAL, epochs=1).controls[name].value = value


CALLS = [
    lambda a, b, name: explore(a, b),
    lambda a, b, name: explore("training_curves", a, b),
    lambda a, b, name: explore("training_curves", TRAIN, VAL, **{"epochs": 1, name: a}),
    lambda a, b, name: move(name, a),
    lambda a, b, name: explore("training_curves", TRAIN, VAL, epochs=1).apply({name: a}),
    lambda a, b, name: check("batching/updates", a),
    lambda a, b, name: check("learning_rate/schedule", a),
    lambda a, b, name: reveal("meet_the_pigeon/accuracy", a),
    lambda a, b, name: (quiz, predict, hint, solution)[NAMES.index(name) % 4](a),
]


@pytest.mark.parametrize("call", CALLS)
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=anything, second=anything, name=st.sampled_from(NAMES))
def test_hostile_arguments_meet_documented_exceptions_alone(call, first, second, name, tmp_path, monkeypatch):
    (tmp_path / "empty").mkdir(exist_ok=True)  # answers are kept beside it
    monkeypatch.chdir(tmp_path / "empty")
    before = world(), TRAIN.fingerprint(), VAL.fingerprint()
    try:
        call(first, second, name)
    except TraitError as error:
        assert name == "log" and "expected a boolean" in str(error)
    except (TypeError, ValueError) as error:
        assert "; " in str(error) or ", got " in str(error)
    ipywidgets.Widget.close_all()
    assert (world(), TRAIN.fingerprint(), VAL.fingerprint()) == before
