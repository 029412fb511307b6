"""A notebook that was run, saved and closed shows on the next day, and on paper, what was last to be seen in it."""

import re
import subprocess
import sys

import pytest

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


@pytest.fixture(scope="module", params=["lab", "notebook"])
def day_one(request, browser):
    """A notebook of panels and questions, run and saved in JupyterLab and in Notebook 7; a slider was moved.

    Its file stays as it was saved, so that each test can open it again.
    """
    server = request.getfixturevalue(f"{request.param}_server")
    context = browser.new_context(viewport=VIEWPORT)
    lab = Lab(context.new_page(), server.url, {"lab": "lab/tree", "notebook": "notebooks"}[request.param])
    write_notebook(server.root / "day.ipynb", *CELLS)
    run_and_answer(lab)
    lab.page.evaluate("() => { window.jupyterapp.commands.execute('docmanager:save') }")
    lab.page.wait_for_function(SAVED)
    yield lab, server.root / "day.ipynb"
    context.close()


def run_and_answer(lab):
    """Run all cells, move a slider, answer a question, and wait until what is to be kept of it is in the notebook."""
    lab.open("day.ipynb").run_all()
    lab.page.wait_for_function(AT_REST)
    move_the_rate(lab.page, 0.01)
    lab.page.locator(".pigeon-place input[type=radio]").first.check()
    lab.page.get_by_role("button", name="Check my answer").click()
    lab.page.wait_for_function("() => window.jupyterapp.shell.currentWidget.content.widgets[1].model.outputs.toJSON()"
                               "[1].data['text/html'].includes('learning rate 0.01,')", timeout=60_000)


def move_the_rate(page, becomes):
    page.locator(".pigeon-place .pigeon-control-lr .noUi-handle").first.focus()
    page.keyboard.press("ArrowRight")
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
    subprocess.run([sys.executable, "-m", "nbconvert", "--to", "html", "--output-dir", tmp_path, path], check=True,
                   capture_output=True)
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.route("http*://**", lambda route: route.abort())
    page.goto((tmp_path / "day.html").as_uri())
    assert_stands(page)
    context.close()


def test_a_page_that_is_loaded_again_while_the_kernel_lives_is_live(day_one):
    lab, _ = day_one
    lab.open("day.ipynb")
    lab.page.wait_for_function(AT_REST)
    move_the_rate(lab.page, 0.03)


def test_what_was_seen_is_there_on_the_next_day_without_its_kernel(day_one):
    lab, _ = day_one
    run_and_answer(lab)
    assert lab.page.get_by_text(NOT_LIVE).locator("visible=true").count() == 0, "all is live"
    lab.page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    lab.page.get_by_text(NOT_LIVE).first.wait_for()
    assert_stands(lab.page)
    lab.console_errors.clear()
    lab.open("day.ipynb")
    lab.page.get_by_text(NOT_LIVE).first.wait_for()
    assert_stands(lab.page)
    assert lab.console_errors == [] or lab.front_end == "notebooks"  # Notebook 7.6 logs an error of its own


def test_after_a_restart_of_the_kernel_a_panel_says_that_it_is_not_live_and_runs_again(day_one):
    lab, _ = day_one
    run_and_answer(lab)
    lab.page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.restartKernel()")
    lab.page.get_by_text(NOT_LIVE).first.wait_for()
    assert lab.page.locator(".noUi-handle").count() == 0
    assert_stands(lab.page)
    lab.run_all()
    lab.page.wait_for_function(AT_REST)
    assert lab.page.get_by_text(NOT_LIVE).locator("visible=true").count() == 0
    assert lab.page.locator(".pigeon-place .pigeon-panel").count() == 2
