"""`python -m book.readme_picture` draws the picture that README opens with: a live panel, as it is, light and dark.

Needs the `test` extra and a Chromium on PATH. What is to be read on a picture stands in its file as well, as the
"Description" that PNG has a place for.
"""

import io
import shutil
import tempfile
from pathlib import Path

from PIL import Image
from PIL.PngImagePlugin import PngInfo
from playwright.sync_api import sync_playwright

from book.declared import panel
from book.live_html import panel_html
from tests.browser.book_pages import opened, write_page
from tests.browser.conftest import CHROMIUM_FLAGS, CHROMIUM_NAMES
from tests.browser.pages import served

FOLDER = Path(__file__).parent / "images"
SCREEN = {"viewport": {"width": 1060, "height": 900}, "device_scale_factor": 1.5}
STEP = "7"
"""Of the learning rate's ladder: ten times as much as where it starts."""
READ = ".summary, .reading, .pins, .control output, .reckoning"


def taken(browser, scheme):
    """Return a picture of the panel, a run pinned beside the present one, and what is to be read on it."""
    with tempfile.TemporaryDirectory() as folder, served(folder) as url:
        write_page(Path(folder), panel_html(panel("training_curves")))
        with opened(browser, f"{url}/index.html", scheme=scheme, **SCREEN) as page:
            page.locator("button.pin").click()
            page.locator("[name=lr]").fill(STEP)
            page.locator(".summary", has_text="→").wait_for()  # what has changed since the run before
            box = page.locator(".pigeon-panel").bounding_box()
            end = page.locator(".inside").bounding_box()["y"]
            seen = page.screenshot(clip={**box, "height": end - box["y"]})
            words = " ".join(" ".join(page.locator(READ).all_inner_texts()).split())
    return Image.open(io.BytesIO(seen)).convert("RGB"), words


def main():
    FOLDER.mkdir(exist_ok=True)
    chromium = next(filter(None, map(shutil.which, CHROMIUM_NAMES)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        for scheme in ("light", "dark"):
            picture, words = taken(browser, scheme)
            told = PngInfo()
            told.add_itxt("Description", words)
            picture.quantize(64).save(FOLDER / f"panel-{scheme}.png", optimize=True, pnginfo=told)
        browser.close()


if __name__ == "__main__":
    main()
