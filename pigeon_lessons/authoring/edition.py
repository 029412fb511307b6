"""The edition for students: a folder that runs by itself, with the released chapters, made whole or not at all.

In it are the notebooks without outputs, every file that they link to, the package as a wheel, and how to install it.
`MANIFEST` holds what was given out, so that an update knows a student's work: whatever is not as it was given. It also
says whether the solutions were given: an update that forgets to leave them out must not bring them.
"""

import hashlib
import json
import os
import shutil
import subprocess  # nosec
import sys
import tempfile
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell

from pigeon_lessons import rooms
from pigeon_lessons.authoring import AuthoringError, template
from pigeon_lessons.authoring.pairing import find_chapters
from pigeon_lessons.authoring.prose import ELSEWHERE, links
from pigeon_lessons.authoring.reading import read_text
from pigeon_lessons.questions.content import asked
from pigeon_lessons.words import count

MANIFEST = ".handed-out.json"
BUILD = "import sys; from setuptools import build_meta; build_meta.build_wheel(sys.argv[1])"


def student_edition(root, out, wanted=(), *, update=False, solutions=True):
    """Write the `wanted` chapters of the project `root`, all if none is named, into the new or empty folder `out`.

    With `update`, `out` is an edition from before: its chapters come in their newest version, and `wanted` ones are
    added. What somebody has edited there is kept, beside the new version if there is one. Without `solutions`, or if
    `out` came without, nothing that `solution()` would show is in the folder, and the answers are written beside it.
    Returns sentences that say what was done. Raises AuthoringError, and changes nothing, if that cannot be.
    """
    root, out = Path(root).resolve(), Path(os.path.abspath(out))
    if root in (out.resolve(), *out.resolve().parents):
        raise AuthoringError(f"{out} is inside the project; name a folder outside")
    if not update and out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise AuthoringError(f"{out} is not an empty folder; name a new one, or say --update")
    before, gave_solutions = _manifest(out) if update else ({}, True)
    solutions = solutions and gave_solutions
    released = {Path(name).name[:2] for name in before if name.startswith("notebooks/")}
    asked = find_chapters(root, wanted) if wanted or not update else []
    chapters = [chapter for chapter in find_chapters(root) if chapter in asked or chapter.number in released]
    part = out.with_name(f".{out.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    try:
        _build(root, part, chapters, solutions)
        told = _bring(part, out, before) if update else []
        if not update:
            if out.exists():
                out.rmdir()
            os.rename(part, out)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    told = [f"{count(len(chapters), 'chapter')} in {out}", *told]
    if not solutions:
        key = out.with_name(f"{out.name}.answers.md")
        key.write_text("\n".join(map(_answers, chapters)), encoding="utf-8")
        told.append(f"the answers, for you alone: {key}")
    return told


def linked_files(root, notebooks):
    """Return the files of the project to which the texts of `notebooks` lead, and those to which these lead.

    Chapters are left out: students have those that are released.
    """
    found = set()
    waiting = [(root / "notebooks", cell.source) for one in notebooks for cell in one.cells
               if cell.cell_type == "markdown"]
    while waiting:
        folder, text = waiting.pop()
        for path in (link.target.partition("#")[0] for link in links(text) if not ELSEWHERE.match(link.target)):
            file = Path(os.path.normpath(folder / path))
            if file.suffix != ".ipynb" and root in file.parents and file not in found and os.path.isfile(file):
                found.add(file)
                if file.suffix == ".md":
                    waiting.append((file.parent, file.read_text(encoding="utf-8", errors="replace")))
    return found


def build_wheel(root, folder, solutions=True):
    """Build the package of the project `root` as a wheel in `folder` and return its name; the same bytes each time."""
    with tempfile.TemporaryDirectory() as source:
        for name in ("pyproject.toml", "README.md", "LICENSE"):
            shutil.copy(root / name, source)
        left_out = shutil.ignore_patterns("__pycache__", *([] if solutions else ["solutions.md*"]))
        shutil.copytree(root / "pigeon_lessons", Path(source, "pigeon_lessons"), ignore=left_out)
        command = [sys.executable, "-c", BUILD, os.path.abspath(folder)]
        made = subprocess.run(command, cwd=source, text=True, capture_output=True,  # noqa: S603 # nosec
                              env={**os.environ, "SOURCE_DATE_EPOCH": "1600000000"})
    if made.returncode:
        raise AuthoringError(f"the package cannot be built: {(made.stderr.splitlines() or ['?'])[-1]}")
    return next(Path(folder).glob("*.whl")).name


def _build(root, part, chapters, solutions):
    notebooks = {chapter.notebook.name: read_text(chapter).notebook for chapter in chapters}
    (part / "notebooks").mkdir(parents=True)
    wheel = build_wheel(root, part, solutions)
    for file in linked_files(root, notebooks.values()):
        (part / file.relative_to(root)).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, part / file.relative_to(root))
    for file in (root / "LICENSE", root / "constraints.txt", root / "pigeon_lessons" / "doctor.py"):
        shutil.copyfile(file, part / file.name)
    colab = template("colab.txt").template.rstrip()
    for name, notebook in notebooks.items():
        notebook.cells.insert(1, new_code_cell(colab, id="colab"))
        nbformat.write(notebook, part / "notebooks" / name)
    (part / "requirements.txt").write_text(f"--constraint constraints.txt\n./{wheel}[lab]\n", encoding="utf-8")
    titles = [f"- [{name[:2]} {notebook.metadata.lesson['title']}](notebooks/{name})"
              for name, notebook in notebooks.items()]
    page = template("README.md").substitute(chapters="\n".join(titles), wheel=wheel, first=min(notebooks))
    (part / "README.md").write_text(page, encoding="utf-8")
    given = {file.relative_to(part).as_posix(): _digest(file) for file in sorted(part.rglob("*")) if file.is_file()}
    (part / MANIFEST).write_text(json.dumps({"solutions": solutions, "files": given}, indent=1), encoding="utf-8")


