"""The tabs under a panel: filled in every chapter, and whatever is pasted into one of them is answered in words."""

import csv
import io
import json
from base64 import b64decode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pigeon_lessons import explore
from tests.panels import page
from tests.panels.declared import EXPLORERS


@pytest.fixture
def learning_rate(digits):
    return explore("learning_rate", *digits, epochs=3)


@pytest.mark.parametrize("name", EXPLORERS)
def test_weights_and_mistakes_are_there_in_every_chapter_of_the_run_that_is_shown(name, digits):
    panel = explore(name, *digits)
    for rate in (panel.controls["lr"].value, 10.0):
        panel.controls["lr"].value = rate
        for title, css in (("Weights", "hidden unit"), ("Worst mistakes", "16 digits")):
            value = page.open_tab(panel, title).value
            assert "<img" in value and css in value, (name, title)
            assert panel.scene.details["epoch"] == panel.scene.now.epochs


def test_weights_and_mistakes_follow_the_run(learning_rate):
    pages = {}
    for title in ("Weights", "Worst mistakes"):
        tab = page.open_tab(learning_rate, title)
        for step in ("before", "step", "after"):
            if step == "step":
                page.press(learning_rate, "step")
            elif step == "after":
                learning_rate.controls["lr"].value = 0.1
            pages[title, step] = tab.value
        learning_rate.controls["lr"].value = 0.005
        assert tab.value == pages[title, "before"]
        assert len({pages[title, step] for step in ("before", "step", "after")}) == 3


def test_the_mistakes_are_those_of_the_pigeon_shown_worst_first(learning_rate, digits):
    page.open_tab(learning_rate, "Worst mistakes")
    details, val = learning_rate.scene.details, digits[1]
    wrong = [abs(chance - val.targets[place].item()) for place, chance in
             zip(details["positions"], details["chances"], strict=True)]
    assert wrong == sorted(wrong, reverse=True) and len(set(details["positions"])) == 16


def test_too_many_units_are_no_picture_but_a_sentence(digits):
    panel = explore("playground", *digits, epochs=1, num_hidden=120)
    assert "choose fewer" in page.open_tab(panel, "Weights").value


@pytest.mark.parametrize("name", EXPLORERS)
def test_weights_and_answers_that_are_no_numbers_are_no_picture_but_a_sentence(name, digits):
    panel = explore(name, *digits, lr=1e30)
    for title in ("Weights", "Worst mistakes"):
        assert "a lower learning rate" in page.open_tab(panel, title).value
        assert panel.state == "diverged"


def test_runs_and_data_say_what_the_scene_holds(learning_rate):
    learning_rate.pin()
    learning_rate.controls["lr"].value = 0.1
    assert "learning rate" in page.words(page.open_tab(learning_rate, "Runs"))
    links = page.open_tab(learning_rate, "Data").value
    rows = list(csv.DictReader(io.StringIO(b64decode(links.split("text/csv;base64,")[1].split('"')[0]).decode())))
    shown = learning_rate.scene
    assert [float(row["val_loss"]) for row in rows if row["run"] == "now"] == shown.now.history["val_loss"]
    assert [float(row["val_loss"]) for row in rows if row["run"] == "A"] == shown.pins[0].history["val_loss"]


def paste(panel, text):
    """Put a text into the settings' box, press the button, and return what is said."""
    box, _, message = page.open_tab(panel, "Settings").children
    box.value = text
    page.press(panel, "apply")
    return message.value


def test_settings_go_out_and_in_again(learning_rate):
    learning_rate.controls["lr"].value = 0.1
    saved = page.open_tab(learning_rate, "Settings").children[0].value
    assert json.loads(saved) == learning_rate.settings
    learning_rate.controls["lr"].value = 0.005
    assert paste(learning_rate, saved) == ""
    assert learning_rate.settings == json.loads(saved)


@pytest.mark.parametrize(("text", "said"), [
    ("{lr: 7", 'settings must be a JSON object such as {"lr": 0.05}'),
    ("", "settings must be a JSON object"), ("[1, 2]", "settings must be a JSON object"), ("null", "must be a JSON"),
    ('{"lr": 0.02}', "lr must be one of 0.0001, "), ('{"lr": "0.05"}', "lr must be one of"),
    ('{"lr": [0.05]}', "lr must be one of"), ('{"lr": NaN}', "lr must be one of"), ('{"seed": true}', "seed must be"),
    ('{"lr": {"lr": 0.05}}', "lr must be one of"), ("[" * 100_000, "settings must be a JSON object"),
    ('{"lr": "<img src=x onerror=alert(1)>"}', "&lt;img src=x"),
])
def test_nonsense_is_answered_in_a_sentence_and_moves_nothing(learning_rate, text, said):
    before = learning_rate.settings
    message = paste(learning_rate, text)
    assert message.startswith("These settings cannot be used: ") and said.replace('"', "&quot;") in message
    assert "<img" not in message and message.endswith(".")
    assert learning_rate.settings == before and learning_rate.state == "done"


@pytest.fixture(scope="module")
def any_panel(digits):
    return explore("training_curves", *digits, epochs=1)


@given(pasted=st.one_of(st.text(), st.dictionaries(
    st.sampled_from(["lr", "seed", "batch_size", "log", "x", "epochs", "<b>"]),
    st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), st.lists), min_size=1)
    .map(json.dumps)))
@settings(max_examples=150)
def test_whatever_is_pasted_the_panel_goes_on_working(any_panel, pasted):
    paste(any_panel, pasted)
    assert any_panel.state in ("done", "diverged")
