"""What a student has reached on one panel: challenges met, the best runs, a prediction's outcome; and what is none."""

from dataclasses import asdict
from math import log
from statistics import fmean

from pigeon_lessons.panels.declare import are_met
from pigeon_lessons.panels.runs import DEFAULTS
from pigeon_lessons.questions.storage import progress

MOST_VISITED = 500
MOST_RANKED = 10


class Score:
    """Keeps the score of the panel that `explorer` declares; `note` it when a run has ended.

    `visited`: {"accuracy", "settings"} of every finished run that did not diverge, its mean final validation accuracy.
    Challenges that are met and the best runs are kept with the student's answers, and are there on the next day.
    """

    def __init__(self, explorer):
        self._explorer, self._visited, self._guess, self._outcome = explorer, {}, None, None
        self._met = {one.text for one in explorer.challenges
                     if progress.record("challenges", f"{explorer.name}/{one.text}").get("met") is True}
        kept = progress.get("runs", explorer.name, []) if explorer.has_leaderboard else []
        self._best = [one for one in kept if _is_run(one)] if isinstance(kept, list) else []

    @property
    def visited(self):
        """Where the student has been, in the order of the visits."""
        return list(self._visited.values())

    def guess(self, answer):
        """Commit to an answer to the prediction's question."""
        self._guess = answer

    def visit(self, result):
        """Remember where a finished run was and how accurate it ended, unless it diverged."""
        if not result.diverged and "val_accuracy" in result.history:
            self._visited[frozenset(result.settings.items())] = {
                "accuracy": fmean(result.ends("val_accuracy")), "settings": result.settings}
            if len(self._visited) > MOST_VISITED:
                del self._visited[next(iter(self._visited))]

    def note(self, run_of):
        """Take down what the run that has just finished means for the student.

        `run_of(**changes)` returns (result, measured) of its settings but for some: the run, and what the chapter's
        picture measured of it, a dict.
        """
        result, measured = run_of()
        for one in self._explorer.challenges:
            if one.text not in self._met and has(result, one.settings) and are_met(one.needs, result, measured):
                self._met.add(one.text)
                progress.put("challenges", f"{self._explorer.name}/{one.text}", {"met": True})
        run = self._visited.get(frozenset(result.settings.items()))
        if self._explorer.has_leaderboard and run and run not in self._best:
            self._best = sorted([*self._best, run], key=lambda one: -one["accuracy"])[:MOST_RANKED]
            if run in self._best:
                progress.put("runs", self._explorer.name, [run])
        asked = self._explorer.prediction
        if self._guess and self._outcome is None and has(result, asked.settings):
            self._outcome = next(answer for answer, needs in asked.outcomes.items()
                                 if are_met(needs, result, measured, premise=run_of(**asked.premise)))

    def as_dict(self):
        """Return the parts of a scene that tell the score."""
        asked = self._explorer.prediction
        return {"leaderboard": tuple(self._best),
                "challenges": tuple({**asdict(one), "is_met": one.text in self._met}
                                    for one in self._explorer.challenges),
                "prediction": asked and {**asdict(asked), "guess": self._guess, "outcome": self._outcome}}


def _is_run(kept):
    """Return whether what was kept is a run that a leaderboard can show."""
    return (isinstance(kept, dict) and isinstance(kept.get("accuracy"), float)
            and isinstance(kept.get("settings"), dict) and DEFAULTS.keys() | {"epochs"} <= kept["settings"].keys())


def has(result, settings):
    """Return whether a run has these settings."""
    return result.settings == result.settings | settings


def baseline(digits):
    """Return the best answer that does not look at the image, its accuracy, and the loss of the best probability."""
    yes = digits.targets.mean().item()
    terms = [share * log(share) for share in (yes, 1 - yes) if share > 0]
    return {"answer": "yes" if yes > 0.5 else "no", "accuracy": max(yes, 1 - yes), "loss": -sum(terms)}
