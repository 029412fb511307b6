"""How long a student waits after moving a slider, in JupyterLab in Chromium: a panel against `interact` with pyplot.

Both train the same setting anew, 15 epochs with both data sets evaluated after each, and draw loss and
accuracy. Needs the `test` extra and a Chromium on PATH. It is not part of `make bench`: run it with
`python -m benchmarks sliders`.
"""

import json
import shutil
import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from benchmarks.measuring import Row
from tests.browser.conftest import CHROMIUM_FLAGS, CHROMIUM_NAMES, VIEWPORT
from tests.browser.explorer_page import ExplorerPage
from tests.browser.lab import Lab, write_notebook
from tests.browser.servers import JupyterServer

CLOCK = """() => {
    window.moves = [];
    window.pictures = 0;
    document.addEventListener('keydown', () => window.moves.push({start: performance.now(), clock: Date.now()}), true);
    new MutationObserver(changes => {
        const move = window.moves.at(-1) ?? {start: 0}, now = performance.now();
        const curve = document.querySelector('.pigeon-front .line.train')?.getAttribute('d');
        const picture = curve ? curve !== window.curve : changes.some(change => [...change.addedNodes].some(
            node => node.tagName === 'IMG' || node.querySelector?.('img')));
        window.curve = curve;
        window.pictures += picture;
        if (picture) { move.first ??= now - move.start; move.last = now - move.start; }
    }).observe(document.body, {subtree: true, childList: true});
}"""
INTERACT = """
import matplotlib.pyplot as plt
from ipywidgets import SelectionSlider, interact
from pigeon_lessons import Pigeon, Trainer, load_mnist, split
train, val, test = split(load_mnist())

@interact(seed=SelectionSlider(options=range(1, 40), continuous_update=False))
def run(seed):
    history = Trainer(Pigeon(seed=seed), train, val, lr=0.005, seed=seed).fit(15)
    figure, axes = plt.subplots(1, 2, figsize=(9, 3.7))
    for ax, metric in zip(axes, ("loss", "accuracy")):
        ax.plot(history["epoch"], history[f"train_{metric}"])
        ax.plot(history["epoch"], history[f"val_{metric}"])
    plt.show()
"""
STOPWATCH = """
import time
from pigeon_lessons.panels.runner import Runner
usual, stops = Runner.start, []
def start(self, work, loop=None):
    stops.append(1000 * time.time())  # nothing of the run before is done from here on
    usual(self, work, loop)
Runner.start = start
"""
MOVES, NEW_SETTINGS = 30, 60
SECONDS_BETWEEN_MOVES = 0.3
DRAGS, STEPS = 8, 80
"""Steps of a drag: moves of the mouse, 20 ms apart."""


def measure():
    chromium = next(filter(None, map(shutil.which, CHROMIUM_NAMES)))
    with (tempfile.TemporaryDirectory() as folder, JupyterServer(Path(folder), "jupyterlab") as server,
          sync_playwright() as playwright):
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        interact, (fresh, cached, hasty), stale, drags = (
            measured_alone(browser, server, moves) for moves in (interact_moves, panel_moves, stale_stops, drag_rates))
        browser.close()
    baseline = statistics.median(interact)
    yield row("interact with pyplot: picture", interact, "")
    yield row("panel, new setting: first change", [move["first"] for move in fresh], "≤ 60 ms")
    yield row("panel, new setting: complete curve", [move["last"] for move in fresh], "≤ 250 ms", baseline)
    yield row("panel, right after a cell was run: first change", [move["first"] for move in hasty], "")
    yield row("panel, setting seen before", [move["last"] for move in cached], "≤ 150 ms", baseline)
    yield row("panel, a stale run stops", stale, "≤ 100 ms")
    yield Row("panel, pictures while dragging", None,
              f"{statistics.median(drags):.0f} a second, no fewer than {min(drags):.0f} in {len(drags)} drags", "≥ 10")


def measured_alone(browser, server, moves):
    """Return what `moves` measures in a window of its own, closed afterwards: no other page has work to do."""
    context = browser.new_context(viewport=VIEWPORT)
    try:
        return moves(Lab(context.new_page(), server.url), server)
    finally:
        context.close()


