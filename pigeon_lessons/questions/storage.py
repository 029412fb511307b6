"""Where a student's answers are kept: one small JSON file on their own machine, sent nowhere.

It is `progress.json` in the folder that PIGEON_LESSONS_HOME names, else in ~/.pigeon_lessons.
Storage that fails never costs a cell: the answers stay in memory, and `trouble` says so.
"""

import json
import os
from pathlib import Path


class Progress:
    """The answers of one student, by kind and name, in a file that is read and written whole.

    `folder`: where the file is; None looks it up anew each time, as the module docstring says.
    `trouble`: a sentence for the student about what went wrong with the file, or "".
    """

    def __init__(self, folder=None):
        self._folder = folder
        self._unsaved = {}
        self.trouble = ""

    @property
    def path(self):
        """The file: folder / "progress.json"."""
        folder = self._folder or os.environ.get("PIGEON_LESSONS_HOME") or Path.home() / ".pigeon_lessons"
        return Path(folder) / "progress.json"

    def get(self, kind, name, default=None):
        """Return what was put under (kind, name), or `default`."""
        try:
            return self._read().get(kind, {}).get(name, default)
        except OSError as error:
            self.trouble = f"Your earlier answers in {self.path} cannot be read ({error.strerror or error})."
            return default

    def put(self, kind, name, value):
        """Keep `value` (numbers, strings, lists, dicts) under (kind, name), on disk if that is possible."""
        answers = self._unsaved
        try:
            answers = self._read()
            answers.setdefault(kind, {})[name] = value
            _write(self.path, json.dumps(answers, indent=1, sort_keys=True))
            self._unsaved = {}
        except OSError as error:
            answers.setdefault(kind, {})[name] = value
            self._unsaved = answers
            self.trouble = (f"Your answers cannot be kept in {self.path} ({error.strerror or error}), only until this "
                            "kernel stops. Set PIGEON_LESSONS_HOME to a folder you can write to.")

    def _read(self):
        """Return all answers; a file that cannot be understood is set aside, never overwritten."""
        if self._unsaved:
            return self._unsaved
        try:
            answers = json.loads(self.path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except ValueError:  # neither JSON nor UTF-8
            answers = None
        if isinstance(answers, dict) and all(isinstance(part, dict) for part in answers.values()):
            return answers
        self._set_aside()
        return {}

    def _set_aside(self):
        kept = self.path.with_name("progress.damaged.json")
        try:
            os.replace(self.path, kept)
        except OSError:
            kept = self.path
        self.trouble = f"The file of your earlier answers was damaged; it is left at {kept}, and a new one is begun."


def _write(path, text):
    """Write all of the file or none: a crash leaves the old one whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        temporary.write_text(text, encoding="utf-8")
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


progress = Progress()
