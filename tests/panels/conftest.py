"""A way to see that every widget is gone."""

import ipywidgets
import pytest


@pytest.fixture(autouse=True)
def no_widget_is_left_behind():
    yield
    ipywidgets.Widget.close_all()
