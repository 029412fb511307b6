"""The panel of chapter 04: runs pinned and compared."""

from pigeon_lessons.panels.curves import Curves
from pigeon_lessons.panels.declare import Challenge, Explorer, Preset

EXPLORER = Explorer(
    name="training_curves",
    title="Training curves",
    intro="Pin a run, change one setting, compare. Solid lines are the training images, dashed ones the validation.",
    controls={"lr": 0.005, "batch_size": 32, "momentum": 0.9, "epochs": 15, "seed": 1, "repeats": 1,
              "evaluate_every": 0, "x": "epoch", "smoothing": 0, "log": False},
    presets=(
        Preset("noisy", "Batches of 1: one image decides each update, and the batch losses jump.",
               {"batch_size": 1, "lr": 0.001, "epochs": 1, "smoothing": 50, "evaluate_every": 10}),
        Preset("calm", "Batches of 256 at a larger rate: fewer updates, and a smooth curve.",
               {"batch_size": 256, "lr": 0.05, "smoothing": 1}),
        Preset("five seeds", "The same setting with five seeds: the band is what chance alone does.",
               {"repeats": 5}),
    ),
    challenges=(Challenge("Batch size 32, momentum 0.9, one epoch: bring the training loss below 0.30, "
                          "as the mean of five seeds at once.",
                          {"batch_size": 32, "momentum": 0.9, "epochs": 1, "repeats": 5},
                          ({"of": "column", "name": "train_loss", "seeds": "mean", "below": 0.3},)),),
    picture=Curves,
)
