"""The panel of chapter 02: iterations and epochs, on both x-axes."""

from pigeon_lessons.chapters.epochs.picture import BothClocks
from pigeon_lessons.panels.declare import Challenge, Explorer, Preset

EXPLORER = Explorer(
    name="epochs",
    title="Iterations and epochs",
    intro="One epoch uses every training image once; one iteration is one update of the weights.",
    controls={"train_images": 1024, "batch_size": 32, "epochs": 3, "lr": 0.005},
    presets=(
        Preset("one by one", "Batches of 1: 1,024 updates in one epoch.", {"batch_size": 1, "epochs": 1}),
        Preset("all at once", "One batch of all images: an epoch is a single update.",
               {"batch_size": 1024, "epochs": 30}),
        Preset("a remainder", "1,000 images are 31 batches of 32, and a last one of 8.", {"train_images": 1000}),
    ),
    challenges=(Challenge("Reach 90 % validation accuracy within 2 epochs and 600 updates, at learning rate 0.005.",
                          {"lr": 0.005},
                          ({"of": "setting", "name": "epochs", "at_most": 2},
                           {"of": "run", "name": "updates", "at_most": 600},
                           {"of": "column", "name": "val_accuracy", "take": "highest", "at_least": 0.9})),
                Challenge("With 500 training images, make exactly 160 updates.",
                          {"train_images": 500}, ({"of": "run", "name": "updates", "equals": 160},))),
    picture=BothClocks,
)
