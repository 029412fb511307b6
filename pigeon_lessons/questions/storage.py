"""Where a student's answers are kept: one small JSON file on their own machine, sent nowhere.

It is `progress.json` in the folder that PIGEON_LESSONS_HOME names, else in ~/.pigeon_lessons.
Several kernels may share it: what each has to say is merged into it under a lock.
Storage that fails never costs a cell: the answers stay in memory, and `trouble` says so while it lasts.
"""

import json
import os
from contextlib import nullcontext
from itertools import chain, count
from pathlib import Path
from threading import RLock

from filelock import FileLock

from pigeon_lessons import files

FAILURES = (OSError, ValueError, RuntimeError)
"""What a file may raise: the system, a name that none can have, a home folder that is nowhere to be found."""
PATIENCE = 5
"""Seconds to wait for another kernel."""
LONGEST = 100
"""How many items of a list are kept, the last."""


class Progress:
    """The answers of one student, by kind and name.

    `folder`: where the file is; None looks it up anew each time, as the module docstring says.
    """

    def __init__(self, folder=None):
        self._folder = folder
        self._unsaved = {}
        self._cannot_save = self._cannot_read = self._damaged = ""
        self._one_at_a_time = RLock()

    @property
    def path(self):
        """The file: folder / "progress.json". Raises RuntimeError where the user has no home folder."""
        folder = self._folder or os.environ.get("PIGEON_LESSONS_HOME") or "~/.pigeon_lessons"
        return Path(folder).expanduser() / "progress.json"

    @property
    def trouble(self):
        """A sentence for the student about what is wrong with the file just now, or ""."""
        return " ".join(filter(None, (self._damaged, self._cannot_save or self._cannot_read)))

    def told(self):
        """Take note that the student has been told of the trouble; what is over is not told again."""
        self._damaged = ""

    def get(self, kind, name, default=None):
        """Return what was put under (kind, name), or `default`."""
        with self._one_at_a_time:
            answers = {}
            try:
                answers = _read(self.path) or {}
                self._cannot_read = ""
            except FAILURES as error:
                self._cannot_read = f"Your earlier answers cannot be read ({_reason(error)})."
            return _merged(answers, self._unsaved).get(kind, {}).get(name, default)

    def record(self, kind, name):
        """Return the dict that was put under (kind, name), an empty one if there is none.

        >>> Progress("/a/folder/that/is/not/there").record("quizzes", "batching/recall-1")
        {}
        """
        value = self.get(kind, name)
        return value if isinstance(value, dict) else {}

    def put(self, kind, name, value):
        """Keep `value` (numbers, strings, lists, dicts) under (kind, name), on disk if that is possible.

        It is merged with what is there: dicts key by key, lists by what is new in them, and True stays True,
        so that a success is never taken back. Raises TypeError for what JSON has no word for.
        """
        json.dumps(value)
        with self._one_at_a_time:
            self._unsaved = _merged(self._unsaved, {kind: {name: value}})
            try:
                self._save()
            except FAILURES as error:
                self._cannot_save = (f"Your answers cannot be kept ({_reason(error)}), only until this kernel stops. "
                                     "Set PIGEON_LESSONS_HOME to a folder you can write to.")

    def _save(self):
        path = self.path
        path.parent.mkdir(parents=True, exist_ok=True)
        with _locked(path.with_name("progress.lock")):
            answers = _read(path)
            if answers is None:
                self._set_aside(path)
            answers = _merged(answers or {}, self._unsaved)
            files.replace(path, json.dumps(answers, indent=1, sort_keys=True).encode())
        self._unsaved, self._cannot_save, self._cannot_read = {}, "", ""

    def _set_aside(self, path):
        """Give a file that cannot be understood another name; it is never overwritten."""
        names = (path.with_name(f"progress.damaged{number}.json") for number in chain([""], count(2)))
        kept = next(name for name in names if not name.exists())
        os.replace(path, kept)
        self._damaged = f"The file of your earlier answers was damaged; it is left at {kept}, and a new one is begun."


def _locked(path):
    try:
        return FileLock(path).acquire(PATIENCE, poll_interval=0.005)
    except NotImplementedError:  # a file system without locks: better unguarded than not kept
        return nullcontext()


def _read(path):
    """Return all answers, {} where there is no file, None if it cannot be understood."""
    try:
        content = files.content(path)
    except FileNotFoundError:
        return {}
    try:
        answers = json.loads(content)
    except (ValueError, RecursionError):  # neither JSON nor Unicode, or a bomb of brackets
        return None
    is_whole = isinstance(answers, dict) and all(isinstance(part, dict) for part in answers.values())
    return answers if is_whole else None


def _merged(old, new):
    if isinstance(old, dict) and isinstance(new, dict):
        return {**old, **{key: _merged(old[key], value) if key in old else value for key, value in new.items()}}
    if isinstance(old, list) and isinstance(new, list):
        return [*old, *(item for item in new if item not in old)][-LONGEST:]
    return new if old is not True else True


def _reason(error):
    """Return what went wrong in few words that can be written everywhere, whatever the path's name is."""
    words = getattr(error, "strerror", None) or str(error)
    where = getattr(error, "filename", None)
    return (f"{where}: {words}" if where else words).encode("utf-8", "replace").decode()


progress = Progress()
