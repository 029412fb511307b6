"""Results in words, as rows of a table, and as CSV; every number that a panel shows comes from here."""

import csv
import io
from math import isfinite
from statistics import mean, stdev

from pigeon_lessons.describe import count, describe, number, percent
from pigeon_lessons.explorers.controls import CONTROLS, written
from pigeon_lessons.explorers.runs import BOUND


def summarize(result, shown):
    """Return a `Result` in words; `shown` are the names of the settings to name.

    The words are deterministic: settings, how far it came, each curve's course, whether it diverged.
    """
    sentences = [f"With {name_settings(result.settings, shown)}:"]
    if result.diverged_at is not None:
        sentences.append(explain_divergence(result))
    if not result.is_complete:
        sentences.append(f"{count(result.iterations, 'update')} done so far.")
    if len(result.histories) > 1:
        sentences.append(describe_seeds(result))
    else:
        sentences.append(describe(result.history))
    return " ".join(sentences)


def name_settings(settings, names):
    """Return settings as "learning rate 0.005, batch size 32".

    >>> name_settings({"lr": 0.005, "batch_size": 32}, ["lr"])
    'learning rate 0.005'
    """
    return ", ".join(f"{CONTROLS[name].label} {written(settings[name])}" for name in names if name in settings)


def explain_divergence(result):
    """Return what happened at the update where the loss left all bounds, and its usual cause."""
    loss = next(history.batch_loss[result.diverged_at - 1] for history in result.histories
                if len(history.batch_loss) >= result.diverged_at and is_out(history.batch_loss[result.diverged_at - 1]))
    how = f"rose to {number(loss)} nats" if isfinite(loss) else "became infinite"
    seeds = f" {result.num_diverged} of {len(result.histories)} seeds diverged." if len(result.histories) > 1 else ""
    return (f"Diverged: the loss {how} at update {result.diverged_at}; guessing costs 0.693. "
            f"A learning rate that is too large is the usual cause.{seeds}")


def is_out(loss):
    """Return whether a mini-batch loss left all bounds."""
    return not isfinite(loss) or loss > BOUND


def describe_seeds(result):
    """Return where several seeds end: mean ± standard deviation of each measure."""
    parts = []
    for name, title, write in MEASURES:
        if name in result.history:
            last = [history[name][-1] for history in result.histories]
            parts.append(f"{title} {write(mean(last))} ± {write(stdev(last))}")
    return (f"{len(result.histories)} seeds end, as mean ± standard deviation, after "
            f"{count(result.history['epoch'][-1], 'epoch')} at {', '.join(parts)}.")


MEASURES = (("train_loss", "training loss", number), ("train_accuracy", "training accuracy", percent),
            ("val_loss", "validation loss", number), ("val_accuracy", "validation accuracy", percent))
