"""The panel of chapter 08: all controls, and the challenges."""

from pigeon_lessons.panels.curves import Curves
from pigeon_lessons.panels.declare import Challenge, Explorer, Preset

EXPLORER = Explorer(
    name="playground",
    title="Playground",
    intro="All controls are yours. Your best runs are listed below; five challenges wait to be met.",
    controls={"lr": 0.005, "batch_size": 32, "momentum": 0.9, "decay": 1.0, "num_hidden": 30, "train_images": 1024,
              "epochs": 15, "seed": 1, "repeats": 1, "x": "epoch", "smoothing": 0, "log": False},
    presets=(
        Preset("where we began", "Single images, learning rate 0.005: chapter 0.", {"batch_size": 1, "epochs": 1}),
        Preset("large and long", "60 units, rate 0.05, 50 epochs.", {"num_hidden": 60, "lr": 0.05, "epochs": 50}),
    ),
    challenges=(
        Challenge("Reach 96 % validation accuracy within 200 updates.", {},
                  ({"of": "column", "name": "val_accuracy", "take": "highest", "within": 200, "at_least": 0.96},)),
        Challenge("Reach 90 % with only 128 training images.", {},
                  ({"of": "setting", "name": "train_images", "at_most": 128},
                   {"of": "column", "name": "val_accuracy", "take": "highest", "at_least": 0.9})),
        Challenge("End at 92 % or better on average over ten seeds, with no more than 2 hidden units.", {"repeats": 10},
                  ({"of": "setting", "name": "num_hidden", "at_most": 2},
                   {"of": "column", "name": "val_accuracy", "seeds": "mean", "at_least": 0.92})),
        Challenge("Make the loss diverge without momentum.", {"momentum": 0},
                  ({"of": "run", "name": "diverged", "equals": True},)),
        Challenge("End at 96 % or better on average over ten seeds.", {"repeats": 10},
                  ({"of": "column", "name": "val_accuracy", "seeds": "mean", "at_least": 0.96},))),
    picture=Curves,
    has_leaderboard=True,
)
