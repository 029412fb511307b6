"""The built book, page by page: it asks nobody else, says nothing to the console, can be read by all, and is alive."""

import subprocess
import sys
from pathlib import Path

import pytest

from book.declared import LIVE
from tests.browser.book_pages import NARROW, WIDE, barriers, move, opened, pixels_like
from tests.browser.pages import served

PROJECT = Path(__file__).parents[2]
CHAPTERS = sorted(path.stem for path in (PROJECT / "notebooks").glob("[0-9]*.ipynb"))
BESIDE = [f"book/{path.relative_to(PROJECT / 'book').with_suffix('')}" for path in (PROJECT / "book").rglob("*.md")]
WITH_PANEL = ["book/index", *(f"notebooks/{chapter}" for chapter in CHAPTERS if chapter[3:] in LIVE)]
PAGES = [*WITH_PANEL, *sorted({*BESIDE, *(f"notebooks/{chapter}" for chapter in CHAPTERS)} - {*WITH_PANEL}),
         "search", "genindex"]
TRAIN = {"light": (0x00, 0x72, 0xB2), "dark": (0x56, 0xB4, 0xE9)}
VAL = {"light": (0xD5, 0x5E, 0x00), "dark": (0xF2, 0x91, 0x4A)}
MOST_MEGABYTES = 25
MOST_SCRIPT = 150_000
CUT_WORDS = """() => [...document.querySelectorAll('table :is(th, td)')].flatMap(cell => {
    const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT), cut = [];
    while (texts.nextNode()) if (!texts.currentNode.parentElement.closest('code')) {
        for (const {0: word, index} of texts.currentNode.data.matchAll(/\\w+/g)) {
            const range = document.createRange();
            range.setStart(texts.currentNode, index);
            range.setEnd(texts.currentNode, index + word.length);
            if (range.getClientRects().length > 1) cut.push(word);
        }
    }
    return cut;
})"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    out = tmp_path_factory.mktemp("book")
    build = subprocess.run([sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html", "-c", "book",
                            "-d", str(tmp_path_factory.mktemp("doctrees")), ".", str(out)],
                           cwd=PROJECT, capture_output=True, text=True, check=False)
    assert build.returncode == 0, build.stderr
    return out


@pytest.fixture(scope="module")
def book(folder):
    with served(folder) as url:
        yield url


@pytest.fixture(scope="module", params=PAGES)
def opened_once(request, browser, book):
    with opened(browser, f"{book}/{request.param}.html") as page:
        yield page


@pytest.fixture
def page(opened_once):
    """A page of the book, opened once for all that is asked of it; each claim finds it wide, light and at its top."""
    opened_once.emulate_media(media="screen", color_scheme="light")
    opened_once.set_viewport_size(WIDE)
    opened_once.evaluate("scrollTo(0, 0)")
    yield opened_once
    assert opened_once.troubles == []


on_pages_with_a_panel = pytest.mark.parametrize("opened_once", WITH_PANEL, indirect=True)
on_chapters = pytest.mark.parametrize("opened_once", [f"notebooks/{chapter}" for chapter in CHAPTERS], indirect=True)


@on_pages_with_a_panel
def test_no_page_loads_more_than_its_share_of_scripts(page, book, folder):
    loaded = page.evaluate("performance.getEntriesByType('resource').map(one => one.name)")
    scripts = {url for url in loaded if url.endswith(".js")} | {f"{book}/_static/live/worker.js"}
    modules = set((folder / "_static" / "live").glob("*.js"))
    assert {Path(url).name for url in scripts} <= {path.name for path in modules}
    asked_at_once = page.locator("link[rel=modulepreload]").evaluate_all("all => all.map(one => one.href)")
    assert scripts == {*asked_at_once, f"{book}/_static/live/worker.js"}, "no module waits for another"
    assert sum(path.stat().st_size for path in modules) < MOST_SCRIPT


@on_pages_with_a_panel
def test_curves_are_drawn_and_change_when_a_slider_moves(page):
    charts = page.locator(".pigeon-curves .charts")
    before = charts.screenshot()
    assert pixels_like(before, TRAIN["light"]) > 150
    assert pixels_like(before, VAL["light"]) > 100
    move(page, "lr", 2)
    after = charts.screenshot()
    assert pixels_like(after, TRAIN["light"]) > 150
    assert before != after
    page.emulate_media(color_scheme="dark")
    dark = charts.screenshot()
    assert pixels_like(dark, TRAIN["dark"]) > 150
    move(page, "lr", -2)
    assert dark != charts.screenshot()


@on_pages_with_a_panel
def test_the_curves_stay_beside_the_sliders_and_never_over_what_stands_below(page):
    top = page.locator(".pigeon-panel").bounding_box()["y"]
    for scrolled in range(0, 1200, 150):
        page.evaluate("y => scrollTo(0, y)", top + scrolled)
        curves, below = (page.locator(f".pigeon-panel .{part}").bounding_box() for part in ("picture", "inside"))
        assert curves["y"] + curves["height"] <= below["y"] + 1, f"{scrolled} pixels down"


@on_pages_with_a_panel
def test_paper_shows_the_printed_pictures_and_not_the_panel(page):
    assert not page.locator(".pigeon-panel + .printed").is_visible()
    page.emulate_media(media="print", color_scheme="dark")
    assert page.locator(".pigeon-panel + .printed").first.is_visible()
    assert not page.locator(".pigeon-panel").is_visible()
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    try:
        assert page.locator("body").evaluate("node => getComputedStyle(node).backgroundColor") == "rgb(255, 255, 255)"
    finally:
        page.evaluate("delete document.documentElement.dataset.theme")


@on_chapters
def test_code_is_never_cut(page):
    for viewport in (WIDE, NARROW):
        page.set_viewport_size(viewport)
        cut = page.locator("pre").evaluate_all("all => all.filter(one => one.scrollWidth > one.clientWidth).length")
        assert cut == 0


def test_no_table_cuts_a_word_on_a_phone(page):
    page.set_viewport_size(NARROW)
    assert page.evaluate(CUT_WORDS) == []


def test_every_page_is_quiet_local_and_accessible(page):
    assert barriers(page) == []
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size(NARROW)
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"], "the page scrolls sideways"


@pytest.mark.parametrize("opened_once", WITH_PANEL[1:2], indirect=True)
def test_what_only_a_wide_window_shows_can_be_read_in_the_dark(page):
    page.emulate_media(color_scheme="dark")
    assert barriers(page) == []


@pytest.mark.parametrize("name", WITH_PANEL)
def test_without_scripts_the_printed_pictures_stay(browser, book, name):
    with opened(browser, f"{book}/{name}.html", java_script_enabled=False) as page:
        assert page.locator(".pigeon-panel, .pigeon-question").locator("visible=true").count() == 0
        printed = page.locator(".pigeon-panel + .printed").first
        assert printed.is_visible()
        assert name == "book/index" or printed.locator("img").count() > 0


def test_the_book_is_small(folder):
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    assert size < MOST_MEGABYTES * 1e6


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_each_chapter_is_a_page_with_its_number_and_its_figures(folder, chapter):
    page = (folder / "notebooks" / f"{chapter}.html").read_text(encoding="utf-8")
    assert f"Chapter {chapter[:2]}" in page
    assert "data:image/png;base64" in page
