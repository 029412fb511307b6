"""A lecture hall on this machine: many visitors open the playground of `make app` in the same moment.

`python -m benchmarks.app_sessions [visitors]`, 30 if not said. All but one are plain HTTP clients, since students bring
browsers of their own: their page is complete when their kernel has trained and drawn the first curve.
The last one is a real browser, here, which waits until it sees the curve.
"""

import shutil
import statistics
import sys
import tempfile
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import perf_counter

import psutil
from playwright.sync_api import sync_playwright

from benchmarks.measuring import Row
from tests.browser.conftest import CHROMIUM_FLAGS, CHROMIUM_NAMES
from tests.browser.explorer_page import AT_REST, RUN_SHOWN
from tests.browser.servers import VoilaApp

PATIENCE = 900  # seconds


def measure(visitors=30):
    """Yield Rows: time to the first curve, time of a slider's move with all kernels alive, memory of a kernel."""
    with tempfile.TemporaryDirectory() as folder, VoilaApp(Path(folder)) as app, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=next(filter(None, map(shutil.which, CHROMIUM_NAMES))), args=CHROMIUM_FLAGS)
        page = browser.new_page()
        with ThreadPoolExecutor(visitors) as pool:
            others = [pool.submit(seconds_to_page, app.url) for _ in range(visitors - 1)]
            start = perf_counter()
            page.goto(app.url, timeout=1000 * PATIENCE)
            page.wait_for_function(AT_REST, timeout=1000 * PATIENCE)
            seen = perf_counter() - start
        served = sorted(other.result() for other in others)
        title = f"app, {visitors} visitors at once"
        if served:
            yield Row(f"{title}: page with first curve, median", statistics.median(served))
            yield Row(f"{title}: page with first curve, slowest", served[-1])
        yield Row(f"{title}: first curve seen in a browser", seen)
        yield Row(f"{title}: a slider's move, the others idle", statistics.median(moves(page, 10)))
        memory = kernels_memory(app.process.pid)
        own, shared = statistics.median(own for own, _ in memory), max(shared for _, shared in memory)
        yield Row(f"{title}: memory of {len(memory)} kernels", None,
                  f"{own:.0f} MB each, and up to {shared:.0f} MB that they share")
        browser.close()


def seconds_to_page(url):
    """Return how long the whole page takes to arrive; it ends when its notebook has run."""
    start = perf_counter()
    with urllib.request.urlopen(url, timeout=PATIENCE) as answer:  # noqa: S310  (a loopback address)
        content = answer.read()
    if b"widget-view" not in content:
        raise RuntimeError("the page arrived without a panel")
    return perf_counter() - start


def moves(page, number):
    """Yield how long each of some moves of the learning rate takes, from the key to the finished run on the page."""
    page.locator(".pigeon-control-lr .noUi-handle").focus()
    for move in range(number):
        runs = int(page.locator(".pigeon-state").get_attribute("data-runs"))
        start = perf_counter()
        page.keyboard.press("ArrowRight" if move < number / 2 else "ArrowLeft")
        page.wait_for_function(RUN_SHOWN, arg=runs + 1, timeout=1000 * PATIENCE)
        yield perf_counter() - start


def kernels_memory(server):
    """Return (own, shared) memory of each kernel of a server, in megabytes."""
    kernels = [process for process in psutil.Process(server).children(recursive=True)
               if "ipykernel_launcher" in " ".join(process.cmdline())]
    sizes = [kernel.memory_full_info() for kernel in kernels]
    return [(size.uss / 2**20, (size.rss - size.uss) / 2**20) for size in sizes]


if __name__ == "__main__":
    for row in measure(*map(int, sys.argv[1:])):
        print(f"{row.what}: {f'{row.seconds:.2f} s' if row.seconds is not None else row.ratio}", flush=True)
