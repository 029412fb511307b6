"""What the book's live pages are told of panels and questions, as plain data: `json.dumps` takes it."""

from dataclasses import asdict, fields
from functools import cache

from pigeon_lessons import load_mnist, split
from pigeon_lessons.panels.controls import CONTROLS
from pigeon_lessons.panels.curves import Curves
from pigeon_lessons.panels.declare import declared
from pigeon_lessons.panels.runs import DEFAULTS
from pigeon_lessons.panels.session import baseline
from pigeon_lessons.questions.content import Choice, Quiz, find

LIVE = ("epochs", "learning_rate", "training_curves", "validation", "hyperparameters", "playground")
"""The panels of curves, which train in the reader's browser. The others measure with torch, and stay pictures."""
IMAGES = 1024
"""Training images of the book's pages, as many as the lessons have."""
NOT_DATA = ("picture", "run")


def panel(name, **starts):
    """Return the declaration of panel `name`, whose controls start where `starts` say.

    Its "controls" are in full: label, kind, help, whether it trains, where it starts, and its choices: the value, how
    it is written and how it is read out. "defaults" are the settings that it has no control for; "charts" are metric
    and x-axis of each, None where the reader chooses.
    """
    explorer = declared(name)
    plain = {field.name: _plain(getattr(explorer, field.name)) for field in fields(explorer)
             if field.name not in NOT_DATA}
    controls = {control: _control(control, start) for control, start in {**explorer.controls, **starts}.items()}
    picture = Curves if explorer.picture.aside else explorer.picture  # what stands aside is drawn by Python alone
    return {**plain, "controls": controls, "charts": picture.charts, "baseline": _baseline(),
            "defaults": {**DEFAULTS, "epochs": 15, "train_images": IMAGES}}


@cache
def _baseline():
    return baseline(split(load_mnist())[1])


def question(kind, name, measured=None):
    """Return a question of `kind` "quiz", "predict" or "reveal" as a dict; `measured`: what a reveal reveals, as text.

    Raises ValueError if there is no question of that name.
    """
    found = find("quizzes" if kind == "quiz" else "predictions", name)
    told = {"kind": kind, "name": name, "question": found.question}
    if isinstance(found, Quiz):
        return {**told, "options": [asdict(option) for option in found.options]}
    if isinstance(found, Choice):
        return {**told, "options": [{"text": text} for text in found.options], "measured": measured}
    return {**told, "low": found.low, "high": found.high, "unit": found.unit, "measured": measured}


def _control(name, start):
    control = CONTROLS[name]
    told = {"label": control.label, "kind": control.kind, "help": control.help, "trains": control.trains,
            "start": start}
    if control.kind == "check":
        return told
    return {**told, "choices": [_choice(name, value, text) for text, value in control.options(start, IMAGES)]}


def _choice(name, value, text):
    return {"value": value, "text": text, "said": CONTROLS[name].read_out(value)}


def _plain(value):
    """Return dataclasses, tuples and dicts of them as what JSON has; what is no data at all becomes None."""
    if hasattr(value, "__dataclass_fields__"):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    return value if value is None or isinstance(value, (bool, int, float, str)) else None
