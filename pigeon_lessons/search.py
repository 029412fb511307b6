"""Which setting is best? Candidates trained over several seeds, judged by validation, on as many cores as wished.

The training is `sweep`'s, the spreading over threads, processes or a cluster is joblib's. Adaptive
search is left to Optuna: see book/recipes/optuna.md.
"""

import math
import statistics
import sys
from itertools import product

import numpy as np
import torch

from pigeon_lessons import checks
from pigeon_lessons.data import Digits
from pigeon_lessons.stack import padded_width
from pigeon_lessons.sweep import complete, sweep
from pigeon_lessons.training import check_digits

SCORES = {"val_loss": "min", "val_accuracy": "max"}
MOST_AT_ONCE = 16
"""Settings in one sweep: more gain nothing, and fewer would leave workers waiting at the end."""


def grid(**values):
    """Return every combination of `values`, each a list for one key of a setting, as a list of dicts.

    Raises ValueError for an empty list.

    >>> grid(lr=[0.01, 0.1], num_hidden=[15, 30])[1]
    {'lr': 0.01, 'num_hidden': 30}
    """
    for name, choices in values.items():
        _check_choices(name, choices)
    return [dict(zip(values, combination, strict=True)) for combination in product(*values.values())]


def uniform(low, high):
    """Return the range of all numbers from `low` to `high`, each as likely, for `sample`."""
    low, high = _bounds(low, high)
    return lambda generator: float(generator.uniform(low, high))


def log_uniform(low, high):
    """Return the range from `low` to `high` whose powers of ten are as likely as each other, for `sample`."""
    low, high = _bounds(low, high)
    if low <= 0:
        raise ValueError(f"low must be greater than 0, got {low!r}; a logarithmic range cannot reach 0")
    return lambda generator: float(math.exp(generator.uniform(math.log(low), math.log(high))))


def integer(low, high):
    """Return the range of whole numbers from `low` to `high`, both included, for `sample`."""
    low, high = checks.whole_number("low", low, least=0), checks.whole_number("high", high, least=0)
    _bounds(low, high)
    return lambda generator: int(generator.integers(low, high, endpoint=True))


def sample(n, *, seed, **ranges):
    """Return `n` settings drawn at random; `ranges` are `uniform`, `log_uniform`, `integer` or a list to choose from.

    The draws follow from `seed` alone. Raises TypeError or ValueError for other arguments.
    Source: Bergstra & Bengio, "Random search for hyper-parameter optimization", JMLR 13, 2012.

    >>> sample(2, seed=1, lr=log_uniform(0.001, 0.1), num_hidden=[15, 30])
    [{'lr': 0.01055..., 'num_hidden': 30}, {'lr': 0.00194..., 'num_hidden': 30}]
    """
    generator = np.random.default_rng(checks.seed(seed))
    for name, one in ranges.items():
        if not callable(one):
            _check_choices(name, one)
    return [{name: one(generator) if callable(one) else one[generator.integers(len(one))]
             for name, one in ranges.items()} for _ in range(checks.whole_number("n", n, least=0))]


def search(candidates, train, val, *, epochs=15, repeats=1, score="val_loss", results=None):
    """Train each of `candidates` with `repeats` seeds and return the `SearchResult`.

    `candidates`: settings as `sweep` takes them, from `grid` or `sample`. Repeat r adds r to a
    candidate's seed. `score`: "val_loss" or "val_accuracy", after the last epoch, averaged over the seeds.
    `results`: a file in which every finished trial is kept. Called again with the same file, a search
    runs only what is missing there; two processes may share it.

    Runs where the caller's `joblib.parallel_config` says: on threads, on processes, on a Dask
    cluster. The result is the same whatever runs it, in whatever order and number.
    Raises TypeError or ValueError for a wrong argument before anything is trained.

    >>> from pigeon_lessons import load_mnist, split
    >>> train, val, test = split(load_mnist())
    >>> search(grid(lr=[0.005, 0.05]), train, val, epochs=3, repeats=2).best_params
    {'lr': 0.05}
    """
    check_digits("train", train)
    check_digits("val", val)
    checks.one_of("score", score, tuple(SCORES))
    epochs = checks.whole_number("epochs", epochs, least=0)
    repeats = checks.whole_number("repeats", repeats, least=1)
    candidates = [dict(candidate) for candidate in candidates]
    if not candidates:
        raise ValueError("candidates must hold at least one setting, got none; make them by grid() or sample()")
    settings = []  # [candidate][repeat]
    for candidate in candidates:
        first = complete(candidate)["seed"]
        settings.append([complete(candidate | {"seed": first + repeat}) for repeat in range(repeats)])
    task = {"epochs": epochs, "train": train.fingerprint(), "val": val.fingerprint()}
    finished = _run_all([one for repeated in settings for one in repeated], task, train, val, results)
    trials = [{"candidate": index, **one, **finished[_key(one)]}
              for index, repeated in enumerate(settings) for one in repeated]
    return SearchResult(candidates, trials, score)


