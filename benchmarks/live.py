"""How long a reader of the book waits after moving a slider, in Chromium, and what `sweep` takes for the same run.

Each move asks for a run that was not seen before: 15 epochs, both data sets judged after each. Needs the `test` extra
and a Chromium on PATH. It is not part of `make bench`: run it with `python -m benchmarks live`.
"""

import shutil
import statistics
import tempfile
import time
from pathlib import Path

import torch
from playwright.sync_api import sync_playwright

from benchmarks.measuring import Row
from book.declared import panel
from book.live_html import panel_html
from pigeon_lessons import load_mnist, split, sweep
from tests.browser.book_pages import write_page
from tests.browser.conftest import CHROMIUM_FLAGS, CHROMIUM_NAMES, VIEWPORT
from tests.browser.pages import served

CLOCK = """() => {
    const panel = document.querySelector('.pigeon-panel');
    const curve = () => panel.querySelector('.line.train').getAttribute('d');
    window.moves = [];
    window.longest = 0;
    new PerformanceObserver(list => list.getEntries().forEach(one => {
        window.longest = Math.max(window.longest, one.duration);
    })).observe({type: 'longtask'});
    document.addEventListener('keydown', () =>
        window.moves.push({start: performance.now(), before: curve(), pictures: 0}), true);
    new MutationObserver(() => {
        const move = window.moves.at(-1), now = performance.now();
        if (!move || curve() === move.seen || curve() === move.before) return;
        Object.assign(move, {seen: curve(), last: now - move.start, pictures: move.pictures + 1});
        move.first ??= move.last;
    }).observe(panel.querySelector('.charts'), {subtree: true, childList: true});
}"""
AT_REST = "() => document.querySelector('.pigeon-panel').dataset.state === 'done'"
MOVES = 60


def measure():
    chromium = next(filter(None, map(shutil.which, CHROMIUM_NAMES)))
    with (tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright):
        write_page(Path(folder), panel_html(panel("learning_rate")))
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        with served(folder) as url:
            moves, sweeps, longest = taking_turns(browser.new_page(viewport=VIEWPORT), url)
        browser.close()
    first, last = ([move[name] for move in moves] for name in ("first", "last"))
    yield Row("book: slider to first change", statistics.median(first) / 1000, ranked(first), "≤ 50 ms")
    yield Row("book: default run complete", statistics.median(last) / 1000, ranked(last), "≤ 300 ms")
    yield Row("sweep of one, beside it", statistics.median(sweeps),
              f"the book takes {statistics.median(last) / 1000 / statistics.median(sweeps):.1f} × as long", "≤ 3")
    yield Row("book: longest task on the main thread", max(longest, 50) / 1000,
              f"{longest:.0f} ms" if longest else "none over 50 ms", "≤ 50 ms")


def taking_turns(page, url):
    """Return the moves, the seconds of a sweep between every two of them, and the longest task in ms, 0 if under 50."""
    torch.set_num_threads(1)
    train, val, _ = split(load_mnist())
    page.goto(url)
    page.wait_for_function(AT_REST)
    page.evaluate(CLOCK)
    sweeps = []
    for number in range(MOVES):
        slider, key = (("seed", "ArrowRight" if number // 9 % 2 == 0 else "ArrowLeft") if number % 9 < 8
                       else ("lr", "ArrowRight" if number < MOVES / 2 else "ArrowLeft"))
        page.locator(f"[name={slider}]").focus()
        page.keyboard.press(key)
        page.wait_for_timeout(50)
        page.wait_for_function(AT_REST)
        start = time.perf_counter()
        sweep([{"seed": number}], train, val)
        sweeps.append(time.perf_counter() - start)
    moves = [move for move in page.evaluate("() => window.moves") if move["pictures"] > 1]  # known runs come at once
    return moves, sweeps, page.evaluate("() => window.longest")


def ranked(milliseconds):
    worst = sorted(milliseconds)[int(0.95 * (len(milliseconds) - 1))]
    return f"95th percentile {worst:.0f} ms of {len(milliseconds)}"
