"""Chapter 07's panel: a run interrupted at epoch k and resumed, laid over the run that never was."""

import copy
from dataclasses import replace

from pigeon_lessons.history import History
from pigeon_lessons.panels.curves import GRID, Chart, Curves, explain
from pigeon_lessons.panels.runs import Run, trainer
from pigeon_lessons.pictures.style import COLORS, INK, TRAIN, VAL
from pigeon_lessons.words import count, number, percent

WHOLE = {"color": "#c3c8d0", "linewidth": 6, "zorder": 1}
RING = {"color": COLORS[2], "linestyle": "none", "marker": "o", "markersize": 11, "markerfacecolor": "none",
        "markeredgewidth": 2.2, "zorder": 6}


class ResumedRun(Run):
    """Two runs of one setting: `whole` is never interrupted, `first` stops after epoch `interrupt`, `second` goes on.

    `forget` says what the saved state lacked: "nothing", "momentum" (the optimizer's memory of past
    steps) or "position" (so that the data orders of the first epochs come again).
    """

    def start(self, kin):
        self.whole, self.first = (trainer(self.settings, self.train, self.val) for _ in range(2))
        self.second = None

    def slices(self, epoch):
        yield from self._advance(self.whole, epoch)
        if epoch > self.settings["interrupt"] and self.second is None:
            self.second = self._resume()
        yield from self._advance(self.second or self.first, epoch - self._lost_epochs)

    def _advance(self, trainer, epochs):
        return trainer.iterations(max(0, epochs * self.iterations_per_epoch - trainer.iteration))

    def pigeon(self):
        return copy.deepcopy((self.second or self.first).model)

    @property
    def epochs_done(self):
        """Whole passes that both runs have done: the resumed one is behind."""
        return (self.second or self.first).epoch + self._lost_epochs

    @property
    def histories(self):
        if self.second is None:
            return [self.first.history]
        return [joined(self.first.history, self.second.history) if self._lost_epochs else self.second.history]

    @property
    def _lost_epochs(self):
        return self.settings["interrupt"] if self.second and self.settings["forget"] == "position" else 0

    def _resume(self):
        """Return a fresh trainer that was given what had been saved, but for what was forgotten."""
        state, fresh = self.first.state_dict(), trainer(self.settings, self.train, self.val)
        if self.settings["forget"] == "momentum":
            state["optimizer"]["state"] = {}
        if self.settings["forget"] == "position":
            state |= {name: fresh.state_dict()[name] for name in ("iteration", "tau", "history")}
        fresh.load_state_dict(state)
        return fresh


def joined(earlier, later):
    """Return the history of `later` behind that of `earlier`, its iterations and epochs counted on."""
    columns = {name: list(values) for name, values in earlier.items()}
    for name, values in later.items():
        shift = 0 if name.startswith(("train_", "val_")) else earlier[name][-1]
        columns[name] += [value + shift for value in values[1:]]
    return History(columns, earlier.batch_loss + later.batch_loss)


class ResumedCurves(Curves):
    """Gray and wide: never interrupted. On it the resumed run. A line where; a ring on the epoch kept."""

    charts = ()

    @classmethod
    def draw(cls, figure, scene, train):
        """Lay the resumed run over the uninterrupted one."""
        whole, kept = replace(scene.now, histories=(History(scene.picture["whole"]),)), scene.picture["kept"]
        for ax, metric in zip(figure.subplots(1, 2, gridspec_kw=GRID), ("loss", "accuracy"), strict=True):
            for name in (f"train_{metric}", f"val_{metric}"):
                if name in whole.history:
                    ax.plot(whole.history["epoch"], whole.history[name], label="never interrupted", **WHOLE)
            Chart(ax, replace(scene, before=None), metric)
            ax.plot([], [], label="resumed, training", **TRAIN)
            ax.plot([], [], label="resumed, validation", **VAL)
            ax.axvline(scene.now.settings["interrupt"], label="interrupted", color=INK, linestyle=(0, (4, 2)))
            ax.plot(kept["epoch"], kept.get(f"val_{metric}", kept[f"train_{metric}"]), label="epoch kept", **RING)
        handles, labels = ax.get_legend_handles_labels()
        explain(figure, dict(zip(labels, handles, strict=True)))

    @staticmethod
    def measure(run, result, view, visited):
        """Return the run that was never interrupted, as "whole", the columns of its history.

        "difference", "after": how far the training losses are apart, where they are farthest, and after which
        epoch; None where the run ends before it is interrupted. "kept": the row of the history at the epoch kept.
        """
        whole, own = run.whole.history.up_to(result.iterations), result.history
        apart = [abs(one - other) for one, other in zip(own["train_loss"], whole["train_loss"], strict=True)]
        is_resumed = result.settings["epochs"] > run.settings["interrupt"]
        return {"whole": dict(whole), "difference": max(apart) if is_resumed else None,
                "after": own["epoch"][apart.index(max(apart))] if is_resumed else None,
                "kept": own.row(min(view.get("keep", 0), own.num_rows - 1))}

    @staticmethod
    def words(result, measured):
        """Return how far the resumed run strays from the uninterrupted one, and what the kept epoch is worth."""
        forgot, difference, kept = result.settings["forget"], measured["difference"], measured["kept"]
        missing = "With everything saved" if forgot == "nothing" else f"With the {forgot} forgotten"
        if difference is None:
            comparison = "The run ends before it is interrupted."
        elif not difference:
            comparison = f"{missing}, the resumed run equals the uninterrupted one, to the last bit."
        else:
            comparison = (f"{missing}, its training loss differs by up to {number(difference)}, "
                          f"after {count(measured['after'], 'epoch')}.")
        if "val_loss" not in kept:
            return comparison
        return (f"{comparison} The weights after {count(kept['epoch'], 'epoch')} have validation loss "
                f"{number(kept['val_loss'])} and accuracy {percent(kept['val_accuracy'])}.")
