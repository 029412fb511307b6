"""Chapter 02's panel: one loss over both clocks, and the reckoning between them."""

from pigeon_lessons.panels.curves import Curves
from pigeon_lessons.words import count


class BothClocks(Curves):
    """The same loss over iterations and over epochs, and the reckoning between them."""

    charts = (("loss", "iteration"), ("loss", "epoch"))

    @staticmethod
    def words(result, measured):
        """Return how images, batches, iterations and epochs go together for the run shown."""
        images, size = result.num_train, result.settings["batch_size"]
        epochs, per_epoch = result.settings["epochs"], result.iterations_per_epoch
        rest = images % size
        short = f", the last of them with {count(rest, 'image')} only" if rest else ""
        return (f"{count(images, 'image')} in batches of {size} are {count(per_epoch, 'iteration')} an epoch{short}: "
                f"{count(epochs, 'epoch')} are {count(epochs * per_epoch, 'iteration')}, "
                f"each image used {count(epochs, 'time')}.")
