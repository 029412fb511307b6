"""What a run leaves behind: numbers in columns, one row for each time it was evaluated.

`History` is plain data. It knows no network, trainer or figure, and needs no library.
"""

from math import inf, isnan

from pigeon_lessons import checks

COLUMNS = ("iteration", "epoch", "tau", "train_loss", "train_accuracy", "val_loss", "val_accuracy")


class History(dict):
    """The record of one training run: a mapping from column names to lists of equal length.

    Columns: "iteration" (updates done), "epoch" (passes done; a fraction inside a pass), "tau" (the training
    clock: lr / (1 - momentum) summed over the updates done, to 12 digits), "train_loss" and "val_loss"
    (mean binary cross-entropy in nats), "train_accuracy" and "val_accuracy" (0..1).
    The two "val_" columns are there only when the run had validation digits.
    Row 0 is the untrained model. `batch_loss` holds the mini-batch loss of every single iteration,
    measured just before its update; it is usually longer than the columns.

    A column that is not there is a KeyError that lists those that are. Being a dict, a history is
    also what `pandas.DataFrame(history)` takes.

    >>> history = History()
    >>> history.add(iteration=0, epoch=0.0, train_loss=0.70, train_accuracy=0.31)
    >>> history.add(iteration=32, epoch=1.0, train_loss=0.42, train_accuracy=0.83)
    >>> history["train_loss"]
    [0.7, 0.42]
    >>> history.best("train_loss")["iteration"]
    32
    """

    def __init__(self, columns=None, batch_loss=()):
        super().__init__({name: list(values) for name, values in (columns or {}).items()})
        self.batch_loss = list(batch_loss)
        unknown = sorted(set(self) - set(COLUMNS))
        if unknown:
            raise ValueError(f"columns must be among {', '.join(COLUMNS)}, got {', '.join(unknown)}")
        lengths = {name: len(values) for name, values in self.items()}
        if len(set(lengths.values())) > 1:
            raise ValueError(f"columns must be of equal length, got {lengths}")

    def __missing__(self, name):
        raise KeyError(f"no column {name!r}; the columns are {', '.join(self) or 'none yet'}")

    def __repr__(self):
        return f"History({self.num_rows} rows, {len(self.batch_loss)} iterations: {', '.join(self)})"

    @property
    def num_rows(self):
        """How many times the run was evaluated, the untrained model included."""
        return len(next(iter(self.values()), ()))

    def add(self, **row):
        """Append one row. Every row must have the columns of the first; ValueError otherwise."""
        if not self:
            self.update(History({name: [] for name in row}))
        if set(row) != set(self):
            raise ValueError(f"a row needs exactly the columns {', '.join(self)}, got {', '.join(row)}")
        for name, value in row.items():
            self[name].append(value)

    def row(self, index):
        """Return row `index` (−1 is the last) as a dict; IndexError beyond the end."""
        return {name: values[index] for name, values in self.items()}

    def best(self, name, mode="min"):
        """Return the earliest row with the lowest (`mode="min"`) or highest ("max") value of a column.

        nan never wins. Raises KeyError for an unknown column, ValueError for another mode or when
        the column has no number at all.

        >>> History({"val_loss": [0.7, 0.3, 0.3, float("nan")]}).best("val_loss")
        {'val_loss': 0.3}
        """
        return self.row(self._best_index(self[name], name, mode))

    def is_best(self, name, mode="min"):
        """Return whether the newest weights are the best: their row is better than every one before. nan never is.

        So it is False as well where the newest row is of an earlier iteration than the newest in `batch_loss`.

        >>> History({"val_loss": [0.7, 0.3, 0.3]}).is_best("val_loss")
        False
        """
        values = self[name]
        is_stale = self.get("iteration") and self["iteration"][-1] < len(self.batch_loss)
        if is_stale or all(isnan(value) for value in values):
            return False
        return self._best_index(values, name, mode) == len(values) - 1

    @staticmethod
    def _best_index(values, name, mode):
        checks.one_of("mode", mode, ("min", "max"))
        candidates = [index for index, value in enumerate(values) if not isnan(value)]
        if not candidates:
            raise ValueError(f"{name} has no number to choose from; train first, or look for the cause of the nan")
        pick = min if mode == "min" else max  # both keep the first of equals
        return pick(candidates, key=values.__getitem__)

    def copy(self):
        """Return a history of the same values that does not grow with this one."""
        return History(self, self.batch_loss)

    def up_to(self, iteration):
        """Return the history as it stood after `iteration` updates: the run cut short.

        Raises TypeError or ValueError unless `iteration` is a whole number of at least 0.

        >>> History({"iteration": [0, 32, 64]}, [0.7] * 64).up_to(40)
        History(2 rows, 40 iterations: iteration)
        """
        checks.whole_number("iteration", iteration, least=0)
        keep = sum(value <= iteration for value in self["iteration"])
        return History({name: values[:keep] for name, values in self.items()}, self.batch_loss[:iteration])


def highest(history, updates=inf):
    """Return the highest validation accuracy that a run had within so many updates; 0 if it was not validated.

    >>> highest({"iteration": [0, 32, 64], "val_accuracy": [0.3, 0.9, 0.95]}, updates=32)
    0.9
    """
    rows = zip(history["iteration"], history.get("val_accuracy", ()), strict=False)
    return max((accuracy for step, accuracy in rows if step <= updates), default=0.0)
