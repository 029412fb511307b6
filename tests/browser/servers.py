"""The servers that the browser tests and benchmarks open pages of: each a process on a loopback port.

Each sees nothing of the user's settings and changes nothing of the project's or of the user's.
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

PROJECT = Path(__file__).parents[2]
NOTEBOOKS = PROJECT / "notebooks"
OWN = ("JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTERLAB_SETTINGS_DIR", "JUPYTERLAB_WORKSPACES_DIR",
       "IPYTHONDIR", "PIGEON_LESSONS_HOME")
SETTINGS = {
    "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"},  # else cells off screen are dropped
    "@jupyterlab/docmanager-extension:plugin": {"autosave": False},
}
LAB_SETTINGS = {"@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False}}


class Server:
    """A server with its log and its settings in `folder`; `url` is its address.

    A context manager: it starts at the beginning and stops at the end. Raises RuntimeError, with the log, when it
    does not come up. A subclass says what to run, in which folder `root`, and which page `probe` shows that it is up.
    """

    root = PROJECT

    def __init__(self, folder):
        self.folder = folder

    def __enter__(self):
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        own = {name: str(self.folder / name.lower()) for name in OWN}
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        self.log = (self.folder / "server.log").open("w")
        self.process = subprocess.Popen(self.command(port), cwd=self.root, stdout=self.log, stderr=subprocess.STDOUT,
                                        env=os.environ | own | {"PATH": path})
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

    def _wait_until_up(self):
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                urllib.request.urlopen(self.url + self.probe, timeout=5).close()  # noqa: S310  (a loopback address)
            except urllib.error.HTTPError:
                return  # it answers, whatever it says
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.1)
            else:
                return
        raise RuntimeError(f"{type(self).__name__} did not come up:\n{(self.folder / 'server.log').read_text()}")


class JupyterServer(Server):
    """A Jupyter server, `application` "jupyterlab" or "notebook", over `root`, else a copy of the notebooks."""

    probe = "/api/status"

    def __init__(self, folder, application):
        super().__init__(folder)
        self.application, self.root = application, folder / "work"

    def __enter__(self):
        if not self.root.exists():
            shutil.copytree(NOTEBOOKS, self.root / "notebooks")
        settings = self.folder / "jupyter_config_dir" / "labconfig" / "default_setting_overrides.json"
        settings.parent.mkdir(parents=True)
        settings.write_text(json.dumps(SETTINGS | (LAB_SETTINGS if self.application == "jupyterlab" else {})))
        return super().__enter__()

    def command(self, port):
        return [sys.executable, "-m", self.application, "--no-browser", "--allow-root", "--ip=127.0.0.1",
                f"--port={port}", "--ServerApp.port_retries=0", "--IdentityProvider.token=",
                "--ServerApp.disable_check_xsrf=True", "--LabApp.expose_app_in_browser=True",
                "--JupyterNotebookApp.expose_app_in_browser=True", f"--ServerApp.root_dir={self.root}"]


class App(Server):
    """What `make app` serves the book with, over the pages in `root`."""

    probe = "/index.html"

    def __init__(self, folder, root):
        super().__init__(folder)
        self.root = root

    def command(self, port):
        command = [shutil.which("make"), "--dry-run", "--no-print-directory", "app", f"PORT={port}"]
        said = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True).stdout
        _, *options = said[said.rindex("http.server"):].split()
        return [sys.executable, "-m", "http.server", *(str(self.root) if one == "book/_build/html" else one
                                                       for one in options)]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
