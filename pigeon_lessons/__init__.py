"""Pigeon Lessons: the helper package behind the notebooks on how a neural network is trained.

The training core is here at once and costs no more to import than torch; what draws or asks
a question is imported on first use.
"""

import importlib

from pigeon_lessons.candidates import grid, integer, log_uniform, sample, uniform
from pigeon_lessons.checkpoint import CheckpointError, load_checkpoint, save_checkpoint
from pigeon_lessons.data import load_mnist, split
from pigeon_lessons.digits import Digits
from pigeon_lessons.evaluating import evaluate
from pigeon_lessons.history import History
from pigeon_lessons.model import Pigeon
from pigeon_lessons.searching import search
from pigeon_lessons.sweeping import Sweep, sweep
from pigeon_lessons.training import Trainer
from pigeon_lessons.trials import SearchResult
from pigeon_lessons.words import describe

__version__ = "0.1.0"

_ON_FIRST_USE = {
    "check": "questions",
    "explore": "panels",
    "hint": "questions",
    "plot_bands": "pictures",
    "plot_by_iteration_and_epoch": "pictures",
    "plot_curves": "pictures",
    "plot_digits": "pictures",
    "plot_gallery": "pictures",
    "plot_history": "pictures",
    "plot_intervals": "pictures",
    "plot_ladder": "pictures",
    "plot_running_average": "pictures",
    "plot_steps": "pictures",
    "plot_search": "pictures",
    "plot_sigmoid_and_loss": "pictures",
    "plot_spread": "pictures",
    "plot_weights": "pictures",
    "predict": "questions",
    "quiz": "questions",
    "reveal": "questions",
    "running_average": "pictures",
    "solution": "questions",
}

__all__ = [
    "CheckpointError", "Digits", "History", "Pigeon", "SearchResult", "Sweep", "Trainer", "describe", "evaluate",
    "grid", "integer", "load_checkpoint", "load_mnist", "log_uniform", "sample", "save_checkpoint", "search", "split",
    "sweep", "uniform",
    *_ON_FIRST_USE,
]


def __getattr__(name):
    if name not in _ON_FIRST_USE:
        raise AttributeError(f"module 'pigeon_lessons' has no attribute {name!r}")
    value = getattr(importlib.import_module(f"pigeon_lessons.{_ON_FIRST_USE[name]}"), name)
    globals()[name] = value
    return value


def __dir__():
    return sorted(set(globals()) | set(__all__))
