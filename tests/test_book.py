"""What the book's pages are made of, without building them: declarations, calls in cells, formulas, links."""

import doctest
import json
import re
import sys
from pathlib import Path

import pytest

from pigeon_lessons.pictures.style import COLORS
from tests.colors import contrast

BOOK = Path(__file__).parents[1] / "book"
sys.path.insert(0, str(BOOK))  # as Sphinx does

import chapters  # noqa: E402
import declared  # noqa: E402
import live_html  # noqa: E402
import live_pages  # noqa: E402
import mathml  # noqa: E402

MOST_LINES = 1500
"""Of JavaScript in all of the project."""


@pytest.mark.parametrize("module", [chapters, declared, live_html, live_pages, mathml])
def test_the_examples_in_the_docstrings_hold(module):
    assert doctest.testmod(module, optionflags=doctest.ELLIPSIS).failed == 0


@pytest.mark.parametrize("name", declared.LIVE)
def test_a_live_panel_is_plain_data_that_offers_where_it_starts(name):
    panel = json.loads(json.dumps(declared.panel(name), allow_nan=False))
    for control in panel["controls"].values():
        if control["kind"] != "check":
            assert control["start"] in [choice["value"] for choice in control["choices"]]
    for preset in panel["presets"]:
        assert set(preset["settings"]) <= set(panel["controls"])
        for control, value in preset["settings"].items():
            assert value in [choice["value"] for choice in panel["controls"][control]["choices"]]


def test_a_start_between_two_steps_becomes_a_step():
    choices = [choice["value"] for choice in declared.panel("learning_rate", lr=0.02)["controls"]["lr"]["choices"]]
    assert choices.index(0.02) == choices.index(0.01) + 1 == choices.index(0.03) - 1


def test_a_page_is_told_the_answers_of_a_quiz_and_what_a_reveal_reveals():
    quiz = declared.question("quiz", "learning_rate/recall-1")
    assert [option["text"] for option in quiz["options"] if option["right"]] == ["64"]
    reveal = declared.question("reveal", "learning_rate/best-rate", "0.3")
    assert reveal["measured"] == "0.3"
    assert "0.3" not in live_html.question_html(reveal).split("</script>")[1]  # hidden until there is a guess


def test_texts_of_a_declaration_cannot_end_the_script_they_stand_in():
    assert "</script>" not in live_html.as_json({"text": "</script><img onerror=alert(1)>"})
    assert "<img" not in live_html.marked("<img onerror=alert(1)>")


def test_what_was_measured_is_read_from_the_notebook():
    for said in ("Measured: 0.3. No guess was recorded.", "You guessed: 1. Measured: 0.3. As you said."):
        assert live_pages.PRINTED["reveal"].search(said)[1] == "0.3"
    assert live_pages.PRINTED["reveal"].search("You guessed 90 %; measured: 93.1 %.")[1] == "93.1 %"


def test_calls_are_found_at_the_top_of_a_cell_only():
    cell = 'quiz("a/b")\nfor i in ():\n    predict("c/d")\nexplore("epochs", t, v, lr=rate, seed=2)'
    found = list(live_pages.calls_in(cell))
    assert found == [("quiz", "a/b", {}), ("explore", "epochs", {"seed": 2})]
    assert list(live_pages.calls_in("%matplotlib inline")) == []


def test_launch_links_come_from_one_setting():
    lesson = chapters.lessons()["notebooks/03_learning_rate"]
    links = dict(chapters.launch_links(lesson, "someone/pigeons"))
    assert set(links) == {"Binder", "Colab", "Source"}
    assert all("someone/pigeons" in address for address in links.values())
    assert chapters.launch_links(lesson, "") == []


def test_formulas_are_mathml():
    assert "<mfrac>" in mathml.as_mathml(r"\frac{N}{n}", "block")
    assert 'display="block"' in mathml.as_mathml("x", "block")


def test_javascript_keeps_to_its_budget():
    modules = [*(BOOK / "live").glob("*.js"), *(BOOK.parent / "pigeon_lessons" / "front").glob("*.js")]
    assert sum(len(module.read_text(encoding="utf-8").splitlines()) for module in modules) <= MOST_LINES
    assert all(len(line) <= 120 for module in modules for line in module.read_text(encoding="utf-8").splitlines())


def colors_of(scheme):
    """Return the colors that chart.css names, by name, for "light" or "dark"."""
    style = (BOOK.parent / "pigeon_lessons" / "front" / "chart.css").read_text(encoding="utf-8")
    pairs = re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)", style)
    return {name: (light, dark)[scheme == "dark"] for name, light, dark in pairs}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_lines_and_words_of_the_charts_stand_out_from_the_card(scheme):
    colors = colors_of(scheme)
    lines = ["train", "val", "ghost", "cross", *(f"pin-{slot}" for slot in range(6))]
    assert {name: contrast(colors[name], colors["card"]) for name in lines
            if contrast(colors[name], colors["card"]) < 3} == {}
    assert {name: contrast(colors[name], colors["card"]) for name in ("ink", "soft")
            if contrast(colors[name], colors["card"]) < 4.5} == {}


def test_training_and_validation_have_the_colors_of_the_lessons_figures():
    assert colors_of("light")["train"].upper() == COLORS[0]
    assert colors_of("light")["val"].upper() == COLORS[1]
