"""The update loop's explorer: single images, one after the other, and the five steps of one update in numbers."""

from dataclasses import dataclass
from math import exp

import torch

from pigeon_lessons.data import data_order
from pigeon_lessons.model import Pigeon
from pigeon_lessons.panels.moving import hold, moving, moving_title
from pigeon_lessons.panels.runs import DEFAULTS, Result
from pigeon_lessons.pictures import running_average
from pigeon_lessons.pictures.style import COLORS, GRAY, INK, styled
from pigeon_lessons.training import Trainer
from pigeon_lessons.words import number

WINDOW = 50


@dataclass(frozen=True)
class Update:
    """One update: the image's position, the logit before and after it, the loss before."""

    position: int
    logit: float
    logit_after: float
    loss: float


class UpdateRun:
    """A run of single-image updates that remembers, of each, what the Pigeon said before and after."""

    def __init__(self, settings, train, val):
        self.settings = {**DEFAULTS, **settings, "batch_size": 1}
        self.train, self.updates = train, []
        names = ("lr", "batch_size", "momentum", "seed")
        self._trainer = Trainer(Pigeon(seed=self.settings["seed"]), train, val, evaluate_every=len(train),
                                **{name: self.settings[name] for name in names})

    def walk(self, epochs):
        """Train until `epochs` passes are done in all, yielding after each update."""
        steps = self._trainer.iterations(epochs * len(self.train))
        for epoch in range(self.epochs_done, epochs):
            order = data_order(len(self.train), seed=self.settings["seed"], epoch=epoch)
            for position in order[self._trainer.iteration % len(self.train):].tolist():
                image = self.train.images[position:position + 1]
                logit = self._logit(image)
                next(steps)
                self.updates.append(Update(position, logit, self._logit(image), self._trainer.history.batch_loss[-1]))
                yield

    @torch.no_grad()
    def _logit(self, image):
        return self._trainer.model(image).item()

    @property
    def epochs_done(self):
        """Whole passes done."""
        return self._trainer.epoch

    @property
    def num_bytes(self):
        """Memory that this run holds, roughly."""
        return 200 * len(self.updates) + 300_000

    def result(self, epochs, cut=None):
        """Return what the run shows: at most `epochs` passes, or `cut`."""
        last = (epochs if cut is None else cut) * len(self.train)
        return UpdateResult({**self.settings, "epochs": epochs}, [self._trainer.history.up_to(last)], len(self.train),
                            {}, self.updates[:last])


@dataclass(frozen=True)
class UpdateResult(Result):
    """A `Result` with its single updates."""

    updates: list = ()


STEPS = ("1  predict", "2  loss", "3  backward", "4  step", "5  zero_grad")


class UpdatePicture:
    """Left the image; in the middle the five steps in numbers; right the loss of every update."""

    size = (9.0, 3.8)

    def __init__(self, figure):
        digit, steps, losses = figure.subplots(1, 3, width_ratios=[0.8, 1.5, 1.4])
        figure.subplots_adjust(left=0.01, right=0.985, top=0.9, bottom=0.13, wspace=0.2)
        self.digit, self.losses = digit, styled(losses)
        digit.set_axis_off()
        steps.set_axis_off()
        self.picture = digit.imshow([[0.0] * 28] * 28, cmap="gray_r", vmin=0, vmax=1)
        self.numbers = []
        for row, name in enumerate(STEPS):
            steps.text(0.0, 0.93 - 0.2 * row, name, fontsize=10.5, fontweight="bold", va="top", color=INK)
            self.numbers.append(steps.text(0.06, 0.855 - 0.2 * row, "", fontsize=9.5, va="top", color=INK))
        losses.set(xlabel="update", ylabel="loss of the one image (nats)", ylim=(0, 3))
        losses.set_yticks(range(4), ["0", "1", "2", "3+"])
        self.course, = losses.plot([], [], color=GRAY, linestyle="none", marker=".", markersize=2.5)
        self.average, = losses.plot([], [], color=COLORS[0], linestyle="-", linewidth=2.2)
        self.marker = losses.axvline(0, color=COLORS[1], linestyle="-", linewidth=1.6)
        losses.legend([self.course, self.average, self.marker],
                      ["one image", f"average of {WINDOW}", "update shown"], loc="lower center",
                      bbox_to_anchor=(0.45, 1.0), ncols=3, fontsize=8.5, frameon=False, columnspacing=1.1,
                      handlelength=1.5)
        self.title = moving_title(digit)
        moving(self.picture, *self.numbers, self.course, self.average, self.marker)

    def draw(self, scene):
        """Show the chosen update."""
        updates = scene.now.updates
        hold(self.losses, xlim=(0, scene.now.end("iteration")))
        losses = [update.loss for update in updates]
        self.course.set_data(range(1, len(losses) + 1), [min(loss, 3) for loss in losses])
        self.average.set_data(range(1, len(losses) + 1), running_average(losses, WINDOW) if losses else [])
        if not updates:
            return
        index = self._index(scene)
        update = updates[index]
        self.marker.set_xdata([index + 1, index + 1])
        self.picture.set_data(scene.train.images[update.position, 0].numpy())
        label, target = int(scene.train.labels[update.position]), int(scene.train.targets[update.position].item())
        self.title.set_text(f"update {index + 1}: {named(label)}\n{scene.train.yes_means}: {'yes' if target else 'no'}")
        before, after = chance(update.logit), chance(update.logit_after)
        lines = (f"logit {update.logit:+.3f}, probability {before:.3f}",
                 f"−ln {before if target else 1 - before:.3f} = {number(update.loss)} nats",
                 f"by the logit: {before:.3f} − {target} = {before - target:+.3f}",
                 f"logit {update.logit:+.3f} → {update.logit_after:+.3f}, probability {after:.3f}",
                 "gradients are 0 again")
        for text, line in zip(self.numbers, lines, strict=True):
            text.set_text(line.replace("-", "−"))

    def fit(self):
        """Nothing to fit: the limits are the same for all."""

    start_anew = fit

    def words(self, scene):
        """Return the five steps of the chosen update in words."""
        if not scene.now.updates:
            return ""
        index = self._index(scene)
        update = scene.now.updates[index]
        label = int(scene.train.labels[update.position])
        return (f"Update {index + 1} shows {named(label)}: before it the Pigeon gives “{scene.train.yes_means}” the "
                f"probability {chance(update.logit):.3f}, at a loss of {number(update.loss)} nats; after it "
                f"{chance(update.logit_after):.3f}.")

    @staticmethod
    def _index(scene):
        return min(scene.view["update"], len(scene.now.updates)) - 1


def named(label):
    """Return a digit with its article.

    >>> named(8), named(3)
    ('an 8', 'a 3')
    """
    return f"{'an' if label == 8 else 'a'} {label}"


def chance(logit):
    """Return the sigmoid of a logit.

    >>> chance(0.0)
    0.5
    """
    return 1 / (1 + exp(-logit)) if logit > -700 else 0.0
