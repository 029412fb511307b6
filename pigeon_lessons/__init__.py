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
    "plot_bands": "pictures.curves",
    "plot_by_iteration_and_epoch": "pictures.curves",
    "plot_curves": "pictures.curves",
    "plot_digits": "pictures.digits",
    "plot_gallery": "pictures.gallery",
    "plot_history": "pictures.curves",
    "plot_intervals": "pictures.measured",
    "plot_ladder": "pictures.rates",
    "plot_running_average": "pictures.curves",
    "plot_steps": "pictures.rates",
    "plot_search": "pictures.search",
    "plot_sigmoid_and_loss": "pictures.logits",
    "plot_spread": "pictures.measured",
    "plot_weights": "pictures.digits",
    "predict": "questions",
    "progress": "questions",
    "quiz": "questions",
    "reveal": "questions",
    "running_average": "pictures.curves",
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
