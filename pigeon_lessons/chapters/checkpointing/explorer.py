"""The panel of chapter 07: a run interrupted and resumed."""

from pigeon_lessons.chapters.checkpointing.picture import ResumedCurves, ResumedRun
from pigeon_lessons.panels.declare import Challenge, Explorer, Preset

EXPLORER = Explorer(
    name="checkpointing",
    title="Interrupt and resume",
    intro="A run is stopped after some epoch, saved, loaded into a fresh trainer, and goes on.",
    controls={"interrupt": 5, "forget": "nothing", "keep": 8, "lr": 0.05, "momentum": 0.9, "epochs": 15, "seed": 1},
    presets=(
        Preset("everything saved", "The resumed run lies exactly on the uninterrupted one.", {"forget": "nothing"}),
        Preset("momentum lost", "The first steps after the interruption lack their run-up: a kink.",
               {"forget": "momentum", "interrupt": 2}),
        Preset("position lost", "The data orders of the first epochs come again.",
               {"forget": "position", "interrupt": 2}),
    ),
    challenges=(Challenge("Forget a momentum of 0.9 when it matters most: at a learning rate of at most 0.01, "
                          "make the training loss differ by more than 0.02.",
                          {"forget": "momentum", "momentum": 0.9},
                          ({"of": "setting", "name": "lr", "at_most": 0.01},
                           {"of": "measured", "name": "difference", "above": 0.02})),),
    picture=ResumedCurves,
    run=ResumedRun,
)
