"""One panel in JupyterLab in a real browser: what must hold whatever a student does, and however fast."""

import base64
import csv
import io
import re

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image

from pigeon_lessons.front_end import FRONT
from tests.browser.conftest import VIEWPORT
from tests.browser.explorer_page import ExplorerPage
from tests.browser.lab import Lab
from tests.colors import contrast

WATCH_FRAMES = """() => {
    const plot = document.querySelector('.pigeon-front .plot');
    const outer = document.querySelector('.jp-WindowedPanel-outer');
    const seen = window.seen = {frames: 0, nodes: 0, sizes: [], scrolls: [], pictures: 0};
    let last = null;
    const look = () => {
        const now = document.querySelector('.pigeon-front .plot'), box = now.getBoundingClientRect();
        const curve = now.querySelector('.line.train')?.getAttribute('d');
        seen.frames += 1;
        seen.nodes += now !== plot || !curve;
        for (const [list, value] of [[seen.sizes, `${box.width}×${box.height}`], [seen.scrolls, outer.scrollTop]])
            if (!list.includes(value)) list.push(value);
        seen.pictures += curve !== last;
        last = curve;
        window.watching = requestAnimationFrame(look);
    };
    look();
}"""
CURVES = """() => [...document.querySelectorAll('.pigeon-front svg .line')].map(line => line.getAttribute('d'))"""
RIMS = """() => [
    [...document.querySelectorAll('.pigeon-panel .noUi-handle')].map(one => getComputedStyle(one).borderTopColor),
    getComputedStyle(document.querySelector('.jp-Notebook')).backgroundColor]"""
MOUNT = """async source => {
    const { default: mount } = await import(URL.createObjectURL(new Blob([source], { type: 'text/javascript' })));
    class View { el = document.createElement('b'); luminoWidget = this; remove() { this.el.remove() }
        static attach(view, host) { host.append(view.el) } }
    const manager = { get_model: async () => ({ on() {} }), create_view: async () => new View() };
    const leave = await mount.initialize({ model: { widget_manager: manager, get: () => 'one' }, experimental: {} });
    await new Promise(done => setTimeout(done));
    const shown = document.querySelectorAll('[data-widget] b').length;
    leave();
    return [shown, document.querySelectorAll('b').length];
}"""
STOP_WATCHING = "() => { cancelAnimationFrame(window.watching); return window.seen; }"


@pytest.fixture(scope="module")
def curves(browser, lab_server):
    """The panel with the most controls, opened once; each test starts it anew by running its cell again."""
    context = browser.new_context(viewport=VIEWPORT)
    yield ExplorerPage(Lab(context.new_page(), lab_server.url), lab_server, "training_curves")
    context.close()


@pytest.fixture
def panel(curves):
    curves.lab.console_errors.clear()
    curves.rerun()
    yield curves
    assert curves.lab.console_errors == []
    assert curves.lab.error_outputs() == []


def test_a_widget_gets_into_its_place_with_what_the_lowest_anywidget_gives_and_leaves_it(browser):
    page = browser.new_page()
    page.set_content('<div data-widget="one"></div>')
    assert page.evaluate(MOUNT, (FRONT / "mount.js").read_text()) == [1, 0]
    page.close()


def test_a_setting_seen_before_is_a_cache_hit_with_the_same_words(panel):
    first = panel.summary
    panel.press("lr", "ArrowRight")
    panel.lab.python("from pigeon_lessons.sweeping import Sweep; made, start = [], Sweep.__init__; "
                     "Sweep.__init__ = lambda self, *a, **o: made.append(1) or start(self, *a, **o)")
    panel.press("lr", "ArrowLeft")
    assert panel.summary == first
    assert panel.lab.python("print(len(made))") == "0", "nothing was made to train"
    panel.press("lr", "ArrowLeft")
    assert panel.lab.python("print(len(made)); Sweep.__init__ = start") == "1"


