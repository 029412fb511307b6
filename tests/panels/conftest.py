"""A way to see that every widget is gone; and runs cut into the smallest slices there are."""

import ipywidgets
import pytest

from pigeon_lessons.panels.runs import SweepRun


@pytest.fixture(autouse=True)
def no_widget_is_left_behind():
    yield
    ipywidgets.Widget.close_all()


@pytest.fixture
def every_block(monkeypatch):
    """A sweep yields after every block of updates, not only when some time is over."""
    slices = SweepRun.slices
    monkeypatch.setattr(SweepRun, "slices", lambda run, epoch: slices(run, epoch, budget_ms=0))


@pytest.fixture(autouse=True)
def a_student_without_a_past(tmp_path, monkeypatch):
    monkeypatch.setenv("PIGEON_LESSONS_HOME", str(tmp_path))
