"""Every picture keeps the pixels of what stands still, and shows what it would show if all were drawn anew."""

import pytest

from pigeon_lessons import explore
from tests.panels.declared import EXPLORERS


@pytest.fixture(params=sorted(EXPLORERS))
def panel(request, digits):
    panel = explore(request.param, *digits, epochs=2)
    yield panel
    panel.close()


def move(panel):
    """Take the panel to a run of another momentum, or whatever it offers, that needs no other axes."""
    name = next(name for name in ("momentum", "seed", "lr") if name in panel.controls)
    control = panel.controls[name]
    values = [value for _, value in control.options]
    panel.apply({name: values[values.index(control.value) - 1]})


def test_what_is_drawn_over_kept_pixels_is_what_is_drawn_anew(panel):
    canvas, before = panel._canvas, panel._canvas.png()
    move(panel)
    kept = canvas.png()
    assert kept != before
    canvas.figure.stale = True
    assert canvas.png() == kept


def test_a_return_to_a_run_draws_no_axes_again(panel):
    home = panel.settings
    move(panel)
    panel.apply(home)
    move(panel)  # by now every limit has grown, and every legend is there
    drawn = []
    panel._canvas.figure.canvas.mpl_connect("draw_event", drawn.append)
    panel.apply(home)
    move(panel)
    assert drawn == []


def test_a_legend_with_other_words_draws_no_axes_again(digits):
    panel = explore("training_curves", *digits, epochs=2)
    panel.apply({"seed": 2})
    drawn = []
    panel._canvas.figure.canvas.mpl_connect("draw_event", drawn.append)
    without = panel._canvas.png()
    panel.pin()
    panel.apply({"seed": 3})
    legend = panel._canvas.picture.charts[0].ax.get_legend()
    assert [text.get_text() for text in legend.get_texts()][:2] == ["now: seed 3", "A: seed 2"]
    assert panel._canvas.png() != without
    assert drawn == []
