"""What a challenge or a prediction needs to have come true, said in plain data, so that any language can check it.

A need is a dict that says what to look at and how it has to compare. `"of"` and `"name"`:

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
from math import inf, isfinite
from statistics import fmean

COMPARISONS = {"equals": operator.eq, "at_least": operator.ge, "at_most": operator.le, "above": operator.gt,
               "below": operator.lt}
TAKEN = {"end": lambda values: values[-1], "highest": max, "lowest": min}


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
    rows = zip(history["iteration"], history.get(name, ()), strict=False)
    values = [value for iteration, value in rows if iteration <= within]
    if take != "end":
        values = [value for value in values if isfinite(value)]
    return TAKEN[take](values) if values and isfinite(values[-1]) else None
