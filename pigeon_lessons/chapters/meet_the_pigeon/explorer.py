"""Chapter 00's panel: single images, one after the other, and the five steps of one update in numbers."""

import copy

import torch

from pigeon_lessons.data import data_order
from pigeon_lessons.interrupts import interrupts_held
from pigeon_lessons.panels.runs import Run, trainer
from pigeon_lessons.pictures.curves import running_average
from pigeon_lessons.pictures.style import COLORS, GRAY, INK, TRAIN, styled
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

    size, charts = (7.2, 3.5), ()

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
        chance, chance_after = torch.tensor([before, after], dtype=torch.float64).sigmoid().tolist()
        return {"update": number, "position": position, "label": int(run.train.labels[position]),
                "target": int(run.train.targets[position].item()), "yes_means": run.train.yes_means,
                "logit": before, "logit_after": after, "loss": result.history.batch_loss[number - 1],
                "chance": chance, "chance_after": chance_after}

    @staticmethod
    def draw(figure, scene, train):
        """Show the chosen update."""
        digit, steps, course = figure.subplots(1, 3, width_ratios=[0.75, 1.75, 1.4], gridspec_kw={
            "left": 0.02, "right": 0.965, "top": 0.9, "bottom": 0.14, "wspace": 0.22})
        losses = scene.now.history.batch_loss
        updates = range(1, len(losses) + 1)
        styled(course).plot(updates, [min(loss, 3) for loss in losses], color=GRAY, linestyle="none", marker=".",
                            markersize=2.5, label="one image")
        course.plot(updates, running_average(losses, WINDOW), **TRAIN, label=f"average of {WINDOW}")
        course.set(xlabel="update", ylabel="loss of the one image (nats)", xlim=(0, scene.now.end("iteration")),
                   ylim=(0, 3))
        course.set_yticks(range(4), ["0", "1", "2", "3+"])
        digit.set_axis_off()
        steps.set_axis_off()
        if not scene.picture:
            return
        update, loss, logit, logit_after, before, after, target = (scene.picture[name] for name in (
            "update", "loss", "logit", "logit_after", "chance", "chance_after", "target"))
        course.axvline(update, color=COLORS[1], linestyle="-", linewidth=1.6, label="update shown")
        figure.legend(loc="upper right", ncols=3, fontsize=9, frameon=False)
        digit.imshow(train.images[scene.picture["position"], 0].numpy(), cmap="gray_r", vmin=0, vmax=1)
        digit.set_title(f"update {update}: {named(scene.picture['label'])}\n"
                        f"{scene.picture['yes_means']}: {'yes' if target else 'no'}", fontsize=10)
        lines = (f"logit {logit:+.3f}, probability {before:.3f}",
                 f"−ln {before if target else 1 - before:.3f} = {number(loss)} nats",
                 f"by the logit: {before:.3f} − {target} = {before - target:+.3f}",
                 f"logit {logit_after:+.3f}, probability {after:.3f}",
                 "gradients are cleared")
        for row, (name, line) in enumerate(zip(STEPS, lines, strict=True)):
            steps.text(0.0, 0.98 - 0.2 * row, name, fontsize=10, fontweight="bold", va="top", color=INK)
            steps.text(0.04, 0.89 - 0.2 * row, line.replace("-", "−"), fontsize=9.5, va="top", color=INK)

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
