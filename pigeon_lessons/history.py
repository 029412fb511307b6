"""What a run leaves behind: numbers in columns, one row for each time it was evaluated.

`History` is plain data. It knows no network, trainer or figure, and needs no library.
"""

import json
from collections.abc import Mapping
from math import fsum, isfinite

from pigeon_lessons import checks, files

BOUND = 10.0
"""A mean loss above this many nats counts as diverged: guessing costs 0.693, so it is fourteen times as wrong."""
FEWEST = 32
"""The mean is taken over the last so many images, or over one batch if it has more."""
COLUMNS = ("iteration", "epoch", "tau", "train_loss", "train_accuracy", "val_loss", "val_accuracy")


class History(dict):
    """The record of one training run: a mapping from column names to lists of equal length.

    Columns: "iteration" (updates done), "epoch" (passes done; a fraction inside a pass), "tau" (the training
    clock: lr / (1 - momentum) summed over the updates done, to 12 digits), "train_loss" and "val_loss"
    (mean binary cross-entropy in nats), "train_accuracy" and "val_accuracy" (0..1); the "val_" columns
    only where the run had validation digits. Row 0 is the untrained model. `batch_loss` holds the mini-batch
    loss of every single iteration, measured just before its update; it is usually longer than the columns.

    Being a dict, a history is also what `pandas.DataFrame(history)` takes. Two are equal if columns and
    `batch_loss` are; nan equals nan. Numbers of numpy and torch become Python's own.

    Raises TypeError or ValueError for other columns, for what is no number, and for columns of unequal length;
    KeyError, which lists the columns, for one that is not there.

    >>> history = History()
    >>> history.add(iteration=0, epoch=0.0, train_loss=0.70, train_accuracy=0.31)
    >>> history.add(iteration=32, epoch=1.0, train_loss=0.42, train_accuracy=0.83)
    >>> history["train_loss"]
    [0.7, 0.42]
    >>> history.best("train_loss")["iteration"]
    32
    """

    def __init__(self, columns=None, batch_loss=()):
        columns = {} if columns is None else columns
        if not isinstance(columns, Mapping):
            raise TypeError(f"columns must be a dict of lists, got {columns!r}; give each list its name")
        unknown = [name for name in columns if name not in COLUMNS]
        if unknown:
            raise ValueError(f"columns must be among {', '.join(COLUMNS)}, got {', '.join(map(str, unknown))}; "
                             "mend the spelling or leave it out")
        super().__init__({name: _numbers(name, values) for name, values in columns.items()})
        self.batch_loss = _numbers("batch_loss", batch_loss)
        lengths = {name: len(values) for name, values in self.items()}
        if len(set(lengths.values())) > 1:
            raise ValueError(f"columns must be of equal length, got {lengths}; each row needs a number in each")

    def __missing__(self, name):
        raise KeyError(f"no column {name!r}; the columns are {', '.join(self) or 'none yet'}")

    def __eq__(self, other):
        if not isinstance(other, dict):
            return NotImplemented
        return (self.keys() == other.keys() and all(_is_same(values, other[name]) for name, values in self.items())
                and _is_same(self.batch_loss, getattr(other, "batch_loss", [])))

    def __ne__(self, other):
        return not self == other

    def __repr__(self):
        return f"History({self.num_rows} rows, {len(self.batch_loss)} iterations: {', '.join(self)})"

    @property
    def num_rows(self):
        """How many times the run was evaluated, the untrained model included."""
        return len(next(iter(self.values()), ()))

    def add(self, **row):
        """Append one row. Every row must have the columns of the first, in numbers; ValueError, TypeError otherwise."""
        new = History({name: [value] for name, value in row.items()})
        if not self:
            self.update({name: [] for name in new})
        if set(new) != set(self):
            raise ValueError(f"a row needs exactly the columns {', '.join(self)}, got {', '.join(new) or 'none'}; "
                             "begin another history for others")
        for name, (value,) in new.items():
            self[name].append(value)

    def row(self, index):
        """Return row `index` (−1 is the last) as a dict; IndexError beyond the end, TypeError for no whole number."""
        index = checks.position(index, self.num_rows, "rows", "0 is the untrained model, -1 the last")
        return {name: values[index] for name, values in self.items()}

    def best(self, name, mode="min"):
        """Return the earliest row with the lowest (`mode="min"`) or highest ("max") value of a column.

        nan never wins. Raises KeyError for an unknown column, ValueError for another mode or when
        the column has no number at all.

        >>> History({"val_loss": [0.7, 0.3, 0.3, float("nan")]}).best("val_loss")
        {'val_loss': 0.3}
        """
        index = self._best_index(name, mode)
        if index is None:
            raise ValueError(f"{name} has no number to choose from; train first, or look for the cause of the nan")
        return self.row(index)

    def is_best(self, name, mode="min"):
        """Return whether the newest weights are the best: their row is better than every one before. nan never is.

        So it is False as well where the newest row is of an earlier iteration than the newest in `batch_loss`.
        """
        is_newest = self._best_index(name, mode) == self.num_rows - 1
        is_stale = self.get("iteration") and self["iteration"][-1] < len(self.batch_loss)
        return is_newest and not is_stale

    def _best_index(self, name, mode):
        checks.one_of("mode", mode, ("min", "max"))
        values = self[name if isinstance(name, str) else repr(name)]  # a list, say, is no key, and no column either
        numbers = [index for index, value in enumerate(values) if value == value]  # nan alone differs from itself
        pick = min if mode == "min" else max  # both keep the first of equals
        return pick(numbers, key=values.__getitem__, default=None)

    def copy(self):
        """Return a history of the same values that does not grow with this one."""
        return History(self, self.batch_loss)

    __copy__ = copy

    def save(self, path):
        """Write the history to the file `path` as JSON, all or nothing, with every digit; `load` reads it.

        Nan and infinities are written as texts. Raises TypeError or ValueError if `path` is no name of a file,
        OSError if it cannot be written.
        """
        path = checks.file_path("path", path, such_as="history.json")
        parts = {name: [value if isfinite(value) else str(value) for value in values]
                 for name, values in {**self, "batch_loss": self.batch_loss}.items()}
        try:
            files.replace(path, json.dumps(parts, allow_nan=False).encode())
        except OSError as error:
            raise OSError(f"path must be a file that can be written, got {str(path)!r}: {error.strerror or error}; "
                          "choose a folder that exists and has room") from error

    @classmethod
    def load(cls, path):
        """Return the history in the file `path`, which `save` wrote.

        Raises OSError if it cannot be read, FileNotFoundError if there is none, ValueError if it holds
        something else, TypeError or ValueError if `path` is no name of a file.

        >>> import tempfile
        >>> path = tempfile.mkdtemp() + "/history.json"
        >>> history = History({"val_loss": [0.1, float("nan")]}, batch_loss=[0.2])
        >>> history.save(path)
        >>> History.load(path) == history
        True
        """
        path = checks.file_path("path", path, such_as="history.json")
        content = files.content(path)
        try:
            columns = {name: [float(value) if value in ("nan", "inf", "-inf") else value for value in values]
                       for name, values in json.loads(content).items()}
            batch_loss = columns.pop("batch_loss")
            return cls(columns, batch_loss)
        except (AttributeError, KeyError, RecursionError, TypeError, ValueError) as error:
            raise ValueError(f"path must be a file that History.save wrote, got {str(path)!r}, which holds something "
                             f"else ({type(error).__name__}: {error}); give another file") from error

    def up_to(self, iteration):
        """Return the history as it stood after `iteration` updates, a whole number of at least 0: the run cut short."""
        iteration = checks.whole_number("iteration", iteration, least=0)
        keep = sum(value <= iteration for value in self["iteration"])
        return History({name: values[:keep] for name, values in self.items()}, self.batch_loss[:iteration])


