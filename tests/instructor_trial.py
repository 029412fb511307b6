"""An instructor's weeks, step by step, with the commands as they would type them: `python -m tests.instructor_trial`.

It works on a clone in a temporary folder, prints what each command says, and stops at the first step that does not do
what it should. A few minutes; it needs git and nbgrader.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat

ROOT = Path(__file__).parents[1]
NAME = "02_epochs"
SENTENCE, PLACE = "A sentence of the instructor's.", "## Key points"


class Trial:
    """A clone in `folder`, and the commands that are typed there."""

    def __init__(self, folder):
        self.folder, self.clone = folder, folder / "clone"
        self.text, self.notebook = self.clone / "lessons" / f"{NAME}.md", self.clone / "notebooks" / f"{NAME}.ipynb"
        programs = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])  # nbgrader calls alembic
        self.environment = os.environ | {"PATH": programs,
                                         "PYTHONPATH": os.pathsep.join([str(self.clone), *filter(None, sys.path)]),
                                         "PIGEON_LESSONS_HOME": str(folder / "home")}
        self.run("git", "clone", "--quiet", str(ROOT), str(self.clone), place=folder)

    def run(self, *words, place=None, expect=0):
        """Run a command, show it and what it says, and return that."""
        ours = "import sys; from pigeon_lessons.authoring.command import main; sys.exit(main())"  # of the clone
        program = {"pigeon-lessons": [sys.executable, "-c", ours], "nbgrader": [sys.executable, "-m", "nbgrader"]}
        run = subprocess.run([*program.get(words[0], words[:1]), *words[1:]], cwd=place or self.clone, text=True,
                             env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        said = run.stdout if words[0] == "pigeon-lessons" or run.returncode != expect else ""
        print(f"$ {' '.join(words)}\n{said}".replace(str(self.folder), "…"), end="", flush=True)
        assert run.returncode == expect, f"ended with {run.returncode}, not {expect}"
        return run.stdout

    def lessons(self, *words, **how):
        return self.run("pigeon-lessons", *words, **how)

    def edit_text(self, words, old=PLACE):
        """Put words before PLACE, or in the place of `old`."""
        text = self.text.read_text(encoding="utf-8")
        self.text.write_text(text.replace(old, f"{words}\n\n{PLACE}" if old == PLACE else words), encoding="utf-8")

    def edit_notebook(self, words, old=PLACE):
        """The same in the notebook, as VS Code does it: the text is not touched."""
        notebook = nbformat.read(self.notebook, as_version=4)
        cell = next(cell for cell in notebook.cells if old in cell.source)
        cell.source = cell.source.replace(old, f"{words}\n\n{old}" if old == PLACE else words)
        nbformat.write(notebook, self.notebook)

    def commit(self):
        self.run("git", "-c", "user.name=i", "-c", "user.email=i@example.org", "commit", "--quiet", "--all",
                 "--allow-empty", "-mEdit")


def step(title):
    print(f"\n== {title}", flush=True)


def edit(trial):
    step("The text is edited; check says so; refresh brings the notebook")
    trial.lessons("refresh", "02")
    trial.commit()
    trial.edit_text(SENTENCE)
    assert "is stale" in trial.lessons("check", "02", expect=1)
    start = time.perf_counter()
    trial.lessons("refresh", "02")
    trial.lessons("check", "02")
    print(f"from saving to a green check: {time.perf_counter() - start:.0f} s")
    trial.commit()

    step("The notebook alone is edited: refresh drops nothing and names adopt")
    header = trial.text.read_bytes().split(b"-->")[0]
    trial.edit_notebook("A sentence from VS Code.")
    assert "pigeon-lessons adopt 02" in trial.lessons("refresh", "02", expect=1)
    trial.lessons("adopt", "02")
    assert "A sentence from VS Code." in trial.text.read_text(encoding="utf-8")
    assert trial.text.read_bytes().split(b"-->")[0] == header
    trial.lessons("refresh", "02")
    trial.lessons("check", "02")
    trial.commit()

    step("Both are edited in one place: both versions are kept, and git's markers are named until one is chosen")
    trial.edit_text("The text says this.", SENTENCE)
    trial.edit_notebook("The notebook says that.", SENTENCE)
    trial.lessons("adopt", "02", expect=1)
    both = trial.text.read_text(encoding="utf-8")
    assert "The text says this." in both
    assert "The notebook says that." in both
    assert "a conflict marker of git" in trial.lessons("check", "02", expect=1)
    trial.run("git", "checkout", "--quiet", "lessons", "notebooks")

    step("A merge has left markers in the notebook: refresh makes it anew")
    good = trial.notebook.read_text(encoding="utf-8")
    trial.notebook.write_text(good.replace(' "cells"', '<<<<<<< HEAD\n "cells"', 1), encoding="utf-8")
    trial.lessons("check", "02", expect=1)
    trial.lessons("refresh", "02")
    trial.lessons("check", "02")


def add(trial):
    step("A code cell prints another number: diff shows it before it is committed")
    trial.edit_text("```{code-cell} ipython3\nprint(0.5 + 0.25)\n```")
    trial.lessons("refresh", "02")
    assert f"{NAME}, code cell " in trial.lessons("diff", "02")
    trial.run("git", "checkout", "--quiet", "lessons", "notebooks")

    step("A chapter is added, and its tests pass")
    trial.lessons("new", "10_dropout")
    trial.lessons("refresh", "10")
    trial.lessons("check", "10")
    trial.run(sys.executable, "-m", "pytest", "-q", "-n", "0", "-k", "dropout", "tests/chapters", "tests/panels",
              "tests/authoring/test_contract.py", "notebooks/10_dropout.ipynb")


def release(trial):
    step("Two chapters are handed out, a student works in one, and the next release keeps it")
    out = trial.folder / "edition"
    trial.lessons("student-edition", str(out), "00", "02", "--without-solutions")
    theirs = out / "notebooks" / f"{NAME}.ipynb"
    theirs.write_text(theirs.read_text(encoding="utf-8").replace(SENTENCE, "My notes."), encoding="utf-8")
    trial.edit_text("A sentence of the second week.")
    assert f"{NAME}.yours.ipynb" in trial.lessons("student-edition", str(out), "01", "--update", "--without-solutions")
    assert "My notes." in theirs.with_name(f"{NAME}.yours.ipynb").read_text(encoding="utf-8")
    assert "of the second week" in theirs.read_text(encoding="utf-8")


def grade(trial):
    step("Chapter 02 is graded by nbgrader: the instructor's own solutions get all points")
    course = trial.folder / "course"
    trial.lessons("nbgrader", str(course), "02")
    trial.run("nbgrader", "generate_assignment", NAME, place=course)
    shutil.copytree(course / "source" / NAME, course / "submitted" / "solver" / NAME)
    trial.run("nbgrader", "autograde", NAME, place=course)
    trial.run("nbgrader", "generate_feedback", NAME, place=course)
    trial.run("nbgrader", "export", place=course)
    heads, row = (course / "grades.csv").read_text(encoding="utf-8").splitlines()
    found = dict(zip(heads.split(","), row.split(","), strict=True))
    print(f"score {found['score']} of {found['max_score']}, 2 of them for the question to be graded by hand")
    assert float(found["score"]) == float(found["max_score"]) - 2


def collect(trial):
    step("Students hand in how far they are; one file is none")
    room = trial.folder / "class"
    for student in ("Ada", "Ben"):
        (room / student).mkdir(parents=True)
        answers = {"quizzes": {"epochs/recall-1": {"right": student == "Ada", "wrong": ["It shrinks to 1/32."]}}}
        (trial.folder / "home").mkdir(exist_ok=True)
        (trial.folder / "home" / "progress.json").write_text(json.dumps(answers))
        trial.lessons("report", place=room / student)
    (room / "homework.json").write_text("My dog ate it.")
    trial.lessons("collect", str(room), expect=1)
    print((room / "wrong.csv").read_text(encoding="utf-8-sig"))
    assert "epochs/recall-1" in (room / "wrong.csv").read_text(encoding="utf-8-sig")
    assert len((room / "class.csv").read_text(encoding="utf-8-sig").splitlines()) == 4


def main():
    with tempfile.TemporaryDirectory() as folder:
        trial = Trial(Path(folder))
        for part in (edit, add, release, grade, collect):
            part(trial)
    print("\nEvery step did what it should.")


if __name__ == "__main__":
    main()
