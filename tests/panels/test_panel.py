"""Panels where no front end answers: set a control, read the summary; and what is left when they are closed."""

import gc
import re
import weakref

import ipywidgets
import pytest
from traitlets import TraitError

from pigeon_lessons import explore
from pigeon_lessons.panels.controls import CONTROLS
from tests.panels import page
from tests.panels.declared import EXPLORERS

QUICK = {name: {"epochs": 2} for name in EXPLORERS} | {"update_loop": {}, "batching": {}}


@pytest.fixture(params=EXPLORERS)
def name(request):
    return request.param


@pytest.fixture
def panel(name, digits):
    return explore(name, *digits, **QUICK[name])


@pytest.fixture
def learning_rate(digits):
    return explore("learning_rate", *digits, epochs=3)


def test_every_explorer_starts_done_with_a_picture_a_summary_and_a_history(panel):
    assert panel.state == "done"
    assert page.picture(panel)
    assert panel.summary.startswith("With ") and len(panel.history["train_loss"]) >= 2
    assert panel.summary == page.words(panel, "pigeon-full") == panel.scene.summary
    assert re.fullmatch(r"(The Pigeon is right on .*|The loss diverged .*)\.", page.words(panel, "pigeon-summary"))


def test_every_control_has_a_label_and_a_sentence_of_help(panel):
    for control in panel.controls.values():
        assert control.description and control.tooltip
    for button in page.parts(panel, ipywidgets.Button):
        assert button.description and button.tooltip


def test_every_control_can_be_moved_to_its_end_without_a_failure(panel):
    for name, control in panel.controls.items():
        if name not in ("epochs", "repeats"):  # slow, and tried elsewhere
            usual, control.value = control.value, ends_of(control)[name == "batch_size"]
            assert panel.state in ("done", "diverged"), (name, panel.scene.error)
            control.value = usual


def test_from_a_rate_far_beyond_the_slider_too(name, digits):
    panel = explore(name, *digits, lr=1e30)
    for control in (one for key, one in panel.controls.items() if key not in ("lr", "epochs", "repeats")):
        usual, control.value = control.value, ends_of(control)[-1]
        assert panel.state in ("done", "diverged"), panel.scene.error
        control.value = usual


def ends_of(control):
    if isinstance(control, ipywidgets.Checkbox):
        return True, False
    values = [value for _, value in control.options]
    return values[0], values[-1]


def test_every_preset_runs_and_its_story_is_told_until_a_setting_is_moved(name, panel):
    presets = page.buttons(panel, "preset")
    assert [button.description for button in presets] == [preset.name for preset in EXPLORERS[name].presets]
    presets[0].click()
    assert panel.state in ("done", "diverged")
    assert page.words(panel, "pigeon-story") == EXPLORERS[name].presets[0].story
    panel.controls["seed" if "seed" in panel.controls else "lr"].index += 1
    assert page.words(panel, "pigeon-story") == ""


def test_a_declaration_uses_only_controls_that_exist_and_that_the_panel_shows():
    for name, explorer in EXPLORERS.items():
        assert explorer.name == name
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
    runs = learning_rate.scene.num_runs
    learning_rate.apply({"lr": 0.1, "momentum": 0.5, "seed": 2})
    assert learning_rate.scene.num_runs == runs + 1
    assert learning_rate.history == learning_rate.scene.now.history


def test_a_history_that_was_read_is_the_reader_s_own(learning_rate):
    learning_rate.history["train_loss"].clear()
    assert len(learning_rate.history["train_loss"]) == 4


def test_digits_that_are_changed_in_place_later_do_not_reach_a_panel(digits):
    train, val = (part[:] for part in digits)
    panel, other = explore("batching", train, val, epochs=1), explore("batching", *digits, epochs=1)
    for part in (train, val):
        part.labels.zero_()
    panel.controls["batch_size"].value = other.controls["batch_size"].value = 64
    assert panel.history == other.history and panel.summary == other.summary


def test_looking_differently_trains_nothing(digits):
    panel = explore("training_curves", *digits, epochs=2)
    runs = panel.scene.num_runs
    panel.controls["x"].value, panel.controls["log"].value = "iteration", True
    assert panel.scene.num_runs == runs and panel.scene.view["x"] == "iteration"


def test_a_start_between_two_steps_becomes_a_step(digits):
    panel = explore("learning_rate", *digits, lr=0.02, epochs=2)
    values = [value for _, value in panel.controls["lr"].options]
    assert panel.controls["lr"].value == 0.02 and values == sorted(values)


