"""A scene is plain data: it goes through JSON, never changes, and says all that the page does."""

import json
from dataclasses import FrozenInstanceError

import pytest

from pigeon_lessons import explore
from pigeon_lessons.panels.controls import CONTROLS
from pigeon_lessons.panels.curves import Curves
from pigeon_lessons.panels.session import Session
from tests.panels.declared import EXPLORERS

SETTINGS = {"lr": 0.05, "batch_size": 32, "epochs": 3, "seed": 1, "repeats": 2}


@pytest.fixture
def session(digits):
    session = Session(EXPLORERS["training_curves"], *digits, list(SETTINGS), lambda scene: None)
    session.run(SETTINGS)
    return session


def through_json(scene):
    return json.loads(json.dumps(scene.as_dict(), allow_nan=False))


@pytest.mark.parametrize("name", EXPLORERS)
def test_every_scene_of_every_panel_goes_through_json_and_is_the_same_behind_it(name, digits):
    explorer = EXPLORERS[name]
    starts = explorer.controls | ({} if name in ("update_loop", "batching") else {"epochs": 2})
    settings = {one: value for one, value in starts.items() if CONTROLS[one].trains}
    view = {one: value for one, value in starts.items() if one not in settings}
    session = Session(explorer, *digits, list(settings), lambda scene: None)
    session.run(settings, view=view)
    for move in (lambda: None, session.step, session.pin, lambda: session.run({**settings, "lr": 10.0})):
        move()
        for title in ("Runs", "Weights", "Worst mistakes"):
            session.look(view, title)
            scene = through_json(session.scene)
            assert scene["panel"] == name and scene["state"] == session.state
            assert scene["summary"] == session.scene.summary
            assert (scene["picture"] != {}) == (explorer.picture.measure is not Curves.measure)
    assert through_json(session.scene)["details"]["positions"]


def test_runs_are_named_in_the_order_in_which_they_are_drawn(session):
    session.pin()
    session.run({**SETTINGS, "lr": 0.1})
    scene = through_json(session.scene)
    assert [(run["slot"], run["label"]) for run in scene["runs"]] == [
        ("before", "the run before"), (0, "A: learning rate 0.05"), ("now", "now: learning rate 0.1")]
    assert scene["differing"] == ["lr"]


def test_a_run_holds_its_settings_its_seeds_and_its_best_rows(session):
    run, = through_json(session.scene)["runs"]
    now = session.scene.now
    assert run["settings"].items() >= SETTINGS.items()
    assert (run["num_train"], run["iterations_per_epoch"], run["iterations"]) == (128, 4, 12)
    assert run["is_complete"] and run["diverged"] is None
    assert [seed["columns"] for seed in run["seeds"]] == [dict(history) for history in now.histories]
    assert list(run["seeds"][0]["columns"]) == ["iteration", "epoch", "tau", "train_loss", "train_accuracy", "val_loss",
                                                "val_accuracy"]
    assert [seed["batch_loss"] for seed in run["seeds"]] == [history.batch_loss for history in now.histories]
    means = [sum(row) / 2 for row in zip(*(history["val_loss"] for history in now.histories), strict=True)]
    assert run["best"]["loss"] == means.index(min(means))


def test_a_divergence_says_when_and_how_and_leaves_no_number_that_json_lacks(digits):
    session = Session(EXPLORERS["playground"], *digits, list(SETTINGS), lambda scene: None)
    session.run({**SETTINGS, "lr": 3e38, "epochs": 5})
    run, = through_json(session.scene)["runs"]
    assert run["diverged"] == {"iteration": 2, "loss": "inf"} or run["diverged"]["loss"] in ("nan", "inf")
    assert run["best"] == {"loss": None, "accuracy": None}
    assert None in run["seeds"][0]["columns"]["val_loss"]


def test_a_scene_never_changes(session):
    scene, before = session.scene, session.scene.as_dict()
    session.pin()
    session.run({**SETTINGS, "epochs": 5})
    session.look({"x": "iteration"})
    assert scene.as_dict() == before
    with pytest.raises(FrozenInstanceError):
        scene.state = "idle"


def test_a_scene_is_made_once_until_something_happens(session):
    assert session.scene is session.scene
    first = session.scene
    session.step()
    assert session.scene is not first


def test_challenges_and_prediction_are_data_too(digits):
    scene = through_json(explore("learning_rate", *digits, epochs=1).scene)
    explorer = EXPLORERS["learning_rate"]
    assert scene["challenges"] == [{"text": one.text, "settings": one.settings, "needs": list(one.needs),
                                    "is_met": False} for one in explorer.challenges]
    assert list(scene["prediction"]["answers"]) == ["faster", "slower", "not at all: it diverges"]
    assert set(scene["prediction"]["outcomes"]) == set(scene["prediction"]["answers"])


def test_an_error_is_words_and_details(session):
    session.run({**SETTINGS, "lr": -1})
    scene = through_json(session.scene)
    assert scene["state"] == "failed" and scene["error"]["words"].startswith("lr must be greater than 0, got -1")
    assert "Traceback" in scene["error"]["details"]


def test_a_session_that_has_run_nothing_has_a_scene_too(digits):
    scene = through_json(Session(EXPLORERS["epochs"], *digits, ["lr"], lambda scene: None).scene)
    assert scene["state"] == "idle" and scene["runs"] == []
