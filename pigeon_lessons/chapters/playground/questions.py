"""What chapter 08 asks: its five challenges, which the playground's panel ticks off as well, and honest comparisons."""

from dataclasses import asdict
from functools import lru_cache, partial
from statistics import mean

from pigeon_lessons import checks
from pigeon_lessons.data import load_mnist, split
from pigeon_lessons.divergence import divergence
from pigeon_lessons.history import highest
from pigeon_lessons.questions import kinds
from pigeon_lessons.questions.content import Exercise, asked
from pigeon_lessons.questions.marking import function_exercise
from pigeon_lessons.setting import DEFAULTS, Setting
from pigeon_lessons.sweeping import sweep
from pigeon_lessons.words import number, percent

QUIZZES, PREDICTIONS = asked("playground")

IN_ALL = {**DEFAULTS, "epochs": 15, "train_images": 1024, "repeats": 1}
"""The settings of a playground run, by the names of its controls, and what each is where it is left out."""
MOST_UPDATES = 50_000
"""Updates of all seeds together that a check is willing to train; a few seconds."""


def _within_200_updates(settings, histories):
    soon, ever = highest(histories[0], updates=200), highest(histories[0])
    if soon >= 0.96:
        return None
    if ever >= 0.96:
        return f"This run does reach {percent(ever)}, but within its first 200 updates only {percent(soon)}."
    return f"The highest validation accuracy within 200 updates is {percent(soon)}."


def _with_128_images(settings, histories):
    if settings["train_images"] > 128:
        return f"This run learns from {settings['train_images']:,} images; set train_images to 128."
    best = highest(histories[0])
    return None if best >= 0.9 else f"The highest validation accuracy on the way is {percent(best)}."


def _with_2_units(settings, histories):
    if settings["num_hidden"] > 2:
        return f"This Pigeon has {settings['num_hidden']} hidden units; set num_hidden to 2."
    return _ending_over_ten_seeds(histories, 0.92)


def _diverging_without_momentum(settings, histories):
    if settings["momentum"] != 0:
        return f"The momentum is {settings['momentum']:g}; set it to 0."
    if any(divergence(history.batch_loss, settings["batch_size"]) for history in histories):
        return None
    largest = max(loss for history in histories for loss in history.batch_loss)
    if largest > 1:
        return (f"The largest loss of a mini-batch was {number(largest)}, which is not enough: diverged means "
                "a mean above 10 over at least 32 images.")
    return f"The loss never rose above {number(largest)}. Take longer steps."


def _ending_at_96(settings, histories):
    return _ending_over_ten_seeds(histories, 0.96)


def _ending_over_ten_seeds(histories, wanted):
    if len(histories) != 10:
        return f"This is {len(histories)} of ten seeds; set repeats to 10."
    end = mean(history["val_accuracy"][-1] for history in histories)
    return None if end >= wanted else f"On average the ten seeds end at {percent(end)}."


