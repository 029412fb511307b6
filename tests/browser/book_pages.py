"""The book's pages in a browser: opened as a reader does, watched for complaints and for requests to anyone else."""

import io
import re
import shutil
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from axe_playwright_python.sync_playwright import Axe
from PIL import Image

from book.live_assets import write_assets
from tests.colors import contrast

THEME = Path(__file__).parents[2] / "book" / "_theme" / "pigeon" / "static"
PAGE = """<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>A page</title><link rel="icon" href="data:,">
<link rel="stylesheet" href="book.css"><link rel="stylesheet" href="chart.css"><link rel="stylesheet" href="panel.css">
<script type="module" src="live.js"></script><main>{}</main></html>"""

AT_REST = "() => document.querySelector('.pigeon-panel')?.dataset.state?.match(/done|diverged/)"
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 360, "height": 740}


def write_page(folder, html, name="index.html"):
    """Write a page of the book's making, with `html` for its text, and all that it loads, into `folder`."""
    write_assets(folder)
    shutil.copy(THEME / "book.css", folder)
    (folder / name).write_text(PAGE.format(html), encoding="utf-8")


@contextmanager
def opened(browser, url, *, viewport=WIDE, scheme="light", **options):
    """Yield the page at `url`, its first run done; `page.troubles` are what it complained of and whom else it asked."""
    context = browser.new_context(viewport=viewport, color_scheme=scheme, reduced_motion="reduce", **options)
    page = context.new_page()
    page.troubles = []
    page.on("console", lambda message: page.troubles.append(f"console: {message.text}"))
    page.on("pageerror", lambda error: page.troubles.append(f"error: {error}"))
    page.on("response", lambda response: response.status >= 400 and page.troubles.append(f"missing: {response.url}"))
    home = "/".join(url.split("/")[:3])
    page.route(lambda address: not address.startswith((home, "data:", "blob:")),
               lambda route: (page.troubles.append(f"foreign: {route.request.url}"), route.abort()))
    page.goto(url)
    if options.get("java_script_enabled", True) and page.locator(".pigeon-panel").count():
        page.wait_for_function(AT_REST)
    yield page
    context.close()


def move(page, name, steps):
    """Move a slider by the arrow keys and wait until its run is drawn."""
    page.locator(f".pigeon-panel [name={name}]").focus()
    for _ in range(abs(steps)):
        page.keyboard.press("ArrowRight" if steps > 0 else "ArrowLeft")
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    page.wait_for_function(AT_REST)


PLAIN_CODE = """() => {
    window.colored = [...document.querySelectorAll('pre')].map(one => [one, [...one.childNodes]]);
    for (const [one] of window.colored) one.textContent = one.textContent;
}"""
COLORED_CODE = "() => window.colored.forEach(([one, parts]) => one.replaceChildren(...parts))"
LEAST_CONTRAST = 4.5
"""WCAG 2.2, success criterion 1.4.3, for text of the usual size."""
PAIRS_IN_CODE = """() => {
    const ground = part => {
        const color = getComputedStyle(part).backgroundColor;
        return color === 'rgba(0, 0, 0, 0)' ? ground(part.parentElement) : color;
    };
    const parts = [...document.querySelectorAll('pre, pre *')].filter(part => part.offsetParent);
    return [...new Set(parts.map(part => `${getComputedStyle(part).color} on ${ground(part)}`))];
}"""


def barriers(page):
    """Return what keeps some from reading the page, in short: serious and critical findings of axe, faint code.

    Axe, which would take minutes for the colors of code, sees code in one color.
    """
    pairs = {pair: [[float(part) / 255 for part in re.findall(r"[\d.]+", color)] for color in pair.split(" on ")]
             for pair in page.evaluate(PAIRS_IN_CODE)}
    page.evaluate(PLAIN_CODE)
    found = Axe().run(page).response["violations"]
    page.evaluate(COLORED_CODE)
    return [f"{one['id']}: {node['html'][:120]}" for one in found if one["impact"] in ("serious", "critical")
            for node in one["nodes"]] + [pair for pair, colors in pairs.items() if contrast(*colors) < LEAST_CONTRAST]


def pixels_like(png, color, tolerance=40):
    """Return how many pixels of a PNG are nearly of a color, given as (red, green, blue)."""
    pixels = np.asarray(Image.open(io.BytesIO(png)).convert("RGB"), dtype=int)
    return int((abs(pixels - np.array(color)).max(axis=2) < tolerance).sum())
