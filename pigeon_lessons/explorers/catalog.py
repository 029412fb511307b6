"""Every chapter's explorer, declared in the words of `declare`."""

from math import inf
from statistics import mean

from pigeon_lessons.exercises.playground import GOALS, highest
from pigeon_lessons.explorers.batches import Batches, compare_cosines
from pigeon_lessons.explorers.curves import BothClocks, Curves
from pigeon_lessons.explorers.declare import Challenge, Explorer, Prediction, Preset
from pigeon_lessons.explorers.heatmap import Heatmap
from pigeon_lessons.explorers.resumed import ResumedCurves, ResumedRun
from pigeon_lessons.explorers.stepping import Stepping
from pigeon_lessons.explorers.updates import UpdatePicture, UpdateRun


def reaches(accuracy, *, updates):
    """Return a challenge's test: is there validation accuracy of at least `accuracy`, within that many updates?"""
    return lambda result: highest(result.history, updates) >= accuracy


def has(result, **settings):
    """Return whether the run has these settings."""
    return all(result.settings[name] == value for name, value in settings.items())


def val_losses(history):
    """Return the validation losses of a run; where there were no digits to validate with, one that meets nothing."""
    return history.get("val_loss", [inf])


def challenge(goal):
    """Return one of the goals of chapter 08, which its exercises check as well, as a panel's challenge."""
    return Challenge(goal.text, lambda result: goal.shortfall(result.settings, result.histories) is None)


EXPLORERS = {
    "update_loop": Explorer(
        title="The update loop",
        intro="One image, one update. Choose an update and read its five steps; each dot on the right is one image.",
        controls={"update": 1, "lr": 0.005, "momentum": 0.9, "seed": 1, "epochs": 1},
        presets=(
            Preset("the first", "The untrained Pigeon hardly knows: its probability is near one half.", {"update": 1}),
            Preset("the hundredth", "After 100 images the average has begun to fall.", {"update": 100}),
            Preset("without momentum", "Each step follows its own image alone.", {"momentum": 0.0, "update": 100}),
        ),
        challenges=(Challenge("Without momentum, bring the training accuracy above 92 % in one epoch.",
                              lambda result: result.settings["epochs"] == 1 and result.settings["momentum"] == 0
                              and result.history["train_accuracy"][-1] > 0.92),),
        picture=UpdatePicture,
        run=UpdateRun,
    ),
    "batching": Explorer(
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
    ),
    "checkpointing": Explorer(
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
                              lambda result: has(result, forget="momentum", momentum=0.9)
                              and result.settings["lr"] <= 0.01 and result.largest_difference()[0] > 0.02),),
        picture=ResumedCurves,
        run=ResumedRun,
    ),
    "learning_rate": Explorer(
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
    ),
    "epochs": Explorer(
        title="Iterations and epochs",
        intro="One epoch uses every training image once; one iteration is one update of the weights.",
        controls={"train_images": 1024, "batch_size": 32, "epochs": 3, "lr": 0.005},
        presets=(
            Preset("one by one", "Batches of 1: 1,024 updates in one epoch.", {"batch_size": 1, "epochs": 1}),
            Preset("all at once", "One batch of all images: an epoch is a single update.",
                   {"batch_size": 1024, "epochs": 30}),
            Preset("a remainder", "1,000 images are 31 batches of 32, and a last one of 8.", {"train_images": 1000}),
        ),
        challenges=(Challenge("Reach 93 % validation accuracy within 2 epochs, at learning rate 0.005.",
                              lambda result: has(result, lr=0.005) and result.settings["epochs"] <= 2
                              and highest(result.history) >= 0.93),
                    Challenge("With 500 training images, make exactly 160 updates.",
                              lambda result: has(result, train_images=500) and result.end("iteration") == 160)),
        picture=BothClocks,
    ),
    "training_curves": Explorer(
        title="Training curves",
        intro="Pin a run, change one setting, compare. Thin lines are the training images, thick ones the validation.",
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
                              lambda result: has(result, batch_size=32, momentum=0.9, epochs=1, repeats=5)
                              and mean(result.ends("train_loss")) < 0.3),),
        picture=Curves,
    ),
    "validation": Explorer(
        title="Learning or memorizing",
        intro="Give the Pigeon fewer images, or more epochs, and watch the two curves part.",
        controls={"train_images": 1024, "num_hidden": 30, "lr": 0.05, "epochs": 15, "seed": 1, "repeats": 1},
        presets=(
            Preset("memorizing", "64 images are learned by heart within a few epochs; new ones are not.",
                   {"train_images": 64, "epochs": 50}),
            Preset("too long", "60 units and 100 epochs: the training loss falls on, the validation loss turns.",
                   {"num_hidden": 60, "epochs": 100}),
            Preset("stopped early", "The same Pigeon after 10 epochs, when its validation loss has hardly turned yet.",
                   {"num_hidden": 60, "epochs": 10}),
        ),
        challenges=(Challenge("With 256 training images, bring the lowest validation loss below 0.21, "
                              "as the mean of seeds 1, 2 and 3.",
                              lambda result: has(result, train_images=256, seed=1, repeats=3)
                              and mean(min(val_losses(history)) for history in result.histories) < 0.21),),
        picture=Curves,
    ),
    "hyperparameters": Explorer(
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
                              lambda result: has(result, num_hidden=5, repeats=5)
                              and mean(val_losses(history)[-1] for history in result.histories) < 0.19),),
        picture=Heatmap,
    ),
    "playground": Explorer(
        title="Playground",
        intro="All controls are yours. Your best runs are listed below; five challenges wait to be met.",
        controls={"lr": 0.005, "batch_size": 32, "momentum": 0.9, "decay": 1.0, "num_hidden": 30, "train_images": 1024,
                  "epochs": 15, "seed": 1, "repeats": 1, "x": "epoch", "smoothing": 0, "log": False},
        presets=(
            Preset("where we began", "Single images, learning rate 0.005: chapter 0.", {"batch_size": 1, "epochs": 1}),
            Preset("large and long", "60 units, rate 0.05, 50 epochs.", {"num_hidden": 60, "lr": 0.05, "epochs": 50}),
        ),
        challenges=tuple(challenge(goal) for goal in GOALS),
        picture=Curves,
        has_leaderboard=True,
    ),
}
