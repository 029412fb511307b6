"""Claims about a picture: how it reaches a notebook, a terminal and a reader who cannot see it."""

import base64
import gc
import io
import pickle
import weakref
from html.parser import HTMLParser

import matplotlib
import pytest
from matplotlib.figure import Figure
from PIL import Image

from pigeon_lessons import plot_curves
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
        if self.lasttag != "style":
            self.text += data


def loss():
    return plot_curves({"Loss": [0.7, 0.2]})


def two_curves():
    return plot_curves({"Loss": [0.7, 0.2], "50 % & more": [1, 2]})


def two_axes():
    return [styled(ax) for ax in Figure().subplots(1, 2)]


def test_the_words_are_said_once_as_caption_and_a_short_title_stands_for_the_figure(capsys):
    data = loss()._repr_mimebundle_()
    shown = Elements(data["text/html"])
    assert list(shown.attributes) == ["figure", "style", "img", "figcaption"]
    assert data["text/plain"] == shown.text == "Loss falls from 0.7 to 0.2."
    assert shown.attributes["img"]["alt"] == "Loss (nats) over iterations (updates)"
    print(loss())
    assert capsys.readouterr().out == "Loss falls from 0.7 to 0.2.\n" and repr(loss()) == str(loss()) == loss().words


def test_words_that_look_like_html_are_escaped():
    label = '<img src=x onerror="alert(1)">'
    picture = plot_curves({label: [0.7, 0.2]}, ylabel=label)
    shown = Elements(picture.html())
    assert shown.attributes["img"]["alt"] == picture.title == f"{label} over iterations (updates)".capitalize()
    assert shown.text == picture.words and picture.words.startswith(label)


def test_html_and_the_readers_without_it_get_the_same_sharp_png_of_the_figures_size():
    data = loss()._repr_mimebundle_()
    attributes = Elements(data["text/html"]).attributes["img"]
    assert attributes["src"] == f"data:image/png;base64,{data['image/png']}"
    picture = Image.open(io.BytesIO(base64.b64decode(data["image/png"], validate=True)))
    picture.load()
    assert picture.format == "PNG" and picture.size == (7 * 160, round(3.4 * 160))
    assert "width: 672px" in attributes["style"] and "max-width: 100%" in attributes["style"]
    assert len(picture.getcolors(256)) > 2  # lines and letters, not an empty page


def test_showing_twice_gives_the_same_and_leaves_the_figure_as_it_was():
    picture = loss()
    dpi, canvas = picture.figure.dpi, picture.figure.canvas
    assert picture._repr_mimebundle_() == picture._repr_mimebundle_() == loss()._repr_mimebundle_()
    assert picture.figure.dpi == dpi and picture.figure.canvas is canvas


@pytest.mark.parametrize("own", [{"text.usetex": True}, {"savefig.bbox": "tight"}])
def test_what_a_reader_has_set_for_figures_of_their_own_takes_no_picture_away(own):
    usual = Image.open(io.BytesIO(two_curves().png()))
    with matplotlib.rc_context(own):
        drawn = Image.open(io.BytesIO(two_curves().png()))
        assert drawn.size == usual.size and drawn.convert("L").histogram()[0] > 0.8 * usual.convert("L").histogram()[0]
        assert {name: matplotlib.rcParams[name] for name in own} == own


def test_a_picture_on_one_of_several_axes_shows_the_whole_figure_with_all_that_was_said():
    left, right = two_axes()
    plot_curves({"Right": [0.2, 0.7]}, ylabel="accuracy", ax=right)
    picture = plot_curves({"Left": [0.7, 0.2]}, ax=left)
    assert picture.ax is left and picture.figure is left.figure is right.figure
    assert picture.words == "Left falls from 0.7 to 0.2. Right rises from 0.2 to 0.7."
    assert picture.title == "Loss (nats) over iterations (updates); Accuracy over iterations (updates)"


def test_curves_laid_over_each_other_are_all_described_and_a_title_is_said_once():
    ax, _ = two_axes()
    plot_curves({"One": [0.7, 0.2]}, ax=ax)
    picture = plot_curves({"Two": [0.2, 0.7]}, ax=ax)
    assert picture.words == "One falls from 0.7 to 0.2. Two rises from 0.2 to 0.7."
    assert picture.title == "Loss (nats) over iterations (updates)"


def test_words_go_where_their_axes_go():
    picture = loss()
    assert pickle.loads(pickle.dumps(picture)).words == picture.words  # noqa: S301
    picture.ax.clear()
    assert picture.words == ""


def test_a_subfigure_belongs_to_a_picture_of_the_whole():
    figure = Figure()
    left, right = (styled(part.add_subplot()) for part in figure.subfigures(1, 2))
    plot_curves({"Left": [0.7, 0.2]}, ax=left)
    assert plot_curves({"Right": [0.2, 0.7]}, ax=right).figure is figure
    assert loss().words not in plot_curves({"More": [1, 2]}, ax=right).words
    assert len(Elements(plot_curves({"More": [1, 2]}, ax=right).html()).text) > 100


def test_a_figure_is_freed_with_its_picture():
    picture = loss()
    picture._repr_mimebundle_()
    figure = weakref.ref(picture.figure)
    del picture
    gc.collect()
    assert figure() is None