def _numbers(name, values):
    """Return values as a list of Python's own numbers; TypeError if one is none."""
    values = checks.list_of("numbers", name, values)
    if set(map(type, values)) <= {float}:
        return values
    return [checks.number(f"each {name}", value, remedy="leave out what is none") for value in values]


def _is_same(one, other):
    """Return whether two lists are equal, nan to nan as well."""
    return one == other or (isinstance(other, list) and len(one) == len(other)
                            and all(a == b or (a != a and b != b) for a, b in zip(one, other, strict=True)))


def divergence(losses, batch_size, since=0):
    """Return (update, loss) where mini-batch losses left all bounds first, counting from 1; None if they never did.

    Out of bounds is a loss that is not finite, or a mean over the last FEWEST images above BOUND: of a
    smaller batch, one confident mistake would be enough, and is no divergence. `since`: so many were looked at before.

    >>> divergence([0.7, 0.4, float("nan")], 32), divergence([0.7, 12.5], 32), divergence([0.7, 12.5], 1)
    ((3, nan), (2, 12.5), None)
    """
    window = -(-FEWEST // batch_size)
    if all(loss <= BOUND for loss in losses[max(0, since - window):]):
        return None  # nor is any mean above it
    means = ((update, fsum(losses[max(0, update - window):update]) / window)
             for update in range(since + 1, len(losses) + 1))
    return next(((update, mean) for update, mean in means if not mean <= BOUND), None)
