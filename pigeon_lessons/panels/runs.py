"""A run that can be left at any slice and taken up again, and what it has shown so far. No widget, no figure."""

from dataclasses import dataclass
from math import isfinite
from statistics import fmean

from pigeon_lessons.history import divergence
from pigeon_lessons.model import Pigeon
from pigeon_lessons.setting import DEFAULTS as SETTING
from pigeon_lessons.setting import Setting
from pigeon_lessons.sweeping import Sweep
from pigeon_lessons.training import Trainer
from pigeon_lessons.words import BEST

DEFAULTS = {**SETTING, "repeats": 1, "train_images": None, "evaluate_every": 0}
"""The settings of a run, and what each is where a panel does not offer it; the images of None are all there are."""
KEPT_EPOCHS = (1, 2, 3, 5, 10, 15, 20, 30, 50, 100, 200)
"""The epochs that a panel offers; the weights after each of them are kept as long as the run."""
STAGES = (0, *KEPT_EPOCHS[:6])
"""The epochs after which a panel looks at a gradient."""


class Run:
    """One setting in training; `walk` it as far as you want, leave it at any slice, come back.

    It grows and never starts anew: a shorter run is a cut of it and a longer one its continuation, and every
    number, every weight is to the bit what it would be without a pause. `kin`, another run of the same class on
    the same digits, lends it what can be shared.

    A class of runs says how it trains: `start(kin)` makes what is trained; `slices(epoch)` trains until so many passes
    are done in all, one more than now, and yields between small pieces of work, the last time when the epoch is whole;
    `histories` has one for each seed, `pigeon()` returns a copy of the first seed's Pigeon as it stands. `fixed` are
    settings that it does not leave to the panel.
    """

    fixed = {}

    def __init__(self, settings, train, val, kin=None):
        self.settings = complete({**settings, **self.fixed}, len(train))
        count = self.settings["train_images"]
        self.train = train if count == len(train) else train[:count] if kin is None else kin.train
        self.val = val
        self.start(kin)
        self._kept, self._measured, self._result = {0: self.pigeon()}, {}, (None, None)
        self._divergences = [(None, 0)] * len(self.histories)

    @property
    def iterations_per_epoch(self):
        """Updates in one pass over this run's training digits."""
        return -(-len(self.train) // self.settings["batch_size"])

    @property
    def epochs_done(self):
        """Whole passes that every seed has done."""
        return min(len(history.batch_loss) for history in self.histories) // self.iterations_per_epoch

    def walk(self, epochs):
        """Train until `epochs` passes are done in all, yielding before and after small pieces of work."""
        for epoch in range(self.epochs_done + 1, epochs + 1):
            yield  # what there is can be seen before anything is trained
            for _ in self.slices(epoch):
                if self.epochs_done == epoch:
                    self._keep(epoch)
                yield

    def finish(self, epochs):
        """Train, now, until `epochs` passes are done in all, and return the result."""
        for _ in self.walk(epochs):
            pass
        return self.result(epochs)

    def _keep(self, epoch):
        """Keep the weights of the newest whole epoch; of those before it, the ones that a panel offers."""
        if epoch not in self._kept:
            self._kept = {kept: pigeon for kept, pigeon in self._kept.items() if kept in (0, *KEPT_EPOCHS)}
            self._kept[epoch] = self.pigeon()

    def pigeon_at(self, epoch):
        """Return the first seed's Pigeon after `epoch` passes; where it was not kept, it is trained once more."""
        if epoch not in self._kept:
            again = type(self)(self.settings, self.train, self.val, kin=self)
            again.finish(epoch)
            self._kept[epoch] = again.pigeon()
        return self._kept[epoch]

    def once(self, what, measure):
        """Return `measure()`, remembered under the name `what` as long as this run is."""
        if what not in self._measured:
            self._measured[what] = measure()
        return self._measured[what]

    def result(self, epochs, shown=None):
        """Return what the run shows when it is asked for `epochs` passes: those that are done, at most `shown`."""
        key = (epochs, shown, *((len(history.batch_loss), history.num_rows) for history in self.histories))
        if key != self._result[0]:
            last = (epochs if shown is None else shown) * self.iterations_per_epoch
            self._result = key, Result({**self.settings, "epochs": epochs},
                                       tuple(history.up_to(last) for history in self.histories), len(self.train),
                                       tuple(one for one in self._diverged() if one and one[0] <= last))
        return self._result[1]

    def _diverged(self):
        """Return for each seed where its losses left all bounds, None where not; each loss is looked at once."""
        for seed, losses in enumerate(history.batch_loss for history in self.histories):
            found, seen = self._divergences[seed]
            self._divergences[seed] = found or divergence(losses, self.settings["batch_size"], seen), len(losses)
        return [found for found, _ in self._divergences]


class SweepRun(Run):
    """One setting with all its seeds at once, trained by `Sweep`."""

    def start(self, kin):
        setting = Setting(**{name: self.settings[name] for name in SETTING})
        seeds = range(setting.seed, setting.seed + self.settings["repeats"])
        self._sweep = Sweep([setting.but(seed=seed) for seed in seeds], self.train, self.val,
                            evaluate_every=self.settings["evaluate_every"] or None,
                            inked=None if kin is None else kin._sweep.inked)
        self.histories = self._sweep.histories

    def slices(self, epoch, budget_ms=8):
        return self._sweep.slices(epoch, budget_ms=budget_ms)

    def pigeon(self, index=0):
        return self._sweep.pigeon(index)


def complete(settings, num_train):
    """Return settings with every key of DEFAULTS, without "epochs"; of the training images those that there are.

    >>> complete({"lr": 0.05, "train_images": 1024, "epochs": 3}, num_train=100)["train_images"]
    100
    """
    settings = {name: settings.get(name, default) for name, default in DEFAULTS.items()} | {
        name: value for name, value in settings.items() if name != "epochs"}
    return {**settings, "train_images": min(settings["train_images"] or num_train, num_train)}


def trainer(settings, train, val):
    """Return a `Trainer` of a fresh Pigeon with a run's settings."""
    names = [name for name in SETTING if name != "num_hidden"]
    return Trainer(Pigeon(settings["num_hidden"], seed=settings["seed"]), train, val,
                   **{name: settings[name] for name in names})


@dataclass(frozen=True)
class Result:
    """What one setting gave so far, as plain data: `settings` with "epochs", a `History` for each seed.

    `num_train`: training images. `divergences`: for each seed that diverged, (update, loss) where its loss left
    all bounds. From these follow `history`, the first seed's; `iterations_per_epoch`; `num_rows`, `iterations` and
    `epochs`, the rows, updates and whole passes that every seed has; `is_complete`, whether these are all that were
    asked for; `diverged`, the first of `divergences`, None if there is none.
    """

    settings: dict
    histories: tuple
    num_train: int
    divergences: tuple = ()

    def __post_init__(self):
        per_epoch = -(-self.num_train // self.settings["batch_size"])
        iterations = min(len(history.batch_loss) for history in self.histories)
        epochs = iterations // per_epoch
        vars(self).update(
            history=self.histories[0], iterations_per_epoch=per_epoch, iterations=iterations, epochs=epochs,
            num_rows=min(history.num_rows for history in self.histories),
            is_complete=epochs >= self.settings["epochs"],
            diverged=min(self.divergences, key=lambda one: one[0], default=None))

    def positions(self, unit):
        """Return where the first seed was evaluated, in "epoch", "iteration", "images" or "tau"."""
        return [epoch * self.num_train for epoch in self.history["epoch"]] if unit == "images" else self.history[unit]

    def end(self, unit):
        """Return how far the run is asked to go, in such a unit."""
        settings, passes = self.settings, self.settings["epochs"]
        if unit == "tau":
            rates = sum(settings["lr"] * settings["decay"] ** epoch for epoch in range(passes))
            return rates * self.iterations_per_epoch / (1 - settings["momentum"])
        return passes * {"epoch": 1, "iteration": self.iterations_per_epoch, "images": self.num_train}[unit]

    def ends(self, name):
        """Return where column `name` ends, for each seed."""
        return [history[name][-1] for history in self.histories]

    def column(self, name):
        """Return the means over the seeds of column `name`, as far as all seeds have come."""
        return [fmean(row) for row in zip(*(history[name] for history in self.histories), strict=False)]

    def best(self, metric):
        """Return the row of the earliest best validation loss or accuracy; None where a run has none or diverged."""
        values = self.column(f"val_{metric}") if f"val_{metric}" in self.history and not self.diverged else []
        pick = min if BEST[metric] == "min" else max
        return values.index(pick(filter(isfinite, values))) if len(values) > 1 and any(map(isfinite, values)) else None

    def stage(self, chosen):
        """Return the last of STAGES that is done, not beyond the `chosen` one, and where the loss is a number still."""
        losses = dict(zip(self.history["epoch"], self.history["train_loss"], strict=True))
        return max(stage for stage in STAGES if stage <= min(chosen, self.epochs) and isfinite(losses[stage]))
