"""What judges chapter 08's exercises: challenges, new seeds, a sealed envelope, honest comparisons."""

import json
from dataclasses import asdict
from functools import lru_cache, partial
from math import log, sqrt
from statistics import fmean

from pigeon_lessons import checks
from pigeon_lessons.data import load_mnist, split
from pigeon_lessons.evaluating import evaluate
from pigeon_lessons.panels.declare import COMPARISONS, are_met, declared, looked_at
from pigeon_lessons.panels.runs import SweepRun
from pigeon_lessons.questions import kinds
from pigeon_lessons.questions.marking import Exercise, function_exercise
from pigeon_lessons.questions.storage import progress
from pigeon_lessons.setting import DEFAULTS, Setting
from pigeon_lessons.words import number, percent

IN_ALL = {**DEFAULTS, "epochs": 15, "train_images": 1024, "repeats": 1}
"""The settings of a playground run, by the names of its controls, and what each is where it is left out."""
MOST_UPDATES = 50_000
"""Updates of all seeds together that a check is willing to train; a few seconds."""


def settings_of_a_run(answer, **fixed):
    """Return all settings of a run, from a dict of some; raise Unfit unless it can be trained in a few seconds."""
    if not isinstance(answer, dict):
        raise kinds.Unfit('The answer should be a dict of settings, such as {"lr": 0.005, "epochs": 6}.')
    unknown = sorted(set(answer) - set(IN_ALL), key=str)
    if unknown:
        raise kinds.Unfit(f"There is no setting {unknown[0]!r}; there are {', '.join(IN_ALL)}.")
    settings = IN_ALL | answer | fixed
    try:
        settings |= asdict(Setting(**{name: settings[name] for name in DEFAULTS}))
        for name, most in (("epochs", 200), ("train_images", 1024), ("repeats", 10), ("num_hidden", 120)):
            if checks.whole_number(name, settings[name], least=1) > most:
                raise kinds.Unfit(f"{name} should be at most {most:,}, as in the playground; yours is "
                                  f"{settings[name]:,}.")
    except (TypeError, ValueError) as error:
        raise kinds.Unfit(f"{error}.") from error
    updates = settings["repeats"] * updates_of(settings)
    if updates > MOST_UPDATES:
        raise kinds.Unfit(f"These are {updates:,} updates in all, and would take long; stay below {MOST_UPDATES:,} "
                          "with larger batches, fewer epochs or fewer seeds.")
    return settings


