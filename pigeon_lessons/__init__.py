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
from pigeon_lessons.searching import SearchResult, search
from pigeon_lessons.sweeping import Sweep, sweep
from pigeon_lessons.training import Trainer
from pigeon_lessons.words import describe

__version__ = "0.1.0"

_ON_FIRST_USE = {
    "panels": ("explore",),
    "pictures.curves": ("plot_bands", "plot_curves", "plot_history", "plot_running_average", "running_average"),
    "pictures.digits": ("plot_digits", "plot_weights"),
    "pictures.measured": ("plot_intervals", "plot_spread"),
    "pictures.rates": ("plot_ladder", "plot_steps"),
    "pictures.search": ("plot_search",),
    "pictures.side_by_side": ("plot_by_iteration_and_epoch", "plot_gallery", "plot_sigmoid_and_loss"),
    "questions": ("check", "hint", "predict", "progress", "quiz", "reveal", "solution"),
}
_ROOM_OF = {name: room for room, names in _ON_FIRST_USE.items() for name in names}

__all__ = [
    "CheckpointError", "Digits", "History", "Pigeon", "SearchResult", "Sweep", "Trainer", "describe", "evaluate",
    "grid", "integer", "load_checkpoint", "load_mnist", "log_uniform", "sample", "save_checkpoint", "search", "split",
    "sweep", "uniform",
    *_ROOM_OF,
]


def __getattr__(name):
    if name not in _ROOM_OF:
        raise AttributeError(f"module 'pigeon_lessons' has no attribute {name!r}")
    value = getattr(importlib.import_module(f"pigeon_lessons.{_ROOM_OF[name]}"), name)
    globals()[name] = value
    return value


def __dir__():
    return sorted(set(globals()) | set(__all__))
