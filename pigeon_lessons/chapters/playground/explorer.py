"""The panel of chapter 08: all controls, and the challenges."""

from pigeon_lessons.panels.curves import Curves
from pigeon_lessons.panels.declare import Challenge, Explorer, Preset

ENDING = {"of": "column", "name": "val_accuracy", "seeds": "mean"}

EXPLORER = Explorer(
    name="playground",
    title="Playground",
    intro="All controls are yours. Your best runs are listed below; five challenges wait, "
          "each for the mean of ten seeds.",
    controls={"lr": 0.005, "batch_size": 32, "momentum": 0.9, "decay": 1.0, "weight_decay": 0.0, "num_hidden": 30,
              "train_images": 1024, "epochs": 15, "seed": 1, "repeats": 1, "x": "epoch", "smoothing": 0, "log": False},
    presets=(
        Preset("where we began", "Single images, learning rate 0.005: chapter 0.", {"batch_size": 1, "epochs": 1}),
        Preset("large and long", "60 units, rate 0.05, 50 epochs.", {"num_hidden": 60, "lr": 0.05, "epochs": 50}),
    ),
    challenges=(
        Challenge("Within 200 updates, end at 96.5 % validation accuracy or better.", {"repeats": 10},
                  ({"of": "run", "name": "updates", "at_most": 200}, {**ENDING, "at_least": 0.965})),
        Challenge("With only 128 training images, reach 92 % at the best moment of each run.", {"repeats": 10},
                  ({"of": "setting", "name": "train_images", "at_most": 128},
                   {**ENDING, "take": "highest", "at_least": 0.92})),
        Challenge("At a learning rate of 0.001 or less, end at 92 % within 500 updates.", {"repeats": 10},
                  ({"of": "setting", "name": "lr", "at_most": 0.001}, {"of": "run", "name": "updates", "at_most": 500},
                   {**ENDING, "at_least": 0.92})),
        Challenge("At a learning rate of 1 or more, end at 96 %.", {"repeats": 10},
                  ({"of": "setting", "name": "lr", "at_least": 1}, {**ENDING, "at_least": 0.96})),
        Challenge("After 50 epochs or more, end with a validation loss below 0.115.", {"repeats": 10},
                  ({"of": "setting", "name": "epochs", "at_least": 50},
                   {**ENDING, "name": "val_loss", "below": 0.115}))),
    picture=Curves,
    has_leaderboard=True,
)
