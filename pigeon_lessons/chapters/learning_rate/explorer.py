"""The panel of chapter 03: the length of a step."""

from pigeon_lessons.chapters.learning_rate.picture import Stepping
from pigeon_lessons.panels.declare import Challenge, Explorer, Prediction, Preset

EXPLORER = Explorer(
    name="learning_rate",
    title="The learning rate",
    intro="How long should a step be? Move the slider: the Pigeon is trained anew, and its curves are redrawn.",
    controls={"lr": 0.005, "momentum": 0.9, "decay": 1.0, "batch_size": 32, "epochs": 15, "seed": 1,
              "stage": 0},
    presets=(
        Preset("too small", "Each step is so short that 15 epochs do not get far.", {"lr": 0.0001}),
        Preset("fitting", "The loss falls fast, and the validation loss with it.", {"lr": 0.05}),
        Preset("too large", "Each step jumps over the valley; soon every hidden unit is off, "
               "and the Pigeon answers “no” to everything.", {"lr": 3.0}),
    ),
    prediction=Prediction(
        "A learning rate of 0.05 instead of 0.005, ten times as large: the training loss then falls …",
        premise={"lr": 0.005}, settings={"lr": 0.05},
        answers={"faster": "Ten times the step takes the loss much farther in the same number of updates.",
                 "slower": "Steps this long would have to overshoot.",
                 "not at all: it diverges": "That takes much longer steps still: try 3."},
        outcomes={"not at all: it diverges": ({"of": "run", "name": "diverged", "equals": True},),
                  "faster": ({"of": "column", "name": "train_loss", "minus": "premise", "below": 0},),
                  "slower": ()}),
    challenges=(Challenge("Without momentum, reach 94 % validation accuracy within 160 updates.", {"momentum": 0},
                          ({"of": "column", "name": "val_accuracy", "take": "highest", "within": 160,
                            "at_least": 0.94},)),),
    picture=Stepping,
)
