"""The controls a panel can have: one widget for each setting, with its label, its steps and what it means."""

from dataclasses import dataclass

import ipywidgets as widgets

from pigeon_lessons.panels.runs import KEPT_EPOCHS

LABEL_WIDTH = "112px"


KEPT_STAGES = (0, *KEPT_EPOCHS[:6])


@dataclass(frozen=True)
class Control:
    """One setting as students meet it: `label`, the `choices` it steps through, a sentence of `help`.

    `kind`: "slider" for what has an order, "menu" for what has not, whose choices are pairs (text, value),
    "check" for yes or no. `trains`: whether it changes the run, or only how to look at it.
    """

    label: str
    choices: tuple
    help: str
    kind: str = "slider"
    trains: bool = True


CONTROLS = {
    "lr": Control("learning rate", (0.0001, 0.0003, 0.001, 0.003, 0.005, 0.01, 0.03, 0.05, 0.1, 0.3, 1.0, 3.0, 10.0),
                  "how far each update moves the weights along the gradient"),
    "batch_size": Control("batch size", (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024),
                          "images whose mean loss gives one update"),
    "momentum": Control("momentum", (0.0, 0.5, 0.9, 0.99), "share of the last step that is kept in the next one"),
    "decay": Control("decay", (1.0, 0.95, 0.9, 0.8, 0.5), "factor on the learning rate after each epoch; 1 keeps it"),
    "num_hidden": Control("hidden units", (1, 2, 5, 15, 30, 60, 120), "units of the hidden layer"),
    "epochs": Control("epochs", KEPT_EPOCHS, "passes over the training images"),
    "seed": Control("seed", tuple(range(1, 11)), "fixes the starting weights and the order of the images"),
    "repeats": Control("seeds at once", (1, 3, 5, 10),
                       "runs that differ only in their seed: the chosen one and the next ones"),
    "train_images": Control("training images", (32, 64, 100, 128, 256, 500, 512, 1000, 1024),
                            "images the Pigeon learns from"),
    "evaluate_every": Control("evaluated", (("once an epoch", 0), ("every 10 iterations", 10),
                                            ("every iteration", 1)), "how often all digits are judged", kind="menu"),
    "interrupt": Control("stop after epoch", (1, 2, 3, 5, 7, 10, 15, 20), "the epoch after which the run is stopped"),
    "forget": Control("forget", (("nothing", "nothing"), ("the momentum", "momentum"),
                                    ("the position", "position")), "what the checkpoint lacks", kind="menu"),
    "keep": Control("epoch kept", tuple(range(31)), "the epoch whose weights you would keep", trains=False),
    "update": Control("update", (1, 2, 3, 5, 10, 20, 50, 100, 200, 500, 1000), "which update to look at",
                      trains=False),
    "stage": Control("measured after", KEPT_STAGES, "epochs of training after which the gradient is looked at",
                     trains=False),
    "batch": Control("batch number", (1, 2, 3, 4, 5, 6, 7, 8), "which batch of the first epoch", trains=False),
    "x": Control("x-axis", (("epochs", "epoch"), ("iterations", "iteration")), "what the curves are drawn over",
                 kind="menu", trains=False),
    "smoothing": Control("batch losses", (("hidden", 0), ("raw", 1), ("average of 10", 10), ("average of 50", 50)),
                         "the loss of each mini-batch, and its running average", kind="menu", trains=False),
    "log": Control("logarithmic loss", (), "equal distances for equal ratios", kind="check", trains=False),
}


def make_control(name, start, *, most=None):
    """Return the widget of control `name`, set to `start`; a slider's start between two steps becomes a step.

    `most` leaves out greater choices.
    """
    control = CONTROLS[name]
    common = {"value": start, "description": control.label, "tooltip": control.help,
              "style": {"description_width": LABEL_WIDTH}, "layout": {"width": "auto", "margin": "1px 0"}}
    if control.kind == "check":
        widget = widgets.Checkbox(**common)
    elif control.kind == "menu":
        widget = widgets.Dropdown(options=control.choices, **common)
    else:
        steps = {*(choice for choice in control.choices if most is None or choice <= most), start}
        order = sorted(steps, reverse=name == "decay")
        widget = widgets.SelectionSlider(options=[(written(step), step) for step in order], continuous_update=False,
                                         **common)
    widget.add_class(f"pigeon-control-{name.replace('_', '-')}")
    return widget


def check_offered(controls, settings):
    """Raise ValueError if a control of `settings` does not offer its value: naming it, the value, and what there is.

    >>> check_offered({"epochs": make_control("epochs", 15, most=20)}, {"epochs": 7, "lr": 1})
    Traceback (most recent call last):
        ...
    ValueError: epochs must be one of 1, 2, 3, 5, 10, 15, 20, got 7; choose one of these
    """
    for name, value in settings.items():
        if name in controls and value not in offered(controls[name]):
            raise ValueError(f"{name} must be one of {', '.join(map(written, offered(controls[name])))}, "
                             f"got {written(value)}; choose one of these")


def offered(control):
    """Return the values that a control can be set to."""
    return [value for _, value in getattr(control, "options", (("off", False), ("on", True)))]


def within_offer(controls, settings):
    """Return `settings`, a number that is not offered replaced by the next smaller one: few digits, small batches.

    >>> within_offer({"batch_size": make_control("batch_size", 32, most=100)}, {"batch_size": 256, "lr": 0.05})
    {'batch_size': 64, 'lr': 0.05}
    """
    return {name: max(choice for choice in offered(controls[name]) if choice <= value)
            if name in controls and value not in offered(controls[name]) else value
            for name, value in settings.items()}


def written(value):
    """Return a setting's value as panels, tables and summaries write it.

    >>> written(0.0001), written(1.0), written(1024), written(None)
    ('0.0001', '1', '1,024', 'none')
    """
    if value is None:
        return "none"
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return str(value)
    return f"{value:,}" if isinstance(value, int) else f"{value:.10g}"