def _bring(part, out, before):
    """Bring what is new in `part` into `out`, where some files are no longer as `before`; say which were kept.

    Stopped half-way, it can be said again: the manifest comes last.
    """
    (after, _), told = _manifest(part), []
    for name, digest in after.items():
        there = _digest(out / name)
        if there == digest or (there and before.get(name) == digest):
            continue
        if there and there != before.get(name):
            kept = _free_name(out / name)
            os.rename(out / name, kept)
            told.append(f"{name} had been edited: what was there is now {kept.relative_to(out)}")
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        os.replace(part / name, out / name)
    for name in before.keys() - after.keys():
        if _digest(out / name) == before[name]:
            os.unlink(out / name)
    os.replace(part / MANIFEST, out / MANIFEST)
    return told


def _manifest(folder):
    """Return what was given out in a folder, {name: digest}, and whether the solutions were."""
    try:
        given = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        names = [Path(name) for name, digest in given["files"].items() if isinstance(digest, str)]
        if any(name.is_absolute() or ".." in name.parts for name in names) or len(names) < len(given["files"]):
            raise ValueError
        return given["files"], given["solutions"] is True
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise AuthoringError(f"{folder} is no edition that can be updated: no readable {MANIFEST} in it") from error


def _digest(file):
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else None


def _free_name(file):
    names = (file.with_name(f"{file.stem}.yours{number}{file.suffix}") for number in ("", *range(2, 10_000)))
    return next(name for name in names if not name.exists())


def _answers(chapter):
    """Return the right answers to a chapter's quizzes, and the solutions of its exercises, in Markdown."""
    room = chapter.room
    right = [f"- {quiz.question} **{option.text}**" for quiz in asked(room)["quizzes"].values()
             for option in quiz.options if option.right]
    return "\n".join([rooms.text(room, "solutions.md"), *right, ""])