def test_a_menu_starts_at_any_of_its_choices(digits):
    panel = explore("training_curves", *digits, epochs=1, smoothing=50, evaluate_every=10, x="tau")
    assert panel.scene.view == {"x": "tau", "smoothing": 50, "log": False} and panel.settings["evaluate_every"] == 10


@pytest.mark.parametrize(("name", "options", "error", "words"), [
    ("training_curves", {"smoothing": True}, ValueError, "smoothing must be one of 0, 1, 10, 50, got True"),
    ("learning", {}, ValueError, "name must be one of"),
    ("learning_rate", {"num_layers": 3}, TypeError, "num_layers"),
    ("learning_rate", {"lr": -1}, ValueError, "lr must be greater than 0, got -1; try 0.005"),
    ("learning_rate", {"lr": "fast"}, TypeError, "lr must be a number, got 'fast'"),
    ("learning_rate", {"epochs": 0}, ValueError, "epochs must be at least 1, got 0"),
    ("training_curves", {"x": "time"}, ValueError, "x must be one of 'epoch', 'iteration', 'images', 'tau', got"),
    ("training_curves", {"log": 1}, TypeError, "log must be True or False, got 1"),
    ("training_curves", {"repeats": 2.5}, TypeError, "repeats must be a whole number, got 2.5"),
])
def test_a_wrong_argument_is_named_with_the_remedy_and_leaves_no_widget(digits, name, options, error, words):
    before = page.num_widgets()
    with pytest.raises(error, match=words):
        explore(name, *digits, **options)
    assert page.num_widgets() == before


def test_what_is_not_digits_is_refused_by_name():
    with pytest.raises(TypeError, match="train must be Digits"):
        explore("learning_rate", [1, 2, 3])


def test_a_panel_without_validation_digits_works(digits):
    for name in EXPLORERS:
        panel = explore(name, digits[0], **QUICK[name])
        assert panel.state == "done" and "Validation" not in panel.summary, name
        assert "<img" in page.open_tab(panel, "Worst mistakes").value
        panel.close()


def test_closing_a_panel_closes_every_widget_it_had_made(digits):
    before = set(ipywidgets.widgets.widget._instances)
    panel = explore("playground", *digits, epochs=2)
    panel.pin()
    panel._repr_mimebundle_()
    panel.close()
    assert set(ipywidgets.widgets.widget._instances) == before
    panel.close()  # once more does no harm


def test_a_closed_panel_is_forgotten_though_its_cell_is_not(digits, monkeypatch):
    monkeypatch.setattr("pigeon_lessons.panels.front_end_cell", lambda: ("cell", "execution"))
    panel = explore("epochs", *digits)
    panel.close()
    seen = weakref.ref(panel)
    del panel
    gc.collect()
    assert seen() is None


def test_a_cell_that_is_run_again_closes_the_panels_that_it_had_made(digits, monkeypatch):
    place = ["cell", "first"]
    monkeypatch.setattr("pigeon_lessons.panels.front_end_cell", lambda: tuple(place))
    first, second = (explore("epochs", *digits) for _ in range(2))
    place[1] = "second"
    third = explore("epochs", *digits)
    assert [panel.comm is None for panel in (first, second, third)] == [True, True, False]


def test_moves_and_pins_leave_the_number_of_widgets_as_it_was(learning_rate):
    before = page.num_widgets()
    for rate in (0.01, 0.03, 0.1, 0.3):
        learning_rate.controls["lr"].value = rate
    learning_rate.pin()
    page.parts(learning_rate, css="pigeon-front")[0]._handle_custom_msg({"drop": 0}, [])
    assert learning_rate.scene.pins == {}
    assert page.num_widgets() == before


def test_no_pyplot_figure_is_made(learning_rate):
    import matplotlib.pyplot

    learning_rate.controls["lr"].value = 0.1
    learning_rate._repr_mimebundle_()
    assert matplotlib.pyplot.get_fignums() == []


def test_where_no_kernel_runs_there_are_the_presets_with_picture_story_and_summary(name, panel):
    data = panel._repr_mimebundle_()
    presets, title = EXPLORERS[name].presets, EXPLORERS[name].title
    assert data["text/html"].count("<img") == 1 + len(presets)
    assert f'base64,{data["image/png"]}"' in data["text/html"], "and the first for readers that take no HTML"
    captions = re.findall("<figcaption[^>]*>(.*?)</figcaption>", data["text/html"])
    assert len(captions) == 1 + len(presets) and all("With " in caption for caption in captions)
    assert re.findall('alt="([^"]*)"', data["text/html"]) == [
        f"{title}: {name}" for name in ("As set", *(preset.name for preset in presets))]
    for preset in presets:
        assert preset.name in data["text/html"] and preset.story in data["text/plain"]


