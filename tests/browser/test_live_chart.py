"""What the charts make of a Scene, in the book and in notebooks; and that goals come out there as in Python."""

import pytest

from book.declared import LIVE, panel
from pigeon_lessons import load_mnist, split
from pigeon_lessons.panels.declare import are_met
from pigeon_lessons.panels.runs import SweepRun
from tests.browser.book_pages import opened, write_page
from tests.browser.pages import served
from tests.panels.declared import EXPLORERS

NAN = None  # as JSON has it


@pytest.fixture(scope="module")
def page(browser, tmp_path_factory):
    folder = tmp_path_factory.mktemp("charts")
    write_page(folder, '<div id="host" style="width: 900px"></div>')
    with served(folder) as url, opened(browser, f"{url}/index.html") as page:
        yield page
        assert page.troubles == []


def run(slot, val_loss, train_loss=None, **changes):
    """Return a run of a Scene with these losses, one a row, an epoch of 32 updates apart."""
    rows = range(len(val_loss))
    columns = {"iteration": [32 * row for row in rows], "epoch": list(rows), "tau": [1.6 * row for row in rows],
               "train_loss": train_loss or val_loss, "train_accuracy": [0.9] * len(rows), "val_loss": val_loss,
               "val_accuracy": [0.9] * len(rows)}
    settings = {"lr": 0.005, "momentum": 0.9, "decay": 1, "batch_size": 32, "epochs": len(rows) - 1}
    return {"slot": slot, "label": str(slot), "settings": settings, "num_train": 1024, "iterations_per_epoch": 32,
            "is_complete": True, "seeds": [{"columns": columns, "batch_loss": [0.5] * 32 * (len(rows) - 1)}],
            "diverged": None, "best": {"loss": 1, "accuracy": 1}, **changes}


def drawn(page, *runs, **view):
    """Draw a Scene of these runs anew; the locator of its first chart, the loss."""
    page.evaluate("""async ([runs, view]) => {
        const host = document.getElementById('host'), { Curves } = await import('./curves.js');
        const curves = new Curves(host);
        await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
        curves.draw({ runs, view, baseline: { answer: 'no', accuracy: 0.7, loss: 0.6 } });
    }""", [list(runs), view])
    return page.locator("#host figure").first


def test_a_loss_beyond_the_picture_gets_an_arrow_above_the_axes_and_no_dot_inside(page):
    chart = drawn(page, run("now", [0.7, 3.27, 0.5]))
    assert chart.locator("text.off").text_content().strip() in ("▲ 3.27", "3.27 ▲")
    axes = chart.locator("path.grid").last.bounding_box()["y"]
    assert chart.locator("text.off").bounding_box()["y"] < axes
    chart.locator(".plot").focus()
    page.keyboard.press("ArrowLeft")
    assert "3.27" in chart.locator(".plot").get_attribute("aria-valuetext")
    assert chart.locator("circle.dot").count() == 0


def test_a_divergence_has_its_cross_where_it_happened_and_no_star(page):
    chart = drawn(page, run("now", [0.7, 0.6, 0.62], diverged={"iteration": 16, "loss": "inf"}))
    cross, plot = chart.locator("path.cross").bounding_box(), chart.locator("path.axis").bounding_box()
    share = (cross["x"] + cross["width"] / 2 - plot["x"]) / plot["width"]
    assert share == pytest.approx(16 / 64, abs=0.02)
    assert "infinite at update 16" in chart.locator("text.crossed").text_content()
    assert page.locator("#host path.star").count() == 0
    assert chart.locator("path.after").count() == 2  # what follows is up to rounding, and faint


def test_what_is_no_number_leaves_a_gap(page):
    chart = drawn(page, run("now", [0.7, NAN, 0.5, 0.4]))
    assert chart.locator("path.line.val").get_attribute("d").count("M") == 2


def test_a_run_without_validation_shows_its_training_alone(page):
    one = run("now", [0.7, 0.5])
    for name in ("val_loss", "val_accuracy"):
        del one["seeds"][0]["columns"][name]
    chart = drawn(page, one)
    assert chart.locator("path.line.train").count() == 1
    assert chart.locator("path.line.val").count() == 0
    assert not chart.locator(".key.val").is_visible()


@pytest.mark.parametrize(("unit", "name", "last"), [
    ("epoch", "epochs", "2"), ("iteration", "iterations", "64"), ("images", "images seen", "2,048"),
    ("tau", "learning time", "3.2")])
def test_the_x_axis_is_in_the_unit_that_is_chosen(page, unit, name, last):
    chart = drawn(page, run("now", [0.7, 0.5, 0.4]), x=unit)
    assert name in chart.locator("svg").text_content()
    chart.locator(".plot").focus()
    page.keyboard.press("End")
    assert chart.locator(".plot").get_attribute("aria-valuetext").split(":")[0].endswith(f" {last}")


def test_equal_ratios_are_equal_distances_on_a_logarithmic_axis(page):
    chart = drawn(page, run("now", [1.0, 0.1, 0.01]), log=True)
    heights = [float(point.split(" ")[1]) for point in chart.locator("path.line.val").get_attribute("d")[1:].split("L")]
    assert heights[1] - heights[0] == pytest.approx(heights[2] - heights[1], abs=0.2)


def test_limits_only_grow_until_it_starts_anew(page):
    top = """async argument => {
        const { Curves } = await import('./curves.js'), heights = [];
        const curves = new Curves(document.getElementById('host'));
        await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
        for (const run of argument) { curves.draw({ runs: [run] }); heights.push(curves.charts[0].high); }
        curves.each('startAnew');
        curves.draw({ runs: [argument[0]] });
        return [...heights, curves.charts[0].high];
    }"""
    low, high = run("now", [0.7, 0.5]), run("now", [0.7, 1.5])
    assert page.evaluate(top, [low, high, low]) == [0.9, 1.5, 1.5, 0.9]


@pytest.mark.parametrize("name", LIVE)
def test_challenges_and_predictions_come_out_as_in_python(page, name):
    train, val, _ = split(load_mnist(), 256, 256)
    declared, explorer = panel(name), EXPLORERS[name]
    tried = [{"lr": 0.005, "epochs": 1}, {"lr": 0.05, "epochs": 2, "repeats": 3},
             {"lr": 3.0, "momentum": 0.0, "epochs": 1}]
    results = []
    for settings in tried:
        trained = SweepRun({**settings, "train_images": 256}, train, val)
        results.append(trained.finish(settings["epochs"]))
    goals = [one.needs for one in explorer.challenges]
    if explorer.prediction:
        goals += list(explorer.prediction.outcomes.values())
    told = [one["needs"] for one in declared["challenges"]]
    if declared["prediction"]:
        told += list(declared["prediction"]["outcomes"].values())
    plain = [{"settings": one.settings, "iterations_per_epoch": one.iterations_per_epoch,
              "diverged": one.diverged or None,
              "seeds": [{"columns": dict(history)} for history in one.histories]} for one in results]
    found = page.evaluate("""async ([goals, runs]) => {
        const { areMet } = await import('./goals.js');
        return runs.map(run => goals.map(needs => areMet(needs, run, runs[0])));
    }""", [told, plain])
    premise = (results[0], {})
    assert found == [[are_met(needs, result, {}, premise) for needs in goals] for result in results]
