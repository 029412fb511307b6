"""Which setting is best? Candidates trained over several seeds, judged by validation, on as many cores as wished.

The training is `sweep`'s, the spreading over threads, processes or a cluster is joblib's; here the work is cut
into pieces and what comes back is kept. Adaptive search is left to Optuna: see book/recipes/optuna.md.
"""

from contextlib import closing, nullcontext
from math import isfinite, nan
from statistics import fmean, stdev

from pigeon_lessons import checks
from pigeon_lessons.bar import progress_bar
from pigeon_lessons.data import check_digits
from pigeon_lessons.digits import Digits
from pigeon_lessons.journal import Journal
from pigeon_lessons.setting import NAMES, Setting
from pigeon_lessons.sweeping import sweep
from pigeon_lessons.threads import one_thread
from pigeon_lessons.words import MEASURES

MOST_AT_ONCE = 16
"""Settings in one sweep: more gain little, and more would be lost in a crash."""
SCORES = {"val_loss": min, "val_accuracy": max}


class SearchResult:
    """What a search found. `candidates`: the settings as given; `score`: the column that judges them.

    `trials`: a dict for each, with the number of its candidate, its complete setting, and the losses and
    accuracies after its last epoch, as `pandas.DataFrame(result.trials)` takes them. A trial whose validation
    loss is not finite has diverged: its score is nan, and its candidate is never the best.
    `means`, `spreads`: the mean score over its seeds of each candidate, and their standard deviation (divided
    by n - 1); nan where a run diverged, the latter also for one seed alone, which says nothing about it.

    >>> trials = [{"candidate": 0, "val_loss": 0.3}, {"candidate": 1, "val_loss": 0.2}]
    >>> result = SearchResult([{"lr": 0.01}, {"lr": 0.1}], trials, "val_loss")
    >>> result.best_params, result.best_score
    ({'lr': 0.1}, 0.2)
    """

    def __init__(self, candidates, trials, score):
        self.candidates = checks.list_of("settings", "candidates", candidates)
        self.trials = checks.list_of("trials", "trials", trials)
        self.score = checks.one_of("score", score, tuple(SCORES))
        self._scores = [[] for _ in self.candidates]
        for trial in self.trials:
            try:
                own, loss = float(trial[score]), float(trial["val_loss"])
                index = checks.whole_number("candidate", trial["candidate"], least=0)
                self._scores[index].append(own if isfinite(loss) else nan)
            except (KeyError, IndexError, TypeError, ValueError, OverflowError) as error:
                raise ValueError(f'trials must hold "candidate", a number below {len(self.candidates)}, "val_loss" and '
                                 f'"{score}", got {trial!r}; take them from a search') from error
        self.means = [fmean(scores) if scores else nan for scores in self._scores]
        self.spreads = [stdev(scores) if len(scores) > 1 and isfinite(mean) else nan
                        for scores, mean in zip(self._scores, self.means, strict=True)]

    def __repr__(self):
        return f"SearchResult({len(self.candidates)} candidates, {len(self.trials)} trials, judged by {self.score})"

    def scores(self, index):
        """Return the scores of candidate `index`, one for each seed; nan where a run diverged."""
        return list(self._scores[checks.position(index, len(self.candidates), "candidates", "0 is the first")])

    @property
    def best_index(self):
        """The number of the best candidate, the earliest of equals. Raises ValueError if all diverged."""
        finite = [index for index, mean in enumerate(self.means) if isfinite(mean)]
        if not finite:
            raise ValueError(f"no candidate has a finite {self.score}; search among smaller learning rates")
        return SCORES[self.score](finite, key=self.means.__getitem__)

    @property
    def best_params(self):
        """The best candidate, as it was given."""
        return self.candidates[self.best_index]

    @property
    def best_score(self):
        """The best candidate's mean score."""
        return self.means[self.best_index]