def test_the_plain_words_of_a_panel_hold_settings_but_nothing_measured(learning_rate):
    words = learning_rate._repr_mimebundle_()["text/plain"]
    assert words == learning_rate._repr_mimebundle_()["text/plain"]
    assert "loss falls from" not in words and "too small: " in words


def test_a_terminal_is_told_what_a_panel_is_and_not_all_its_html(learning_rate):
    start = ", ".join(f"{name}={value!r}" for name, value in learning_rate.settings.items())
    assert repr(learning_rate) == f"Panel({start}; done)"


def test_what_a_panel_shows_statically_and_what_its_buttons_do_keep_the_caller_s_starts(digits):
    panel = explore("learning_rate", *digits, epochs=3, momentum=0.5)
    assert "(learning rate 3, momentum 0.5, decay 1, batch size 32, 3 epochs, seed 1)" in (
        panel._repr_mimebundle_()["text/plain"])
    page.press(panel, "preset", "fitting")
    assert panel.settings == {"lr": 0.05, "momentum": 0.5, "decay": 1.0, "batch_size": 32, "epochs": 3, "seed": 1}
    page.press(panel, "reset")
    assert panel.settings == {"lr": 0.005, "momentum": 0.5, "decay": 1.0, "batch_size": 32, "epochs": 3, "seed": 1}


def test_a_failure_keeps_the_last_good_picture_and_offers_another_try(learning_rate, monkeypatch):
    picture, is_broken = page.picture(learning_rate), [True]
    usual = EXPLORERS["learning_rate"].run.walk

    def walk(run, epochs):
        if is_broken:
            raise ZeroDivisionError("our <img src=x onerror=alert(1)> bug")
        yield from usual(run, epochs)

    monkeypatch.setattr(EXPLORERS["learning_rate"].run, "walk", walk)
    learning_rate.controls["lr"].value = 0.1
    assert learning_rate.state == "failed" and page.picture(learning_rate) == picture
    assert "This run failed: our <img" in page.words(learning_rate) and "<img src=x" not in page.html(learning_rate)
    run = page.buttons(learning_rate, "run")[0]
    assert run.description == "Try again"
    page.press(learning_rate, "pin")
    page.press(learning_rate, "step")
    assert learning_rate.state == "failed"
    with pytest.raises(RuntimeError, match="this run failed: our"):
        learning_rate.history  # noqa: B018
    is_broken.clear()
    run.click()
    assert learning_rate.state == "done" and "This run failed" not in page.words(learning_rate)
    assert learning_rate.summary.startswith("With learning rate 0.1, ")


def test_a_value_that_is_not_offered_is_refused_by_name_and_nothing_moves(learning_rate):
    before = learning_rate.settings
    offered = r"lr must be one of .*0\.005.*, got 0\.02; choose one of these"
    with pytest.raises(ValueError, match=offered):
        learning_rate.apply({"seed": 2, "lr": 0.02})
    with pytest.raises(ValueError, match=offered):
        learning_rate.controls["lr"].value = 0.02
    assert learning_rate.settings == before


def test_a_menu_says_what_it_offers(digits):
    panel = explore("training_curves", *digits, epochs=1)
    with pytest.raises(ValueError, match="x must be one of epoch, iteration, images, tau, got time"):
        panel.controls["x"].value = "time"


@pytest.mark.parametrize("name", ["training_curves"])
def test_no_control_can_be_set_to_nothing(panel):
    before = panel.scene.as_dict()
    for name, control in panel.controls.items():
        with pytest.raises((ValueError, TraitError), match=f"{name} must be one of .*, got none; choose|boolean"):
            control.value = None
    assert panel.scene.as_dict() == before


def test_presets_and_reset_make_do_with_few_digits(digits):
    panel = explore("training_curves", digits[0][:100], digits[1], epochs=1)
    page.press(panel, "preset", "calm")
    assert panel.settings["batch_size"] == 64 and panel.state == "done"
    page.press(panel, "reset")
    assert panel.settings["batch_size"] == 32 and panel.state == "done"


def test_a_summary_counts_the_training_images_that_there_are(digits):
    panel = explore("epochs", digits[0][:100], digits[1])
    assert "With 100 training images, " in panel.summary and "1,024" not in panel.summary
    assert panel.controls["train_images"].value == 100
