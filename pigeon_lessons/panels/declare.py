"""The words in which an explorer is declared: its controls, presets, prediction, challenges and picture.

It stands in the `explorer.toml` of a chapter's room, plain data: the panel reads it, and so can any other language.
`picture` and `run`, where they are not the usual ones, are the names of classes in `explorer.py` beside it.
What a challenge or a prediction *needs* is a dict that says what to look at and how it has to compare. `"of"` and
`"name"`:

* "setting": a setting of the run, "epochs" among them;
* "run": "updates", how many it makes in all, or "diverged", whether it did;
* "column": a column of the history; `"take"` its "end" (where it is not said), "highest" or "lowest" value, at most
  `"within"` so many updates; of the first seed, or, with `"seeds": "mean"`, as the mean of what all of them give;
* "measured": a number that the chapter's picture measured.

`"equals"`, `"at_least"`, `"at_most"`, `"above"` or `"below"`: the value to compare with. With `"minus": "premise"`
the same of the premise's run is subtracted before. What is not there, as validation without digits for it, or
not finite, meets nothing.
"""

import operator
import tomllib
from dataclasses import dataclass
from functools import cache
from math import inf, isfinite
from statistics import fmean

from pigeon_lessons import checks, rooms
from pigeon_lessons.panels.curves import Curves
from pigeon_lessons.panels.runs import SweepRun

COMPARISONS = {"equals": operator.eq, "at_least": operator.ge, "at_most": operator.le, "above": operator.gt,
               "below": operator.lt}


@dataclass(frozen=True)
class Preset:
    """A setting worth seeing: its short `name` on a button, the `story` it tells, the `settings` it makes."""

    name: str
    story: str
    settings: dict


@dataclass(frozen=True)
class Prediction:
    """A question to commit to before the run that answers it: what do `settings` do that `premise` does not?

    `answers` maps each answer to why it is right or wrong, `outcomes` the same answers to what they need: the first of
    which that holds is the right one. Both runs agree in all other settings.
    """

    question: str
    premise: dict
    settings: dict
    answers: dict
    outcomes: dict


@dataclass(frozen=True)
class Challenge:
    """Something to reach with the sliders, said in `text`: a finished run with these `settings` that `needs` more."""

    text: str
    settings: dict
    needs: list


@dataclass(frozen=True)
class Explorer:
    """One chapter's panel, called `name` by `explore`.

    `controls` maps the names it shows to where they start; `picture` measures and draws; `run` trains;
    `has_leaderboard`: whether the student's best runs are listed.
    """

    name: str
    title: str
    intro: str
    controls: dict
    presets: list
    challenges: list
    picture: type = Curves
    run: type = SweepRun
    prediction: Prediction | None = None
    has_leaderboard: bool = False


def declared(name):
    """Return the Explorer of the panel `name`; ValueError, listing the panels, if there is none.

    >>> declared("batching").title
    'Batching'
    """
    return _declared(rooms.panels()[checks.one_of("name", name, tuple(rooms.panels()))])


@cache
def _declared(chapter):
    told = tomllib.loads(rooms.text(chapter, "explorer.toml"))
    for own in {"picture", "run"} & told.keys():
        told[own] = getattr(rooms.module(chapter, "explorer"), told[own])
    told["presets"] = [Preset(**one) for one in told["presets"]]
    told["challenges"] = [Challenge(**one) for one in told.get("challenges", ())]
    if "prediction" in told:
        told["prediction"] = Prediction(**told["prediction"])
    return Explorer(**told)


def are_met(needs, result, measured, premise=None):
    """Return whether a `Result`, of which the chapter's picture `measured` a dict, meets all `needs`.

    `premise`: the same pair of the run that a prediction compares with.
    """
    return all(_is_met(one, (result, measured), premise) for one in needs)


def _is_met(one, run, premise):
    value = looked_at(one, *run)
    if "minus" in one:
        other = looked_at(one, *premise)
        value = None if value is None or other is None else value - other
    return value is not None and all(compare(value, one[how]) for how, compare in COMPARISONS.items() if how in one)


def looked_at(one, result, measured):
    """Return the value that a need looks at, None where there is none that could meet it."""
    name = one["name"]
    if one["of"] == "setting":
        return result.settings[name]
    if one["of"] == "run":
        return {"updates": result.end("iteration"), "diverged": result.diverged is not None}[name]
    if one["of"] == "measured":
        return measured.get(name)
    histories = result.histories if one.get("seeds") == "mean" else result.histories[:1]
    taken = [_taken(history, name, one.get("take", "end"), one.get("within", inf)) for history in histories]
    return None if None in taken else fmean(taken)


def _taken(history, name, take, within):
    values = [value for iteration, value in zip(history["iteration"], history.get(name, ()), strict=False)
              if iteration <= within]
    finite = [value for value in (values[-1:] if take == "end" else values) if isfinite(value)]
    return (min if take == "lowest" else max)(finite, default=None)
