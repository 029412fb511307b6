"""Checkpointing's explorer: a run interrupted at epoch k and resumed, laid over the run that never was."""

import copy
from dataclasses import dataclass

from pigeon_lessons.history import History
from pigeon_lessons.model import Pigeon
from pigeon_lessons.panels.curves import Curves
from pigeon_lessons.panels.moving import moving
from pigeon_lessons.panels.runs import DEFAULTS, Result
from pigeon_lessons.pictures.style import COLORS
from pigeon_lessons.training import Trainer
from pigeon_lessons.words import count, number, percent


class ResumedRun:
    """Two runs of one setting: `whole` is never interrupted, `first` stops after epoch `interrupt`, `second` goes on.

    `forget` says what the saved state lacked: "nothing", "momentum" (the optimizer's memory of past
    steps) or "position" (so that the data orders of the first epochs come again).
    """

    def __init__(self, settings, train, val):
        self.settings = {**DEFAULTS, **settings}
        self.train, self.val = train, val
        self.whole, self.first, self.second = self._trainer(), self._trainer(), None
        self._pigeons = {}

    def walk(self, epochs):
        """Train all three as far as `epochs` passes need, yielding after each update."""
        interrupt = self.settings["interrupt"]
        yield from self._advance(self.whole, epochs)
        yield from self._advance(self.first, min(interrupt, epochs))
        if epochs > interrupt:
            if self.second is None:
                self.second = self._resume()
            yield from self._advance(self.second, epochs - self._lost_epochs)
        self._pigeons[epochs] = copy.deepcopy((self.second if epochs > interrupt else self.first).model)

    @property
    def epochs_done(self):
        """Whole passes that both the uninterrupted and the resumed run have done."""
        resumed = self.second.epoch + self._lost_epochs if self.second else self.first.epoch
        return min(self.whole.epoch, resumed)

    @property
    def num_bytes(self):
        """Memory that this run holds, roughly."""
        return 4 * 786 * self.settings["num_hidden"] * (9 + len(self._pigeons)) + 64 * self.whole.iteration

    def result(self, epochs, cut=None):
        """Return what the run shows: at most `epochs` passes, or `cut`."""
        last = (epochs if cut is None else cut) * self.whole.iterations_per_epoch
        resumed = self.first.history
        if self.second is not None and epochs > self.settings["interrupt"]:
            resumed = self.second.history
            if self._lost_epochs:
                resumed = joined(self.first.history, resumed)
        return ResumedResult({**self.settings, "epochs": epochs}, [resumed.up_to(last)], len(self.train),
                             self._pigeons, self.whole.history.up_to(last))

    @property
    def _lost_epochs(self):
        return self.settings["interrupt"] if self.settings["forget"] == "position" else 0

    def _resume(self):
        """Return a fresh trainer that was given what had been saved, but for what was forgotten."""
        state, fresh = self.first.state_dict(), self._trainer()
        if self.settings["forget"] == "momentum":
            state["optimizer"]["state"] = {}
        if self.settings["forget"] == "position":
            state |= {name: fresh.state_dict()[name] for name in ("iteration", "tau", "history")}
        fresh.load_state_dict(state)
        return fresh

    @staticmethod
    def _advance(trainer, epochs):
        return trainer.iterations(max(0, epochs * trainer.iterations_per_epoch - trainer.iteration))

    def _trainer(self):
        names = ("lr", "batch_size", "momentum", "seed")
        return Trainer(Pigeon(self.settings["num_hidden"], seed=self.settings["seed"]), self.train, self.val,
                       **{name: self.settings[name] for name in names})


def joined(earlier, later):
    """Return the history of `later` behind that of `earlier`, its iterations and epochs counted on."""
    columns = {name: list(values) for name, values in earlier.items()}
    for name, values in later.items():
        shift = earlier[name][-1] if name in ("iteration", "epoch") else 0
        columns[name] += [value + shift for value in values[1:]]
    return History(columns, earlier.batch_loss + later.batch_loss)


@dataclass(frozen=True)
class ResumedResult(Result):
    """A `Result` with the history of the run that was never interrupted."""

    whole: History | None = None

    def largest_difference(self, name="train_loss"):
        """Return (difference, epoch): where the resumed run is farthest from the uninterrupted one."""
        rows = zip(self.history[name], self.whole[name], self.history["epoch"], strict=False)
        return max(((abs(own - other), epoch) for own, other, epoch in rows), key=lambda pair: pair[0])


class ResumedCurves(Curves):
    """Gray and wide: never interrupted. Dark: interrupted and resumed. A line where; a dot on the epoch kept."""

    def __init__(self, figure):
        super().__init__(figure)
        self.lines = [chart.ax.axvline(0, color=COLORS[1], linestyle=(0, (4, 2)), linewidth=1.6)
                      for chart in self.charts]
        self.dots = [chart.ax.plot([], [], color=COLORS[0], linestyle="none", marker="o", markersize=11,
                                   markerfacecolor="none", markeredgewidth=2.2, zorder=6)[0] for chart in self.charts]
        for chart in self.charts:
            chart.traces["before"].val.set_linewidth(6)
        moving(*self.lines, *self.dots)
        self.charts[0].ax.legend([chart.traces["before"].val, chart.traces["now"].val, self.lines[0], self.dots[0]],
                                 ["never interrupted", "resumed", "interrupted", "epoch kept"], loc="upper right",
                                 fontsize=8.5, frameon=True, framealpha=0.85, edgecolor="none")

    def draw(self, scene):
        """Lay the resumed run over the uninterrupted one."""
        now = scene.now
        whole = Result(now.settings, [now.whole], now.num_train, {})
        for chart, line, dot in zip(self.charts, self.lines, self.dots, strict=True):
            chart.draw(scene, {"before": whole, **scene.pins, "now": now})
            line.set_xdata([now.settings["interrupt"]] * 2)
            row = self._kept(scene)
            dot.set_data([row["epoch"]], [row.get(f"val_{chart.metric}", row[f"train_{chart.metric}"])])

    def words(self, scene):
        """Return how far the resumed run strays from the uninterrupted one, and what the kept epoch is worth."""
        now, forgot = scene.now, scene.now.settings["forget"]
        if now.settings["epochs"] <= now.settings["interrupt"]:
            comparison = "The run ends before it is interrupted."
        else:
            difference, epoch = now.largest_difference()
            missing = "With everything saved" if forgot == "nothing" else f"With the {forgot} forgotten"
            comparison = (f"{missing}, the resumed run equals the uninterrupted one, to the last bit." if not difference
                          else f"{missing}, its training loss differs by up to {number(difference)}, "
                               f"after {count(epoch, 'epoch')}.")
        row = self._kept(scene)
        if "val_loss" not in row:
            return comparison
        return (f"{comparison} The weights after {count(row['epoch'], 'epoch')} have validation loss "
                f"{number(row['val_loss'])} and accuracy {percent(row['val_accuracy'])}.")

    @staticmethod
    def _kept(scene):
        history = scene.now.history
        return history.row(min(scene.view["keep"], history.num_rows - 1))
