"""Remembers runs, so that a setting seen before is there at once and more epochs continue it."""

from collections import OrderedDict

from pigeon_lessons.panels.runs import Run

MOST_RUNS = 64
MOST_BYTES = 64 * 2**20


class RunCache:
    """The runs made last, at most `most_runs` of them and `most_bytes` in all; the one in use always stays.

    The key is everything that decides a run's numbers except its length: settings without epochs,
    and the fingerprint of the data.
    """

    def __init__(self, train, val, *, most_runs=MOST_RUNS, most_bytes=MOST_BYTES, make=Run):
        self.train, self.val = train, val
        self.most_runs, self.most_bytes = most_runs, most_bytes
        self.hits = self.misses = 0
        self._make = make
        self._data = (train.fingerprint(), val.fingerprint() if val is not None else None)
        self._runs = OrderedDict()

    def __len__(self):
        return len(self._runs)

    def run(self, settings):
        """Return the run of `settings`, the remembered one if there is one."""
        key = self.key(settings)
        if key in self._runs:
            self.hits += 1
            self._runs.move_to_end(key)
            return self._runs[key]
        self.misses += 1
        self._runs[key] = self._make(settings, self.train, self.val)
        self.trim()
        return self._runs[key]

    def key(self, settings):
        """Return what distinguishes runs."""
        return (*sorted((name, value) for name, value in settings.items() if name != "epochs"), self._data)

    def trim(self):
        """Forget the runs not used for longest until both bounds hold."""
        while len(self._runs) > 1 and (len(self._runs) > self.most_runs or self.num_bytes > self.most_bytes):
            self._runs.popitem(last=False)

    @property
    def num_bytes(self):
        """Memory that all remembered runs hold, roughly."""
        return sum(run.num_bytes for run in self._runs.values())