def _on_new_seeds(settings, histories):
    if settings["epochs"] * -(-settings["train_images"] // settings["batch_size"]) > 200:
        return "These are more than 200 updates; lower the epochs or raise the batch size."
    reached = sum(history["val_accuracy"][-1] >= 0.96 for history in histories)
    return None if reached >= 9 else f"{reached} of the ten new seeds end at 96 % or better; nine are needed."


def settings_of_a_run(answer, what="The answer", **fixed):
    """Return all settings of a run, from a dict of some; raise Unfit unless it can be trained in a few seconds."""
    if not isinstance(answer, dict):
        raise kinds.Unfit(f'{what} should be a dict of settings, such as {{"lr": 0.005, "epochs": 6}}.')
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
    updates = settings["repeats"] * settings["epochs"] * -(-settings["train_images"] // settings["batch_size"])
    if updates > MOST_UPDATES:
        raise kinds.Unfit(f"These are {updates:,} updates in all, and would take long; stay below {MOST_UPDATES:,} "
                          "with larger batches, fewer epochs or fewer seeds.")
    return settings


@lru_cache(maxsize=4)
def _trained(items):
    """Return (settings, histories) of what a playground with these settings trains, on this book's split."""
    settings = dict(items)
    train, val, _ = split(load_mnist())
    common = {name: settings[name] for name in DEFAULTS}
    seeds = [{**common, "seed": settings["seed"] + offset} for offset in range(settings["repeats"])]
    return settings, sweep(seeds, train[:settings["train_images"]], val, epochs=settings["epochs"])


def _shortfall_exercise(shortfall, hints, *, looks="", **fixed):
    """Return the exercise to find settings whose run has no `shortfall`."""
    return Exercise(asks=partial(settings_of_a_run, **fixed), hints=hints, looks=looks,
                    judge=lambda settings: shortfall(*_trained(tuple(sorted(settings.items())))))


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


EXERCISES = {
    "what_changed": function_exercise(what_changed, _pairs_of_settings, returns=kinds.anything, slips=[
        (lambda one, other: sorted(name for name in one if one[name] != other.get(name)),
         "A setting that only the second one names was changed too."),
        (lambda one, other: sorted(name for name in other if one.get(name) != other[name]),
         "A setting that only the first one names was changed too."),
        (lambda one, other: sorted(name for name in {**one, **other} if (one.get(name) or 0) != (other.get(name) or 0)),
         "Named as 0 and not named at all are two different things."),
        (lambda one, other: sorted(name for name in {**one, **other} if one.get(name) != other.get(name)),
         "Named as None and not named at all are two different things."),
        (lambda one, other: what_changed(one, other) or None, "Without a change the list is empty, `[]`."),
        (lambda one, other: sorted({**one, **other}), "Only settings that were changed are wanted, not all."),
        (lambda one, other: what_changed(one, other)[::-1], "The list should be sorted."),
        (lambda one, other: sorted(set(one) & set(other) & set(what_changed(one, other))),
         "A setting that only one of them names counts as changed."),
    ], otherwise="Go through the names of both; keep, sorted, those whose values differ or only one names.", hints=[
        "The names that occur in either of them: `set(one) | set(other)`.",
        "`(name in one) != (name in other)` finds a setting that only one of them names.",
        "Keep the names for which `one.get(name, MISSING) != other.get(name, MISSING)`, and sort them.",
    ]),
    "challenge-1": _shortfall_exercise(_within_200_updates, [
        "The usual run is too slow. Which setting makes each of the 200 updates count for more?",
        "Six epochs in batches of 32 are 192 updates. Try ten times the usual learning rate.",
    ]),
    "challenge-2": _shortfall_exercise(_with_128_images, [
        "With 128 images an epoch in batches of 32 has only 4 updates. What gives you more of them?",
        "Smaller batches, more epochs, a larger learning rate: each of the three gives longer training.",
    ]),
    "challenge-3": _shortfall_exercise(_with_2_units, [
        "Two units learn a little too slowly at the usual rate, and no lucky seed counts here (repeats: 10).",
        "A much larger rate spoils some of the ten seeds. Try twice the usual one.",
    ]),
    "challenge-4": _shortfall_exercise(_diverging_without_momentum, [
        "Which setting scales the length of each step?",
        "The slider of the learning rate has a right end.",
    ]),
    "challenge-5": _shortfall_exercise(_ending_at_96, [
        "One good seed is not enough here: the average has to be good.",
        "15 epochs suffice, if the learning rate is at least 0.05.",
    ]),
    "defend": _shortfall_exercise(_on_new_seeds, [
        "Look at ten seeds of your answer to challenge 1 (repeats: 10). How low is the lowest?",
        "Two things make all seeds better at once: more hidden units, and a calmer gradient.",
        "Twelve epochs in batches of 64 are 192 updates. Try a rate of 0.1 and 60 or 120 units.",
    ], looks="seeds 11 to 20", seed=11, repeats=10),
}
