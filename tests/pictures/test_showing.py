"""Claims about how a figure reaches a notebook: one picture, its words as alternative text and caption."""

import base64
import io
from html.parser import HTMLParser

import pytest
from matplotlib.figure import Figure
from PIL import Image

from pigeon_lessons import plot_curves, show
from pigeon_lessons.pictures.showing import _Picture
from pigeon_lessons.pictures.style import styled


class Elements(HTMLParser):
    """The elements of some HTML, and its text."""

    def __init__(self, html):
        super().__init__()
        self.attributes, self.text = {}, ""
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        assert tag not in self.attributes, f"a second <{tag}>: something was not escaped"
        self.attributes[tag] = dict(attributes)

    def handle_data(self, data):
        self.text += data


def displayed(ax):
    return Elements(_Picture(ax.figure)._repr_html_())


def test_the_words_are_alternative_text_caption_and_plain_text(capsys):
    ax = plot_curves({"Loss": [0.7, 0.2]})
    shown = displayed(ax)
    assert shown.attributes["img"]["alt"] == shown.text == ax.words == "Loss falls from 0.7 to 0.2."
    assert list(shown.attributes) == ["figure", "img", "figcaption"]
    assert show(ax) is None
    assert capsys.readouterr().out == ax.words + "\n"


def test_words_that_look_like_html_are_escaped():
    ax = plot_curves({'<b>"a" & b</b>': [0.7, 0.2]})
    shown = displayed(ax)
    assert shown.attributes["img"]["alt"] == shown.text == ax.words
    assert ax.words.startswith('<b>"a" & b</b> falls')


def test_the_picture_is_a_sharp_png_of_the_figures_size():
    ax = plot_curves({"Loss": [0.7, 0.2]})
    attributes = displayed(ax).attributes["img"]
    kind, data = attributes["src"].split(",")
    picture = Image.open(io.BytesIO(base64.b64decode(data, validate=True)))
    picture.load()
    assert kind == "data:image/png;base64" and picture.format == "PNG"
    assert picture.size == (7 * 160, round(3.4 * 160))
    assert "width: 672px" in attributes["style"] and "max-width: 100%" in attributes["style"]
    assert len(picture.getcolors(256)) > 2  # lines and letters, not an empty page


def test_showing_twice_gives_the_same_and_leaves_the_figure_as_it_was():
    ax = plot_curves({"Loss": [0.7, 0.2]})
    dpi, canvas = ax.figure.dpi, ax.figure.canvas
    assert _Picture(ax.figure)._repr_html_() == _Picture(ax.figure)._repr_html_()
    assert ax.figure.dpi == dpi and ax.figure.canvas is canvas


def test_all_axes_of_a_figure_are_described():
    figure = Figure()
    left, right = (styled(ax) for ax in figure.subplots(1, 2))
    plot_curves({"Left": [0.7, 0.2]}, ax=left)
    plot_curves({"Right": [0.2, 0.7]}, ax=right)
    assert displayed(left).text == "Left falls from 0.7 to 0.2. Right rises from 0.2 to 0.7."


@pytest.mark.parametrize(("ax", "error", "words"), [
    (None, TypeError, "ax must be Axes, .* got NoneType; write show"),
    (Figure(), TypeError, "ax must be Axes, .* got Figure; write show"),
    (Figure().add_subplot(), ValueError, "ax must carry a description, .* set ax.words"),
])
def test_what_cannot_be_described_is_refused(ax, error, words):
    with pytest.raises(error, match=words):
        show(ax)
