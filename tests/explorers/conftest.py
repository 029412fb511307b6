"""Small digits, so that a run takes a few hundredths of a second, and a way to see that every widget is gone."""

import ipywidgets
import pytest

from pigeon_lessons import load_mnist, split


@pytest.fixture(scope="session")
def digits():
    train, val, _ = split(load_mnist(), 128, 64)
    return train, val


@pytest.fixture(autouse=True)
def no_widget_is_left_behind():
    yield
    ipywidgets.Widget.close_all()
