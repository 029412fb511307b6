"""Results on disk as they come: a file of JSON lines that survives a crash and being shared.

It knows nothing of training. Each line is one dict, written at once, whole, and flushed to the disk.
"""

import json
import os
import warnings
from pathlib import Path


class Journal:
    """The dicts in the file `path`, one a line; the file is made with the first of them.

    Several processes may read and append: a lock file beside it, `path` + ".lock", keeps them apart.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     journal = Journal(Path(folder) / "results.jsonl")
    ...     journal.append([{"trial": 1}, {"trial": 2}])
    ...     journal.read()
    [{'trial': 1}, {'trial': 2}]
    """

    def __init__(self, path):
        from filelock import FileLock  # only a search that keeps results needs it

        self.path = Path(path)
        self._lock = FileLock(f"{self.path}.lock")

    def read(self):
        """Return all dicts in the file, none if there is no file.

        A last line that a crash left damaged is dropped from the file with a warning. Raises
        ValueError, naming the line, if any other is damaged.
        """
        with self._lock:
            if not self.path.exists():
                return []
            self._mend()
            lines = self.path.read_text(encoding="utf-8").splitlines()
        entries = [_parsed(line) for line in lines]
        if None in entries:
            raise ValueError(f"{str(self.path)!r} is damaged in line {entries.index(None) + 1}; "
                             "delete that line, or give another file")
        return entries

    def append(self, entries):
        """Write dicts at the end of the file; on return they are on the disk."""
        text = "".join(json.dumps(entry, sort_keys=True) + "\n" for entry in entries)
        with self._lock:
            self._mend()
            with open(self.path, "ab") as file:
                file.write(text.encode())
                file.flush()
                os.fsync(file.fileno())

    def _mend(self):
        """Cut off a last line that is not whole; what follows it would be damaged too."""
        if not self.path.exists():
            return
        with open(self.path, "r+b") as file:
            content = file.read()
            kept = content[:content.rfind(b"\n") + 1]
            last = kept[:-1].rpartition(b"\n")[2]
            if kept and _parsed(last) is None:
                kept = kept[:-len(last) - 1]
            if len(kept) < len(content):
                warnings.warn(f"the last line of {str(self.path)!r} was damaged and is dropped; "
                              "its trial will be run again", stacklevel=4)
                file.truncate(len(kept))


def _parsed(line):
    """Return the dict in a line of JSON, or None if there is none."""
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    return entry if isinstance(entry, dict) else None
