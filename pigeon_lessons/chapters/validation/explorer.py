"""The panel of chapter 05: learning against memorizing."""

from pigeon_lessons.panels.curves import Curves
from pigeon_lessons.panels.declare import Challenge, Explorer, Preset

EXPLORER = Explorer(
    name="validation",
    title="Learning or memorizing",
    intro="Give the Pigeon fewer images, or more epochs, and watch the two curves part.",
    controls={"train_images": 1024, "num_hidden": 30, "lr": 0.05, "weight_decay": 0.0, "epochs": 15, "seed": 1,
              "repeats": 1},
    presets=(
        Preset("memorizing", "64 images are learned by heart within a few epochs; new ones are not.",
               {"train_images": 64, "epochs": 50}),
        Preset("too long", "60 units and 100 epochs: the training loss falls on, the validation loss turns.",
               {"num_hidden": 60, "epochs": 100}),
        Preset("stopped early", "The same Pigeon after 10 epochs, when its validation loss has hardly turned yet.",
               {"num_hidden": 60, "epochs": 10}),
    ),
    challenges=(Challenge("With 256 training images, bring the lowest validation loss below 0.215, "
                          "as the mean of seeds 1, 2 and 3.",
                          {"train_images": 256, "seed": 1, "repeats": 3},
                          ({"of": "column", "name": "val_loss", "take": "lowest", "seeds": "mean", "below": 0.215},)),),
    picture=Curves,
)
