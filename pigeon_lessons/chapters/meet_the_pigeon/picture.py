"""The update loop's explorer: single images, one after the other, and the five steps of one update in numbers."""

import copy
from math import exp

import torch

from pigeon_lessons.data import data_order
from pigeon_lessons.interrupts import interrupts_held
from pigeon_lessons.panels.moving import hold, moving, moving_title
from pigeon_lessons.panels.runs import Run, trainer
from pigeon_lessons.pictures.curves import running_average
from pigeon_lessons.pictures.style import COLORS, GRAY, INK, styled
from pigeon_lessons.words import number

WINDOW = 50


class UpdateRun(Run):
    """A run of single-image updates that remembers, of each, the image's position and what the Pigeon said of it.

    `updates`: (position, logit before, logit after), one for each update.
    """

    fixed = {"batch_size": 1}

    def start(self, kin):
        self.updates = []
        self._trainer = trainer(self.settings, self.train, self.val)

    @property
    def histories(self):
        return [self._trainer.history]

    def slices(self, epoch):
        order = data_order(len(self.train), seed=self.settings["seed"], epoch=epoch - 1)
        positions = order[self._trainer.iteration % len(self.train):].tolist()
        updates = self._trainer.iterations(len(positions))
        for position in positions:
            image = self.train.images[position:position + 1]
            with interrupts_held():
                logit = self._logit(image)
                next(updates)
                self.updates.append((position, logit, self._logit(image)))
            yield

    @torch.no_grad()
    def _logit(self, image):
        return self._trainer.model(image).item()

    def pigeon(self):
        return copy.deepcopy(self._trainer.model)


STEPS = ("1  predict", "2  loss", "3  backward", "4  step", "5  zero_grad")


class UpdatePicture:
    """Left the image; in the middle the five steps in numbers; right the loss of every update."""

    size = (9.0, 3.8)

    def __init__(self, figure, train):
        digit, steps, losses = figure.subplots(1, 3, width_ratios=[0.8, 1.5, 1.4])
        figure.subplots_adjust(left=0.01, right=0.985, top=0.9, bottom=0.13, wspace=0.2)
        self.train, self.losses = train, styled(losses)
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

    @staticmethod
    def measure(run, result, view, visited):
        """Return what is known of the chosen update, or the last that is done: {} before the first.

        "update": its number. "position", "label", "target": of its image, "yes_means" what a target of 1 is called.
        "logit", "logit_after", "loss" (nats), "chance", "chance_after": the probability of it before and after.
        """
        number = min(view.get("update", 1), result.iterations)
        if not number:
            return {}
        position, before, after = run.updates[number - 1]
        return {"update": number, "position": position, "label": int(run.train.labels[position]),
                "target": int(run.train.targets[position].item()), "yes_means": run.train.yes_means,
                "logit": before, "logit_after": after, "loss": result.history.batch_loss[number - 1],
                "chance": chance(before), "chance_after": chance(after)}

    def draw(self, scene):
        """Show the chosen update."""
        losses = scene.now.history.batch_loss
        hold(self.losses, xlim=(0, scene.now.end("iteration")))
        self.course.set_data(range(1, len(losses) + 1), [min(loss, 3) for loss in losses])
        self.average.set_data(range(1, len(losses) + 1), running_average(losses, WINDOW) if losses else [])
        if not scene.picture:
            return
        update, loss, logit, logit_after, before, after, target = (scene.picture[name] for name in (
            "update", "loss", "logit", "logit_after", "chance", "chance_after", "target"))
        self.marker.set_xdata([update, update])
        self.picture.set_data(self.train.images[scene.picture["position"], 0].numpy())
        self.title.set_text(f"update {update}: {named(scene.picture['label'])}\n"
                            f"{scene.picture['yes_means']}: {'yes' if target else 'no'}")
        lines = (f"logit {logit:+.3f}, probability {before:.3f}",
                 f"−ln {before if target else 1 - before:.3f} = {number(loss)} nats",
                 f"by the logit: {before:.3f} − {target} = {before - target:+.3f}",
                 f"logit {logit:+.3f} → {logit_after:+.3f}, probability {after:.3f}",
                 "gradients are cleared")
        for text, line in zip(self.numbers, lines, strict=True):
            text.set_text(line.replace("-", "−"))

    def fit(self):
        """Nothing to fit: the limits are the same for all."""

    start_anew = fit

    @staticmethod
    def words(result, measured):
        """Return the five steps of the chosen update in words."""
        return measured and (
            f"Update {measured['update']} shows {named(measured['label'])}: before it the Pigeon gives "
            f"“{measured['yes_means']}” the probability {measured['chance']:.3f}, at a loss of "
            f"{number(measured['loss'])} nats; after it {measured['chance_after']:.3f}.")


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
