"""A notebook that was run, saved and closed shows on the next day, and on paper, what was last to be seen in it.

So in JupyterLab; `make stress` has the same in Notebook 7.
"""

import os
import re

import pytest
from nbconvert import HTMLExporter

from tests.browser.conftest import VIEWPORT
from tests.browser.explorer_page import AT_REST, SETUP
from tests.browser.lab import Lab, write_notebook

CELLS = ("from pigeon_lessons import check, predict, quiz\n" + SETUP,
         'panel = explore("learning_rate", train, val)\npanel',
         'result = quiz("learning_rate/recall-1")', 'result = predict("learning_rate/best-rate")',
         'result = check("learning_rate/by-hand", ...)', 'loop = explore("update_loop", train, val)\nloop')
DEAD = "Error displaying widget|Loading widget|model not found|VBox\\("
NOT_LIVE = "Run this cell in Jupyter, or “Run All Cells”"
SAVED = "() => !window.jupyterapp.shell.currentWidget.context.model.dirty"


FRONT_ENDS = {"lab": "lab/tree"} | ({"notebook": "notebooks"} if "PIGEON_STRESS" in os.environ else {})


@pytest.fixture(scope="module", params=FRONT_ENDS)
def day_one(request, browser):
    """A notebook of panels and questions, run and saved in JupyterLab; a slider was moved, a question answered.

    Its file stays as it was saved, so that each test can open it again.
    """
    server = request.getfixturevalue(f"{request.param}_server")
    context = browser.new_context(viewport=VIEWPORT)
    lab = Lab(context.new_page(), server.url, FRONT_ENDS[request.param])
    write_notebook(server.root / "day.ipynb", *CELLS)
    lab.open("day.ipynb")
    run_and_answer(lab)
    lab.page.evaluate("() => { window.jupyterapp.commands.execute('docmanager:save') }")
    lab.page.wait_for_function(SAVED)
    yield lab, server.root / "day.ipynb"
    context.close()


@pytest.fixture
def evening(day_one):
    """The page as it was when it was saved, all live; made so again where a test before has left it otherwise."""
    lab, _ = day_one
    if lab.page.get_by_text(NOT_LIVE).locator("visible=true").count():
        run_and_answer(lab)
    return lab


def run_and_answer(lab):
    """Run all cells, move a slider, answer a question, and wait until what is to be kept of it is in the notebook."""
    lab.run_all()
    lab.page.wait_for_function(AT_REST)
    move_the_rate(lab.page, "ArrowRight", 0.01)
    lab.page.locator(".pigeon-place input[type=radio]").first.check()
    lab.page.get_by_role("button", name="Check my answer").click()
    lab.page.wait_for_function("() => window.jupyterapp.shell.currentWidget.content.widgets[1].model.outputs.toJSON()"
                               "[1].data['text/html'].includes('learning rate 0.01,')", timeout=60_000)


def move_the_rate(page, key, becomes):
    page.locator(".pigeon-place .pigeon-control-lr .noUi-handle").first.focus()
    page.keyboard.press(key)
    page.get_by_text(f"learning rate {becomes}").first.wait_for()


def assert_stands(page):
    """See that the page shows the pictures, the words and the questions of `CELLS`, and how to make them live."""
    text = page.locator("body").inner_text()
    assert page.get_by_text(NOT_LIVE).count() == 4
    for words in ("With learning rate 0.01, momentum 0.9", "Question.", "Not quite.", "Your prediction.",
                  "The update loop", "Update 1 shows"):
        assert words in text, words
    sizes = page.locator("img.pigeon-figure").evaluate_all("all => all.map(one => one.naturalWidth)")
    assert len(sizes) == 2 and min(sizes) > 600
    assert page.get_by_text(re.compile(DEAD)).count() == 0


def test_exported_as_html_it_stands_without_a_script(day_one, browser, tmp_path):
    _, path = day_one
    (tmp_path / "day.html").write_text(HTMLExporter().from_filename(path)[0], encoding="utf-8")
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.route("http*://**", lambda route: route.abort())
    page.goto((tmp_path / "day.html").as_uri())
    assert_stands(page)
    context.close()


def test_a_page_that_is_loaded_again_while_the_kernel_lives_is_live(evening):
    evening.open("day.ipynb")
    evening.page.wait_for_function(AT_REST)
    move_the_rate(evening.page, "ArrowRight", 0.03)
    move_the_rate(evening.page, "ArrowLeft", 0.01)


def test_after_a_restart_of_the_kernel_a_panel_says_that_it_is_not_live_and_runs_again(evening):
    page = evening.page
    page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.restartKernel()")
    page.get_by_text(NOT_LIVE).first.wait_for()
    assert page.locator(".noUi-handle").count() == 0
    assert_stands(page)
    run_and_answer(evening)
    assert page.get_by_text(NOT_LIVE).locator("visible=true").count() == 0
    assert page.locator(".pigeon-place .pigeon-panel").count() == 2


def test_what_was_seen_is_there_on_the_next_day_without_its_kernel(evening):
    page = evening.page
    assert page.get_by_text(NOT_LIVE).locator("visible=true").count() == 0, "all is live"
    page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    page.get_by_text(NOT_LIVE).first.wait_for()
    assert_stands(page)
    evening.console_errors.clear()
    evening.open("day.ipynb")
    page.get_by_text(NOT_LIVE).first.wait_for()
    assert_stands(page)
    assert evening.console_errors == [] or evening.front_end == "notebooks"  # Notebook 7.6 logs an error of its own
