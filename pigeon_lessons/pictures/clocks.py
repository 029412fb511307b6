"""The same runs on both x-axes: by iterations, which count updates, and by epochs, which count images."""

from matplotlib.figure import Figure

from pigeon_lessons import checks
from pigeon_lessons.pictures.curves import LABELS
from pigeon_lessons.pictures.picture import Picture
from pigeon_lessons.pictures.style import styled
from pigeon_lessons.words import count, number


def plot_by_iteration_and_epoch(runs, metric="train_loss"):
    """Draw runs twice on one y-axis: over iterations on the left, over epochs on the right.

    `runs` maps a label to a History, or to any mapping of equally long lists "iteration", "epoch" and
    `metric`, a loss. `.ax` are the left Axes; the right ones are the second of `.figure.axes`.
    Raises ValueError when there is no run, or a run lacks one of the three lists.

    >>> run = {"iteration": [0, 64, 128], "epoch": [0, 0.5, 1], "train_loss": [0.7, 0.4, 0.3]}
    >>> plot_by_iteration_and_epoch({"batch 8": run}).words
    'batch 8: loss 0.7 at the start, 0.3 after 128 iterations, which are 1 epoch.'
    """
    checks.one_of("metric", metric, ("train_loss", "val_loss"))
    if not runs:
        raise ValueError("runs must hold at least one run, got none; give {'a label': history}")
    figure = Figure(figsize=(9.0, 3.4), layout="constrained")
    by_iteration, by_epoch = (styled(ax) for ax in figure.subplots(1, 2, sharey=True))
    sentences = []
    for label, run in runs.items():
        missing = [name for name in ("iteration", "epoch", metric) if not run.get(name)]
        if missing:
            raise ValueError(f"run {label!r} must have values of {missing[0]!r}, got only {sorted(run)}; record them")
        for ax, x in ((by_iteration, "iteration"), (by_epoch, "epoch")):
            ax.plot(run[x], run[metric], linewidth=1.8, label=label)
            ax.set_xlabel(LABELS[x])
        sentences.append(f"{label}: loss {number(run[metric][0])} at the start, {number(run[metric][-1])} after "
                         f"{count(run['iteration'][-1], 'iteration')}, which are {count(run['epoch'][-1], 'epoch')}.")
    by_iteration.set_ylabel(LABELS["loss"])
    by_epoch.legend(frameon=False)
    return Picture(by_iteration, "Loss over iterations and over epochs", " ".join(sentences))
