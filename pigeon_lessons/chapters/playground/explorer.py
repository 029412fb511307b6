"""The panel of chapter 08: all controls, and the challenges."""

from pigeon_lessons.chapters.playground.questions import GOALS
from pigeon_lessons.panels.curves import Curves
from pigeon_lessons.panels.declare import Challenge, Explorer, Preset


def challenge(goal):
    """Return one of the chapter's goals, which its exercises check as well, as a panel's challenge."""
    return Challenge(goal.text, lambda result: goal.shortfall(result.settings, result.histories) is None)


EXPLORER = Explorer(
    title="Playground",
    intro="All controls are yours. Your best runs are listed below; five challenges wait to be met.",
    controls={"lr": 0.005, "batch_size": 32, "momentum": 0.9, "decay": 1.0, "num_hidden": 30, "train_images": 1024,
              "epochs": 15, "seed": 1, "repeats": 1, "x": "epoch", "smoothing": 0, "log": False},
    presets=(
        Preset("where we began", "Single images, learning rate 0.005: chapter 0.", {"batch_size": 1, "epochs": 1}),
        Preset("large and long", "60 units, rate 0.05, 50 epochs.", {"num_hidden": 60, "lr": 0.05, "epochs": 50}),
    ),
    challenges=tuple(challenge(goal) for goal in GOALS),
    picture=Curves,
    has_leaderboard=True,
)
