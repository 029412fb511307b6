"""The controls a panel can have: one widget for each setting, with its label, its steps and what it means."""

from dataclasses import dataclass

import ipywidgets as widgets

from pigeon_lessons.explorers.runs import KEPT_EPOCHS

LABEL_WIDTH = "112px"


@dataclass(frozen=True)
class Control:
    """One setting as students meet it: `label`, the `choices` it steps through, a sentence of `help`.

    `choices` are values or pairs (text, value). A slider for what has an order, a menu for what has not.
    """

    label: str
    choices: tuple
    help: str
    is_menu: bool = False


CONTROLS = {
    "lr": Control("learning rate", (0.0001, 0.0003, 0.001, 0.003, 0.005, 0.01, 0.03, 0.05, 0.1, 0.3, 1.0, 3.0, 10.0),
                  "how far each update moves the weights along the gradient"),
    "batch_size": Control("batch size", (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024),
                          "images whose mean loss gives one update"),
    "momentum": Control("momentum", (0.0, 0.5, 0.9, 0.99), "share of the last step that is kept in the next one"),
    "num_hidden": Control("hidden units", (1, 2, 5, 15, 30, 60, 120), "units of the hidden layer"),
    "epochs": Control("epochs", KEPT_EPOCHS, "passes over the training images"),
    "seed": Control("seed", tuple(range(1, 11)), "fixes the starting weights and the order of the images"),
    "repeats": Control("repeats", (1, 3, 5, 10), "seeds trained at once: the chosen one and those after it"),
    "train_images": Control("training images", (32, 64, 128, 256, 512, 1024), "images the Pigeon learns from"),
}


def make_control(name, start, *, most=None):
    """Return the widget of control `name`, set to `start`; a start between its steps becomes a step.

    `most` leaves out greater choices. Raises TypeError when `start` is no value of that kind.
    """
    control = CONTROLS[name]
    choices = list(control.choices)
    if not control.is_menu:
        choices = sorted({*(choice for choice in choices if most is None or choice <= most), start})
    kind = widgets.Dropdown if control.is_menu else widgets.SelectionSlider
    options = [choice if isinstance(choice, tuple) else (written(choice), choice) for choice in choices]
    extra = {} if control.is_menu else {"continuous_update": False}
    return kind(options=options, value=start, description=control.label, tooltip=control.help,
                style={"description_width": LABEL_WIDTH}, layout={"width": "100%", "margin": "1px 0"}, **extra)


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
