"""Claims about plot functions given anything: they draw it, or say in one sentence of ours why they cannot."""

import traceback
from copy import deepcopy
from fractions import Fraction

import matplotlib
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

import pigeon_lessons
from pigeon_lessons import History, Pigeon, SearchResult, grid, load_mnist, plot_curves
from pigeon_lessons.pictures.measured import plot_guess
from pigeon_lessons.pictures.picture import Picture
from pigeon_lessons.pictures.style import new_axes

pytestmark = [pytest.mark.usefixtures("no_figure_stays_behind"), pytest.mark.filterwarnings("ignore")]
NAN, INF, HUGE = float("nan"), float("inf"), 1e308
DIGITS = load_mnist()[:4]
RUN = History({"iteration": [0, 1], "epoch": [0, 1], "train_loss": [0.7, 0.4], "val_loss": [0.7, 0.5]})
WILD = History({"iteration": [0, 1], "epoch": [0, 1], "train_loss": [HUGE, -HUGE], "val_loss": [NAN, INF]})
RATES, SHEET = grid(lr=[0.1, 0.2]), grid(lr=[0.1, 0.2], momentum=[0, 0.5])
FOUND = [SearchResult(candidates, [{"candidate": index, "val_loss": 0.5 / (index + 1)} for index in range(tried)],
                      "val_loss") for candidates, tried in ((RATES, 2), (RATES, 1), (SHEET, 4), (RATES[:1], 1))]

EXAMPLES = {
    "plot_history": {"history": RUN, "metric": "loss", "x": "epoch"},
    "plot_curves": {"curves": {"a": [1, 2, 3], "b": ([0, 1], [1, 2])}, "xlabel": "x", "ylabel": "y"},
    "plot_running_average": {"values": [3.0, 1.0, 2.0], "window": 2, "skip": 0},
    "plot_by_iteration_and_epoch": {"runs": {"a": RUN}, "metric": "train_loss"},
    "plot_bands": {"runs": {"a": [RUN, RUN]}, "metric": "val_loss", "x": "epoch"},
    "plot_digits": {"digits": DIGITS, "answers": [0.1, 0.9, 0.5, 0.2], "columns": 8},
    "plot_weights": {"model": Pigeon(4, seed=1)},
    "plot_gallery": {"curves": {"A": [1.0, 2.0, 3.0, 4.0, 5.0]}},
    "plot_steps": {"rates": [0, 1, 2], "losses": [0.7, 0.6, 0.8], "steps": [1, 2]},
    "plot_ladder": {"ends": {"SGD": {0.1: 0.2, 1: 0.15}}, "goal": 0.25},
    "plot_spread": {"spreads": {1: 2.0, 4: 1.0}},
    "plot_guess": {"guess": 40, "measured": 25, "low": 0, "high": 100, "unit": "%"},
    "plot_intervals": {"intervals": {"test": (0.9, 0.92, 0.94)}},
    "plot_search": {"result": FOUND[0]},
    "plot_sigmoid_and_loss": {},
}
WITHOUT_AX = {"plot_by_iteration_and_epoch", "plot_gallery", "plot_sigmoid_and_loss"}

labels = st.one_of(st.text(max_size=12), st.sampled_from(
    ["$x^2$", "$\\frac{", "<img src=x onerror=alert(1)>", "_hidden", "a\nb", "\0", "\ud800", "x" * 300, "", 7, 0.1]))
numbers = st.one_of(st.floats(width=64), st.integers(), st.sampled_from(
    [True, None, "0.5", 1j, 10**400, Fraction(1, 2), np.float32(0.5), np.int64(2), torch.tensor(0.5)]))
arrays = st.sampled_from([range(5), np.ones(5), np.ones((2, 2)), np.array("a"), torch.ones(5, requires_grad=True),
                          torch.ones(4).bfloat16()])
lists = st.one_of(st.lists(numbers, max_size=6), st.lists(st.floats(0, 1), max_size=6), arrays)
things = st.sampled_from([None, object(), len, b"b", {1, 2}, History(), RUN, WILD, [RUN], [RUN, WILD], [RUN, None],
                          DIGITS, DIGITS[:0], load_mnist()[:65], Pigeon(70, seed=1), torch.nn.Linear(3, 3), *FOUND])
inner = st.one_of(labels, numbers, lists, things, st.tuples(lists, lists),
                  st.dictionaries(numbers.filter(bool), numbers, max_size=3))
anything = st.one_of(inner, st.dictionaries(labels, inner, max_size=4), st.dictionaries(labels, lists, max_size=4))


def plot(name):
    return plot_guess if name == "plot_guess" else getattr(pigeon_lessons, name)


@pytest.mark.parametrize("name", EXAMPLES)
@settings(max_examples=60, derandomize=True)
@given(data=st.data())
def test_whatever_it_is_given_it_draws_or_says_what_is_wrong_and_what_to_do(name, data):
    arguments = dict(EXAMPLES[name])
    for spoiled in data.draw(st.sets(st.sampled_from(sorted(arguments)), min_size=1)) if arguments else ():
        arguments[spoiled] = data.draw(anything)
    before = deepcopy(dict(matplotlib.rcParams)), torch.get_rng_state()
    try:
        picture = plot(name)(**arguments)
        assert isinstance(picture, Picture) and picture.words and picture.title
        assert picture._repr_mimebundle_()["text/html"].count("<img") == 1
    except (TypeError, ValueError, KeyError) as error:
        assert "/pigeon_lessons/" in traceback.extract_tb(error.__traceback__)[-1].filename.replace("\\", "/"), error
        assert ("got " in str(error) and "; " in str(error)) or isinstance(error, KeyError), error
    assert dict(matplotlib.rcParams) == before[0] and (torch.get_rng_state() == before[1]).all()


@pytest.mark.parametrize("name", sorted(EXAMPLES.keys() - WITHOUT_AX))
@pytest.mark.parametrize("ax", ["left", 3, new_axes().figure, plot_curves({"a": [1]})])
def test_what_is_no_axes_is_refused(name, ax):
    with pytest.raises(TypeError, match=r"ax must be matplotlib Axes, got .*; leave it out, or give a picture's \.ax"):
        plot(name)(**EXAMPLES[name], ax=ax)


def test_labels_stand_in_the_figure_as_they_are_and_long_ones_shortened():
    ax = plot_curves({"$x^2$": [1, 2], "_hidden": [2, 1], "b" * 300: [3, 3]}, ylabel="$y$").ax
    texts = [*ax.get_legend().get_texts(), ax.yaxis.label]
    assert [text.get_text() for text in texts] == ["$x^2$", " _hidden", "b" * 47 + "…", "$y$"]
    assert not any(text.get_parse_math() for text in texts)


def test_a_legend_names_no_more_curves_than_there_is_room_for():
    picture = plot_curves({f"run {index}": [1, 2] for index in range(60)})
    assert len(picture.ax.lines) == 60 and len(picture.ax.get_legend().get_texts()) == 18
    assert picture.words.count("rises") == 60
