"""The panel of chapter 01: a batch's gradient against the whole set's."""

from pigeon_lessons.chapters.batching.picture import Batches, compare_cosines
from pigeon_lessons.panels.declare import Explorer, Prediction, Preset

EXPLORER = Explorer(
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
        "Batches of 32 now. With single images, the cosine between a batch's gradient and the whole set's is …",
        {"larger": "Only an average over more images comes closer to the whole.",
         "the same": "Fewer images must scatter more.",
         "smaller": "One image knows less of the whole set than 32 do."},
        {"batch_size": 1}, lambda scene: compare_cosines(scene, usual=32)),
    picture=Batches,
)
