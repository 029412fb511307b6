"""A live panel, as its reader uses it: it shows Trainer's numbers, whatever is moved, pinned, linked or drawn."""

import re

import numpy as np
import pytest
import torch
from playwright.sync_api import expect

from book.declared import panel
from book.live_html import panel_html
from pigeon_lessons import Pigeon, Trainer, load_mnist, split
from pigeon_lessons.words import number, percent
from tests.browser.book_pages import AT_REST, NARROW, move, opened, write_page
from tests.browser.pages import served

NAMES = ("learning_rate", "playground")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The address of a folder with a page for each of NAMES."""
    folder = tmp_path_factory.mktemp("panels")
    for name in NAMES:
        write_page(folder, panel_html(panel(name)), f"{name}.html")
    with served(folder) as url:
        yield url


@pytest.fixture
def page(browser, site):
    with opened(browser, f"{site}/learning_rate.html") as page:
        yield page
        assert page.troubles == []


@pytest.fixture
def playground(browser, site):
    with opened(browser, f"{site}/playground.html") as page:
        yield page
        assert page.troubles == []


def history(epochs=15, num_hidden=30, **settings):
    train, val, _ = split(load_mnist())
    return Trainer(Pigeon(num_hidden, seed=settings.get("seed", 1)), train, val, **settings).fit(epochs)


def reading(page, row):
    """Point at a row of the loss by the keyboard; return what a screen reader is told."""
    plot = page.locator(".plot").first
    plot.focus()
    page.keyboard.press("Home")
    for _ in range(row):
        page.keyboard.press("ArrowRight")
    return plot.get_attribute("aria-valuetext")


def said_at(expected, row):
    return (f"epoch {row}: training {number(expected['train_loss'][row])}, "
            f"validation {number(expected['val_loss'][row])}")


def curves(page):
    return page.locator("path.line.train, path.line.val").evaluate_all("all => all.map(one => one.getAttribute('d'))")


def test_every_row_reads_as_trainer_has_it_and_the_weights_follow(page):
    expected = history()
    for row in (0, 3, 15):
        assert reading(page, row) == said_at(expected, row)
        assert page.locator(".when").inner_text() == f", after epoch {row}"
    assert percent(expected["val_accuracy"][-1]) in page.locator(".summary").inner_text().replace("\u00a0", " ")


def test_a_link_shows_exactly_that_run_and_the_line_to_go_on(browser, site, page):
    move(page, "lr", 2)
    move(page, "epochs", -2)
    assert page.url.endswith("#lr=0.03&epochs=5")
    assert page.locator("code.line").inner_text() == 'explore("learning_rate", train, val, lr=0.03, epochs=5)'
    with opened(browser, page.url) as other:
        assert curves(other) == curves(page)
        assert reading(other, 5) == said_at(history(5, lr=0.03), 5)


def test_after_a_prediction_the_sliders_stand_where_the_run_shown_does(page):
    page.locator("button.answer").first.click()
    page.wait_for_function("() => document.querySelector('.outcome').textContent")
    assert page.url.endswith("#lr=0.05")
    assert page.locator("[name=lr]").get_attribute("aria-valuetext") == "0.05"
    assert page.locator("code.line").inner_text() == 'explore("learning_rate", train, val, lr=0.05)'


def test_after_quick_moves_the_last_setting_is_what_is_shown(page):
    page.locator("[name=lr]").focus()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    page.locator("[name=seed]").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(50)
    page.wait_for_function(AT_REST)
    assert reading(page, 15) == said_at(history(lr=0.1, seed=2), 15)


def test_fewer_epochs_are_the_same_run_cut_short_and_more_its_continuation(page):
    expected = history(20)
    for steps, epochs in ((-1, 10), (2, 20)):
        move(page, "epochs", steps)
        assert reading(page, epochs) == said_at(expected, epochs)


def test_a_divergence_is_marked_once_and_the_next_run_recovers(page):
    move(page, "lr", 8)
    assert page.locator(".pigeon-panel").get_attribute("data-state") == "diverged"
    assert "It diverged" in page.locator(".summary").inner_text()
    assert page.locator("path.cross").count() == 1
    assert page.locator("path.star").count() == 0
    assert not any(word in path for path in curves(page) for word in ("NaN", "Infinity"))
    move(page, "lr", -8)
    assert page.locator(".pigeon-panel").get_attribute("data-state") == "done"
    assert reading(page, 15) == said_at(history(), 15)


def test_pins_keep_their_slots_and_name_only_what_differs(playground):
    page = playground
    for _ in range(3):
        page.click("button.pin")
        move(page, "lr", 1)
    labels = ["learning rate 0.005", "learning rate 0.01", "learning rate 0.03"]
    expect(page.locator(".pins .what")).to_have_text(labels)
    page.locator(".pins .drop").nth(1).click()
    expect(page.locator(".pins b")).to_have_text(["A", "C"])
    assert page.locator("path.line.pin-1").count() == 0
    page.click("button.pin")
    expect(page.locator(".pins b")).to_have_text(["A", "B", "C"])
    page.locator(".pins .recall").first.click()
    page.wait_for_timeout(50)
    page.wait_for_function(AT_REST)
    assert page.locator(".control.lr output").inner_text() == "0.005"


def test_at_most_six_runs_are_pinned(playground):
    for _ in range(7):
        playground.locator("button.pin").click(force=True)
        move(playground, "lr", 1)
    expect(playground.locator(".pins li")).to_have_count(6)
    assert playground.locator("button.pin").is_disabled()


def test_several_seeds_are_a_band(playground):
    move(playground, "epochs", -3)
    move(playground, "repeats", 1)
    assert playground.locator("path.band").count() == 2
    assert playground.locator("path.seed").count() == 6
    ends = [history(3, seed=seed)["val_loss"][-1] for seed in (1, 2, 3)]
    spread = float(f"{np.std(ends, ddof=1):.2g}")
    assert f"validation {number(np.mean(ends))} ± {number(spread)}" in reading(playground, 3)


def test_it_is_drawn_anew_and_not_scaled_when_the_window_is_narrow(page):
    page.set_viewport_size({"width": 360, "height": 740})
    page.wait_for_timeout(100)
    sizes = page.locator(".plot text").evaluate_all("all => all.map(one => getComputedStyle(one).fontSize)")
    assert set(sizes) == {"12px"}
    assert page.locator(".pigeon-curves svg").first.get_attribute("viewBox") is None
    boxes = page.locator(".charts figure").evaluate_all("all => all.map(one => one.getBoundingClientRect().left)")
    assert boxes[0] == boxes[1]  # one under the other


def test_whatever_is_pressed_is_large_enough_for_a_finger(page):
    small = page.locator(".pigeon-panel :is(button, select, input)").evaluate_all(
        "all => all.map(one => one.getBoundingClientRect()).filter(one => Math.min(one.width, one.height) < 24).length")
    assert small == 0


def test_a_finger_moves_a_slider_but_not_when_it_scrolls(browser, site):
    with opened(browser, f"{site}/learning_rate.html", viewport=NARROW, has_touch=True) as page:
        box = page.locator("[name=lr]").bounding_box()
        start = box["x"] + 0.2 * box["width"], box["y"] + box["height"] / 2
        swipe(page, start, (start[0] + 0.6 * box["width"], start[1]))
        page.wait_for_function(AT_REST)
        rate = page.locator(".control.lr output").inner_text()
        assert float(rate) > 0.1 and page.evaluate("scrollY") == 0
        swipe(page, start, (start[0], start[1] - 150))
        page.wait_for_function("scrollY > 50")
        page.wait_for_function(AT_REST)
        assert page.locator(".control.lr output").inner_text() == rate
        assert page.troubles == []


def swipe(page, start, end):
    """Move a finger over the screen, in ten steps."""
    screen = page.context.new_cdp_session(page)
    for step in range(11):
        x, y = (start[axis] + (end[axis] - start[axis]) * step / 10 for axis in (0, 1))
        screen.send("Input.dispatchTouchEvent", {"type": "touchMove" if step else "touchStart",
                                                 "touchPoints": [{"x": x, "y": y}]})
    screen.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_a_drawn_digit_is_centered_and_gets_the_answers_of_torch(page):
    pad = page.locator(".pad")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 15)
    page.mouse.down()
    page.mouse.move(box["x"] + 20, box["y"] + 75, steps=12)
    page.mouse.up()
    page.wait_for_function("() => document.querySelector('.draw .answer b')")
    seen = page.locator(".seen").evaluate("one => [...one.getContext('2d').getImageData(0, 0, 28, 28).data]")
    ink = 255 - np.array(seen).reshape(28, 28, 4)[:, :, 0]
    rows, columns = np.nonzero(ink)
    assert 18 <= np.ptp(rows) + 1 <= 21
    assert abs(np.average(rows, weights=ink[rows, columns]) + 0.5 - 14) < 1
    assert abs(np.average(columns, weights=ink[rows, columns]) + 0.5 - 14) < 1
    train, val, _ = split(load_mnist())
    trainer = Trainer(Pigeon(seed=1), train, val)
    trainer.fit(15)
    with torch.no_grad():
        chance = trainer.model(torch.tensor(ink / 255, dtype=torch.float32).view(1, 1, 28, 28)).sigmoid().item()
    said, says = page.locator(".draw .answer").inner_text(), "Yes" if chance > 0.5 else "No"
    sure = percent(max(chance, 1 - chance)).replace(" ", "\u00a0")
    assert said == f"{says}, it says after epoch 15, {sure} sure."


def test_a_digit_can_be_drawn_by_keys_and_wiped(page):
    page.locator(".pad").focus()
    for key in (" ", *["ArrowDown"] * 8, " "):
        page.keyboard.press(key)
    page.wait_for_function("() => document.querySelector('.draw .answer b')")
    assert re.match(r"(Yes|No), it says", page.locator(".draw .answer").inner_text())
    page.click("button.wipe")
    assert page.locator(".draw .answer b").count() == 0


def test_many_moves_leave_the_page_as_large_as_it_was(page):
    count = "() => document.querySelectorAll('*').length"
    move(page, "seed", 1)
    before = page.evaluate(count)
    for step in (1, -1) * 10:
        move(page, "seed", step)
    assert page.evaluate(count) == before
