"""Batching's picture: one batch of digits, its gradient's direction against the whole set's, every batch's loss."""

from math import ceil, sqrt
from statistics import mean

import numpy as np

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

    def __init__(self, figure):
        sheet, compass, losses = figure.subplots(1, 3, width_ratios=[1, 1.6, 1.15])
        figure.subplots_adjust(left=0.01, right=0.985, top=0.9, bottom=0.13, wspace=0.28)
        self.sheet, self.compass, self.losses = sheet, styled(compass), styled(losses)
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
        self._found, self._reach = (None, None), START_REACH

    def draw(self, scene):
        """Show the chosen batch, its direction among the others', and the run's batch losses."""
        batches, found = self._directions(scene)
        index = self._index(scene, batches)
        batch, own = batches[index], found[index]
        self.picture.set_data(contact_sheet(batch.images[:MOST_PICTURES, 0].numpy()))
        more = f", {MOST_PICTURES} of them" if len(batch) > MOST_PICTURES else ""
        self.sheet_title.set_text(f"batch {index + 1}: {count(len(batch), 'image')}{more}")
        points = [(one.length * one.cosine, one.length * sqrt(1 - one.cosine ** 2)) for one in found]
        self.others.set_data(*zip(*points, strict=True))
        self.own.set_data([0, points[index][0]], [0, points[index][1]])
        self.compass_title.set_text(f"cosine {own.cosine:.2f}")
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

    def words(self, scene):
        """Return the batch's loss and direction, and the mean cosine of its kind."""
        batches, found = self._directions(scene)
        index = self._index(scene, batches)
        own = found[index]
        return (f"Batch {index + 1} holds {count(len(batches[index]), 'image')}; its mean loss is {number(own.loss)}. "
                f"The cosine between its gradient and that of all {count(len(scene.train), 'image')} is "
                f"{own.cosine:.2f}; over {count(len(found), 'such batch').replace('batchs', 'batches')} it is "
                f"{mean(one.cosine for one in found):.2f} on average.")

    @staticmethod
    def _index(scene, batches):
        return min(scene.view["batch"], len(batches)) - 1

    def _directions(self, scene):
        """Return batches and directions, measured once for each Pigeon and batch size."""
        epoch = max(epoch for epoch in scene.now.pigeons if epoch <= scene.view["stage"])
        pigeon, size = scene.now.pigeons[epoch], scene.now.settings["batch_size"]
        if self._found[0] != (id(pigeon), size):
            measured = directions(pigeon, scene.train, size, seed=scene.now.settings["seed"])
            self._found = ((id(pigeon), size), measured, pigeon)
        return self._found[1]


def compare_cosines(scene, usual):
    """Return whether the run's batches have a "larger" or "smaller" mean cosine than those of size `usual`.

    It is that before training; "the same" is what agrees to 0.01.
    """
    settings, pigeon = scene.now.settings, scene.now.pigeons[0]
    own, other = (mean(one.cosine for one in directions(pigeon, scene.train, size, seed=settings["seed"])[1])
                  for size in (settings["batch_size"], usual))
    if abs(own - other) <= 0.01:
        return "the same"
    return "larger" if own > other else "smaller"


def contact_sheet(pictures):
    """Return pictures [n, 28, 28] on the smallest square sheet that holds them."""
    columns = ceil(sqrt(len(pictures)))
    sheet = np.zeros((columns * SIDE, columns * SIDE))
    for index, one in enumerate(pictures):
        row, column = divmod(index, columns)
        sheet[row * SIDE:(row + 1) * SIDE, column * SIDE:(column + 1) * SIDE] = one
    return sheet
