"""The challenges of all panels: each is told in its lesson, and no panel's preset meets one by itself."""

from pathlib import Path

import pytest

from pigeon_lessons import explore, load_mnist, split
from pigeon_lessons.panels.controls import offered
from tests.panels.declared import EXPLORERS

LESSONS = Path(__file__).parents[2] / "lessons"
TRAIN, VAL, _ = split(load_mnist())
CHALLENGED = [name for name, one in EXPLORERS.items() if one.challenges and name != "playground"]


@pytest.mark.parametrize("name", [name for name, one in EXPLORERS.items() if one.challenges])
def test_a_lesson_sets_the_challenges_of_its_panel_in_the_same_words(name):
    text = next(text for path in LESSONS.glob("*.md") if f'explore("{name}"' in (text := path.read_text("utf-8")))
    words = " ".join(text.split())
    for challenge in EXPLORERS[name].challenges:
        asked = challenge.text.rstrip(".")
        assert asked in words or asked[0].lower() + asked[1:] in words


@pytest.mark.parametrize("name", CHALLENGED)
def test_no_preset_of_any_panel_meets_a_challenge(name):
    panel = explore(name, TRAIN, VAL)
    start = {key: control.value for key, control in panel.controls.items()}
    for other in EXPLORERS.values():
        for preset in other.presets:
            offer = {key: value for key, value in preset.settings.items()
                     if key in panel.controls and value in offered(panel.controls[key])}
            settings = start | offer
            if not any(one.settings.items() <= settings.items() for one in EXPLORERS[name].challenges):
                continue
            panel.apply(settings)
            assert not any(one["is_met"] for one in panel.scene.challenges), (other.name, preset.name)
    panel.close()
