"""A run that can be left and taken up again, and what it has shown so far. No widget, no figure."""

from dataclasses import dataclass
from functools import cached_property

from pigeon_lessons.divergence import divergence
from pigeon_lessons.setting import DEFAULTS as SETTING
from pigeon_lessons.sweeping import Sweep

DEFAULTS = {**SETTING, "repeats": 1, "train_images": None, "evaluate_every": 0}
"""The settings of a run, and what each is where a panel does not offer it."""

SWEPT = ("lr", "batch_size", "momentum", "decay", "weight_decay", "num_hidden")


class Run:
    """One setting in training, with all its seeds at once; `walk` it as far as you want, leave it, come back.

    `settings` has the keys of DEFAULTS. The run grows and never starts anew, so a shorter one is a
    cut of it and a longer one its continuation, with exactly the same numbers.
    """

    def __init__(self, settings, train, val):
        self.settings = {name: settings.get(name, default) for name, default in DEFAULTS.items()}
        self.train = train[:self.settings["train_images"]]
        self.val = val
        seeds = range(self.settings["seed"], self.settings["seed"] + self.settings["repeats"])
        common = {name: self.settings[name] for name in SWEPT}
        self._sweep = Sweep([{**common, "seed": seed} for seed in seeds], self.train, val,
                            evaluate_every=self.settings["evaluate_every"] or None)
        self.pigeons = {0: self._sweep.pigeon(0)}

    @property
    def iterations_per_epoch(self):
        """Updates in one pass over this run's training digits."""
        return -(-len(self.train) // self.settings["batch_size"])

    def walk(self, epochs):
        """Train until `epochs` passes are done in all, yielding between small pieces of work."""
        for epoch in range(self.epochs_done + 1, epochs + 1):
            yield from self._sweep.slices(epoch, budget_ms=8)
            if epoch in KEPT_EPOCHS:
                self.pigeons[epoch] = self._sweep.pigeon(0)

    @property
    def epochs_done(self):
        """Whole passes that every seed has done."""
        return min(len(history.batch_loss) for history in self._sweep.histories) // self.iterations_per_epoch

    def result(self, epochs, cut=None):
        """Return what the run shows when it is asked for `epochs` passes: those that are done, at most `cut`."""
        last = (epochs if cut is None else cut) * self.iterations_per_epoch
        histories = [history.up_to(last) for history in self._sweep.histories]
        pigeons = {epoch: pigeon for epoch, pigeon in self.pigeons.items() if epoch <= (epochs if cut is None else cut)}
        return Result({**self.settings, "epochs": epochs}, histories, len(self.train), pigeons)

    @property
    def num_bytes(self):
        """Memory that this run holds, roughly: its histories, its weights and the weights it kept."""
        numbers = sum(len(history) * history.num_rows + len(history.batch_loss) for history in self._sweep.histories)
        weights = 4 * 786 * self.settings["num_hidden"]
        return 32 * numbers + weights * (len(self.pigeons) + 3 * len(self._sweep.histories))


KEPT_EPOCHS = (1, 2, 3, 5, 10, 15, 20, 30, 50, 100, 200)
"""The epochs that a panel offers; the weights are kept at these, for the pictures of them."""


@dataclass(frozen=True)
class Result:
    """What one setting gave so far: `settings` with "epochs", a `History` for each seed.

    `num_train`: training images. `pigeons`: epoch → the first seed's Pigeon after it, where it was kept.
    """

    settings: dict
    histories: list
    num_train: int
    pigeons: dict

    @property
    def history(self):
        """The first seed's `History`."""
        return self.histories[0]

    @property
    def iterations_per_epoch(self):
        """Updates in one pass over this run's training digits."""
        return -(-self.num_train // self.settings["batch_size"])

    @property
    def pigeon(self):
        """The first seed's Pigeon as it stands; None between two of the epochs at which it is kept."""
        return self.pigeons.get(self.iterations // self.iterations_per_epoch)

    @property
    def iterations(self):
        """Updates that every seed has done."""
        return min(len(history.batch_loss) for history in self.histories)

    @property
    def is_complete(self):
        """Whether every seed has done all the epochs asked for."""
        return self.iterations >= self.settings["epochs"] * self.iterations_per_epoch

    def end(self, unit):
        """Return how far the run is asked to go, in "epoch" or "iteration"."""
        return self.settings["epochs"] * (self.iterations_per_epoch if unit == "iteration" else 1)

    def ends(self, name):
        """Return where column `name` ends, for each seed."""
        return [history[name][-1] for history in self.histories]

    @cached_property
    def divergences(self):
        """For each seed that diverged, (update, loss) where its loss left all bounds."""
        found = [divergence(history.batch_loss, self.settings["batch_size"]) for history in self.histories]
        return [one for one in found if one is not None]

    @property
    def diverged_at(self):
        """The first update at which any seed diverged; None if none did."""
        return min(self.divergences)[0] if self.divergences else None
