"""The controls a panel can have: for each setting its label, its steps, what it means, and the widget that sets it."""

from dataclasses import dataclass
from math import inf

import ipywidgets as widgets
from traitlets import HasTraits, TraitType, Unicode, validate

from pigeon_lessons import checks, setting
from pigeon_lessons.panels.runs import KEPT_EPOCHS, STAGES
from pigeon_lessons.setting import FIELDS


@dataclass(frozen=True)
class Control:
    """One setting as students meet it: `label`, the `choices` it steps through, a sentence of `help`.

    `kind`: "slider" for what has an order, "menu" for what has not, whose choices are pairs (text, value),
    "check" for yes or no. `trains`: whether it changes the run, or only how to look at it. `one`: what a single
    one is called, for what is counted. `least`: the smallest number it takes from a caller.
    """

    label: str
    choices: tuple
    help: str
    kind: str = "slider"
    trains: bool = True
    one: str = ""
    least: int = 1

    def options(self, start, most=inf):
        """Return the pairs (text, value) that are offered: the start among them, and of numbers none above `most`."""
        if self.kind == "menu":
            return self.choices
        steps = {start, *(step for step in self.choices if step <= most)}
        return tuple((written(step), step) for step in sorted(steps, reverse=self.choices[0] > self.choices[-1]))

    def text(self, value):
        """Return the setting's value as a panel shows it."""
        return next((text for text, choice in self.choices if choice == value), value) if self.kind == "menu" else (
            written(value))

    def read_out(self, value):
        """Return the setting as one reads it out: a count before its noun, anything else after it.

        >>> CONTROLS["num_hidden"].read_out(30), CONTROLS["batch_size"].read_out(32)
        ('30 hidden units', 'batch size 32')
        """
        if self.one:
            return f"{written(value)} {self.one}{'' if value == 1 else 's'}"
        return f"{self.label} {self.text(value)}"


def _setting(name, *choices, one=""):
    told = FIELDS[name].metadata
    return Control(told["label"], choices, told["help"], one=one)


CONTROLS = {
    "lr": _setting("lr", 0.0001, 0.0003, 0.001, 0.003, 0.005, 0.01, 0.03, 0.05, 0.1, 0.3, 1.0, 3.0, 10.0),
    "batch_size": _setting("batch_size", 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024),
    "momentum": _setting("momentum", 0.0, 0.5, 0.9, 0.99),
    "decay": _setting("decay", 1.0, 0.95, 0.9, 0.8, 0.5),
    "weight_decay": _setting("weight_decay", 0.0, 0.0001, 0.001, 0.003, 0.01, 0.03),
    "num_hidden": _setting("num_hidden", 1, 2, 5, 15, 30, 60, 120, one="hidden unit"),
    "epochs": Control("epochs", KEPT_EPOCHS, "passes over the training images", one="epoch"),
    "seed": _setting("seed", *range(1, 11)),
    "repeats": Control("seeds at once", (1, 3, 5, 10),
                       "runs that differ only in their seed: the chosen one and the next ones", one="seed"),
    "train_images": Control("training images", (32, 64, 100, 128, 256, 500, 512, 1000, 1024),
                            "images the Pigeon learns from", one="training image"),
    "evaluate_every": Control("evaluated", (("once an epoch", 0), ("every 10 iterations", 10),
                                            ("every iteration", 1)), "how often all digits are judged", kind="menu"),
    "interrupt": Control("stop after epoch", (1, 2, 3, 5, 7, 10, 15, 20), "the epoch after which the run is stopped"),
    "forget": Control("forget", (("nothing", "nothing"), ("the momentum", "momentum"),
                                    ("the position", "position")), "what the checkpoint lacks", kind="menu"),
    "keep": Control("epoch kept", tuple(range(31)), "the epoch whose weights you would keep", trains=False, least=0),
    "update": Control("update", (1, 2, 3, 5, 10, 20, 50, 100, 200, 500, 1000), "which update to look at",
                      trains=False),
    "stage": Control("measured after", STAGES, "epochs of training after which the gradient is looked at",
                     trains=False, least=0),
    "batch": Control("batch number", (1, 2, 3, 4, 5, 6, 7, 8), "which batch of the first epoch", trains=False),
    "x": Control("x-axis", (("epochs", "epoch"), ("iterations", "iteration"), ("images seen", "images"),
                            ("training clock τ", "tau")), "what the curves are drawn over", kind="menu", trains=False),
    "smoothing": Control("batch losses", (("hidden", 0), ("raw", 1), ("average of 10", 10), ("average of 50", 50)),
                         "the loss of each mini-batch, and its running average", kind="menu", trains=False),
    "log": Control("logarithmic loss", (), "equal distances for equal ratios", kind="check", trains=False),
}


def checked(name, value):
    """Return the value that a caller gives to control `name`, as Python's own; a number between two steps is one.

    Raises TypeError or ValueError, naming the control, the value and the remedy, for what it cannot take.
    """
    control = CONTROLS[name]
    if name in FIELDS:
        return setting.checked(name, value)
    if control.kind == "menu":
        return checks.one_of(name, value, [choice for _, choice in control.choices])
    if control.kind == "check":
        return checks.yes_or_no(name, value)
    return checks.whole_number(name, value, least=control.least)


class _Offering(HasTraits):
    """What a slider and a menu have in common: a value that they do not offer is refused in words."""

    name = Unicode()
    value = TraitType(None)  # ipywidgets takes None, unchecked, for nothing chosen; here something always is

    @validate("value")
    def _validate_value(self, proposal):
        check_offered({self.name: self}, {self.name: proposal.value})
        return super()._validate_value(proposal)


class Slider(_Offering, widgets.SelectionSlider):
    """A slider over steps; `name` is the control's."""


class Menu(_Offering, widgets.Dropdown):
    """A menu of choices; `name` is the control's."""


def make_control(name, start, most=inf):
    """Return the widget of control `name`, which starts at `start` and offers no number above `most`."""
    control = CONTROLS[name]
    common = {"value": start, "description": control.label, "tooltip": control.help,
              "layout": {"width": "auto", "margin": "0"}}
    if control.kind == "check":
        widget = widgets.Checkbox(**common)
    else:
        kind = Menu if control.kind == "menu" else Slider
        widget = kind(name=name, options=control.options(start, most), **common)
    return widget.add_class(f"pigeon-control-{name.replace('_', '-')}")


def offered(control):
    """Return the values that a control, a widget, can be set to."""
    return [value for _, value in getattr(control, "options", (("off", False), ("on", True)))]


def check_offered(controls, settings):
    """Raise ValueError if a control of `settings` does not offer its value: naming it, the value, and what there is."""
    for name, value in settings.items():
        if name in controls and not any(choice == value and isinstance(choice, bool) == isinstance(value, bool)
                                        for choice in offered(controls[name])):
            raise ValueError(f"{name} must be one of {', '.join(map(written, offered(controls[name])))}, "
                             f"got {written(value)}; choose one of these")


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
