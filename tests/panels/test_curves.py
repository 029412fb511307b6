"""The picture shows the numbers of its scene, in the looks of the lessons, and nothing drawn elsewhere changes it."""

from dataclasses import replace

import matplotlib
import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from pigeon_lessons.panels.curves import Chart, Curves, limits
from pigeon_lessons.panels.drawing import png
from pigeon_lessons.panels.session import Session
from pigeon_lessons.pictures.style import CROSS, PINS, STAR, TRAIN, VAL
from tests.panels.declared import EXPLORERS

SETTINGS = {"lr": 0.05, "batch_size": 32, "epochs": 6, "seed": 1, "repeats": 1}


@pytest.fixture
def session(digits):
    session = Session(EXPLORERS["training_curves"], *digits, list(SETTINGS), lambda scene: None)
    session.run(SETTINGS)
    return session


def drawn(session, metric="loss", unit=None, **view):
    """Draw the scene as it is looked at in this way, and return the Axes."""
    session.look(view)
    return Chart(Figure().subplots(), session.scene, metric, unit).ax


def lines(ax, style):
    """Return the lines on Axes that have color and dash, or color and marker, of `style`."""
    return [line for line in ax.get_lines() if to_hex(line.get_color()) == style["color"].lower()
            and (line.get_marker() == style["marker"] if "marker" in style
                 else line.get_linestyle() == style["linestyle"])]


@pytest.mark.parametrize(("unit", "factor"), [("epoch", 1), ("iteration", 4), ("images", 128), ("tau", 2)])
def test_lines_and_star_are_those_of_the_run_over_any_clock(session, unit, factor):
    loss, accuracy, history = drawn(session, x=unit), drawn(session, "accuracy", x=unit), session.scene.now.history
    (train,), (val,), (star,) = (lines(loss, style) for style in (TRAIN, VAL, STAR))
    assert list(val.get_ydata()) == history["val_loss"] and list(train.get_ydata()) == history["train_loss"]
    assert list(val.get_xdata()) == pytest.approx([factor * epoch for epoch in range(7)])
    assert star.get_xdata()[0] == pytest.approx(factor * history.best("val_loss")["epoch"])
    assert lines(accuracy, STAR)[0].get_ydata()[0] == max(history["val_accuracy"])


def test_the_batch_losses_stay_raw_beside_their_running_average(session):
    ax, losses = drawn(session, x="iteration", smoothing=10), session.scene.now.history.batch_loss
    raw, smooth, _ = [line for line in ax.get_lines() if to_hex(line.get_color()) == TRAIN["color"].lower()]
    assert list(raw.get_ydata()) == losses and list(raw.get_xdata()) == list(range(1, len(losses) + 1))
    assert smooth.get_ydata()[20] == pytest.approx(np.mean(losses[11:21]))


def test_the_band_is_one_standard_deviation_about_the_mean_over_seeds(session):
    session.run({**SETTINGS, "repeats": 3})
    ax, ends = drawn(session), session.scene.now.ends("val_loss")
    last = [y for x, y in ax.collections[0].get_paths()[0].vertices if x == 6]
    assert max(last) == pytest.approx(np.mean(ends) + np.std(ends, ddof=1))
    assert min(last) == pytest.approx(np.mean(ends) - np.std(ends, ddof=1))


def test_a_divergence_has_its_cross_where_it_happened_its_number_above_the_axes_and_no_star(session):
    session.run({**SETTINGS, "lr": 10.0})
    ax, (step, _) = drawn(session, x="iteration"), session.scene.now.diverged
    assert lines(ax, CROSS)[0].get_xdata()[0] == step
    assert lines(ax, CROSS)[0].get_ydata()[0] <= ax.get_ylim()[1]
    assert f"at update {step}" in ax.texts[0].get_text()
    assert lines(ax, STAR) == []
    assert [line.get_alpha() for line in lines(ax, VAL)] == [None, 0.3], "what follows is up to rounding, and faint"
    assert np.isfinite(ax.get_ylim()).all()


def test_a_loss_beyond_the_picture_gets_an_arrow_and_its_number_above_the_axes(session):
    now = session.scene.now
    high = replace(now, histories=(type(now.history)({**now.history, "val_loss": [0.7, 3.27, *[0.5] * 5]}),))
    ax = Chart(Figure().subplots(), replace(session.scene, now=high), "loss").ax
    assert ax.get_ylim()[1] == 2.0
    assert ax.texts[0].get_text() == "▲ 3.27" and ax.texts[0].xy == (1, 1)


@pytest.mark.parametrize(("key", "values"), [("loss", [1e6, 0.1]), ("log", [1e9, 0.0]), ("accuracy", [0.0, 1.0])])
def test_limits_stay_finite_and_bounded_whatever_comes(key, values):
    low, high = limits(values, key)
    assert np.isfinite([low, high]).all() and low < high <= 100


def test_a_logarithmic_axis_holds_a_loss_near_zero(session):
    session.run({**SETTINGS, "lr": 0.1, "epochs": 60})
    ax = drawn(session, log=True)
    assert ax.get_yscale() == "log"
    assert 0 < ax.get_ylim()[0] <= max(min(session.scene.now.history["train_loss"]), 1e-5)


def test_pins_have_fixed_colors_and_dashes_that_survive_the_removal_of_others(session):
    for seed in (1, 2):
        session.run({**SETTINGS, "seed": seed})
        session.pin()
    session.run({**SETTINGS, "seed": 3})
    before = [line.get_color() for line in drawn(session).get_lines()]
    session.unpin(0)
    after = [line.get_color() for line in drawn(session).get_lines()]
    assert PINS[0]["color"] in before and PINS[0]["color"] not in after
    assert PINS[1]["color"] in before and PINS[1]["color"] in after


def test_the_legend_stands_over_the_axes_with_six_pins_and_a_band(session, digits):
    for seed in range(1, 8):
        session.run({**SETTINGS, "seed": seed, "repeats": 3})
        if seed < 7:
            session.pin()
    figure = Figure(figsize=Curves.size)
    Curves.draw(figure, session.scene, digits[0])
    figure.draw_without_rendering()
    (legend,) = figure.legends
    assert len(legend.get_texts()) == 4 + 6 + 1
    box = legend.get_window_extent()
    assert all(box.y0 >= ax.get_window_extent().y1 for ax in figure.axes)
    assert box.x1 <= figure.bbox.x1 and box.y1 <= figure.bbox.y1


@pytest.mark.parametrize("name", EXPLORERS)
def test_the_picture_is_the_same_whatever_style_others_draw_in(name, digits):
    explorer, scenes = EXPLORERS[name], []
    session = Session(explorer, *digits, [*explorer.controls], scenes.append)
    session.run({**explorer.controls, "epochs": 2})
    alone = png(explorer.picture, session.scene, digits[0])
    with matplotlib.style.context("dark_background"):
        assert png(explorer.picture, session.scene, digits[0]) == alone
