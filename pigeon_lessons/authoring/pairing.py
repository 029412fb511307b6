"""Which text belongs to which notebook, by their names. Neither is read here.

A chapter is a pair: `lessons/NN_name.md`, the text that people edit, and `notebooks/NN_name.ipynb`,
made from it, with outputs.
"""

import re
import subprocess  # nosec
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from pigeon_lessons.authoring import AuthoringError

LEFT = {"lessons/*.md.notebook": "left when text and notebook changed in one place; delete it when the text has both",
        "notebooks/*.ipynb.unreadable": "what could not be read, and was made anew; delete it when you miss nothing"}
"""Files that a command leaves for the author to look into."""


class Chapter(NamedTuple):
    """One chapter, by its `name` ("01_batching"), in the project folder `root`; its files need not exist.

    `number` ("01") and `room` ("batching") are parts of its name. `text` is what people edit, `notebook` what is made
    from it, and `beside` the notebook's own text, written when both changed in the same place.
    """

    root: Path
    name: str

    number = property(lambda self: self.name[:2])
    room = property(lambda self: self.name[3:])
    text = property(lambda self: self.root / "lessons" / f"{self.name}.md")
    notebook = property(lambda self: self.root / "notebooks" / f"{self.name}.ipynb")
    beside = property(lambda self: self.root / "lessons" / f"{self.name}.md.notebook")

    def committed(self, path):
        """Return what `path`, one of the three, holds in git's last commit; None if git has none."""
        with suppress(FileNotFoundError):
            run = git("-C", self.root, "show", f"HEAD:./{path.relative_to(self.root).as_posix()}")
            return run.stdout.decode() if run.returncode == 0 else None


def git(*arguments):
    """Run whichever git there is; FileNotFoundError if none is installed."""
    return subprocess.run(["git", *arguments], capture_output=True)  # noqa: S603, S607 # nosec


def find_project(start="."):
    """Return the folder whose `lessons/` holds chapters: `start` or the nearest folder above it.

    Raises AuthoringError when there is none.
    """
    folder = Path(start).resolve()
    for above in (folder, *folder.parents):
        if find_chapters(above):
            return above
    raise AuthoringError(f"no lessons/NN_name.md in {folder} or above it; change to the project's folder first")


def find_chapters(root, wanted=()):
    """Return the chapters of the project `root` in their order, or only those `wanted`.

    `wanted` names chapters as "01", "01_batching" or "lessons/01_batching.md". Raises AuthoringError for a name that
    fits none.

    >>> find_chapters(Path("."), ["99"])
    Traceback (most recent call last):
    ...
    pigeon_lessons.authoring.AuthoringError: no chapter '99' in lessons/; there are ...
    """
    chapters = [Chapter(Path(root), path.stem) for path in sorted((Path(root) / "lessons").glob("[0-9][0-9]_*.md"))]
    by_name = {name: chapter for chapter in chapters for name in (chapter.name, chapter.number)}
    named = {Path(name).stem: name for name in wanted}
    for stem, name in named.items():
        if stem not in by_name:
            known = ", ".join(chapter.name for chapter in chapters) or "none yet"
            raise AuthoringError(f"no chapter {name!r} in lessons/; there are {known}")
    return [chapter for chapter in chapters if not wanted or chapter in map(by_name.get, named)]


def stray_files(root):
    """Yield a sentence for each file of `root` that belongs to no chapter: nobody can edit or refresh it."""
    for path in sorted((Path(root) / "notebooks").glob("*.ipynb")):
        if not Chapter(Path(root), path.stem).text.exists():
            yield (f"notebooks/{path.name}: there is no lessons/{path.stem}.md to make it from; "
                   f"rename or delete it as its text was")
    for path in sorted((Path(root) / "lessons").glob("*.md")):
        if not re.fullmatch(r"\d\d_\w+", path.stem):
            yield f"lessons/{path.name}: no chapter; the name must be two digits, _ and a name, such as 09_name.md"
    for name, words in LEFT.items():
        yield from (f"{path.relative_to(root).as_posix()}: {words}" for path in sorted(Path(root).glob(name)))
