"""Results on disk as they come: a file of JSON lines that survives a crash and being shared.

It knows nothing of training. Each line is one dict, and is on the disk before `append` returns.
"""

import errno
import json
import os
import warnings
from contextlib import contextmanager

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
        self._lock, self._reservation = FileLock(f"{self.path}.lock"), FileLock(f"{self.path}.search.lock")

    @contextmanager
    def reserved(self):
        """Have the file to oneself for a block of reading and adding; who comes later waits, and is told so.

        Someone who only reads need not wait: each `read` and `append` is whole without this.
        """
        from filelock import Timeout

        try:
            self._reservation.acquire(timeout=0)
        except Timeout:
            warnings.warn(f"another search is at work on {str(self.path)!r}; this one waits for its end, and takes "
                          "over what it finds. Give each a file of its own to have both at once", stacklevel=5)
            self._reservation.acquire()
        except OSError:  # no locks here, or no such place: reading and writing will say so
            pass
        try:
            yield
        finally:
            self._reservation.release()

    @contextmanager
    def _held(self):
        """Keep others out while the block reads or writes, and say of which file the system speaks if it refuses."""
        try:
            try:
                self._lock.acquire()
            except OSError as error:
                if error.errno not in NO_LOCKS:
                    raise
            yield
        except OSError as error:
            if error.errno is None:  # filelock's own: its words are clear
                raise
            raise OSError(error.errno, f"cannot use the results file {str(self.path)!r}: {error.strerror}; what it "
                          "holds is safe. Choose a folder that has room and may be written to, and start again"
                          ) from error
        finally:
            self._lock.release()

    def read(self):
        """Return all dicts in the file, none if there is no file.

        A last line that a crash left damaged is cut off the file, with a warning. Raises ValueError,
        naming the line and changing nothing, if any other is damaged.
        """
        with self._held():
            if not self.path.exists():
                return []
            content = self.path.read_bytes()
            lines = content.splitlines(keepends=True)
            entries = [_parsed(line) for line in lines]
            if None in entries[:-1] or (None in entries and not lines[0].startswith((b"{", b"\0"))):
                raise ValueError(f"{str(self.path)!r} is damaged in line {entries.index(None) + 1}; "
                                 "delete that line, or give another file")
            if None in entries:
                self._cut(len(content) - len(lines[-1]))
                entries.pop()
        return entries

    def append(self, entries):
        """Write dicts at the end of the file; on return they are on the disk."""
        text = "".join(json.dumps(entry, allow_nan=False) + "\n" for entry in entries)
        with self._held():
            self._cut_unfinished()
            is_new = not self.path.exists()
            with open(self.path, "ab") as file:
                file.write(text.encode())
                files.sync(file)
            if is_new:
                files.sync_folder(self.path.parent)

    def _cut_unfinished(self):
        """Cut off what another process was writing when it was killed: the next line would be damaged too."""
        if self.path.exists() and not (content := self.path.read_bytes()).endswith(b"\n") and content:
            self._cut(content.rfind(b"\n") + 1)

    def _cut(self, length):
        warnings.warn(f"the last line of {str(self.path)!r} was damaged and is dropped; its trial will be run again",
                      stacklevel=5)
        os.truncate(self.path, length)


def _parsed(line):
    """Return the dict in a whole line of JSON, or None if there is none."""
    try:
        entry = json.loads(line) if line.endswith(b"\n") else None
    except ValueError:  # broken text as well as broken JSON
        return None
    return entry if isinstance(entry, dict) else None
