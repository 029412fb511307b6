"""`python -m book.readme_picture` draws the picture that README opens with: a live panel, as it is, light and dark.

Needs the `test` extra and a Chromium on PATH.
"""

import io
import shutil
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from book.declared import panel
from book.live_html import panel_html
from tests.browser.book_pages import AT_REST, move, opened, write_page
from tests.browser.conftest import CHROMIUM_FLAGS, CHROMIUM_NAMES
from tests.browser.pages import served

FOLDER = Path(__file__).parent / "images"
SCREEN = {"viewport": {"width": 1060, "height": 900}, "device_scale_factor": 1.5}


def main():
    FOLDER.mkdir(exist_ok=True)
    chromium = next(filter(None, map(shutil.which, CHROMIUM_NAMES)))
    with tempfile.TemporaryDirectory() as folder, served(folder) as url, sync_playwright() as playwright:
        write_page(Path(folder), panel_html(panel("training_curves")))
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        for scheme in ("light", "dark"):
            with opened(browser, f"{url}/index.html", scheme=scheme, **SCREEN) as page:
                page.locator("button.pin").click()
                move(page, "lr", 3)
                page.wait_for_function(AT_REST)
                box = page.locator(".pigeon-panel").bounding_box()
                end = page.locator(".inside").bounding_box()["y"]
                seen = page.screenshot(clip={**box, "height": end - box["y"]})
                Image.open(io.BytesIO(seen)).convert("RGB").quantize(64).save(FOLDER / f"panel-{scheme}.png",
                                                                              optimize=True)
        browser.close()


if __name__ == "__main__":
    main()
