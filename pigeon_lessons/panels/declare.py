"""The words in which an explorer is declared: its controls, presets, prediction, challenges and picture.

Plain data. The catalog is written in these words; the panel reads them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import inf

from pigeon_lessons.history import highest
from pigeon_lessons.panels.runs import Run


@dataclass(frozen=True)
class Preset:
    """A setting worth seeing: its short `name` on a button, the `story` it tells, the `settings` it makes."""

    name: str
    story: str
    settings: dict


@dataclass(frozen=True)
class Prediction:
    """A question to commit to before the run that answers it.

    `answers` maps each answer to why it is right or wrong; `settings` are what the question asks about;
    `outcome(scene)` returns the answer that came true for them, from what was measured.
    """

    question: str
    answers: dict
    settings: dict
    outcome: Callable


@dataclass(frozen=True)
class Challenge:
    """Something to reach with the sliders; `is_met(result)` says whether a finished `Result` reaches it."""

    text: str
    is_met: Callable


@dataclass(frozen=True)
class Explorer:
    """One chapter's panel.

    `controls` maps the names it shows to where they start; `picture` draws the scene; `run` trains;
    `has_leaderboard`: whether the student's best runs are listed.
    """

    title: str
    intro: str
    controls: dict
    presets: tuple
    picture: type
    prediction: Prediction | None = None
    challenges: tuple = ()
    run: type = Run
    has_leaderboard: bool = False


def reaches(accuracy, *, updates):
    """Return a challenge's test: is there validation accuracy of at least `accuracy`, within that many updates?"""
    return lambda result: highest(result.history, updates) >= accuracy


def has(result, **settings):
    """Return whether the run has these settings."""
    return all(result.settings[name] == value for name, value in settings.items())


def val_losses(history):
    """Return the validation losses of a run; where there were no digits to validate with, one that meets nothing."""
    return history.get("val_loss", [inf])
