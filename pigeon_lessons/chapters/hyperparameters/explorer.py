"""The panel of chapter 06: bands over seeds, and a map that fills."""

from pigeon_lessons.chapters.hyperparameters.picture import Heatmap
from pigeon_lessons.panels.declare import Challenge, Explorer, Preset

EXPLORER = Explorer(
    name="hyperparameters",
    title="Hyper-parameters and seeds",
    intro="A band is one setting with several seeds: mean and standard deviation. Which change moves it most?",
    controls={"num_hidden": 30, "lr": 0.005, "batch_size": 32, "epochs": 15, "seed": 1, "repeats": 5},
    presets=(
        Preset("15 units", "Half the units: the band hardly moves.", {"num_hidden": 15}),
        Preset("60 units", "Twice the units: it hardly moves either.", {"num_hidden": 60}),
        Preset("larger rate", "The learning rate matters more than the size.", {"lr": 0.05}),
        Preset("both", "60 units at the larger rate: little is added.", {"num_hidden": 60, "lr": 0.05}),
    ),
    challenges=(Challenge("With only 5 hidden units, bring the validation loss below 0.19, "
                          "as the mean of five seeds.",
                          {"num_hidden": 5, "repeats": 5},
                          ({"of": "column", "name": "val_loss", "seeds": "mean", "below": 0.19},)),),
    picture=Heatmap,
)
