"""What a search found: its trials, and the candidates judged by them. Plain data; nothing here trains."""

import statistics
from math import isfinite, nan

from pigeon_lessons import checks

SCORES = {"val_loss": "min", "val_accuracy": "max"}


class SearchResult:
    """What a search found. `candidates`: the settings as given; `score`: the column that judges them.

    `trials`: a dict for each, with the number of its candidate, its complete setting, and the losses and
    accuracies after its last epoch, as `pandas.DataFrame(result.trials)` takes them. A trial whose validation
    loss is not finite has diverged: its score is nan, and its candidate is never the best.

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
                self._scores[trial["candidate"]].append(own if isfinite(loss) else nan)
            except (KeyError, IndexError, TypeError, ValueError, OverflowError) as error:
                raise ValueError(f'trials must hold "candidate", a number below {len(self.candidates)}, "val_loss" and '
                                 f'"{score}", got {trial!r}; take them from a search') from error

    def __repr__(self):
        return f"SearchResult({len(self.candidates)} candidates, {len(self.trials)} trials, judged by {self.score})"

    def scores(self, index):
        """Return the scores of candidate `index`, one for each seed; nan where a run diverged."""
        return list(self._scores[checks.position(index, len(self.candidates), "candidates", "0 is the first")])

    @property
    def means(self):
        """The mean score over its seeds of each candidate; nan where a run diverged."""
        return [statistics.fmean(scores) if scores else nan for scores in self._scores]

    @property
    def spreads(self):
        """The standard deviation over its seeds of each candidate (divided by n - 1).

        It is nan where a run diverged, and for one seed alone, which says nothing about it.
        """
        return [_spread(scores) for scores in self._scores]

    @property
    def best_index(self):
        """The number of the best candidate, the earliest of equals. Raises ValueError if all diverged."""
        means = self.means
        finite = [index for index, mean in enumerate(means) if isfinite(mean)]
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


def _spread(scores):
    if len(scores) < 2 or not all(map(isfinite, scores)):
        return nan
    return statistics.stdev(scores)
