"""A curve in words: what someone who cannot see the figure needs to know of it.

The same words are a figure's caption, its plain text, and what the regression tests compare,
so they are deterministic, name every number to three digits, and claim nothing that was not measured.
"""

from math import isfinite

from pigeon_lessons import checks
from pigeon_lessons.history import History


def number(value):
    """Return a number in three significant digits, or whole from 1,000 on, as every description writes it.

    >>> number(0.123456), number(1024), number(12.0)
    ('0.123', '1,024', '12')
    """
    if not isfinite(value):
        return str(float(value))
    short = f"{value + 0.0:.3g}"  # -0 is 0
    return f"{value:,.0f}" if abs(float(short)) >= 1000 else short  # 999.7 becomes 1,000, not 1e+03


def percent(share):
    """Return a share, 0..1, as a percentage with one decimal.

    >>> percent(0.9345)
    '93.5 %'
    """
    return f"{100 * share:.1f} %"


WRITTEN = {"loss": number, "accuracy": percent}
MEASURES = {f"{split}_{metric}": (f"{title} {metric}", write)
            for split, title in (("train", "training"), ("val", "validation")) for metric, write in WRITTEN.items()}
"""What a column of a history is called in a sentence, and how its numbers are written."""
BEST = {"loss": "min", "accuracy": "max"}


def describe(history, metrics=("loss", "accuracy")):
    """Return a `History` in words: where each curve starts and ends, and the best validation epoch.

    `metrics`: which of "loss" and "accuracy" to speak of. Raises TypeError if `history` is no History,
    TypeError or ValueError for other metrics, KeyError when the history is empty.

    >>> from pigeon_lessons import History
    >>> print(describe(History({"epoch": [0, 1, 2], "train_loss": [0.7, 0.4, 0.3]})))
    Training loss falls from 0.7 to 0.3 over 2 epochs.
    """
    if not isinstance(history, History):
        raise TypeError(f"history must be a History, got {type(history).__name__}; give trainer.history")
    metrics = [checks.one_of("metrics", metric, tuple(WRITTEN))
               for metric in checks.list_of("metrics", "metrics", metrics)]
    epochs = history["epoch"]
    if not epochs:
        raise KeyError("history must have a row to describe, got none; train first")
    sentences = [f"{title.capitalize()} {_course(history[name], write, epochs)}."
                 for name, (title, write) in MEASURES.items() if history.get(name) and title.split()[1] in metrics]
    for metric in metrics:
        values = history.get(f"val_{metric}", ())
        if len(values) > 1 and any(isfinite(value) for value in values):
            best = history.best(f"val_{metric}", mode=BEST[metric])
            sentences.append(f"Validation {metric} is best after {count(best['epoch'], 'epoch')}, "
                             f"at {WRITTEN[metric](best[f'val_{metric}'])}.")
    return " ".join(sentences)


def describe_curve(name, values):
    """Return the numbers of `name`, a singular, in words: start, end, lowest, highest, where they stop being finite.

    >>> describe_curve("Loss", [0.7, 0.2, 0.4])
    'Loss falls from 0.7 to 0.4; lowest 0.2, highest 0.7.'
    """
    finite = [value for value in values if isfinite(value)]
    words = f"{name} {_course(values, number)}"
    if len(finite) > 2:
        words += f"; lowest {number(min(finite))}, highest {number(max(finite))}"
    return words + "."


def count(value, unit):
    """Return a number with its unit, in the plural where English wants it.

    >>> count(1, "epoch"), count(1.5, "epoch")
    ('1 epoch', '1.5 epochs')
    """
    written = number(value)
    return f"{written} {unit}{'' if written == '1' else 's'}"


def _course(values, written, epochs=()):
    """Return "falls from 0.7 to 0.3", or what else the values did, ends compared as they are written.

    `written` turns a value into text; `epochs`: the one after which each was measured, where that is known.
    """
    if not values:
        return "has no values"
    start, end = written(values[0]), written(values[-1])
    if len(values) == 1:
        return f"is {start}"
    bad = next((index for index, value in enumerate(values) if not isfinite(value)), None)
    if bad is not None:
        place = f"after {count(epochs[bad], 'epoch')}" if epochs else f"at point {bad + 1}"
        return f"stops being finite {place}, having started at {start}" if bad else "is not finite from the start"
    span = f" over {count(epochs[-1], 'epoch')}" if epochs else ""
    if start == end:
        return f"{'stays' if max(values) == min(values) else 'starts and ends'} at {start}{span}"
    return f"{'falls' if values[-1] < values[0] else 'rises'} from {start} to {end}{span}"