def test_the_picture_never_flickers_moves_or_goes_blank(panel):
    panel.page.locator(".pigeon-front").scroll_into_view_if_needed()
    box = panel.page.locator(".pigeon-front").bounding_box()
    frames, screen = [], panel.page.context.new_cdp_session(panel.page)

    def keep(frame):
        frames.append(base64.b64decode(frame["data"]))
        screen.send("Page.screencastFrameAck", {"sessionId": frame["sessionId"]})

    screen.on("Page.screencastFrame", keep)
    screen.send("Page.startScreencast", {"format": "png", "everyNthFrame": 1})
    panel.page.evaluate(WATCH_FRAMES)
    for key in ("ArrowRight", "ArrowRight", "ArrowLeft", "ArrowRight"):
        panel.press("lr", key)
    panel.press("epochs", "ArrowRight")
    seen = panel.page.evaluate(STOP_WATCHING)
    screen.send("Page.stopScreencast")
    assert seen["pictures"] > 5, "the picture changed while it was watched"
    assert seen["nodes"] == 0
    assert len(seen["sizes"]) == 1
    assert len(seen["scrolls"]) == 1
    ink = [share_of_ink(frame, box) for frame in frames]
    assert len(ink) > 5
    assert min(ink) > 0.25 * max(ink), "axes alone are half of a picture's ink; a blank frame would have none"


def share_of_ink(png, box):
    """Return the share of dark pixels where the picture stands in a screenshot."""
    corner = (box["x"], box["y"], box["x"] + box["width"], box["y"] + box["height"])
    return (np.asarray(Image.open(io.BytesIO(png)).convert("L").crop(corner)) < 100).mean()


def test_two_hundred_updates_leave_no_figure_no_widget_and_no_memory_behind(panel):
    measure = ("import gc, ipywidgets, resource, matplotlib.pyplot as pyplot; gc.collect(); "
               "print(len(pyplot.get_fignums()), len(ipywidgets.Widget._instances if hasattr(ipywidgets.Widget, "
               "'_instances') else ipywidgets.widgets.widget._instances), "
               "int(open('/proc/self/statm').read().split()[1]) * resource.getpagesize() // 2**20)")
    move = "for step in range({0}): panel.controls['lr'].value = (0.003, 0.01, 0.03, 0.05)[step % 4]"
    panel.lab.python(move.format(20))
    figures, widgets, memory = map(int, panel.lab.python(measure).split())
    panel.lab.python(move.format(200))
    later = [int(number) for number in panel.lab.python(measure).split()]
    assert figures == later[0] == 0
    assert later[1] == widgets
    assert later[2] - memory < 20


def test_running_the_cell_again_leaves_no_earlier_panel_behind(panel):
    count = ("import ipywidgets; print(len(ipywidgets.Widget._instances if hasattr(ipywidgets.Widget, '_instances') "
             "else ipywidgets.widgets.widget._instances))")
    panel.rerun()
    widgets = int(panel.lab.python(count))
    for _ in range(3):
        panel.rerun()
    assert int(panel.lab.python(count)) == widgets
    assert panel.page.locator(".pigeon-panel").count() == 1


def test_a_huge_learning_rate_is_a_result_with_an_explanation_and_the_next_run_recovers(panel):
    panel.set("lr", 10.0)
    assert panel.state == "diverged"
    assert "Diverged" in panel.summary
    assert "learning rate that is too large" in panel.summary
    assert panel.lab.python("import json; print(json.dumps(panel.scene.as_dict(), allow_nan=False) != '')") == "True"
    panel.set("lr", 0.05)
    assert panel.state == "done"
    assert "Diverged" not in panel.summary


def test_pins_are_named_by_what_differs_and_keep_their_slots_and_colors(panel):
    labels = "print([run['label'] for run in panel.scene.as_dict()['runs']])"
    color = "print(panel.scene.pins[1].settings['lr'])"
    panel.click("pin")
    panel.press("lr", "ArrowRight")
    panel.click("pin")
    panel.press("lr", "ArrowRight")
    names = panel.lab.python(labels)
    assert "learning rate" in names
    assert "momentum" not in names
    before = panel.lab.python(color)
    assert panel.page.locator(".pins li").all_inner_texts()[1].startswith("B learning rate")
    shown = panel.page.locator(".pins b").last.evaluate("node => getComputedStyle(node).color")
    panel.page.locator(".pins .drop").first.click()
    panel.page.wait_for_function("() => document.querySelectorAll('.pins li').length === 1")
    assert panel.lab.python(color) == before
    assert panel.page.locator(".pins b").last.evaluate("node => getComputedStyle(node).color") == shown
    number = panel.num_runs + 1
    panel.page.locator(".pins .recall").click()
    panel.wait_for_run(number)
    assert panel.shown()["lr"] == float(before)


