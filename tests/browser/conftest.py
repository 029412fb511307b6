"""A real browser before a real Jupyter server: Chromium by Playwright, JupyterLab on a loopback port.

The server sees a copy of the notebooks, in a folder of its own, with settings of its own, so that a
test can change nothing of the project's or of the user's. Where no Chromium is found the browser tests
are skipped, with the reason; in CI that is a failure.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.lab import Lab

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM_FLAGS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking",
                  "--disable-component-update", "--disable-sync", "--no-first-run"]
VIEWPORT = {"width": 1280, "height": 1000}
SETTINGS = {
    "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"},  # else cells off screen are dropped
    "@jupyterlab/docmanager-extension:plugin": {"autosave": False},
}
LAB_SETTINGS = {"@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False}}


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
    with Server(tmp_path_factory.mktemp("lab"), "jupyterlab") as server:
        yield server


@pytest.fixture(scope="session")
def notebook_server(tmp_path_factory):
    """A Notebook 7 server over a copy of the notebooks."""
    with Server(tmp_path_factory.mktemp("notebook"), "notebook") as server:
        yield server


@pytest.fixture
def lab(browser, lab_server):
    """A JupyterLab page that remembers every console error; see `tests.browser.lab.Lab`."""
    context = browser.new_context(viewport=VIEWPORT)
    yield Lab(context.new_page(), lab_server.url)
    context.close()


class Server:
    """A Jupyter server, `application` "jupyterlab" or "notebook", with settings of its own in `folder`.

    `url` is its address, `root` the folder that it shows. A context manager: it stops at the end.
    """

    def __init__(self, folder, application):
        self.folder, self.application, self.root = folder, application, folder / "work"

    def __enter__(self):
        shutil.copytree(NOTEBOOKS, self.root / "notebooks")
        settings = self.folder / "config" / "labconfig" / "default_setting_overrides.json"
        settings.parent.mkdir(parents=True)
        settings.write_text(json.dumps(SETTINGS | (LAB_SETTINGS if self.application == "jupyterlab" else {})))
        port = free_port()
        self.log = (self.folder / "server.log").open("w")
        self.process = subprocess.Popen(
            [sys.executable, "-m", self.application, "--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}",
             "--ServerApp.port_retries=0", "--IdentityProvider.token=", "--ServerApp.disable_check_xsrf=True",
             "--LabApp.expose_app_in_browser=True", "--JupyterNotebookApp.expose_app_in_browser=True",
             f"--ServerApp.root_dir={self.root}"],
            cwd=self.root, stdout=self.log, stderr=subprocess.STDOUT, env=self._environment())
        self.url = f"http://127.0.0.1:{port}"
        try:
            self._wait_until_up()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(timeout=30)
        self.log.close()

    def _environment(self):
        own = {name: str(self.folder / name.lower()) for name in
               ("JUPYTER_RUNTIME_DIR", "JUPYTERLAB_SETTINGS_DIR", "JUPYTERLAB_WORKSPACES_DIR", "IPYTHONDIR",
                "PIGEON_LESSONS_HOME")}
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        return os.environ | own | {"JUPYTER_CONFIG_DIR": str(self.folder / "config"), "PATH": path}

    def _wait_until_up(self):
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            try:
                urllib.request.urlopen(f"{self.url}/api/status", timeout=5).close()
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.1)
            else:
                return
        pytest.fail(f"the Jupyter server did not come up:\n{(self.folder / 'server.log').read_text()}")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
