"""What judges chapter 05's exercises: validation, over-fitting and leakage."""

from functools import partial
from itertools import pairwise

import torch

from pigeon_lessons.data import load_mnist
from pigeon_lessons.digits import Digits
from pigeon_lessons.history import History
from pigeon_lessons.questions import drawings
from pigeon_lessons.questions.marking import drawing, function_exercise, same


def _histories(draw):
    """Yield made-up histories, evaluated twice an epoch; the lowest validation loss is neither first nor last."""
    for draw in map(drawing, (1, 2, 3)):
        losses = {name: [round(draw.uniform(0.2, 0.7), 3) for _ in range(9)] for name in ("train_loss", "val_loss")}
        losses["val_loss"][draw.randint(3, 7)] = 0.1
        accuracies = {name: [draw.random() for _ in range(9)] for name in ("train_accuracy", "val_accuracy")}
        places = {"iteration": [16 * i for i in range(9)], "epoch": [i / 2 for i in range(9)]}
        yield History({**places, **losses, **accuracies})


def _missing(ax, history):
    """Return what a figure of training and validation loss lacks, or None."""
    curves = [(list(line.get_xdata()), list(line.get_ydata())) for line in ax.lines]
    for column, name in (("train_loss", "training"), ("val_loss", "validation")):
        places = [x for x, y in curves if same(y, history[column])]
        if not places:
            return f"There is no line through the {name} losses, `history[\"{column}\"]`."
        if not same(places[0], history["epoch"]):
            return f"The {name} loss stands at the wrong places: draw it against `history[\"epoch\"]`."
    if unnamed := drawings.unnamed_axis(ax, x="epoch", y="loss"):
        return unnamed
    legend = [text.get_text().lower() for text in ax.get_legend().texts] if ax.get_legend() else []
    if not all(any(word in text for text in legend) for word in ("train", "val")):
        return "Nobody can tell which line is which. Give each a `label=…` and call `ax.legend()` after drawing."
    best = history.best("val_loss")["epoch"]
    marks = [*(x[0] for x, _ in curves if len(set(x)) == 1), *(text.xy[0] for text in ax.texts if hasattr(text, "xy")),
             *(float(x) for points in ax.collections for x in points.get_offsets()[:, 0])]
    if any(same(mark, best) for mark in marks):
        return None
    if marks:
        return f"Your mark is at {marks[0]:g}; the lowest validation loss is at epoch {best:g}."
    return "Mark the epoch of the lowest validation loss, for instance with `ax.axvline(…)`."


def best_epoch(val_losses):
    """Return the earliest epoch of the lowest loss."""
    return val_losses.index(min(val_losses))


def _losses(draw):
    yield from ([[0.7, 0.4, 0.3, 0.5]], [[0.7, 0.3, 0.5, 0.3]], [[0.7, 0.5, 0.6, 0.2, 0.4]], [[0.7]], [[0.7, 0.8]])
    for _ in range(10):
        yield [[draw.randint(1, 9) / 10 for _ in range(draw.randint(2, 10))]]


def stop_epoch(val_losses, patience, *, is_new_best=float.__lt__, best_is_last=False, starts_anew=True, late=0):
    """Return the epoch after which training stops; the switches make the usual mistakes."""
    best = waited = 0
    for epoch, loss in enumerate(val_losses):
        if epoch and is_new_best(loss, val_losses[epoch - 1 if best_is_last else best]):
            best, waited = epoch, 0 if starts_anew else waited
        elif epoch:
            waited += 1
        if waited >= patience + late:
            return epoch
    return len(val_losses) - 1


def _losses_and_patience(draw):
    yield from [([0.7, 0.4, 0.3, 0.35, 0.33, 0.36, 0.5, 0.6], 3), ([0.7, 0.6, 0.5, 0.4], 2),
                ([0.7, 0.5, 0.6, 0.4, 0.5, 0.6, 0.7], 2), ([0.7, 0.4, 0.5, 0.4, 0.6, 0.6], 3), ([0.7, 0.8, 0.6], 1)]
    for [losses] in _losses(draw):
        yield losses, draw.randint(1, 4)


def count_leaks(train, val):
    """Return how many images of `val` are in `train`."""
    known = set(map(_ink, train.images))
    return sum(_ink(image) in known for image in val.images)


def _ink(image):
    return image.numpy().tobytes()


def _parts(draw):
    digits = load_mnist()
    yield digits[:100], digits[200:250]
    yield digits[:100], digits[90:110]
    yield digits[:100], digits[torch.tensor([300, 7, 301, 7])]
    yield digits[:100], Digits(digits.images[:100].flip(3), digits.labels[:100])  # mirrored: as much ink, elsewhere
    for _ in range(3):
        some = torch.tensor([draw.randint(0, 40) for _ in range(50)])
        yield digits[some[:30]], digits[some[draw.randint(28, 40):]]


JUDGES = {
    "draw": drawings.drawing_exercise(_histories, _missing),
    "best": function_exercise(best_epoch, _losses, {
        "loss": min,
        "from 1": lambda losses: best_epoch(losses) + 1,
        "last": lambda losses: len(losses) - 1,
        "highest": lambda losses: losses.index(max(losses)),
        "latest": lambda losses: len(losses) - 1 - losses[::-1].index(min(losses)),
        "first rise": lambda losses: next(i for i, (a, b) in enumerate(pairwise(losses)) if b > a),
    }),
    "stop": function_exercise(stop_epoch, _losses_and_patience, {
        "best": lambda losses, patience: best_epoch(losses[:stop_epoch(losses, patience) + 1]),
        "late": partial(stop_epoch, late=1),
        "early": partial(stop_epoch, late=-1),
        "best is last": partial(stop_epoch, best_is_last=True),
        "goes on counting": partial(stop_epoch, starts_anew=False),
        "equal is best": partial(stop_epoch, is_new_best=float.__le__),
    }),
    "leaks": function_exercise(count_leaks, _parts, {
        "all": lambda train, val: len(val),
        "same label": lambda train, val: sum(label in train.labels for label in val.labels),
        "labels at places": lambda train, val: (train.labels[:len(val)] == val.labels).sum(),
        "images at places": lambda train, val: sum(map(torch.equal, train.images, val.images)),
        "different": lambda train, val: len(set(map(_ink, train.images)) & set(map(_ink, val.images))),
        "as much ink": lambda train, val: sum(image.sum() in train.images.sum((1, 2, 3)) for image in val.images),
        "of train": lambda train, val: count_leaks(val, train),
        "none": lambda train, val: 0,
    }),
}
