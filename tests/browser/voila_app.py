"""The playground as `make app` serves it: Voilà on a loopback port, with settings of its own."""

import os
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

from tests.browser.conftest import free_port

PROJECT = Path(__file__).parents[2]


def command_of_make_app(port):
    """Return the command that `make app` runs, but without opening a browser, as a process of its own."""
    said = subprocess.run(["make", "--dry-run", "app", f"PORT={port}"], cwd=PROJECT, capture_output=True, text=True,
                          check=True).stdout
    recipe = said[said.rindex("OMP_NUM_THREADS="):].strip()
    return ["sh", "-c", f"exec env {recipe} --no-browser"]


class VoilaApp:
    """A Voilà server over the playground; `url` is its address. A context manager: it stops at the end.

    `folder` takes its log and its settings.
    """

    def __init__(self, folder):
        self.folder = folder

    def __enter__(self):
        port = free_port()
        self.url = f"http://127.0.0.1:{port}/"
        own = {name: str(self.folder / name.lower()) for name in
               ("JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR", "PIGEON_LESSONS_HOME")}
        self.log = (self.folder / "voila.log").open("w")
        self.process = subprocess.Popen(command_of_make_app(port), cwd=PROJECT, stdout=self.log,
                                        stderr=subprocess.STDOUT, env=os.environ | own)
        try:
            self._wait_until_up(port)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(timeout=30)
        self.log.close()

    def _wait_until_up(self, port):
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and self.process.poll() is None:
            try:  # not the page itself: that would start a kernel
                urllib.request.urlopen(f"http://127.0.0.1:{port}/voila/static/main.js", timeout=5).close()
            except urllib.error.HTTPError:
                return  # it answers, whatever it says
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.1)
            else:
                return
        raise RuntimeError(f"Voilà did not come up:\n{(self.folder / 'voila.log').read_text()}")
