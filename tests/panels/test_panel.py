"""Panels where no front end answers: set a control, read the summary; and what is left when they are closed."""

import json
import re

import ipywidgets
import pytest

from pigeon_lessons import explore
from pigeon_lessons.panels.controls import CONTROLS
from pigeon_lessons.panels.html import descendants
from tests.panels.declared import EXPLORERS

QUICK = {name: {"epochs": 2} for name in EXPLORERS} | {"update_loop": {}, "batching": {}}


@pytest.fixture(params=EXPLORERS)
def panel(request, digits):
    return explore(request.param, *digits, **QUICK[request.param])


@pytest.fixture
def learning_rate(digits):
    return explore("learning_rate", *digits, epochs=3)


def test_every_explorer_starts_done_with_a_picture_a_summary_and_a_history(panel):
    assert panel.state == "done"
    assert bytes(panel._canvas.widget.value).startswith(b"\x89PNG")
    assert panel.summary.startswith("With ") and len(panel.history["train_loss"]) >= 2
    assert panel.summary in page_text(panel)


def page_text(panel):
    """The words a student reads, tags taken off."""
    texts = [widget.value for widget in descendants(panel) if isinstance(widget, ipywidgets.HTML)]
    return re.sub("<[^>]+>", "", " ".join(texts)).replace("&#x27;", "'").replace("&quot;", '"')


def test_every_control_has_a_label_and_a_sentence_of_help(panel):
    for control in panel.controls.values():
        assert control.description and control.tooltip
    for widget in descendants(panel):
        if isinstance(widget, ipywidgets.Button):
            assert widget.description and widget.tooltip


def test_every_control_can_be_moved_to_its_end_without_a_failure(panel):
    for name, control in panel.controls.items():
        if name not in ("epochs", "repeats"):  # slow, and tried elsewhere
            usual, control.value = control.value, ends_of(control)[name == "batch_size"]
            assert panel.state in ("done", "diverged"), (name, panel._session.error)
            control.value = usual


def ends_of(control):
    if isinstance(control, ipywidgets.Checkbox):
        return True, False
    values = [value for _, value in control.options]
    return values[0], values[-1]


def test_every_preset_runs_and_its_story_is_told(panel):
    presets = [widget for widget in descendants(panel) if "pigeon-button-preset" in widget._dom_classes]
    assert [button.description for button in presets] == [preset.name for preset in panel._explorer.presets]
    presets[0].click()
    assert panel.state in ("done", "diverged")
    assert panel._explorer.presets[0].story in page_text(panel)


def test_a_declaration_uses_only_controls_that_exist_and_that_the_panel_shows():
    for name, explorer in EXPLORERS.items():
        assert set(explorer.controls) <= set(CONTROLS), name
        for preset in explorer.presets:
            assert set(preset.settings) <= set(explorer.controls), (name, preset.name)


def test_a_cell_that_sets_a_control_reads_the_new_run_at_once(learning_rate):
    before = learning_rate.summary
    learning_rate.controls["lr"].value = 0.1
    assert learning_rate.summary != before
    assert learning_rate.summary.startswith("With learning rate 0.1, ")
    learning_rate.controls["lr"].value = 0.005
    assert learning_rate.summary == before


def test_several_controls_at_once_make_one_run(learning_rate):
    runs = learning_rate._session.num_runs
    learning_rate.apply({"lr": 0.1, "momentum": 0.5, "seed": 2})
    assert learning_rate._session.num_runs == runs + 1
    assert learning_rate.history == learning_rate._session.result().history


def test_looking_differently_trains_nothing(digits):
    panel = explore("training_curves", *digits, epochs=2)
    runs = panel._session.num_runs
    panel.controls["x"].value, panel.controls["log"].value = "iteration", True
    assert panel._session.num_runs == runs


def test_a_start_between_two_steps_becomes_a_step(digits):
    panel = explore("learning_rate", *digits, lr=0.02, epochs=2)
    values = [value for _, value in panel.controls["lr"].options]
    assert panel.controls["lr"].value == 0.02 and values == sorted(values)


@pytest.mark.parametrize(("name", "options", "error", "words"), [
    ("learning", {}, ValueError, "name must be one of"),
    ("learning_rate", {"num_layers": 3}, TypeError, "num_layers"),
])
def test_a_wrong_argument_is_named_with_the_remedy(digits, name, options, error, words):
    with pytest.raises(error, match=words):
        explore(name, *digits, **options)


def test_what_is_not_digits_is_refused_by_name():
    with pytest.raises(TypeError, match="train must be Digits"):
        explore("learning_rate", [1, 2, 3])


def test_a_panel_without_validation_digits_works(digits):
    for name in EXPLORERS:
        panel = explore(name, digits[0], **QUICK[name])
        assert panel.state == "done" and "Validation" not in panel.summary, name
        panel.close()


