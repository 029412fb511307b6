"""Every chapter's explorer, declared; and `explore`, which makes the panel of one."""

from pigeon_lessons.explorers.curves import Curves
from pigeon_lessons.explorers.declare import Explorer, Preset
from pigeon_lessons.explorers.panel import Panel

EXPLORERS = {
    "learning_rate": Explorer(
        title="The learning rate",
        intro="Move the learning rate. The Pigeon is trained anew and its curves are redrawn.",
        controls={"lr": 0.005, "momentum": 0.9, "batch_size": 32, "epochs": 15, "seed": 1},
        presets=(
            Preset("too small", "Each step is so short that 15 epochs do not get far.", {"lr": 0.0001}),
            Preset("fitting", "The loss falls fast and stays low.", {"lr": 0.05}),
            Preset("too large", "The steps jump over the valley.", {"lr": 3.0}),
        ),
        picture=Curves,
    ),
    "epochs": Explorer(
        title="Iterations and epochs",
        intro="One epoch is one pass over the training images; one iteration is one update.",
        controls={"train_images": 1024, "batch_size": 32, "epochs": 3, "lr": 0.005},
        presets=(),
        picture=Curves,
    ),
    "training_curves": Explorer(
        title="Training curves",
        intro="Pin a run, change one setting, compare.",
        controls={"lr": 0.005, "batch_size": 32, "momentum": 0.9, "epochs": 15, "seed": 1, "repeats": 1},
        presets=(),
        picture=Curves,
    ),
    "validation": Explorer(
        title="Learning or memorizing?",
        intro="Give the Pigeon fewer images or more epochs and watch the two curves part.",
        controls={"train_images": 1024, "num_hidden": 30, "lr": 0.05, "epochs": 15, "seed": 1, "repeats": 1},
        presets=(),
        picture=Curves,
    ),
    "hyperparameters": Explorer(
        title="Hyper-parameters and seeds",
        intro="Compare settings by several seeds at once.",
        controls={"num_hidden": 30, "lr": 0.005, "batch_size": 32, "epochs": 15, "seed": 1, "repeats": 5},
        presets=(),
        picture=Curves,
    ),
    "playground": Explorer(
        title="Playground",
        intro="All controls, and a leaderboard of your own runs.",
        controls={"lr": 0.005, "batch_size": 32, "momentum": 0.9, "num_hidden": 30, "epochs": 15, "seed": 1,
                  "repeats": 1, "train_images": 1024},
        presets=(),
        picture=Curves,
    ),
}


def explore(name, train, val=None, **options):
    """Return the explorer `name` as a widget: sliders that train the Pigeon on `train` and show its curves.

    `name`: "learning_rate", … `train`, `val`: `Digits`.
    `options`: where controls start, by the name of the control, such as `lr=0.05`.

    Raises ValueError for another name and TypeError for an option that this explorer has no control for.

    >>> from pigeon_lessons import load_mnist, split
    >>> train, val, test = split(load_mnist())
    >>> panel = explore("learning_rate", train, val)
    >>> panel.controls["lr"].value = 0.05
    >>> panel.state, len(panel.history["val_loss"])
    ('done', 16)
    """
    if name not in EXPLORERS:
        raise ValueError(f"name must be one of {', '.join(map(repr, EXPLORERS))}, got {name!r}")
    explorer = EXPLORERS[name]
    unknown = sorted(set(options) - set(explorer.controls))
    if unknown:
        raise TypeError(f"options must be among the controls {', '.join(explorer.controls)}, got {', '.join(unknown)}")
    return Panel(explorer, train, val, {**explorer.controls, **options})
