"""The panel of chapter 00: the update loop on single images."""

from pigeon_lessons.chapters.meet_the_pigeon.picture import UpdatePicture, UpdateRun
from pigeon_lessons.panels.declare import Challenge, Explorer, Preset

EXPLORER = Explorer(
    name="update_loop",
    title="The update loop",
    intro="One image, one update. Choose an update and read its five steps; each dot on the right is one image.",
    controls={"update": 1, "lr": 0.005, "momentum": 0.9, "seed": 1, "epochs": 1},
    presets=(
        Preset("the first", "The untrained Pigeon hardly knows: its probability is near one half.", {"update": 1}),
        Preset("the hundredth", "After 100 images the average has begun to fall.", {"update": 100}),
        Preset("without momentum", "Each step follows its own image alone.", {"momentum": 0.0, "update": 100}),
    ),
    challenges=(Challenge("Without momentum, bring the training accuracy above 92 % in one epoch.",
                          {"epochs": 1, "momentum": 0},
                          ({"of": "column", "name": "train_accuracy", "above": 0.92},)),),
    picture=UpdatePicture,
    run=UpdateRun,
)
