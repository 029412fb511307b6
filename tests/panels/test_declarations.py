"""What the catalog asks and promises: predictions answered by what was measured, challenges that can be met."""

import base64
import io
import re
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from pigeon_lessons import explore, load_mnist, split
from pigeon_lessons.chapters.batching.picture import compare_cosines, contact_sheet
from pigeon_lessons.gradients import directions
from pigeon_lessons.panels.html import descendants

MET_BY = {
    "update_loop": {"momentum": 0.0, "lr": 0.03},
    "epochs": {"batch_size": 1, "epochs": 1},
    "learning_rate": {"lr": 0.05},
    "training_curves": {"lr": 0.05, "epochs": 1, "repeats": 5},
    "validation": {"train_images": 256, "num_hidden": 120, "lr": 0.1, "epochs": 30, "repeats": 3},
    "hyperparameters": {"num_hidden": 5, "lr": 0.03},
    "checkpointing": {"forget": "momentum", "interrupt": 1, "lr": 0.005, "epochs": 3},
}


@pytest.fixture(scope="module")
def all_digits():
    train, val, _ = split(load_mnist())
    return train, val


@pytest.mark.parametrize("name", MET_BY)
def test_a_panel_s_first_challenge_is_met_by_what_its_controls_offer_and_not_where_they_start(name, all_digits):
    panel = explore(name, *all_digits)
    assert panel._session.met == set()
    panel.apply(MET_BY[name])
    assert panel._session.met == {0}


@pytest.mark.parametrize(("batch_size", "epochs"), [(16, 5), (64, 20)])
def test_160_updates_with_500_images_take_a_short_batch_into_account(all_digits, batch_size, epochs):
    panel = explore("epochs", *all_digits)
    panel.apply({"train_images": 500, "batch_size": batch_size, "epochs": epochs})
    assert panel._session.met == {1}
    assert panel.history["iteration"][-1] == 160
    panel.apply({"train_images": 512, "batch_size": batch_size, "epochs": epochs})
    assert panel._session.met == {1}


def test_only_momentum_lost_early_meets_checkpointing_s_challenge(all_digits):
    panel = explore("checkpointing", *all_digits, lr=0.01, forget="momentum", interrupt=3, epochs=5)
    assert panel._session.met == set()
    panel.apply({"interrupt": 1, "epochs": 3})
    assert panel._session.met == {0}


def test_a_challenge_about_validation_is_not_met_without_validation_digits(all_digits):
    for name in ("validation", "hyperparameters", "epochs"):
        panel = explore(name, all_digits[0], epochs=1)
        panel.apply({**MET_BY[name], "epochs": 1})
        assert panel.state == "done"
        assert panel._session.met == set()


def test_the_answer_to_batching_s_prediction_is_measured(digits):
    panel = explore("batching", *digits)
    buttons = {button.description: button for button in panel._prediction._buttons}
    buttons["larger"].click()
    cosines = {size: np.mean([one.cosine for one in directions(panel._session.result().pigeons[0], digits[0], size,
                                                               seed=1)[1]]) for size in (1, 32)}
    assert cosines[1] < cosines[32] - 0.01
    assert "You said “larger”; it came out otherwise: <b>smaller</b>" in panel._prediction._answer.value


@pytest.mark.parametrize(("size", "usual", "answer"), [(64, 8, "larger"), (8, 64, "smaller"), (16, 16, "the same")])
def test_cosines_are_compared_both_ways(digits, size, usual, answer):
    result = explore("batching", *digits, batch_size=size)._session.result()
    assert compare_cosines(SimpleNamespace(now=result, train=digits[0]), usual) == answer


@pytest.mark.parametrize(("count", "side"), [(1, 1), (2, 2), (8, 3), (32, 6), (64, 8)])
def test_a_batch_stands_on_the_smallest_square_that_holds_it_image_by_image(count, side):
    pictures = np.arange(count)[:, None, None] * np.ones((1, 28, 28))
    sheet = contact_sheet(pictures)
    assert sheet.shape == (28 * side, 28 * side)
    assert sheet[::28, ::28].flatten()[:count].tolist() == list(range(count))


def test_the_static_map_shows_every_station_of_the_grid(digits):
    panel = explore("hyperparameters", *digits, epochs=2)
    html = panel._repr_mimebundle_()[0]["text/html"]
    assert html.count("5 cells of the map visited") == 5  # in five captions
    assert np.isfinite(panel._canvas.picture.map.get_array()).sum() == 1  # the student has been at one


def test_every_static_picture_has_limits_of_its_own(digits):
    """A picture is the same behind a wild one as behind a calm one."""
    panel = explore("training_curves", *digits, epochs=2)
    pictures = static_pictures(panel)
    panel._explorer = SimpleNamespace(**{**vars(panel._explorer), "presets": panel._explorer.presets[1:]})
    assert (static_pictures(panel)[-1] == pictures[-1]).all()


def static_pictures(panel):
    html = panel._repr_mimebundle_()[0]["text/html"]
    return [np.asarray(Image.open(io.BytesIO(base64.b64decode(png))).convert("RGB"))
            for png in re.findall("base64,([^\"]+)", html)]


def press(panel, kind, text=None):
    """Press the panel's button of a kind, and of a text if there are several."""
    next(button for button in descendants(panel) if f"pigeon-button-{kind}" in button._dom_classes
         and text in (None, button.description)).click()


@pytest.mark.parametrize(("kind", "text"), [("preset", "noisy"), ("reset", None)])
def test_a_preset_and_a_reset_start_with_fresh_limits_whatever_was_to_be_seen_before(digits, kind, text):
    panel, usual = (explore("training_curves", *digits) for _ in range(2))
    press(usual, kind, text)
    panel.apply({"lr": 10.0, "epochs": 20, "smoothing": 1})
    wild = limits(panel)
    press(panel, kind, text)
    assert limits(panel) == limits(usual)
    assert limits(panel) != wild


def limits(panel):
    return [(chart.ax.get_xlim(), chart.ax.get_ylim()) for chart in panel._canvas.picture.charts]


def test_a_pinned_run_stays_whole_in_view_when_a_preset_is_chosen(digits):
    panel = explore("training_curves", *digits, epochs=2)
    panel.pin()
    press(panel, "preset", "noisy")
    assert limits(panel)[0][0][1] > 2


def test_setting_many_views_at_once_draws_no_picture_of_the_old_run(digits, monkeypatch):
    panel, drawn = explore("training_curves", *digits, epochs=2), []
    draw = panel._canvas.draw
    monkeypatch.setattr(panel._canvas, "draw", lambda scene: drawn.append(scene.now.settings["lr"]) or draw(scene))
    panel.apply({"lr": 0.05, "smoothing": 1, "x": "iteration", "log": True})
    assert set(drawn) == {0.05}
