"""The words in which an explorer is declared: its controls, presets, prediction, challenges and picture.

Plain data, `picture` and `run` apart. Chapters are declared in these words; the panel reads them.
"""

from dataclasses import dataclass, field

from pigeon_lessons.panels.runs import SweepRun


@dataclass(frozen=True)
class Preset:
    """A setting worth seeing: its short `name` on a button, the `story` it tells, the `settings` it makes."""

    name: str
    story: str
    settings: dict


@dataclass(frozen=True)
class Prediction:
    """A question to commit to before the run that answers it: what do `settings` do that `premise` does not?

    `answers` maps each answer to why it is right or wrong, `outcomes` the same answers to what they need to have
    come true, see `goals`: the first of which that holds is the right one. Both runs agree in all other settings.
    """

    question: str
    premise: dict
    settings: dict
    answers: dict
    outcomes: dict


@dataclass(frozen=True)
class Challenge:
    """Something to reach with the sliders, said in `text`: a finished run with these `settings` that `needs` more.

    What it needs is said in the words of `goals`.
    """

    text: str
    settings: dict
    needs: tuple


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
    presets: tuple
    picture: type
    prediction: Prediction | None = None
    challenges: tuple = ()
    run: type = field(default=SweepRun)
    has_leaderboard: bool = False
