"""Remembers runs, so that a setting seen before is there at once and more epochs continue it."""

from sys import getsizeof

import torch

from pigeon_lessons.panels.runs import SweepRun, complete

FLOAT_BYTES = 32
"""A Python number of its own, and its place in a list."""

MODULE_BYTES = 6_300
"""The dicts of a Pigeon and its two layers: to look through them all takes time that a student would wait."""


class RunCache:
    """The runs made last, at most `most_runs` of them and `most_bytes` in all; the one in use always stays.

    The key is everything that decides a run's numbers except its length: settings without epochs. The digits
    are the caller's, and not counted; runs of as many of them share what `kind`, their class, can share.
    """

    def __init__(self, train, val, kind=SweepRun, *, most_runs=64, most_bytes=64 * 2**20):
        self.train, self.val, self.kind = train, val, kind
        self.most_runs, self.most_bytes = most_runs, most_bytes
        self._runs = {}

    def __len__(self):
        return len(self._runs)

    def run(self, settings):
        """Return the run of `settings`, the remembered one if there is one."""
        settings = complete(settings, len(self.train))
        key = frozenset(settings.items())
        if key in self._runs:
            self._runs[key] = self._runs.pop(key)  # used last, so the last to be forgotten
        else:
            kin = next((run for run in self._runs.values() if len(run.train) == settings["train_images"]), None)
            self._runs[key] = self.kind(settings, self.train, self.val, kin)
            if len(self._runs) > self.most_runs:
                del self._runs[next(iter(self._runs))]
        return self._runs[key]

    def trim(self):
        """Forget the runs not used for longest until both bounds hold: for when there is time, to count takes some."""
        while len(self) > 1 and (len(self) > self.most_runs or self.num_bytes > self.most_bytes):
            del self._runs[next(iter(self._runs))]

    @property
    def num_bytes(self):
        """Memory that all remembered runs hold."""
        seen = set()
        held_bytes([self.train, self.val], seen)
        return held_bytes(list(self._runs.values()), seen)


def held_bytes(thing, seen):
    """Return the bytes of all that can be reached from `thing`: each object, each tensor's storage once.

    `seen`, a set, holds what was counted before, and grows. Lists of numbers are counted without a look at each.
    """
    num_bytes, waiting = 0, [thing]
    while waiting:
        one = waiting.pop()
        is_tensor = isinstance(one, torch.Tensor)
        place = one.untyped_storage().data_ptr() if is_tensor else -id(one)
        if place in seen or (callable(one) and not isinstance(one, torch.nn.Module)):
            continue
        seen.add(place)
        if is_tensor:
            num_bytes += one.untyped_storage().nbytes()
            waiting.append(one.grad)
        elif isinstance(one, torch.nn.Module):
            num_bytes += MODULE_BYTES
            waiting += one.parameters()
        elif isinstance(one, (list, tuple)) and one and isinstance(one[-1], (int, float)):
            num_bytes += FLOAT_BYTES * len(one)
        else:
            num_bytes += getsizeof(one)
            waiting += [*one, *one.values()] if isinstance(one, dict) else one if isinstance(one, (list, tuple)) else []
            waiting += vars(one).values() if hasattr(one, "__dict__") else []
    return num_bytes
