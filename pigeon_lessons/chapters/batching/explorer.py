"""The panel of chapter 01: a batch's gradient against the whole set's."""

from pigeon_lessons.chapters.batching.picture import Batches
from pigeon_lessons.panels.declare import Explorer, Prediction, Preset

EXPLORER = Explorer(
    name="batching",
    title="Batching",
    intro="A batch's gradient is a guess at the gradient of all images. Larger batches guess better.",
    controls={"batch_size": 32, "batch": 1, "stage": 0, "lr": 0.005, "epochs": 1, "seed": 1},
    presets=(
        Preset("one image", "A single image points anywhere; the loss jumps from update to update.",
               {"batch_size": 1}),
        Preset("eight", "Eight images agree more on the way.", {"batch_size": 8}),
        Preset("256", "256 images point almost where all 1,024 do.",
               {"batch_size": 256}),
    ),
    prediction=Prediction(
        "Single images instead of batches of 32: the cosine between a batch's gradient and the whole set's is then …",
        premise={"batch_size": 32}, settings={"batch_size": 1},
        answers={"larger": "Only an average over more images comes closer to the whole.",
                 "the same": "Fewer images must scatter more.",
                 "smaller": "One image knows less of the whole set than 32 do."},
        outcomes={"smaller": ({"of": "measured", "name": "mean_cosine", "minus": "premise", "below": -0.01},),
                  "larger": ({"of": "measured", "name": "mean_cosine", "minus": "premise", "above": 0.01},),
                  "the same": ()}),
    picture=Batches,
)
