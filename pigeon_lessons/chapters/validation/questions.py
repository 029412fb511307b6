"""What chapter 05 asks: validation, over-fitting, leakage and the test set."""

import torch

from pigeon_lessons.data import load_mnist
from pigeon_lessons.history import History
from pigeon_lessons.questions import drawings, kinds
from pigeon_lessons.questions.content import Exercise, asked
from pigeon_lessons.questions.marking import drawing, exercises, function_exercise, same

QUIZZES, PREDICTIONS = asked("validation")


def _judge_drawing(draw):
    return drawings.judge(draw, (_history(drawing(seed)) for seed in (1, 2, 3)), _missing)


def _history(draw):
    """Return a made-up history, evaluated twice an epoch, whose lowest validation loss is neither first nor last."""
    losses = {name: [round(draw.uniform(0.2, 0.7), 3) for _ in range(9)] for name in ("train_loss", "val_loss")}
    losses["val_loss"][draw.randint(3, 7)] = 0.1
    accuracies = {name: [draw.random() for _ in range(9)] for name in ("train_accuracy", "val_accuracy")}
    places = {"iteration": [16 * i for i in range(9)], "epoch": [i / 2 for i in range(9)]}
    return History({**places, **losses, **accuracies})


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
    known = {_ink(image) for image in train.images}
    return sum(_ink(image) in known for image in val.images)


def _ink(image):
    return image.numpy().tobytes()


def _parts(draw):
    digits = load_mnist()
    yield digits[:100], digits[200:250]
    yield digits[:100], digits[90:110]
    yield digits[:100], digits[torch.tensor([300, 7, 301, 7])]
    for _ in range(3):
        some = torch.tensor([draw.randint(0, 40) for _ in range(50)])
        yield digits[some[:30]], digits[some[draw.randint(28, 40):]]


EXERCISES = exercises("validation", {
    "draw": Exercise(asks=kinds.function, judge=_judge_drawing),
    "best": function_exercise(best_epoch, _losses, slips=[
        (min, "You return the lowest loss. The question is at which epoch it was."),
        (lambda losses: best_epoch(losses) + 1, "The first loss belongs to epoch 0, the untrained Pigeon."),
        (lambda losses: len(losses) - 1, "That is the last epoch."),
        (lambda losses: losses.index(max(losses)), "That is the highest loss."),
        (lambda losses: len(losses) - 1 - losses[::-1].index(min(losses)),
         "When two epochs are equally good, the earlier counts."),
        (lambda losses: next(i for i, (a, b) in enumerate(zip(losses, losses[1:], strict=False)) if b > a),
         "A first rise is not the end: find the lowest of all."),
    ], otherwise="Find the lowest loss, then where it stands first."),
    "stop": function_exercise(stop_epoch, _losses_and_patience, slips=[
        (lambda losses, patience: best_epoch(losses[:stop_epoch(losses, patience) + 1]),
         "You return the best epoch. Training cannot know that yet; it stops `patience` epochs later."),
        (lambda losses, patience: stop_epoch(losses, patience, late=1), "You stop one epoch late."),
        (lambda losses, patience: stop_epoch(losses, patience, late=-1), "You stop one epoch early."),
        (lambda losses, patience: stop_epoch(losses, patience, best_is_last=True),
         "A loss below that of the epoch before need not be a new best. Count from the best so far."),
        (lambda losses, patience: stop_epoch(losses, patience, starts_anew=False), "A new best starts the count anew."),
        (lambda losses, patience: stop_epoch(losses, patience, is_new_best=float.__le__),
         "An equal loss is no new best, so it does not start the count anew."),
    ], otherwise="Training stops after the epoch at which the best so far is `patience` epochs old; if that never "
                 "happens, it ends with the last epoch."),
    "leaks": function_exercise(count_leaks, _parts, slips=[
        (lambda train, val: len(val), "You count all of `val`. Compare the ink."),
        (lambda train, val: sum(label in train.labels for label in val.labels),
         "Two digits with the same label are not the same image. Compare the ink, not the label."),
        (lambda train, val: (train.labels[:len(val)] == val.labels).sum(), "You compare labels. Compare the ink."),
        (lambda train, val: sum(map(torch.equal, train.images, val.images)),
         "You compare images at the same position. A leak may stand anywhere."),
        (lambda train, val: len({_ink(image) for image in train.images} & {_ink(image) for image in val.images}),
         "An image that is in `val` twice is two leaks. Count images of `val`, not different images."),
        (lambda train, val: count_leaks(val, train), "You count images of `train`. Count those of `val`."),
        (lambda train, val: 0, "To a set, two tensors with the same ink are two objects. Compare what they hold."),
    ], otherwise="Ask for each image of `val` whether one of `train` holds the same ink."),
})
