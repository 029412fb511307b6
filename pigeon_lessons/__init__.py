"""Pigeon Lessons: the helper package behind the notebooks on how a neural network is trained.

The training core is here at once and costs no more to import than torch; what draws, shows a
figure or asks a question is imported on first use.
"""

import importlib

from pigeon_lessons.candidates import grid, integer, log_uniform, sample, uniform
from pigeon_lessons.checkpoint import CheckpointError, load_checkpoint, save_checkpoint
from pigeon_lessons.data import Digits, load_mnist, split
from pigeon_lessons.describe import describe
from pigeon_lessons.history import History
from pigeon_lessons.model import Pigeon
from pigeon_lessons.search import search
from pigeon_lessons.sweep import Sweep, sweep
from pigeon_lessons.training import Trainer, evaluate
from pigeon_lessons.trials import SearchResult

__version__ = "0.1.0"

_ON_FIRST_USE = {
    "check": "exercises",
    "explore": "explorers",
    "hint": "exercises",
    "plot_bands": "plots",
    "plot_by_iteration_and_epoch": "plots",
    "plot_curves": "plots",
    "plot_digits": "plots",
    "plot_gallery": "plots",
    "plot_history": "plots",
    "plot_intervals": "plots",
    "plot_ladder": "plots",
    "plot_running_average": "plots",
    "plot_steps": "plots",
    "plot_search": "plots",
    "plot_sigmoid_and_loss": "plots",
    "plot_spread": "plots",
    "plot_weights": "plots",
    "predict": "exercises",
    "quiz": "exercises",
    "reveal": "exercises",
    "running_average": "plots",
    "show": "showing",
    "solution": "exercises",
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