def updates_of(settings):
    """Return how many updates a run with these settings makes."""
    return settings["epochs"] * -(-settings["train_images"] // settings["batch_size"])


def trained(settings):
    """Return the `Result` of checked settings on this book's split."""
    return _trained(tuple(sorted(settings.items())))[1]


@lru_cache(maxsize=4)
def _trained(items):
    settings = dict(items)
    train, val, _ = split(load_mnist())
    run = SweepRun(settings, train, val)
    return run, run.finish(settings["epochs"])


def _challenge(place):
    """Return what makes the exercise to meet a challenge of the panel; a limit not kept is told before training."""
    *limits, goal = declared("playground").challenges[place - 1].needs

    def asks(answer):
        settings = settings_of_a_run(answer)
        if settings["repeats"] != 10:
            raise kinds.Unfit(f"The mean of ten seeds counts, and yours has {settings['repeats']}; set repeats to 10.")
        for limit in limits:
            value = {**settings, "updates": updates_of(settings)}[limit["name"]]
            how, bound = next((how, limit[how]) for how in COMPARISONS if how in limit)
            if not COMPARISONS[how](value, bound):
                raise kinds.Unfit(f"{limit['name']} should be {how.replace('_', ' ')} {bound:g}; yours is {value:g}.")
        return settings

    def judge(settings):
        result = trained(settings)
        mean = looked_at(goal, result, {})
        if are_met([goal], result, {}):
            return None
        if mean is None:
            return "Of the ten seeds some diverge. Take shorter steps."
        return f"The mean of the ten seeds is {f'{100 * mean:.2f} %' if 'accuracy' in goal['name'] else number(mean)}."

    return partial(Exercise, asks, judge, "the validation digits")


def _on_new_seeds(answer):
    settings = settings_of_a_run(answer, seed=11, repeats=10)
    if updates_of(settings) > 200:
        raise kinds.Unfit("These are more than 200 updates; lower the epochs or raise the batch size.")
    return settings


def _judge_new_seeds(settings):
    reached = sum(end >= 0.96 for end in trained(settings).ends("val_accuracy"))
    return None if reached >= 9 else f"{reached} of the ten new seeds end at 96 % or better; nine are needed."


def _sealed(answer):
    """Return (settings, promise), unless the envelope has been opened and held others."""
    if not isinstance(answer, dict) or "promise" not in answer:
        raise kinds.Unfit('Give a dict of settings, and with them your "promise": {"lr": 0.005, "promise": 0.9}.')
    promise = kinds.number(answer["promise"], "The promise")
    if not 0 < promise < 1:
        raise kinds.Unfit(f"The promise should be a share of the test digits, such as 0.9; yours is {promise:g}.")
    settings = settings_of_a_run({name: value for name, value in answer.items() if name != "promise"},
                                 seed=1, repeats=10)
    opened = progress.record("exercises", "playground/envelope").get("looks")
    if opened and json.loads(opened[0]) != answer:
        raise kinds.Unfit(f"The envelope was opened, and {opened[0]} was in it. What you choose now, you choose with "
                          "the test digits in mind: to judge it, new digits are needed.")
    return settings, promise


def _open(sealed):
    """Return what the test digits say of what was sealed; they judge settings, and whatever they say is right."""
    settings, promise = sealed
    (on_val, on_test), usual = _on_both(settings), _on_both({**IN_ALL, "repeats": 10})
    error = sqrt(on_test * (1 - on_test) / 2952)
    kept = "kept" if on_test >= promise else "not kept"
    told = (f"Opened. Ten seeds read {percent(on_val)} of the validation digits rightly and {percent(on_test)} of the "
            f"test digits, with a standard error of {percent(error)}. You promised {percent(promise)}: {kept}. "
            f"For comparison, settings that nobody chose, those of the playground's start: {percent(usual[0])} and "
            f"{percent(usual[1])}.")
    looks = sum(len(progress.record("exercises", f"playground/{name}").get("looks", ())) for name in JUDGES
                if name != "envelope")
    if looks > 1:
        most = sqrt(2 * log(looks))
        told += (f" Before, `check` had looked at the validation digits {looks} times for you. The best of so many "
                 f"equal and independent scores is too good by less than {most:.1f} standard errors on average, here "
                 f"{percent(most * sqrt(on_val * (1 - on_val) / 1024))}.")
    return kinds.Right(told)


def _on_both(settings):
    """Return the shares of the validation and of the test digits that a run reads rightly, means over its seeds."""
    run, result = _trained(tuple(sorted(settings.items())))
    *_, test = split(load_mnist())
    return fmean(result.ends("val_accuracy")), fmean(evaluate(run.pigeon(place), test)["accuracy"]
                                                     for place in range(settings["repeats"]))


def what_changed(one, other):
    """Return the sorted names of all settings in which two dicts differ."""
    missing = object()
    return sorted(name for name in {**one, **other} if one.get(name, missing) != other.get(name, missing))


def _pairs_of_settings(draw):
    usual = {"lr": 0.005, "batch_size": 32, "epochs": 15}
    yield from [(usual, dict(usual)), (usual, {**usual, "lr": 0.05}), ({**usual, "lr": 0.05, "batch_size": 128}, usual),
                (usual, {**usual, "momentum": 0.5}), ({**usual, "momentum": 0.5}, usual), ({"momentum": 0.0}, {}),
                ({"decay": None}, {})]
    for _ in range(10):
        yield tuple({name: draw.randint(0, 1) for name in ("seed", "epochs", "momentum", "lr") if draw.random() < 0.7}
                    for _ in range(2))


JUDGES = {
    "what_changed": function_exercise(what_changed, _pairs_of_settings, {
        "of the first": lambda one, other: sorted(name for name in one if one[name] != other.get(name)),
        "of the second": lambda one, other: sorted(name for name in other if one.get(name) != other[name]),
        "0 is missing": lambda one, other: sorted(name for name in {**one, **other}
                                                  if (one.get(name) or 0) != (other.get(name) or 0)),
        "None is missing": lambda one, other: sorted(name for name in {**one, **other}
                                                     if one.get(name) != other.get(name)),
        "None": lambda one, other: what_changed(one, other) or None,
        "all": lambda one, other: sorted({**one, **other}),
        "not sorted": lambda one, other: what_changed(one, other)[::-1],
        "of both": lambda one, other: sorted(set(one) & set(other) & set(what_changed(one, other))),
    }, returns=kinds.anything),
    **{f"challenge-{place}": _challenge(place) for place in range(1, 6)},
    "defend": partial(Exercise, _on_new_seeds, _judge_new_seeds, "seeds 11 to 20"),
    "envelope": partial(Exercise, _sealed, _open, "the test digits"),
}
