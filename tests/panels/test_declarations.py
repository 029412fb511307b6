"""What the chapters ask and promise: predictions answered by what was measured, challenges that can be met."""

import base64
import io
import re
from dataclasses import replace

import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from pigeon_lessons import explore, load_mnist, split
from pigeon_lessons.chapters.batching.explorer import contact_sheet
from pigeon_lessons.gradients import directions
from pigeon_lessons.model import Pigeon
from pigeon_lessons.panels.curves import Chart
from pigeon_lessons.panels.panel import Panel
from tests.panels import page
from tests.panels.declared import EXPLORERS

MET_BY = {
    "update_loop": {"momentum": 0.0, "lr": 0.03},
    "epochs": {"batch_size": 4, "epochs": 2},
    "learning_rate": {"lr": 0.3, "momentum": 0.0},
    "training_curves": {"lr": 0.05, "epochs": 1, "repeats": 5},
    "validation": {"train_images": 256, "num_hidden": 120, "lr": 0.1, "epochs": 30, "repeats": 3},
    "hyperparameters": {"num_hidden": 5, "lr": 0.03},
    "checkpointing": {"forget": "momentum", "interrupt": 1, "lr": 0.005, "epochs": 3},
}


@pytest.fixture(scope="module")
def all_digits():
    train, val, _ = split(load_mnist())
    return train, val


def met(panel):
    """Return which challenges are met, as the scene says and as the page ticks them off."""
    found = {index for index, one in enumerate(panel.scene.challenges) if one["is_met"]}
    assert page.words(panel, "pigeon-challenges").count("✔") == len(found)
    return found


@pytest.mark.parametrize("name", MET_BY)
def test_a_panel_s_first_challenge_is_met_by_what_its_controls_offer_and_not_where_they_start(name, all_digits):
    panel = explore(name, *all_digits)
    assert met(panel) == set()
    panel.apply(MET_BY[name])
    assert met(panel) == {0}


@pytest.mark.parametrize(("batch_size", "epochs"), [(16, 5), (64, 20)])
def test_160_updates_with_500_images_take_a_short_batch_into_account(all_digits, batch_size, epochs):
    panel = explore("epochs", *all_digits)
    panel.apply({"train_images": 500, "batch_size": batch_size, "epochs": epochs})
    assert met(panel) == {1}
    assert panel.history["iteration"][-1] == 160
    panel.apply({"train_images": 512, "batch_size": batch_size, "epochs": epochs})
    assert met(panel) == {1}


def test_only_momentum_lost_early_meets_checkpointing_s_challenge(all_digits):
    panel = explore("checkpointing", *all_digits, lr=0.01, forget="momentum", interrupt=3, epochs=5)
    assert met(panel) == set()
    panel.apply({"interrupt": 1, "epochs": 3})
    assert met(panel) == {0}


def test_a_challenge_about_validation_is_not_met_without_validation_digits(all_digits):
    for name in ("validation", "hyperparameters", "epochs"):
        panel = explore(name, all_digits[0], epochs=1)
        panel.apply({**MET_BY[name], "epochs": 1})
        assert panel.state == "done"
        assert met(panel) == set()


@pytest.mark.parametrize(("name", "answer", "said"), [
    ("learning_rate", "slower", "You said “slower”; it came out otherwise: faster."),
    ("learning_rate", "faster", "As you said: faster."),
    ("batching", "larger", "You said “larger”; it came out otherwise: smaller."),
])
def test_a_prediction_is_answered_only_after_it_was_made_and_by_what_was_measured(digits, name, answer, said):
    panel = explore(name, *digits, epochs=2)
    panel.apply(EXPLORERS[name].prediction.settings)
    assert page.words(panel, "pigeon-answer") == "" and panel.scene.prediction["outcome"] is None
    page.press(panel, "answer", answer)
    assert page.words(panel, "pigeon-answer").startswith(said) and panel.scene.prediction["guess"] == answer
    assert all(button.disabled for button in page.buttons(panel, "answer"))
    panel.controls["lr"].value = 0.001
    assert page.words(panel, "pigeon-answer").startswith(said), "an answer stays"


@pytest.mark.parametrize("starts", [{}, {"lr": 0.05}, {"lr": 0.3, "epochs": 3}])
def test_what_a_prediction_compares_is_true_wherever_the_sliders_stand(digits, starts):
    """It names both settings, says nothing of what is set now, and both are what is run."""
    panel = explore("learning_rate", *digits, **starts)
    question = page.words(panel, "pigeon-question")
    assert "0.05 instead of 0.005" in question and "now" not in question
    page.press(panel, "answer", "faster")
    asked = panel.scene.prediction
    assert (asked["premise"], asked["settings"]) == ({"lr": 0.005}, {"lr": 0.05})
    assert panel.settings["lr"] == 0.05 and panel.settings["epochs"] == starts.get("epochs", 15)
    shown = panel.history["train_loss"][-1]
    panel.controls["lr"].value = 0.005
    assert (shown < panel.history["train_loss"][-1]) == (asked["outcome"] == "faster")