class SearchResult:
    """What a search found. `candidates`: the settings as given; `score`: the column that judged them.

    `rows`: a dict for each trial, with the number of its candidate, its complete setting, and the
    losses and accuracies after its last epoch.
    """

    def __init__(self, candidates, rows, score):
        self.candidates, self.rows, self.score = candidates, rows, score

    def __repr__(self):
        return f"SearchResult({len(self.candidates)} candidates, {len(self.rows)} trials, judged by {self.score})"

    @property
    def trials(self):
        """`rows` as a pandas DataFrame, or as they are where pandas is not installed."""
        try:
            import pandas
        except ImportError:
            return self.rows
        return pandas.DataFrame(self.rows)

    def scores(self, index):
        """Return the scores of candidate `index`, one for each seed."""
        return [row[self.score] for row in self.rows if row["candidate"] == index]

    @property
    def means(self):
        """The mean score over its seeds of each candidate; nan or inf where a run diverged."""
        return [statistics.fmean(self.scores(index)) for index in range(len(self.candidates))]

    @property
    def spreads(self):
        """The standard deviation over its seeds of each candidate; 0 with one seed, nan where a run diverged."""
        return [_spread(self.scores(index)) for index in range(len(self.candidates))]

    @property
    def best_index(self):
        """The number of the best candidate, the earliest of equals. Raises ValueError if all diverged."""
        means = self.means
        finite = [index for index, mean in enumerate(means) if math.isfinite(mean)]
        if not finite:
            raise ValueError(f"no candidate has a finite {self.score}; search among smaller learning rates")
        pick = min if SCORES[self.score] == "min" else max
        return pick(finite, key=means.__getitem__)

    @property
    def best_params(self):
        """The best candidate, as it was given."""
        return self.candidates[self.best_index]

    @property
    def best_score(self):
        """The best candidate's mean score."""
        return self.means[self.best_index]


def _run_all(settings, task, train, val, results):
    """Return {key: last row} of all `settings`, running those that the file `results` lacks."""
    import joblib  # takes a tenth of a second to import

    finished, journal = {}, None
    if results is not None:
        from pigeon_lessons.journal import Journal
        journal = Journal(results)
        for entry in journal.read():
            if {name: entry.get(name) for name in task} == task:
                finished[_key(entry["setting"])] = entry["row"]
    missing = {_key(one): one for one in settings if _key(one) not in finished}
    ordered = sorted(missing.values(), key=lambda one: (one["batch_size"], padded_width(one["num_hidden"])))
    workers = joblib.effective_n_jobs()
    chunk = max(1, min(MOST_AT_ONCE, -(-len(ordered) // (2 * workers))))
    chunks = [ordered[start:start + chunk] for start in range(0, len(ordered), chunk)]  # the slowest batches first
    arrays = [array.numpy() for digits in (train, val) for array in (digits.images, digits.labels)]
    runs = joblib.Parallel(return_as="generator_unordered", mmap_mode="c")(
        joblib.delayed(_train)(chunk, task["epochs"], workers > 1, *arrays) for chunk in chunks)
    for settings_done, rows in runs:
        if journal:
            journal.append([{**task, "setting": one, "row": row}
                            for one, row in zip(settings_done, rows, strict=True)])
        finished.update(zip(map(_key, settings_done), rows, strict=True))
        _show_progress(len(missing) - sum(key not in finished for key in missing), len(missing))
    return finished


def _train(settings, epochs, is_one_of_many, images, labels, val_images, val_labels):
    """Sweep a chunk of settings, in whatever process this is; return them with their last rows."""
    threads = torch.get_num_threads()
    if is_one_of_many:  # the workers share the cores already
        torch.set_num_threads(1)
    try:
        train = Digits(torch.from_numpy(images), torch.from_numpy(labels))
        val = Digits(torch.from_numpy(val_images), torch.from_numpy(val_labels))
        histories = sweep(settings, train, val, epochs=epochs)
    finally:
        torch.set_num_threads(threads)
    losses = ("train_loss", "train_accuracy", "val_loss", "val_accuracy")
    return settings, [{name: history[name][-1] for name in losses} for history in histories]


def _key(setting):
    return tuple(sorted(setting.items()))


def _show_progress(done, total):
    filled = 30 * done // total
    print(f"\r[{'#' * filled}{'.' * (30 - filled)}] {done} of {total} trials", end="\n" if done == total else "",
          file=sys.stderr, flush=True)


def _spread(scores):
    if not all(map(math.isfinite, scores)):
        return math.nan
    return statistics.stdev(scores) if len(scores) > 1 else 0.0


def _check_choices(name, choices):
    if isinstance(choices, str) or not hasattr(choices, "__len__") or not hasattr(choices, "__getitem__"):
        raise TypeError(f"{name} must be a list of values, got {choices!r}; write {name}=[{choices!r}]")
    if not len(choices):
        raise ValueError(f"{name} must hold at least one value, got {choices!r}; leave it out to keep its default")


def _bounds(low, high):
    remedy = "give two numbers, the smaller one first"
    low = checks.real_number("low", low, remedy=remedy)
    return low, checks.real_number("high", high, least=low, remedy=remedy)
