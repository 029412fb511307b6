"""What a panel shows at one moment, as plain data: pictures draw it, words and tables say it, JSON takes it along."""

from dataclasses import dataclass, field
from math import isfinite

import torch

from pigeon_lessons.panels.runs import Result
from pigeon_lessons.panels.summary import run_labels

MOST_UNITS = 64
MISTAKES = 16


@dataclass(frozen=True)
class Scene:
    """One moment of a panel. It never changes, and holds nothing that does.

    `state`: "idle", "training", "paused", "done", "diverged" or "failed". `num_runs`: how many runs were begun.
    `now`: the run under the sliders. `before`: the one shown before it. `pins`: slot 0..5 → pinned run.
    `names`: the settings that the panel's controls change. `view`: how to look at it ("x", "smoothing", "log").
    `baseline`: the accuracy and the loss of the best answer that does not look at the image.
    `summary`: the run in words. `note`: what there is to say of the last button. `error`: what went wrong,
    {"words", "details"}. `leaderboard`: the best runs, {"accuracy", "settings"}. `challenges`: {"text", "needs",
    "is_met"}. `prediction`: its declaration with "guess" and "outcome".
    `picture`: what the chapter's own picture measured. `details`: what the open tab needs. Positions in the last
    two are of images among the training digits, for the worst mistakes among those validated with, if there are any.
    """

    panel: str
    state: str = "idle"
    num_runs: int = 0
    now: Result | None = None
    before: Result | None = None
    pins: dict = field(default_factory=dict)
    names: tuple = ()
    view: dict = field(default_factory=dict)
    baseline: dict = field(default_factory=dict)
    summary: str = ""
    note: str = ""
    error: dict | None = None
    leaderboard: tuple = ()
    challenges: tuple = ()
    prediction: dict | None = None
    picture: dict = field(default_factory=dict)
    details: dict = field(default_factory=dict)

    def runs(self):
        """Return slot → run of those that are to be seen, in the order in which they are drawn, one on the other."""
        runs = {"before": self.before, **dict(sorted(self.pins.items())), "now": self.now}
        return {slot: run for slot, run in runs.items() if run is not None}

    def compared(self):
        """Return slot → run of those that tables and legends name: the run shown, then the pinned ones."""
        return {"now": self.now, **dict(sorted(self.pins.items()))}

    def differing(self):
        """Return the names whose settings are not the same in all pinned runs and the one shown."""
        return [name for name in self.names if len({run.settings[name] for run in self.compared().values()}) > 1]

    def as_dict(self):
        """Return the scene as dicts, lists, texts and finite numbers, as JSON has them; other numbers become None."""
        plain = {name: value for name, value in vars(self).items() if name not in ("now", "before", "pins")}
        return _plain({**plain, "runs": self._drawn(), "differing": self.differing() if self.now else []})

    def for_charts(self):
        """Return what charts need of the scene: "now", "others", the other runs, "view" and "baseline".

        The losses of mini-batches, which may be many, only where they are to be seen.
        """
        *others, now = self._drawn(lambda slot: slot == "now" and self.view.get("smoothing"))
        return _plain({"now": now, "others": others, "view": self.view, "baseline": self.baseline})

    def _drawn(self, has_batches=lambda slot: True):
        labels = run_labels(self) if self.now else {}
        return [{"slot": slot, "label": labels[slot], **_run(run, has_batches(slot))}
                for slot, run in self.runs().items()]


def _run(result, has_batches):
    step, loss = result.diverged or (None, None)
    return {"settings": result.settings, "num_train": result.num_train,
            "iterations_per_epoch": result.iterations_per_epoch, "iterations": result.iterations,
            "is_complete": result.is_complete,
            "seeds": [{"columns": dict(history), "batch_loss": history.batch_loss if has_batches else []}
                      for history in result.histories],
            "diverged": result.diverged and {"iteration": step, "loss": loss if isfinite(loss) else str(loss)},
            "best": {metric: result.best(metric) for metric in ("loss", "accuracy")}}


def _plain(value):
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    return value if not isinstance(value, float) or isfinite(value) else None


def details(tab, run, result):
    """Return what `tab`, "Weights" or "Worst mistakes", shows of the run after the last whole epoch; {} for others.

    "weights" [units, 784], None where they cannot be seen; "positions" of the digits that the Pigeon answers worst,
    worst first, and their "chances", None where its answers are no numbers.
    """
    if tab == "Weights":
        weights = run.pigeon_at(result.epochs).hidden.weight
        can_be_seen = len(weights) <= MOST_UNITS and weights.isfinite().all()
        return {"epoch": result.epochs, "weights": weights.tolist() if can_be_seen else None}
    if tab == "Worst mistakes":
        digits = run.train if run.val is None else run.val
        with torch.no_grad():
            chances = run.pigeon_at(result.epochs)(digits.images).sigmoid()
        wrong = (chances - digits.targets).abs().flatten()
        worst = wrong.argsort(descending=True, stable=True)[:MISTAKES]
        return {"epoch": result.epochs, "positions": worst.tolist(),
                "chances": chances[worst, 0].tolist() if chances.isfinite().all() else None}
    return {}
