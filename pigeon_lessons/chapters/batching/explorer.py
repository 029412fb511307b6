"""Chapter 01's panel: one batch of digits, its gradient's direction against the whole set's, every batch's loss."""

from math import ceil, sqrt
from statistics import mean

import numpy as np

from pigeon_lessons.data import data_order
from pigeon_lessons.gradients import directions
from pigeon_lessons.model import SIDE
from pigeon_lessons.pictures.style import COLORS, GRAY, INK, styled
from pigeon_lessons.words import count, number

MOST_PICTURES = 64
START_REACH = 2.0


class Batches:
    """Left the batch; in the middle its gradient, the whole set's pointing right with length 1; right the losses."""

    size, charts = (7.2, 3.5), ()

    @staticmethod
    def measure(run, result, view, visited):
        """Compare the first epoch's batches with the whole set, by a Pigeon after the chosen epoch; at most 32 of them.

        "batch": the number of the one shown; "positions" of its images, "loss", "cosine" to the whole set's gradient.
        "points": for every batch where its gradient points, the whole set's being (1, 0). "mean_cosine".
        """
        epoch, size, seed = result.stage(view.get("stage", 0)), run.settings["batch_size"], run.settings["seed"]
        found = run.once(("directions", epoch), lambda: directions(run.pigeon_at(epoch), run.train, size, seed=seed))
        index = min(view.get("batch", 1), len(found)) - 1
        order = data_order(len(run.train), seed=seed, epoch=0).tolist()
        points = [(one.length * one.cosine, one.length * sqrt(1 - one.cosine ** 2)) for one in found]
        return {"batch": index + 1, "positions": order[index * size:(index + 1) * size], "loss": found[index].loss,
                "cosine": found[index].cosine, "points": points, "mean_cosine": mean(one.cosine for one in found)}

    @staticmethod
    def draw(figure, scene, train):
        """Show the chosen batch, its direction among the others', and the run's batch losses."""
        sheet, compass, course = figure.subplots(1, 3, width_ratios=[1, 1.6, 1.15], gridspec_kw={
            "left": 0.01, "right": 0.97, "top": 0.84, "bottom": 0.15, "wspace": 0.38})
        index, positions, points = scene.picture["batch"] - 1, scene.picture["positions"], scene.picture["points"]
        sheet.imshow(contact_sheet(train.images[positions[:MOST_PICTURES], 0].numpy()), cmap="gray_r", vmin=0, vmax=1)
        sheet.set_axis_off()
        more = f", {MOST_PICTURES} of them" if len(positions) > MOST_PICTURES else ""
        sheet.set_title(f"batch {index + 1}: {count(len(positions), 'image')}{more}", fontsize=10)
        arrow = {"linestyle": "-", "linewidth": 2.4, "marker": "o", "markevery": [1]}
        styled(compass).plot([0, 1], [0, 0], color=INK, label="all images", **arrow)
        compass.plot([0, points[index][0]], [0, points[index][1]], color=COLORS[1], label="this batch", **arrow)
        compass.plot(*zip(*points, strict=True), color=GRAY, linestyle="none", marker=".", markersize=6,
                     label="other batches", zorder=1.5)
        reach = max(START_REACH, *(abs(value) * 1.05 for point in points for value in point))
        compass.set(xlabel="along the whole set's gradient", ylabel="across it", aspect="equal",
                    xlim=(-reach, reach), ylim=(-0.06 * reach, 1.1 * reach))
        compass.set_title(f"cosine {scene.picture['cosine']:.2f}", fontsize=10)
        figure.legend(loc="upper center", ncols=3, fontsize=9, frameon=False)
        losses, size = scene.now.history.batch_loss, scene.now.settings["batch_size"]
        styled(course).plot([step * size for step in range(len(losses))], losses, color=COLORS[0], linestyle="-",
                            linewidth=1.0, marker=".", markersize=3)
        course.set(xlabel="images seen", ylabel="loss of the mini-batch (nats)",
                   xlim=(0, scene.now.end("images")), ylim=(0, min(3, max(1.5, *losses, 0)) if losses else 1.5))
        course.set_title("the loss of each mini-batch", fontsize=10)

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
    sheet = np.zeros((columns**2, SIDE, SIDE))
    sheet[:len(pictures)] = pictures
    return sheet.reshape(columns, columns, SIDE, SIDE).swapaxes(1, 2).reshape(columns * SIDE, columns * SIDE)
