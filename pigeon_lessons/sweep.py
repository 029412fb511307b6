"""Many Pigeons trained at once: every setting gets the history that `Trainer` would give it, only sooner."""

from time import perf_counter

from pigeon_lessons.model import Pigeon
from pigeon_lessons.training import Trainer


def sweep(settings, train, val=None, *, epochs=15, evaluate_every=None):
    """Train one Pigeon for each of `settings` and return their histories, in the same order.

    `settings`: dicts of lr, batch_size, momentum, decay, num_hidden, seed; a key that is left out
    has the default of `Trainer` or `Pigeon`, and seed 1.
    """
    run = Sweep(settings, train, val, evaluate_every=evaluate_every)
    for _ in run.slices(epochs):
        pass
    return run.histories


class Sweep:
    """A sweep that can be walked in small slices, continued, and asked for its weights.

    `histories`: one `History` for each of `settings`, in the same order; they grow as it trains.
    """

    def __init__(self, settings, train, val=None, *, evaluate_every=None):
        self.settings = [dict(one) for one in settings]
        self._trainers = []
        for one in self.settings:
            rest = {key: value for key, value in one.items() if key != "num_hidden"}
            model = Pigeon(one.get("num_hidden", 30), seed=one.get("seed", 1))
            self._trainers.append(Trainer(model, train, val, evaluate_every=evaluate_every, **rest))
        self.histories = [trainer.history for trainer in self._trainers]

    def slices(self, epochs, *, budget_ms=40):
        """Train until every setting has done `epochs` passes in all; yield `histories` about every `budget_ms`.

        The last slice is yielded too. A run that has that many epochs already yields once and does nothing.
        Leave the generator at any slice: a later call goes on from there, with the same values.
        """
        deadline = perf_counter() + budget_ms / 1000
        for trainer in self._trainers:
            for _ in trainer.iterations(max(0, epochs * trainer.iterations_per_epoch - trainer.iteration)):
                if perf_counter() >= deadline:
                    yield self.histories
                    deadline = perf_counter() + budget_ms / 1000
        yield self.histories

    def pigeon(self, index):
        """Return a copy of setting `index`'s Pigeon as it stands now."""
        trainer = self._trainers[index]
        copy = Pigeon(trainer.model.hidden.out_features, seed=0)
        copy.load_state_dict(trainer.model.state_dict())
        return copy
