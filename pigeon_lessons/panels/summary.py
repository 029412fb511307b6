"""Results in words, as rows of a table, and as CSV; every number that a panel shows comes from here."""

import csv
import io
from math import isfinite
from statistics import mean, stdev

from pigeon_lessons.history import FEWEST
from pigeon_lessons.panels.controls import CONTROLS, written
from pigeon_lessons.panels.runs import DEFAULTS
from pigeon_lessons.words import MEASURES, count, describe, number, percent

LETTERS = "ABCDEF"
UNREMARKABLE = ("repeats", "evaluate_every", "decay", "weight_decay")
"""Settings that a summary leaves out where they are as usual."""


def summarize(result, names):
    """Return a `Result` in words; `names` are the settings to name. The same result gives the same words."""
    names = [name for name in names if name not in UNREMARKABLE or result.settings[name] != DEFAULTS[name]]
    sentences = [f"With {name_settings(result.settings, names)}:"]
    if not result.is_complete:
        sentences.append(f"{count(result.iterations, 'update')} done so far.")
    if result.diverged:
        sentences.append(explain_divergence(result))  # what follows a divergence is up to rounding: it is not told
    else:
        sentences.append(describe(result.history) if len(result.histories) == 1 else describe_seeds(result))
    return " ".join(sentences)


def changed(scene):
    """Return in one sentence what is other than in the run before, and how good the run shown is."""
    now, before = scene.now, scene.before
    moved = [f"{CONTROLS[name].read_out(before.settings[name])} → {CONTROLS[name].text(now.settings[name])}"
             for name in scene.names if before and before.settings[name] != now.settings[name]]
    if now.diverged:
        outcome = f"the loss diverged at update {now.diverged[0]}"
    else:
        name = "val_accuracy" if "val_accuracy" in now.history else "train_accuracy"
        new, end = "new" if name.startswith("val") else "training", mean(now.ends(name))
        gain = 100 * (end - mean(before.ends(name))) if before and not before.diverged else 0
        more = f", {abs(gain):.1f} points {'more' if gain > 0 else 'fewer'} than before" if abs(gain) >= 0.05 else ""
        outcome = f"the Pigeon is right on {percent(end)} of {new} digits{more}"
    sentence = f"{', '.join(moved)}: {outcome}." if moved else f"{outcome}."
    return sentence[0].upper() + sentence[1:]


def name_settings(settings, names):
    """Return settings as one reads them out: a count before its noun, anything else after it.

    >>> name_settings({"lr": 0.005, "num_hidden": 30, "epochs": 1}, ["lr", "num_hidden", "epochs"])
    'learning rate 0.005, 30 hidden units, 1 epoch'
    """
    return ", ".join(CONTROLS[name].read_out(settings[name]) for name in names)


def explain_divergence(result):
    """Return at which update the loss left all bounds, how, and the usual cause."""
    step, loss = result.diverged
    whose = "a mini-batch" if result.settings["batch_size"] >= FEWEST else f"the last {FEWEST} images"
    how = f"rose to {number(loss)} nats" if isfinite(loss) else "became infinite"
    num_seeds = len(result.histories)
    seeds = f" in {len(result.divergences)} of {num_seeds} seeds, first" if num_seeds > 1 else ""
    return (f"Diverged: the loss of {whose} {how}{seeds} at update {step}, where guessing costs 0.693. "
            "A learning rate that is too large is the usual cause.")


def describe_seeds(result):
    """Return where several seeds end: mean ± standard deviation of each measure."""
    parts = [f"{title} {write(mean(result.ends(name)))} ± {write(stdev(result.ends(name)))}"
             for name, (title, write) in MEASURES.items() if name in result.history]
    return (f"{len(result.histories)} seeds end after {count(result.history['epoch'][-1], 'epoch')}, "
            f"as mean ± standard deviation, at {', '.join(parts)}.")


def run_labels(scene):
    """Return slot → what the legend calls its run: its letter and exactly the settings in which the runs differ."""
    names = scene.differing()
    labels = {slot: f"{run_name(slot)}: {name_settings(result.settings, names)}".rstrip(": ")
              for slot, result in scene.compared().items()}
    return labels | ({"before": "the run before"} if scene.before is not None else {})


def run_name(slot):
    """Return what a run is called by itself: "now", or the letter of its slot."""
    return slot if slot == "now" else LETTERS[slot]


def table(scene):
    """Return the runs of a scene as rows of text, a head first: the run shown, then the pinned ones.

    Columns: the run, the settings that differ between them, the ends of its curves,
    and the epoch of lowest validation loss.
    """
    names = scene.differing()
    measures = [name for name in MEASURES if name in scene.now.history]
    head = ["run", *(CONTROLS[name].label for name in names), *(MEASURES[name][0] for name in measures)]
    has_best = "val_loss" in scene.now.history
    rows = [[*head, "best epoch"] if has_best else head]
    for slot, result in scene.compared().items():
        ends = [MEASURES[name][1](mean(result.ends(name))) for name in measures]
        best = [] if not has_best else ["–"] if result.best("loss") is None else [
            number(result.history["epoch"][result.best("loss")])]
        rows.append([run_name(slot), *(written(result.settings[name]) for name in names), *ends, *best])
    return rows


def csv_text(scene):
    """Return every point of the curves in a scene as CSV: run, seed, settings, and the columns of the history."""
    file = io.StringIO()
    columns = list(scene.now.history)
    writer = csv.writer(file, lineterminator="\n")
    names = [name for name in scene.names if name not in ("seed", *columns)]
    writer.writerow(["run", "seed", *names, *columns])
    for slot, result in scene.compared().items():
        for offset, history in enumerate(result.histories):
            fixed = [run_name(slot), result.settings["seed"] + offset, *(result.settings[name] for name in names)]
            for index in range(history.num_rows):
                writer.writerow([*fixed, *history.row(index).values()])
    return file.getvalue()
