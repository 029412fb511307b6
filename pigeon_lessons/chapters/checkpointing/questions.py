"""What chapter 07 asks: resuming a run, how often to save, which epoch to keep."""

import tempfile
from pathlib import Path

import torch

from pigeon_lessons.data import load_mnist
from pigeon_lessons.model import Pigeon
from pigeon_lessons.questions import kinds, loops
from pigeon_lessons.questions.content import Exercise, asked
from pigeon_lessons.questions.marking import drawing, exercises, function_exercise, same
from pigeon_lessons.training import Trainer

QUIZZES, PREDICTIONS = asked("checkpointing")


def _pair(answer, what="The answer"):
    if not isinstance(answer, (tuple, list)) or len(answer) != 2:
        raise kinds.Unfit("Give your two functions in brackets: (save, load).")
    return tuple(kinds.function(one, f"Each part of {what.lower()}") for one in answer)


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


EXERCISES = exercises("checkpointing", {
    "save": Exercise(asks=_pair, judge=_judge_save),
    "up_to": function_exercise(train_up_to, lambda draw: [(0, 3), (4, 3), (3, 3), (6, 3), (8, 3), (2, 5)], slips=[
        (lambda trainer, epochs: trainer.fit(epochs), "You train that many more epochs. How many are missing?"),
        (lambda trainer, epochs: None, "Yours does not train at all. (`trainer.epochs(n)` trains only while a `for` "
                                       "loop walks it; `trainer.fit(n)` just trains.)"),
        (lambda trainer, epochs: list(trainer.iterations(epochs)), "You count updates. Two make an epoch here."),
        (lambda trainer, epochs: trainer.fit(max(0, epochs - trainer.epoch - 1)), "The last epoch is missing."),
    ], otherwise="`trainer.epoch` are done; train the rest.", returns=kinds.anything, observe=_updates_done,
       differs=_differing_updates),
    "keep": function_exercise(worth_keeping, _losses, returns=kinds.list_of_numbers, slips=[
        (lambda losses: [min(losses), losses[-1]], "You return losses. Which epochs do they belong to?"),
        (lambda losses: [_earliest(losses)], "The last epoch is missing: without it the run could not go on."),
        (lambda losses: [len(losses) - 1], "The best epoch is missing."),
        (lambda losses: [epoch + 1 for epoch in worth_keeping(losses)], "The first loss belongs to epoch 0, not 1."),
        (lambda losses: [len(losses) - 1, _earliest(losses)], "The right epochs, but sorted, and each of them once."),
        (lambda losses: [_earliest(losses), len(losses) - 1], "If the last epoch is the best, name it once."),
        (lambda losses: sorted({len(losses) - 1 - losses[::-1].index(min(losses)), len(losses) - 1}),
         "When two epochs are equally good, the earlier counts."),
    ], otherwise="Two epochs stay: the earliest with the lowest loss, and the last."),
})
