"""Results on disk as they come: a file of JSON lines that survives a crash and being shared.

It knows nothing of training. Each line is one dict, and is on the disk before `append` returns.
"""

import errno
import json
import os
import warnings
from contextlib import contextmanager
from math import isfinite

from pigeon_lessons import checks, files

NO_LOCKS = (errno.ENOSYS, errno.ENOTSUP, errno.ENOLCK)
"""What a file system without locks answers: nothing keeps others out then, and a search alone works."""


class Journal:
    """The dicts in the file `path`, one a line; the file is made with the first of them.

    Several processes may read and append: a lock file beside it, `path` + ".lock", keeps them apart.
    The operating system releases the lock of a process that is killed.

    Raises TypeError or ValueError if `path` is no name of a file, FileNotFoundError if its folder is missing,
    and in use OSError, with the name and what to do, for all that the system refuses.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     journal = Journal(folder + "/results.jsonl")
    ...     journal.append([{"trial": 1}, {"trial": 2}])
    ...     journal.read()
    [{'trial': 1}, {'trial': 2}]
    """

    def __init__(self, path):
        from filelock import FileLock  # only a search that keeps results needs it

        self.path = checks.file_path("results", path, such_as="search.jsonl")
        if not os.path.isdir(self.path.parent):
            raise FileNotFoundError(f"there is no folder {str(self.path.parent)!r} for the results; make it first")
        self._lock = FileLock(f"{self.path}.lock")

    @contextmanager
    def reserved(self):
        """Have the file to oneself for a block of reading and adding; who comes later waits, and is told so."""
        with self._named_in_errors():
            self._acquire()
        try:
            yield
        finally:
            self._lock.release()

    @contextmanager
    def _named_in_errors(self):
        """Say, of what the system refuses in the block, which file it was and what to do."""
        try:
            yield
        except OSError as error:
            if error.errno is None:  # filelock's own
                raise
            raise OSError(error.errno, f"cannot use the results file {str(self.path)!r}: {error.strerror}; what it "
                          "holds is safe. Choose a folder that has room and may be written to, and start again"
                          ) from error

    def _acquire(self):
        try:
            self._lock.acquire(timeout=0)
        except TimeoutError:
            open(self._lock.lock_file, "ab").close()  # where no file can be made, filelock would wait for ever
            warnings.warn(f"another search is at work on {str(self.path)!r}; this one waits for its end, and takes "
                          "over what it finds. Give each a file of its own to have both at once", stacklevel=6)
            self._lock.acquire()
        except OSError as error:
            if error.errno not in NO_LOCKS:
                raise

    def read(self):
        """Return all dicts in the file, none if there is no file.

        A last line that a crash left damaged is cut off the file, with a warning. Raises ValueError,
        naming the line and changing nothing, if any other is damaged.
        """
        with self.reserved(), self._named_in_errors():
            content = files.content(self.path) if self.path.exists() else b""
            lines = content.splitlines(keepends=True)
            entries = [_parsed(line) for line in lines]
            if None in entries[:-1] or (None in entries and not lines[0].startswith((b"{", b"\0"))):
                raise ValueError(f"{str(self.path)!r} is damaged in line {entries.index(None) + 1}; "
                                 "delete that line, or give another file")
            if None in entries:
                warnings.warn(f"the last line of {str(self.path)!r} was damaged and is dropped; its trial will be run "
                              "again", stacklevel=2)
                os.truncate(self.path, len(content) - len(lines[-1]))
                entries.pop()
        return entries

    def append(self, entries):
        """Write dicts at the end of the file, whose last line `read` has looked at; on return they are on the disk.

        As JSON has no numbers for nan and infinities, they are written as texts.
        """
        plain = [{name: str(value) if isinstance(value, float) and not isfinite(value) else value
                  for name, value in entry.items()} for entry in entries]
        text = "".join(json.dumps(entry, allow_nan=False) + "\n" for entry in plain)
        with self.reserved(), self._named_in_errors():
            is_new = not self.path.exists()
            with open(self.path, "ab") as file:
                file.write(text.encode())
                files.sync(file)
            if is_new:
                files.sync_folder(self.path.parent)


def _parsed(line):
    """Return the dict in a whole line of JSON, or None if there is none."""
    try:
        entry = json.loads(line) if line.endswith(b"\n") else None
    except ValueError:  # broken text as well as broken JSON
        return None
    return entry if isinstance(entry, dict) else None