def test_batching_s_prediction_compares_the_mean_cosines(digits):
    panel = explore("batching", *digits)
    page.press(panel, "answer", "smaller")
    cosines = {size: np.mean([one.cosine for one in directions(Pigeon(seed=1), digits[0], size, seed=1)])
               for size in (1, 32)}
    assert cosines[1] < cosines[32] - 0.01
    assert panel.scene.picture["mean_cosine"] == pytest.approx(cosines[1], abs=1e-4)
    assert panel.scene.prediction["outcome"] == "smaller"


@pytest.mark.parametrize(("count", "side"), [(1, 1), (2, 2), (8, 3), (32, 6), (64, 8)])
def test_a_batch_stands_on_the_smallest_square_that_holds_it_image_by_image(count, side):
    pictures = np.arange(count)[:, None, None] * np.ones((1, 28, 28))
    sheet = contact_sheet(pictures)
    assert sheet.shape == (28 * side, 28 * side)
    assert sheet[::28, ::28].flatten()[:count].tolist() == list(range(count))


def test_the_static_map_shows_every_station_of_the_grid(digits):
    panel = explore("hyperparameters", *digits, epochs=2)
    html = panel._repr_mimebundle_()["text/html"]
    assert html.count("5 cells of the map visited") == 5  # in five captions
    assert len(panel.scene.picture["cells"]) == 1  # the student has been at one


def test_every_static_picture_has_limits_of_its_own(digits):
    """A picture is the same behind a wild one as behind a calm one."""
    explorer = EXPLORERS["training_curves"]
    panels = [Panel(one, *digits, {**explorer.controls, "epochs": 2})
              for one in (explorer, replace(explorer, presets=explorer.presets[1:]))]
    behind_wild, behind_calm = map(static_pictures, panels)
    assert (behind_wild[-1] == behind_calm[-1]).all()


def static_pictures(panel):
    html = panel._repr_mimebundle_()["text/html"]
    return [np.asarray(Image.open(io.BytesIO(base64.b64decode(png))).convert("RGB"))
            for png in re.findall("base64,([^\"]+)", html)]


def test_a_pinned_run_stays_whole_in_view_when_a_preset_is_chosen(digits):
    panels = [explore("training_curves", *digits, epochs=2) for _ in range(2)]
    panels[0].pin()
    for panel in panels:
        page.press(panel, "preset", "noisy")  # one epoch
    assert {slot: run.settings["epochs"] for slot, run in panels[0].scene.runs().items()} == {
        "before": 2, 0: 2, "now": 1}
    limits = [Chart(Figure().subplots(), panel.scene, "loss").ax.get_xlim()[1] for panel in panels]
    assert limits[0] > 2 > limits[1]


def test_setting_many_views_at_once_shows_no_picture_of_the_old_run(digits, monkeypatch):
    panel, shown = explore("training_curves", *digits, epochs=2), []
    draw = panel._shown.draw
    monkeypatch.setattr(panel._shown, "draw", lambda scene: shown.append(scene.now.settings["lr"]) or draw(scene))
    panel.apply({"lr": 0.05, "smoothing": 1, "x": "iteration", "log": True})
    assert set(shown) == {0.05}


HOSTILE = '<img src=x onerror="alert(1)">'


def test_no_text_of_a_declaration_is_taken_for_html(digits):
    explorer = EXPLORERS["learning_rate"]
    asked, preset = explorer.prediction, replace(explorer.presets[0], name=HOSTILE, story=HOSTILE)
    asked = replace(asked, question=HOSTILE, answers={HOSTILE: HOSTILE}, outcomes={HOSTILE: ()})
    hostile = replace(explorer, title=HOSTILE, intro=HOSTILE, presets=(preset,), prediction=asked,
                      challenges=(replace(explorer.challenges[0], text=HOSTILE),))
    panel = Panel(hostile, *digits, {**explorer.controls, "epochs": 2})
    page.press(panel, "preset")
    page.press(panel, "answer")
    panel.pin()
    page.press(panel, "preset")
    pages = page.html(panel) + panel._repr_mimebundle_()["text/html"]
    assert pages.count("&lt;img src=x") > 6 and "<img src=x" not in pages
