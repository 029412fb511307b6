"""Every picture keeps the pixels of what stands still, and shows what it would show if all were drawn anew."""

import pytest

from pigeon_lessons.panels.canvas import Canvas
from pigeon_lessons.panels.controls import CONTROLS
from pigeon_lessons.panels.session import Session
from tests.panels.declared import EXPLORERS


class Drawn:
    """A panel's session and the canvas that its scenes are drawn on, without the widgets around."""

    def __init__(self, explorer, digits):
        self.canvas = Canvas(explorer.picture, digits[0])
        self.settings = {name: value for name, value in explorer.controls.items() if CONTROLS[name].trains}
        self.settings["epochs"] = 2
        self.session = Session(explorer, *digits, list(self.settings), self.canvas.draw)
        self.apply({})

    def apply(self, changes):
        self.session.run({**self.settings, **changes})

    def move(self):
        """Go to a run of another momentum, or whatever there is, that needs no other axes."""
        name = next(name for name in ("momentum", "seed", "lr") if name in self.settings)
        steps = CONTROLS[name].choices
        self.apply({name: steps[steps.index(self.settings[name]) - 1]})


@pytest.fixture(params=sorted(EXPLORERS))
def drawn(request, digits):
    return Drawn(EXPLORERS[request.param], digits)


def test_what_is_drawn_over_kept_pixels_is_what_is_drawn_anew(drawn):
    before = drawn.canvas.png()
    drawn.move()
    kept = drawn.canvas.png()
    assert kept != before
    drawn.canvas.figure.stale = True
    assert drawn.canvas.png() == kept


def test_a_return_to_a_run_draws_no_axes_again(drawn):
    drawn.move()
    drawn.apply({})
    drawn.move()  # by now every limit has grown, and every legend is there
    events = []
    drawn.canvas.figure.canvas.mpl_connect("draw_event", events.append)
    drawn.apply({})
    drawn.move()
    assert events == []


def test_a_legend_with_other_words_draws_no_axes_again(digits):
    drawn, events = Drawn(EXPLORERS["training_curves"], digits), []
    drawn.apply({"seed": 2})
    drawn.canvas.figure.canvas.mpl_connect("draw_event", events.append)
    without = drawn.canvas.png()
    drawn.session.pin()
    drawn.apply({"seed": 3})
    legend = drawn.canvas.picture.charts[0].ax.get_legend()
    assert [text.get_text() for text in legend.get_texts()][:2] == ["now: seed 3", "A: seed 2"]
    assert drawn.canvas.png() != without
    assert events == []
