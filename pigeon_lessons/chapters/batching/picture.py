"""Batching's picture: one batch of digits, its gradient's direction against the whole set's, every batch's loss."""

from math import ceil, sqrt
from statistics import mean

import numpy as np

from pigeon_lessons.data import data_order
from pigeon_lessons.gradients import directions
from pigeon_lessons.panels.moving import hold, moving, moving_title
from pigeon_lessons.pictures.style import COLORS, GRAY, INK, styled
from pigeon_lessons.words import count, number

MOST_PICTURES = 64
SIDE = 28
START_REACH = 2.0


class Batches:
    """Left the batch; in the middle its gradient, the whole set's pointing right with length 1; right the losses."""

    size = (9.0, 3.8)

    def __init__(self, figure, train):
        sheet, compass, losses = figure.subplots(1, 3, width_ratios=[1, 1.6, 1.15])
        figure.subplots_adjust(left=0.01, right=0.985, top=0.9, bottom=0.13, wspace=0.28)
        self.train, self.compass, self.losses = train, styled(compass), styled(losses)
        sheet.set_axis_off()
        self.picture = sheet.imshow(np.zeros((SIDE, SIDE)), cmap="gray_r", vmin=0, vmax=1, extent=(0, 1, 0, 1))
        compass.set(xlabel="along the whole set's gradient", ylabel="across it", aspect="equal")
        self.others, = compass.plot([], [], color=GRAY, linestyle="none", marker=".", markersize=6)
        self.whole, = compass.plot([0, 1], [0, 0], color=INK, linestyle="-", linewidth=2.4, marker="o", markevery=[1])
        self.own, = compass.plot([], [], color=COLORS[1], linestyle="-", linewidth=2.4, marker="o", markevery=[1])
        compass.legend([self.whole, self.own, self.others], ["all images", "this batch", "other batches"],
                       loc="lower center", bbox_to_anchor=(0.5, 1.08), ncols=3, columnspacing=1.1, handlelength=1.5,
                       fontsize=8.5, frameon=False)
        losses.set(xlabel="images seen", ylabel="loss of the mini-batch (nats)")
        self.course, = losses.plot([], [], color=INK, linestyle="-", linewidth=1.0, marker=".", markersize=3)
        losses.set_title("the loss of each mini-batch", fontsize=10)
        self.sheet_title, self.compass_title = moving_title(sheet), moving_title(compass)
        moving(self.picture, self.others, self.whole, self.own, self.course)
        self._reach = START_REACH

    @staticmethod
    def measure(run, result, view, visited):
        """Compare the first epoch's batches with the whole set, by a Pigeon after the chosen epoch; at most 32 of them.

        "batch": the number of the one shown; "positions" of its images, "loss", "cosine" to the whole set's gradient.
        "points": for every batch where its gradient points, the whole set's being (1, 0). "mean_cosine".
        """
        epoch, size, seed = result.stage(view.get("stage", 0)), run.settings["batch_size"], run.settings["seed"]
        found = run.once(("directions", epoch), lambda: directions(run.pigeon_at(epoch), run.train, size, seed=seed)[1])
        index = min(view.get("batch", 1), len(found)) - 1
        order = data_order(len(run.train), seed=seed, epoch=0).tolist()
        points = [(one.length * one.cosine, one.length * sqrt(1 - one.cosine ** 2)) for one in found]
        return {"batch": index + 1, "positions": order[index * size:(index + 1) * size], "loss": found[index].loss,
                "cosine": found[index].cosine, "points": points, "mean_cosine": mean(one.cosine for one in found)}

    def draw(self, scene):
        """Show the chosen batch, its direction among the others', and the run's batch losses."""
        index, positions, points = scene.picture["batch"] - 1, scene.picture["positions"], scene.picture["points"]
        self.picture.set_data(contact_sheet(self.train.images[positions[:MOST_PICTURES], 0].numpy()))
        more = f", {MOST_PICTURES} of them" if len(positions) > MOST_PICTURES else ""
        self.sheet_title.set_text(f"batch {index + 1}: {count(len(positions), 'image')}{more}")
        self.others.set_data(*zip(*points, strict=True))
        self.own.set_data([0, points[index][0]], [0, points[index][1]])
        self.compass_title.set_text(f"cosine {scene.picture['cosine']:.2f}")
        self._reach = max(self._reach, *(abs(value) * 1.05 for point in points for value in point))
        hold(self.compass, xlim=(-self._reach, self._reach), ylim=(-0.06 * self._reach, 1.1 * self._reach))
        losses, size = scene.now.history.batch_loss, scene.now.settings["batch_size"]
        self.course.set_data([step * size for step in range(len(losses))], losses)
        hold(self.losses, xlim=(0, scene.now.num_train * scene.now.settings["epochs"]),
             ylim=(0, min(3, max(1.5, *losses, 0)) if losses else 1.5))

    def fit(self):
        """Fit the compass to the arrows that are there."""
        self._reach = 0.1

    def start_anew(self):
        """Give the compass the reach that it starts with."""
        self._reach = START_REACH

    @staticmethod
    def words(result, measured):
        """Return the batch's loss and direction, and the mean cosine of its kind."""
        batches = count(len(measured["points"]), "such batch").replace("batchs", "batches")
        return (f"Batch {measured['batch']} holds {count(len(measured['positions']), 'image')}; its mean loss is "
                f"{number(measured['loss'])}. The cosine between its gradient and that of all "
                f"{count(result.num_train, 'image')} is {measured['cosine']:.2f}; over {batches} it is "
                f"{measured['mean_cosine']:.2f} on average.")


def contact_sheet(pictures):
    """Return pictures [n, 28, 28] on the smallest square sheet that holds them."""
    columns = ceil(sqrt(len(pictures)))
    sheet = np.zeros((columns * SIDE, columns * SIDE))
    for index, one in enumerate(pictures):
        row, column = divmod(index, columns)
        sheet[row * SIDE:(row + 1) * SIDE, column * SIDE:(column + 1) * SIDE] = one
    return sheet
