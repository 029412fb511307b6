"""The explorers in a real browser, in JupyterLab and in Notebook 7: what a student does is one run each time.

The latency goals are measured in `benchmarks`, not here: a test must not depend on a clock.
"""

import pytest

from tests.browser.conftest import VIEWPORT
from tests.browser.explorer_page import ExplorerPage
from tests.browser.lab import Lab

RECORD_SUMMARIES = """() => {
    window.summaries = [];
    const node = document.querySelector('.pigeon-full');
    new MutationObserver(() => window.summaries.push(node.innerText.trim()))
        .observe(node, {childList: true, subtree: true, characterData: true});
}"""
CURVE = """() => document.querySelector('.pigeon-front .line.train').getAttribute('d')"""
SAYS = """phrases => {
    const summary = document.querySelector('.pigeon-full').innerText;
    return phrases.every(phrase => summary.includes(phrase));
}"""
IN_SIGHT = """() => {
    document.querySelector('.pigeon-panel').scrollIntoView();
    const [body, notebook] = ['.pigeon-body', '.jp-WindowedPanel-outer'].map(one =>
        document.querySelector(one).getBoundingClientRect());
    return body.top >= notebook.top && body.bottom <= notebook.bottom;
}"""


@pytest.fixture(scope="module", params=["lab", "notebook"])
def curves(request, browser):
    """The same panel in JupyterLab and in Notebook 7, each opened once."""
    server = request.getfixturevalue(f"{request.param}_server")
    context = browser.new_context(viewport=VIEWPORT)
    lab = Lab(context.new_page(), server.url, {"lab": "lab/tree", "notebook": "notebooks"}[request.param])
    yield ExplorerPage(lab, server, "learning_rate")
    context.close()


@pytest.fixture
def panel(curves):
    """The panel as it starts: its cell is run again."""
    curves.lab.console_errors.clear()
    curves.rerun()
    return curves


def test_the_panel_says_the_same_in_its_summary_and_its_table(panel):
    head, now = panel.table()
    for name, value in zip(head[1:-1], now[1:-1], strict=True):
        assert value in panel.summary, name
    assert f"after {now[-1]} epoch" in panel.summary
    assert panel.lab.console_errors == []
    assert panel.lab.error_outputs() == []


def test_an_arrow_key_and_a_click_are_one_run_each_and_a_drag_shows_runs_on_its_way(panel):
    before = panel.num_runs
    panel.press("lr", "ArrowRight")
    assert panel.num_runs == before + 1
    track = panel.page.locator(".pigeon-control-lr .noUi-base").bounding_box()
    middle = track["y"] + track["height"] / 2
    panel.page.mouse.click(track["x"] + 0.9 * track["width"], middle)
    panel.wait_for_run(before + 2)
    panel.page.wait_for_function("() => !document.querySelector('.noUi-state-tap')")  # the handle has come to rest
    handle = panel.slider("lr").bounding_box()
    panel.page.mouse.move(handle["x"] + handle["width"] / 2, handle["y"] + handle["height"] / 2)
    panel.page.mouse.down()
    for share in (0.8, 0.6, 0.4):
        shown = panel.page.evaluate(CURVE)
        panel.page.mouse.move(track["x"] + share * track["width"], middle, steps=4)
        panel.page.wait_for_function(f"shown => ({CURVE})() !== shown", arg=shown)  # and the button is still down
    panel.page.mouse.up()
    panel.page.wait_for_function(SAYS, arg=["learning rate 0.01"], timeout=60_000)  # a run on the way may rest before
    panel.wait_until_at_rest()
    assert panel.num_runs >= before + 3 + 2
    assert panel.shown()["lr"] == 0.01


def test_of_five_quick_moves_the_last_is_shown_and_nothing_stale_comes_later(panel):
    panel.set("epochs", 50)
    panel.page.evaluate(RECORD_SUMMARIES)
    for control in ("lr", "seed", "lr", "seed", "lr"):
        panel.slider(control).focus()
        panel.page.keyboard.press("ArrowRight")
    panel.page.wait_for_function(SAYS, arg=["learning rate 0.05", "seed 3"], timeout=60_000)
    panel.wait_until_at_rest()
    assert panel.shown() | {"lr": 0.05, "seed": 3} == panel.shown()
    panel.lab.python("import asyncio; await asyncio.sleep(0.3)")  # time for anything stale to speak up
    assert panel.page.evaluate("() => window.summaries.at(-1)") == panel.summary
    assert "learning rate 0.05" in panel.summary
    assert "seed 3" in panel.summary


@pytest.mark.parametrize("curves", ["lab"], indirect=True)
def test_sliders_and_picture_are_in_sight_together_beside_the_file_browser_whatever_is_said_above_them(panel):
    page = panel.page
    page.set_viewport_size({"width": 1280, "height": 720})
    page.evaluate("() => window.jupyterapp.shell.expandLeft()")
    panel.click("answer")
    page.wait_for_selector(".pigeon-answer b")
    panel.click("preset")
    page.wait_for_selector(".pigeon-story p, .pigeon-story .pigeon-note")
    panel.wait_until_at_rest()
    panel.click("pin")
    page.wait_for_selector(".pigeon-curves .pins li")
    page.wait_for_function(IN_SIGHT)
