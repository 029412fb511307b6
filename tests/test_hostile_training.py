"""Claims about arguments at random where something is trained, searched or saved: refused by name, nothing changes."""

import os
import tempfile
from itertools import islice

import pytest
import torch
from hypothesis import HealthCheck, assume, given, settings

from pigeon_lessons import (
    CheckpointError,
    Pigeon,
    SearchResult,
    Sweep,
    Trainer,
    evaluate,
    load_checkpoint,
    load_mnist,
    save_checkpoint,
    search,
    sweep,
)
from pigeon_lessons.setting import NAMES, Setting
from tests.hostile import anything, world

TRAIN, VAL = load_mnist()[20:40], load_mnist()[40:50]


def trainer(**settings):
    return Trainer(Pigeon(2, seed=1), TRAIN, VAL, **settings)


def with_part(part, value):
    return trainer().state_dict() | {part: value}


def replace_optimizer(value):
    trainer().optimizer = value


def in_a_folder(use, path, *arguments):
    """Use a name, if it is none elsewhere, in an empty folder."""
    assume(not isinstance(path, (str, bytes)) or not set(path) & set("/~" if isinstance(path, str) else b"/~"))
    back = os.getcwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            use(path, *arguments)
        finally:
            os.chdir(back)


CALLS = [
    Trainer,
    lambda a, b, c: Trainer(Pigeon(2, seed=1), a, b),
    lambda a, b, c: trainer(lr=a, batch_size=b, momentum=c),
    lambda a, b, c: trainer(decay=a, weight_decay=b, seed=c),
    lambda a, b, c: trainer(shuffle=a, evaluate_every=b).fit(1),
    lambda a, b, c: next(trainer(batch_size=a).epochs(1)),
    lambda a, b, c: next(trainer(lr=a, weight_decay=b).epochs(c), None),
    lambda a, b, c: next(trainer().iterations(a), None),
    lambda a, b, c: replace_optimizer(a),
    lambda a, b, c: trainer().load_state_dict(a),
    *(lambda a, b, c, part=part: trainer().load_state_dict(with_part(part, a)) for part in trainer().state_dict()),
    lambda a, b, c: trainer().load_state_dict(with_part("optimizer", {"name": "SGD", "state": a, "param_groups": b})),
    lambda a, b, c: trainer().load_state_dict(with_part("history", {"columns": a, "batch_loss": b})),
    lambda a, b, c: evaluate(a, b),
    lambda a, b, c: evaluate(Pigeon(2, seed=1), a),
    lambda a, b, c: evaluate(torch.nn.Identity(), TRAIN),
    lambda a, b, c: sweep(a, b, c, epochs=0),
    lambda a, b, c: sweep([a], TRAIN, VAL, epochs=1),
    *(lambda a, b, c, name=name: sweep([{name: a}], TRAIN, epochs=1) for name in NAMES if name != "num_hidden"),
    lambda a, b, c: sweep([{}], TRAIN, epochs=1, evaluate_every=a),
    lambda a, b, c: list(islice(Sweep([{}], TRAIN).slices(a, budget_ms=b), 2)),
    lambda a, b, c: Sweep([{}, {}], TRAIN).pigeon(a),
    lambda a, b, c: search(a, b, c, epochs=0),
    lambda a, b, c: search([a, {"lr": b}], TRAIN, VAL, epochs=0),
    lambda a, b, c: search([{}], TRAIN, VAL, epochs=0, score=a),
    lambda a, b, c: search([{}], TRAIN, VAL, epochs=str(a), repeats=b),
    lambda a, b, c: in_a_folder(lambda path: search([{}], TRAIN, VAL, epochs=0, results=path), a),
    lambda a, b, c: in_a_folder(save_checkpoint, a, trainer()),
    lambda a, b, c: in_a_folder(load_checkpoint, a, trainer()),
    lambda a, b, c: in_a_folder(save_checkpoint, "latest.ckpt", a),
    SearchResult,
    lambda a, b, c: SearchResult([{}], [{"candidate": a, "val_loss": b}], "val_loss").means,
    lambda a, b, c: SearchResult([{}], [], "val_loss").scores(a),
    lambda a, b, c: Setting.of(a),
    lambda a, b, c: Setting().but(lr=a, num_hidden=b, seed=c),
]


@pytest.mark.parametrize("call", CALLS)
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=anything, second=anything, third=anything)
def test_hostile_arguments_meet_documented_exceptions_alone(call, first, second, third, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    before = world(), TRAIN.fingerprint(), VAL.fingerprint()
    try:
        call(first, second, third)
    except (CheckpointError, FileNotFoundError):
        pass
    except OSError as error:
        assert "cannot use the results file" in str(error)
    except (IndexError, TypeError, ValueError) as error:
        assert "; " in str(error)
    assert (world(), TRAIN.fingerprint(), VAL.fingerprint()) == before
