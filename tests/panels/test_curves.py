"""The picture shows the numbers of its scene, its limits only grow, and nothing drawn elsewhere changes it."""

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from pigeon_lessons.panels.canvas import Canvas
from pigeon_lessons.panels.curves import SLOTS, Curves, grown
from pigeon_lessons.panels.session import Session
from pigeon_lessons.pictures.style import new_axes
from tests.panels.declared import EXPLORERS

SETTINGS = {"lr": 0.05, "batch_size": 32, "epochs": 6, "seed": 1, "repeats": 1}


@pytest.fixture
def session(digits):
    session = Session(EXPLORERS["training_curves"], *digits, list(SETTINGS), lambda scene: None)
    session.run(SETTINGS)
    return session


@pytest.fixture
def canvas(digits):
    return Canvas(Curves, digits[0])


def seen(session, view):
    session.look(view)
    return session.scene


def now(canvas, metric="loss"):
    return next(chart for chart in canvas.picture.charts if chart.metric == metric).traces["now"]


def test_lines_star_and_x_axis_are_those_of_the_run(session, canvas):
    canvas.draw(seen(session, {"x": "iteration"}))
    history = session.scene.now.history
    assert list(now(canvas).val.get_xdata()) == history["iteration"]
    assert list(now(canvas).val.get_ydata()) == history["val_loss"]
    assert list(now(canvas, "accuracy").train.get_ydata()) == history["train_accuracy"]
    assert now(canvas).star.get_xdata()[0] == history.best("val_loss")["iteration"]
    assert now(canvas, "accuracy").star.get_ydata()[0] == max(history["val_accuracy"])


def test_the_batch_losses_stay_raw_beside_their_running_average(session, canvas):
    canvas.draw(seen(session, {"smoothing": 10}))
    losses = session.scene.now.history.batch_loss
    assert list(now(canvas).batches.get_ydata()) == losses
    assert now(canvas).smooth.get_ydata()[20] == pytest.approx(np.mean(losses[11:21]))


def test_the_band_is_one_standard_deviation_about_the_mean_over_seeds(session, canvas):
    session.run({**SETTINGS, "repeats": 3})
    canvas.draw(session.scene)
    ends = session.scene.now.ends("val_loss")
    band = now(canvas).band.get_xy()
    last = [y for x, y in band if x == 6]
    assert max(last) == pytest.approx(np.mean(ends) + np.std(ends, ddof=1))
    assert min(last) == pytest.approx(np.mean(ends) - np.std(ends, ddof=1))
    assert len(now(canvas).seeds.get_segments()) == 3


def test_limits_grow_for_what_comes_and_never_shrink_until_they_are_fitted(session, canvas):
    chart = canvas.picture.charts[0]
    canvas.draw(session.scene)
    usual = chart.ax.get_ylim()
    session.run({**SETTINGS, "lr": 10.0})
    canvas.draw(session.scene)
    large = chart.ax.get_ylim()
    assert large[1] > usual[1] and np.isfinite(large).all()
    session.run(SETTINGS)
    session.run({**SETTINGS, "lr": 0.01})
    canvas.draw(session.scene)
    assert chart.ax.get_ylim() == large
    canvas.picture.fit()
    canvas.draw(session.scene)
    assert chart.ax.get_ylim()[1] < large[1]


def test_a_divergence_gets_a_cross_at_its_last_finite_point_its_number_and_no_star(session, canvas):
    session.run({**SETTINGS, "lr": 10.0})
    canvas.draw(seen(session, {"x": "iteration"}))
    chart = canvas.picture.charts[0]
    assert now(canvas).cross.get_xdata()[0] == session.scene.now.diverged[0] - 1
    assert f"at update {session.scene.now.diverged[0]}" in chart.arrow.get_text()
    assert len(now(canvas).star.get_xdata()) == 0
    session.run(SETTINGS)
    canvas.draw(seen(session, {"x": "iteration"}))
    assert len(now(canvas).cross.get_xdata()) == 0 and chart.arrow.get_text() == ""


@pytest.mark.parametrize(("key", "values"), [("loss", [1e6, 0.1]), ("log", [1e9, 0.0]), ("accuracy", [0.0, 1.0])])
def test_limits_stay_finite_and_bounded_whatever_comes(key, values):
    low, high = grown(None, values, key)
    assert np.isfinite([low, high]).all() and low < high <= 100


def test_a_logarithmic_axis_holds_a_loss_near_zero(session, canvas):
    session.run({**SETTINGS, "lr": 0.1, "epochs": 60})
    canvas.draw(seen(session, {"log": True}))
    chart = canvas.picture.charts[0]
    assert chart.ax.get_yscale() == "log"
    assert 0 < chart.ax.get_ylim()[0] <= max(min(session.scene.now.history["train_loss"]), 1e-5)


def test_pins_have_fixed_colors_and_dashes_that_survive_the_removal_of_others(session, canvas):
    for seed in (1, 2):
        session.run({**SETTINGS, "seed": seed})
        session.pin()
    canvas.draw(session.scene)
    limits = canvas.picture.charts[0].ax.get_ylim()
    session.unpin(0)
    canvas.draw(session.scene)
    assert canvas.picture.charts[0].ax.get_ylim() == limits
    trace = canvas.picture.charts[0].traces[1]
    assert len(trace.val.get_xdata()) == 7
    assert to_rgb(trace.val.get_color()) == to_rgb(SLOTS[1][0])
    assert len(canvas.picture.charts[0].traces[0].val.get_xdata()) == 0


def test_the_picture_is_the_same_when_others_draw_in_between(session, digits):
    alone, disturbed = (Canvas(Curves, digits[0]) for _ in range(2))
    alone.draw(session.scene)
    for _ in range(3):
        new_axes().plot([1, 2, 3])
        disturbed.draw(session.scene)
    assert disturbed.widget.value == alone.widget.value


def test_drawing_makes_no_new_artists(session, canvas):
    session.run({**SETTINGS, "lr": 0.01})
    canvas.draw(session.scene)  # two runs: the legend is there
    before = sum(len(ax.get_children()) for ax in canvas.figure.axes)
    for rate in (0.1, 0.3, 10.0, 0.05):
        session.run({**SETTINGS, "lr": rate})
        canvas.draw(seen(session, {"smoothing": 10}))
    assert sum(len(ax.get_children()) for ax in canvas.figure.axes) == before
