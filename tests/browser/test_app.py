"""`make app`: the book's live panels for a lecture hall, served as files, to this machine alone unless told so."""

import re

from book.declared import panel
from book.live_html import panel_html
from tests.browser.book_pages import move, opened, write_page
from tests.browser.servers import App


def test_the_playground_trains_in_the_browser_and_no_kernel_runs(browser, tmp_path):
    write_page(tmp_path / "pages", panel_html(panel("playground")))
    with App(tmp_path, tmp_path / "pages") as app, opened(browser, f"{app.url}/index.html") as page:
        assert app.command(1)[app.command(1).index("--bind") + 1] == "127.0.0.1"
        before = page.locator(".summary").inner_text()
        move(page, "lr", 1)
        assert re.search("0.005 → 0.01", page.locator(".summary").inner_text())
        assert page.locator(".summary").inner_text() != before
        assert page.troubles == []