def row(what, milliseconds, goal, baseline=None):
    ranked = sorted(milliseconds)
    worst = ranked[int(0.95 * (len(ranked) - 1))]
    ratio = "" if baseline is None else f", {baseline / statistics.median(ranked):.1f} × faster than interact"
    return Row(what, statistics.median(ranked) / 1000, f"95th percentile {worst:.0f} ms of {len(ranked)}{ratio}", goal)


def panel_moves(lab, server):
    """Return the moves to new settings, to settings seen before, and to new ones right after the kernel answered.

    Who sends within 40 ms of having received acknowledges late what comes next (Linux: 40 ms), and the server, which
    lets no second small message go unacknowledged (Nagle), keeps the picture until then. So the others come as a hand
    makes them, from rest.
    """
    panel = ExplorerPage(lab, server, "training_curves", lr=0.0001)  # the lowest: each round is at the next higher one
    lab.page.evaluate(CLOCK)
    fresh, cached, hasty = [], [], []

    def at_rest():
        panel.page.wait_for_timeout(SECONDS_BETWEEN_MOVES * 1000)

    while len(fresh) < NEW_SETTINGS:
        move(panel, "lr", "ArrowRight", fresh, at_rest)
        for kind, key in ((fresh, "ArrowRight"), (cached, "ArrowLeft")):
            for _ in range(9):
                move(panel, "seed", key, kind, at_rest)
    move(panel, "lr", "ArrowRight", [], at_rest)
    for _ in range(9):
        move(panel, "seed", "ArrowRight", hasty, lambda: panel.lab.python("None"))
    return fresh[:NEW_SETTINGS], cached, hasty


def move(panel, control, key, moves, before):
    before()
    panel.press(control, key)
    moves.append(panel.page.evaluate("() => window.moves.at(-1)"))


def stale_stops(lab, server):
    """Return the milliseconds from a key, pressed while a long run is under way, to the end of that run."""
    panel = ExplorerPage(lab, server, "training_curves", epochs=200)
    lab.page.evaluate(CLOCK)
    lab.python(STOPWATCH)
    panel.slider("seed").focus()
    for number in range(MOVES):
        right = number < 9 or (number - 9) // 8 % 2  # there and back, but not to the first seed, which is done
        lab.page.keyboard.press("ArrowRight" if right else "ArrowLeft")
        lab.page.wait_for_timeout(SECONDS_BETWEEN_MOVES * 1000)
        if panel.state != "training":
            raise RuntimeError("the run had ended before the next move")
    pressed = lab.page.evaluate("() => window.moves.map(move => move.clock)")
    stopped = json.loads(lab.python("print(stops)"))
    return [stop - press for press, stop in zip(pressed, stopped, strict=True)]


def drag_rates(lab, server):
    """Return the pictures a second of each of some drags of the learning rate over its whole ladder."""
    panel, rates = ExplorerPage(lab, server, "training_curves"), []
    lab.page.evaluate(CLOCK)
    handle, track = panel.slider("lr"), lab.page.locator(".pigeon-control-lr .noUi-base").bounding_box()
    middle = track["y"] + track["height"] / 2
    for number in range(DRAGS):
        panel.press("seed", "ArrowRight")  # other runs than those of the drag before
        handle.hover()
        lab.page.mouse.down()
        before = lab.page.evaluate("() => [window.pictures, performance.now()]")
        for step in range(STEPS):
            share = step / STEPS if number % 2 else 1 - step / STEPS
            lab.page.mouse.move(track["x"] + share * track["width"], middle)
            lab.page.wait_for_timeout(20)
        after = lab.page.evaluate("() => [window.pictures, performance.now()]")
        lab.page.mouse.up()
        lab.page.wait_for_timeout(500)
        rates.append(1000 * (after[0] - before[0]) / (after[1] - before[1]))
    return rates


def interact_moves(lab, server):
    """Return the milliseconds from a key to the new picture, for as many moves."""
    write_notebook(server.root / "interact.ipynb", INTERACT)
    lab.open("interact.ipynb").run_all()
    lab.page.wait_for_selector(".jp-OutputArea img")
    lab.page.evaluate(CLOCK)
    for _ in range(MOVES):
        lab.page.locator(".noUi-handle").focus()
        lab.page.keyboard.press("ArrowRight")
        lab.page.wait_for_function("() => window.moves.at(-1).last")
    return [move["last"] for move in lab.page.evaluate("() => window.moves")]
