"""The panel of chapter 03: the length of a step."""

from pigeon_lessons.chapters.learning_rate.picture import Stepping
from pigeon_lessons.panels.declare import Challenge, Explorer, Prediction, Preset, reaches

EXPLORER = Explorer(
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
        "The learning rate is 0.005 now. With one ten times as large, 0.05, the training loss falls …",
        {"faster": "Ten times the step takes the loss much farther in the same number of updates.",
         "slower": "Steps this long would have to overshoot.",
         "not at all: it diverges": "That takes much longer steps still: try 3."},
        {"lr": 0.05},
        lambda scene: "not at all: it diverges" if scene.now.diverged_at is not None
        else "faster" if scene.now.history["train_loss"][-1] < 0.15 else "slower"),
    challenges=(Challenge("Reach 95 % validation accuracy within 5 epochs.", reaches(0.95, updates=160)),),
    picture=Stepping,
)