def test_a_plotting_loop_in_another_cell_does_not_change_the_picture(panel):
    keys = ["ArrowRight", "ArrowLeft"] * 5
    for key in keys:
        panel.press("lr", key)
    alone = panel.page.evaluate(CURVES)
    panel.lab.python(
        "import asyncio, matplotlib; matplotlib.use('agg'); import matplotlib.pyplot as pyplot\n"
        "async def plotting():\n"
        "    while True:\n"
        "        pyplot.style.use('dark_background'); pyplot.figure(); pyplot.plot([3, 1, 2]); pyplot.close('all')\n"
        "        await asyncio.sleep(0.02)\n"
        "other = asyncio.create_task(plotting())")
    for key in keys:
        panel.press("lr", key)
    panel.lab.python("other.cancel(); pyplot.style.use('default')")
    assert panel.page.evaluate(CURVES) == alone


def test_the_keyboard_reaches_every_control_and_no_control_is_without_a_name(panel):
    reached = panel.page.evaluate("""() => {
        const all = [...document.querySelectorAll('.pigeon-panel :is(button, select, textarea, input, .noUi-handle)')]
            .filter(node => node.offsetParent !== null && !node.disabled);
        return all.map(node => node.tabIndex >= 0);
    }""")
    assert len(reached) > 10
    assert all(reached)
    result = Axe().run(panel.page, context=".pigeon-panel", options={"runOnly": ["wcag2a", "wcag2aa"]})
    problems = [(problem["id"], [node["html"][:120] for node in problem["nodes"]]) for problem in
                result.response["violations"]]
    assert problems == []


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_the_panel_is_one_readable_column_in_a_narrow_window(panel, theme):
    panel.page.evaluate("theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})", theme)
    panel.page.set_viewport_size({"width": 400, "height": 900})
    try:
        panel.page.wait_for_function("() => document.querySelector('.pigeon-panel').offsetWidth < 400")
        controls, picture = panel.page.evaluate("() => ['.pigeon-left', '.pigeon-right'].map(name =>"
                                                " document.querySelector(name).getBoundingClientRect().y)")
        assert picture > controls, "the picture stands under the controls"
        panel.page.wait_for_function("() => document.querySelector('.pigeon-front svg').clientWidth < 340")
        wide = panel.page.evaluate("() => document.querySelector('.pigeon-panel').scrollWidth"
                                   " - document.querySelector('.pigeon-panel').clientWidth")
        assert wide <= 1, "nothing is cut off at the right"
        tracks = panel.page.locator(".pigeon-panel .noUi-base").evaluate_all("all => all.map(one => one.clientWidth)")
        assert min(tracks) > 0.6 * panel.page.locator(".pigeon-left").bounding_box()["width"], "there is a way to slide"
        result = Axe().run(panel.page, context=".pigeon-panel", options={"runOnly": ["color-contrast"]})
        assert result.response["violations"] == []
        rims, ground = panel.page.evaluate(RIMS)
        assert min(contrast(to_rgb(rim), to_rgb(ground)) for rim in rims) > 3, "WCAG 2.2, 1.4.11"
    finally:
        panel.page.set_viewport_size(VIEWPORT)
        panel.page.evaluate("() => window.jupyterapp.commands.execute('apputils:change-theme',"
                            " {theme: 'JupyterLab Light'})")


def to_rgb(color):
    """Return a color as a browser gives it, "rgb(0, 114, 178)", as three numbers up to 1."""
    return [int(part) / 255 for part in re.findall(r"\d+", color)[:3]]


def test_settings_come_back_from_their_text(panel):
    panel.page.get_by_role("tab", name="Settings").click()
    box = panel.page.locator(".pigeon-settings textarea")
    panel.page.wait_for_function("() => document.querySelector('.pigeon-settings textarea').value")
    text = box.input_value()
    panel.press("lr", "ArrowRight")
    box.fill(text)
    number = panel.num_runs + 1
    panel.click("apply")
    panel.wait_for_run(number)
    assert panel.shown()["lr"] == 0.005


def test_the_csv_holds_the_points_of_the_plot(panel):
    panel.page.get_by_role("tab", name="Data").click()
    with panel.page.expect_download() as download:
        panel.page.get_by_text(re.compile("CSV")).click()
    rows = list(csv.DictReader(io.StringIO(download.value.path().read_text())))
    plotted = panel.lab.python("print(*panel.scene.now.history['val_loss'])").split()
    assert [float(row["val_loss"]) for row in rows] == [float(value) for value in plotted]