def test_closing_a_panel_closes_every_widget_it_had_made(digits):
    before = set(ipywidgets.widgets.widget._instances)
    panel = explore("playground", *digits, epochs=2)
    panel.pin()
    panel._repr_mimebundle_()
    panel.close()
    assert set(ipywidgets.widgets.widget._instances) == before
    panel.close()  # once more does no harm


def test_moves_and_pins_leave_the_number_of_widgets_as_it_was(learning_rate):
    before = len(ipywidgets.widgets.widget._instances)
    for rate in (0.01, 0.03, 0.1, 0.3):
        learning_rate.controls["lr"].value = rate
    learning_rate.pin()
    learning_rate._session.unpin(0)
    assert len(ipywidgets.widgets.widget._instances) == before


def test_no_pyplot_figure_is_made(learning_rate):
    import matplotlib.pyplot

    learning_rate.controls["lr"].value = 0.1
    learning_rate._repr_mimebundle_()
    assert matplotlib.pyplot.get_fignums() == []


def test_where_no_kernel_runs_there_are_the_presets_with_picture_story_and_summary(panel):
    data, _ = panel._repr_mimebundle_()
    presets = panel._explorer.presets
    assert data["text/html"].count("<img") == 1 + len(presets)
    captions = re.findall("<figcaption[^>]*>(.*?)</figcaption>", data["text/html"])
    assert len(captions) == 1 + len(presets) and all("With " in caption for caption in captions)
    assert re.findall('alt="([^"]*)"', data["text/html"]) == [
        f"{panel._explorer.title}: {name}" for name in ("As set", *(preset.name for preset in presets))]
    for preset in presets:
        assert preset.name in data["text/html"] and preset.story in data["text/plain"]


def test_the_plain_words_of_a_panel_hold_settings_but_nothing_measured(learning_rate):
    words = learning_rate._repr_mimebundle_()[0]["text/plain"]
    assert words == learning_rate._repr_mimebundle_()[0]["text/plain"]
    assert "loss falls from" not in words and "too small: " in words


def test_a_preset_shown_statically_is_a_cache_hit_when_it_is_clicked(learning_rate):
    learning_rate._repr_mimebundle_()
    misses = learning_rate._session.cache.misses
    learning_rate.apply(learning_rate._explorer.presets[0].settings)
    assert learning_rate._session.cache.misses == misses


def test_a_prediction_is_answered_only_after_it_was_made(learning_rate):
    box = learning_rate._prediction
    learning_rate.controls["lr"].value = 0.05
    assert box._answer.value == ""
    box._buttons[1].click()
    assert "You said “slower”; it came out otherwise: <b>faster</b>" in box._answer.value
    assert all(button.disabled for button in box._buttons)


def test_settings_go_out_and_in_again_and_nonsense_is_answered_in_words(learning_rate):
    learning_rate.controls["lr"].value = 0.1
    tabs = learning_rate._tabs
    tabs.widget.selected_index = 4
    saved = tabs._settings.value
    learning_rate.controls["lr"].value = 0.005
    tabs._settings.value = saved
    tabs._on_apply(None)
    assert learning_rate.controls["lr"].value == 0.1 and json.loads(saved)["lr"] == 0.1
    tabs._settings.value = "{lr: 7"
    tabs._on_apply(None)
    assert "cannot be used" in tabs._message.value


@pytest.mark.parametrize("index", range(5))
def test_every_tab_has_something_to_show(learning_rate, index):
    tabs = learning_rate._tabs
    tabs.widget.selected_index = index
    page = tabs.widget.children[index]
    texts = [page] if not hasattr(page, "children") else descendants(page)
    assert any(getattr(widget, "value", "") for widget in texts)


def test_a_failure_keeps_the_last_good_picture_and_offers_another_try(learning_rate):
    picture = learning_rate._canvas.widget.value
    learning_rate._session.run({**learning_rate.settings, "lr": -1.0})
    assert learning_rate.state == "failed" and learning_rate._canvas.widget.value == picture
    assert "This run failed" in page_text(learning_rate)
    assert learning_rate._buttons["run"].description == "Try again"
    learning_rate.controls["lr"].value = 0.1
    assert learning_rate.state == "done" and "This run failed" not in page_text(learning_rate)


def test_a_value_that_is_not_offered_is_refused_by_name_and_nothing_moves(learning_rate):
    before = learning_rate.settings
    with pytest.raises(ValueError, match=r"lr must be one of .*0\.005.*, got 7; choose one of these"):
        learning_rate.apply({"seed": 2, "lr": 7})
    assert learning_rate.settings == before


def test_presets_and_reset_make_do_with_few_digits(digits):
    panel = explore("training_curves", digits[0][:100], digits[1], epochs=1)
    calm = next(button for button in descendants(panel) if getattr(button, "description", "") == "calm")
    panel._on_preset(calm)
    assert panel.settings["batch_size"] == 64 and panel.state == "done"
    panel._do_reset()
    assert panel.settings["batch_size"] == 32 and panel.state == "done"
