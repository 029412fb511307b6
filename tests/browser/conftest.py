"""A real browser before a real Jupyter server: Chromium by Playwright, JupyterLab on a loopback port.

Where no Chromium is found the browser tests are skipped, with the reason; in CI that is a failure.
"""

import os
import shutil

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.servers import JupyterServer

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM_FLAGS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking",
                  "--disable-component-update", "--disable-sync", "--no-first-run"]
VIEWPORT = {"width": 1280, "height": 1000}


@pytest.fixture(scope="session")
def browser():
    path = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if path is None:
        problem = "no Chromium on PATH (on Debian: apt-get install chromium)"
        pytest.fail(problem) if os.environ.get("CI") else pytest.skip(problem)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def lab_server(tmp_path_factory):
    """A JupyterLab server over a copy of the notebooks."""
    with JupyterServer(tmp_path_factory.mktemp("lab"), "jupyterlab") as server:
        yield server


@pytest.fixture(scope="session")
def notebook_server(tmp_path_factory):
    """A Notebook 7 server over a copy of the notebooks."""
    with JupyterServer(tmp_path_factory.mktemp("notebook"), "notebook") as server:
        yield server
