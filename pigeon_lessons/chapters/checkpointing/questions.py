"""What judges chapter 07's exercises: saving a run, resuming it, and which epochs to keep."""

import tempfile
from functools import partial
from pathlib import Path

import torch

from pigeon_lessons.data import load_mnist
from pigeon_lessons.model import Pigeon
from pigeon_lessons.questions import kinds, loops
from pigeon_lessons.questions.marking import Exercise, drawing, function_exercise, same
from pigeon_lessons.training import Trainer

PAIR = kinds.in_brackets(kinds.function, 2, "Give your two functions in brackets: (save, load).")


def _judge_save(answer):
    save, load = answer
    for kind, epoch in ((0, 7), (1, 3)):
        (trained, fresh), images = (loops.start(drawing(1), kind) for _ in range(2)), loops.batch(drawing(1), 8)
        before = fresh[0].state_dict()["output.bias"].clone()
        for _ in range(3):
            loops.update(*trained, *images)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "mine.pt"
            save(path, *trained, epoch)
            found = load(path, *fresh)
            if not path.is_file():
                return "There is no file at the `path` that `save` was given."
            if not _holds_only_numbers(path):
                return "The file holds whole objects, which are code. Save numbers: the `state_dict()` of each."
        if not same(kinds.number(found, "What `load` returns"), epoch):
            return f"The run was saved after epoch {epoch}; your `load` returns {kinds.named(found)}."
        if same(fresh[0].state_dict()["output.bias"], before):
            return "After `load` the model is as it was before. Did its weights come back by `load_state_dict`?"
        if not _equal(trained, fresh):
            return "After `load` not all weights are those that were saved."
        for one in (trained, fresh):
            loops.update(*one, *images)
        if not _equal(trained, fresh):
            return "The weights come back, but the next update is another: the optimizer's velocity is missing."
    return None


def _holds_only_numbers(path):
    try:
        torch.load(path, weights_only=True)
    except Exception:  # whatever torch says to a file that holds something else
        return False
    return True


def _equal(trained, fresh):
    return same(*(list(model.state_dict().values()) for model, _ in (trained, fresh)))


def train_up_to(trainer, epochs):
    """Train until `epochs` are done."""
    trainer.fit(max(0, epochs - trainer.epoch))


def _updates_done(function, iterations, epochs):
    trainer = Trainer(Pigeon(num_hidden=2, seed=1), load_mnist()[:64], batch_size=32)  # two updates make an epoch
    list(trainer.iterations(iterations))
    function(trainer, epochs)
    return trainer.iteration


def _differing_updates(call, wanted, given):
    if wanted == given:
        return None
    given_to = call.replace("(", "(a trainer after ").replace(", ", " updates, ")
    return f"{given_to} should end after {wanted} updates, two in an epoch; yours ends after {given}."


def worth_keeping(val_losses):
    """Return the earliest best epoch and the last one, sorted."""
    return sorted({_earliest(val_losses), len(val_losses) - 1})


def _earliest(val_losses):
    return val_losses.index(min(val_losses))


def _losses(draw):
    yield from ([[0.7, 0.4, 0.3, 0.5]], [[0.7, 0.3, 0.5, 0.3, 0.4]], [[0.7, 0.5, 0.4]], [[0.7]], [[0.3, 0.5]])
    for _ in range(10):
        yield [[draw.randint(1, 9) / 10 for _ in range(draw.randint(1, 9))]]


JUDGES = {
    "save": partial(Exercise, PAIR, _judge_save),
    "up_to": function_exercise(train_up_to, lambda draw: [(0, 3), (4, 3), (3, 3), (6, 3), (8, 3), (2, 5)], {
        "more": lambda trainer, epochs: trainer.fit(epochs),
        "nothing": lambda trainer, epochs: None,
        "updates": lambda trainer, epochs: list(trainer.iterations(epochs)),
        "one missing": lambda trainer, epochs: trainer.fit(max(0, epochs - trainer.epoch - 1)),
    }, observe=_updates_done, differs=_differing_updates),
    "keep": function_exercise(worth_keeping, _losses, {
        "losses": lambda losses: [min(losses), losses[-1]],
        "no last": lambda losses: [_earliest(losses)],
        "no best": lambda losses: [len(losses) - 1],
        "from 1": lambda losses: [epoch + 1 for epoch in worth_keeping(losses)],
        "not sorted": lambda losses: [len(losses) - 1, _earliest(losses)],
        "twice": lambda losses: [_earliest(losses), len(losses) - 1],
        "latest": lambda losses: sorted({len(losses) - 1 - losses[::-1].index(min(losses)), len(losses) - 1}),
    }, returns=kinds.list_of_numbers),
}
