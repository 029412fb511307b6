"""No answer that is nearly right passes: each solution, spoiled in one place at a time, is refused by its judge.

What survives does the same as the solution, or does what the exercise leaves open; it is listed with the reason.
"""

import signal
from functools import cache

import pytest

from pigeon_lessons.questions.content import solution_of
from pigeon_lessons.questions.marking import same
from tests.chapters.mutating import mutants
from tests.chapters.test_exercises import EXERCISES, answer_of

SECONDS = 5
SURVIVORS = {
    "meet_the_pigeon/accuracy": {
        "+return is_right.float().mean()": "a tensor of one element is a number, too",
        "logits >= 0": "a logit that is exactly 0 is left open", "targets >= 0.5": "targets are 0 or 1",
        "(targets > 0)": "targets are 0 or 1"},
    "batching/updates": {"+losses.append": "the loss is kept before or after `zero_grad`"},
    "batching/module": {"+self.output = ": "which layer is made first"},
    "epochs/one-epoch": {"generator=torch.manual_seed(epoch)": "it gives the same orders, if at others' expense"},
    "learning_rate/alive": {
        "+return (sums > 0).any(dim=0).sum()": "a tensor of one element is a number, too",
        "flatten(2)": "one axis of length 1 more, over which is summed", "sums >= 0": "no sum is exactly 0"},
    "training_curves/repair": {"+losses.append": "the loss is kept before or after `zero_grad`"},
    "training_curves/treat": {
        "range(6)": "long enough", "range(4)": "long enough", "range(10)": "long enough", "lr=0.1": "a fitting rate",
        "Pigeon()": "any start will do", "seed=2": "any start will do", "seed=0": "any start will do",
        "batch_size=3": "any small batch will do", "batch_size=64": "any small batch will do",
        "batch_size=32)": "the deliveries are in no order", "shuffle=False": "the deliveries are in no order"},
    "validation/draw": {
        "+ax.plot(history['epoch'], history['val_loss'], linestyle='--', label='validation')": "which is drawn first",
        "+ax.axvline(history.best('val_loss')['epoch'], color='gray', linestyle=':') -": "which is drawn first",
        "+ax.set_xlabel('epoch') -": "which is named first", "+ax.set_ylabel('loss') -": "which is named first",
        "+ax.legend() -": "whether the legend comes last", "color='gray')": "the look of the mark is free",
        "epochx": "the words around it are free", "lossx": "the words around it are free",
        "trainingx": "the words around it are free", "validationx": "the words around it are free"},
    "hyperparameters/decided": {
        ">= 2 * error": "no difference is exactly two standard errors",
        "fmean(other) - fmean(one)": "of which abs is taken"},
    "checkpointing/save": {
        "+optimizer.load_state_dict": "which comes back first", "torch.load(path)": "PyTorch's own default",
        "weights_only=False": "the file holds numbers only, as was asked for"},
    "checkpointing/interval": {"36001": "less than a hundredth more", "35999": "less than a hundredth less"},
    "checkpointing/keep": {"+last = ": "which is found first"},
    "playground/what_changed": {"set(other) | set(one)": "the same set"},
    "leaving_the_nest/module": {"+self.second = ": "which layer is made first",
                                "+self.output = ": "which layer is made first"},
    "leaving_the_nest/loop": {
        "+if epoch - losses.index(min(losses)) == 3": "whether it is asked before the best is kept or after",
        "labels) * len(labels) for": "a tensor of one element is a number, too"},
    "leaving_the_nest/draw": {
        "+ax.set_xticks(range(10)) -": "which is written first",
        "+ax.set_yticks(range(10)) -": "which is written first",
        "+ax.set_xlabel('answer') -": "which is named first", "+ax.set_ylabel('true digit') -": "which is named first",
        "answerx": "the words around it are free", "digitx": "the words around it are free"},
}
"""For each exercise: what of a change tells it from others, and why it does no harm."""


class TooLong(BaseException):
    """A mutant that does not end."""


@cache
def right_answer(name):
    return answer_of(name, solution_of(name))


def is_passed(name, exercise, code):
    """Return whether a judge lets a piece of code pass."""
    def stop(*_):
        raise TooLong

    signal.signal(signal.SIGALRM, stop)
    signal.alarm(SECONDS)
    try:
        answer = answer_of(name, code)
        is_equal = not callable(answer) and name != "checkpointing/save" and same(answer, right_answer(name), 1e-12)
        return not is_equal and exercise.judge(exercise.asks(answer)) is None
    except (Exception, TooLong):
        return False
    finally:
        signal.alarm(0)


def shown_answers(exercise):
    """Return what a student may copy from the exercise: what it should give in the first cases."""
    wanted = getattr(exercise.judge, "wanted", [])[:2]
    return [value.item() if hasattr(value, "item") else value for value in wanted
            if isinstance(value, (int, float, list)) or getattr(value, "ndim", 1) == 0]


@pytest.mark.skipif(not hasattr(signal, "SIGALRM"), reason="needs an alarm to end what does not end")
@pytest.mark.parametrize("name, exercise", [  # but for settings and models: what comes of them is judged
    (name, one) for name, one in EXERCISES if name != "leaving_the_nest/reads" and (
        not name.startswith("playground/") or name == "playground/what_changed")],
    ids=lambda value: value if isinstance(value, str) else "")
def test_no_mutant_that_does_something_else_passes(name, exercise):
    known = SURVIVORS.get(name, {})
    survivors = {change for change, code in mutants(solution_of(name), shown_answers(exercise))
                 if is_passed(name, exercise, code)}
    assert [change for change in survivors if not any(part in change for part in known)] == []
    assert [part for part in known if not any(part in change for change in survivors)] == []


def test_so_many_mutants_were_tried():
    assert sum(len(list(mutants(solution_of(name)))) for name, _ in EXERCISES) > 600