def search(candidates, train, val, *, epochs=15, repeats=1, score="val_loss", results=None):
    """Train each of `candidates` with `repeats` seeds, at most 1,000, and return the `SearchResult`.

    `candidates`: settings as `sweep` takes them, from `grid` or `sample`. Repeat r, counted from 0, adds r to a
    candidate's seed. `score`: "val_loss" or "val_accuracy", after the last epoch, averaged over the seeds.

    `results`: the name of a file in which every finished trial is kept at once. A search started again
    with it runs only what is missing there: after a crash, or with more candidates or seeds. Of two
    searches on one file at a time the second waits, with a warning, and takes over what the first has found.

    It runs on one core, or where `joblib.parallel_config` says, with the same results to the last bit:
    `with parallel_config(n_jobs=2):` on two processes, `with parallel_config("dask"):` on the cluster of
    the present Dask client. Each worker gets up to 16 trials at a time and sweeps them on one thread.

    Raises TypeError or ValueError for a wrong argument, a backend that hands nothing over before the end or is closed,
    or a file that belongs to other digits or epochs, before anything is trained; OSError for a file that cannot
    be used, or written to any more.

    >>> from pigeon_lessons import grid, load_mnist, split
    >>> train, val, test = split(load_mnist())
    >>> search(grid(lr=[0.005, 0.05]), train, val, epochs=3, repeats=2).best_params
    {'lr': 0.05}
    """
    check_digits("train", train)
    check_digits("val", val, remedy="; a search is judged by validation digits")
    checks.one_of("score", score, tuple(SCORES))
    epochs = checks.whole_number("epochs", epochs, least=0)
    repeats = checks.whole_number("repeats", repeats, least=1, most=1_000)
    candidates = checks.list_of("settings", "candidates", candidates)
    complete = [Setting.of(candidate) for candidate in candidates]
    if not complete:
        raise ValueError("candidates must hold at least one setting, got none; make them by grid() or sample()")
    settings = [(index, setting.but(seed=setting.seed + repeat))
                for index, setting in enumerate(complete) for repeat in range(repeats)]
    finished = _finish(dict.fromkeys(setting for _, setting in settings), train, val, epochs, results)
    rows = [{"candidate": index, **setting.as_dict(), **finished[setting]} for index, setting in settings]
    given = [{name: getattr(setting, name) for name in (NAMES if isinstance(one, Setting) else one)}
             for one, setting in zip(candidates, complete, strict=True)]  # in Python's own numbers: JSON takes them
    return SearchResult(given, rows, score)


def _finish(wanted, train, val, epochs, results):
    """Return the metrics of each of the `wanted` settings, running those that the file `results` lacks."""
    task = {"train": train.fingerprint(), "val": val.fingerprint(), "epochs": epochs}
    journal = Journal(results) if results is not None else None
    with journal.reserved() if journal else nullcontext():
        finished = _read(journal, task) if journal else {}
        missing = [setting for setting in wanted if setting not in finished]
        with progress_bar("search", total=len(wanted), done=len(wanted) - len(missing)) as advance:
            for trials in _run(missing, train, val, epochs):
                if journal:
                    journal.append([{**task, **setting.as_dict(), **metrics} for setting, metrics in trials])
                finished.update(trials)
                advance(len(trials))
    return finished


def _run(settings, train, val, epochs):
    """Train the settings on joblib's workers; yield lists of (setting, metrics) as they finish, in any order."""
    if not settings:
        return
    from joblib import Parallel, delayed, effective_n_jobs  # takes a tenth of a second to import

    # as one argument the arrays travel with each piece: nothing has to stay on a Dask worker, which may die
    arrays = tuple((part.images.cpu().numpy(), part.labels.cpu().numpy(), part.yes) for part in (train, val))
    try:
        pieces = _pieces(settings, effective_n_jobs(None))
        parallel = Parallel(return_as="generator_unordered", batch_size=1, max_nbytes=None)  # nor in a file on the way
    except (AttributeError, ValueError) as error:  # the former where a Dask client is closed
        raise ValueError("joblib's backend must be loky, threading, sequential or dask, which hand results over one by "
                         f"one, its client open, got another ({error}); write parallel_config(\"loky\", n_jobs=2)"
                         ) from error
    work = (delayed(_train)(piece, epochs, arrays) for piece in pieces)
    with closing(parallel(work)) as finished:
        yield from finished


def _pieces(settings, workers):
    """Cut the work into lists, so that all workers end at about the same time: small batches take longest."""
    settings = sorted(settings, key=lambda setting: (setting.batch_size, -setting.num_hidden))
    size = min(MOST_AT_ONCE, -(-len(settings) // workers))
    return [settings[start:start + size] for start in range(0, len(settings), size)]


def _train(settings, epochs, arrays):
    """Sweep a piece of the work, in whatever process this is; return pairs of a setting and its last metrics."""
    train, val = (Digits(*part) for part in arrays)
    with one_thread():
        histories = sweep(settings, train, val, epochs=epochs)
    return [(setting, {name: history[name][-1] for name in MEASURES})
            for setting, history in zip(settings, histories, strict=True)]


def _read(journal, task):
    """Return the metrics of the trials in a results file, by their settings; ValueError unless all are of this task."""
    finished = {}
    for number, entry in enumerate(journal.read(), start=1):
        try:
            setting = Setting.of({name: entry[name] for name in NAMES if name in entry})  # an older file lacks some
            metrics = {name: float(entry[name]) for name in MEASURES}
            other = next((name for name in task if entry[name] != task[name]), None)
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"results must be a file that search wrote, but line {number} of {str(journal.path)!r} "
                             "is no trial; give another name") from error
        if other:
            raise ValueError(f"results must belong to this search, but {str(journal.path)!r} holds trials with {other} "
                             f"{entry[other]!r}, not {task[other]!r}; give each search a file of its own")
        finished[setting] = metrics
    return finished
