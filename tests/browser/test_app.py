"""`make app`: the playground alone on a page, for a lecture hall; no code, and sliders that train."""

import re

import pytest

from tests.browser.conftest import VIEWPORT
from tests.browser.explorer_page import AT_REST, RUN_SHOWN
from tests.browser.servers import VoilaApp


@pytest.fixture(scope="module")
def app(browser, tmp_path_factory):
    """The page, as a student sees it once the first run is done; `errors` are what its own scripts complain of.

    (Voilà asks a content network for a font of icons, which the page does without.)
    """
    with VoilaApp(tmp_path_factory.mktemp("app")) as server:
        page = browser.new_page(viewport=VIEWPORT)
        page.errors = []
        page.on("console", lambda message: message.type == "error" and message.location["url"].startswith(server.url)
                and page.errors.append(message.text))
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        page.goto(server.url)
        page.wait_for_function(AT_REST, timeout=60_000)
        yield page
        page.close()


def test_the_page_shows_the_playground_and_no_code(app):
    assert app.locator(".pigeon-panel h3").inner_text() == "Playground"
    assert app.locator(".pigeon-panel img").first.evaluate("image => image.naturalWidth") > 0
    assert app.locator(".jp-InputArea, .jp-Cell-inputWrapper, .jp-CodeMirrorEditor, pre").count() == 0
    text = app.locator("body").inner_text()
    assert "Challenges" in text
    assert not re.search(r"load_mnist|\bimport\b|explore\(|Traceback", text)
    assert app.errors == []


def test_an_arrow_key_gives_one_run_and_its_summary(app):
    runs = int(app.locator(".pigeon-state").get_attribute("data-runs"))
    before = app.locator(".pigeon-summary [role=status]").inner_text()
    app.locator(".pigeon-control-lr .noUi-handle").focus()
    app.keyboard.press("ArrowRight")
    app.wait_for_function(RUN_SHOWN, arg=runs + 1, timeout=60_000)
    after = app.locator(".pigeon-summary [role=status]").inner_text()
    assert "learning rate 0.005" in before and "learning rate 0.01" in after
    assert app.errors == []
