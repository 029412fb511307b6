"""A new chapter keeps the contract and passes the tests of chapters from its first minute, and nothing is overwritten.

In a copy of the project that has the new chapter, a run of pytest goes over what looks at chapters.
"""

import os
import shutil
import subprocess
import sys

import pytest

from pigeon_lessons.authoring import AuthoringError
from pigeon_lessons.authoring.new import new_chapter
from pigeon_lessons.authoring.pairing import find_chapters
from tests.authoring.tiny import PROJECT

COPIED = ("pigeon_lessons", "tests", "lessons", "notebooks", "book", "benchmarks", "README.md", "CONTRIBUTING.md",
          "conftest.py", "pyproject.toml")
COMMAND = ("-c", "import sys; from pigeon_lessons.authoring import command; "
                 "sys.exit(max(command.main(words.split()) for words in sys.argv[1:]))")
LOOK_AT_CHAPTERS = ["tests/chapters/test_exercises.py", "tests/chapters/test_claims_98_rehearsal.py",
                    "tests/chapters/test_mutants_of_solutions.py", "tests/authoring/test_contract.py",
                    "tests/authoring/test_pairs.py", "tests/panels/test_any_sequence.py", "tests/panels/test_tabs.py",
                    "tests/panels/test_goals.py", "tests/panels/test_scene.py"]
"""All but its notebook, which `make stress` runs a second time."""


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """A copy of the project with a new chapter, 98_rehearsal; the 10_dropout of CONTRIBUTING.md may be there."""
    folder = tmp_path_factory.mktemp("copy")
    for name in COPIED:
        source = PROJECT / name
        ignored = shutil.ignore_patterns("__pycache__", "_build")
        shutil.copytree(source, folder / name, ignore=ignored) if source.is_dir() else shutil.copy(source, folder)
    new_chapter(folder, "98_rehearsal")
    return folder


def run(folder, *words):
    path = os.pathsep.join([str(folder), os.environ["PYTHONPATH"]])
    environment = os.environ | {"PYTHONPATH": path, "OMP_NUM_THREADS": "1"}
    return subprocess.run([sys.executable, *words], cwd=folder, env=environment, capture_output=True, text=True)


def test_a_new_chapter_is_checked_refreshed_and_tested_without_a_problem(copy):
    made = run(copy, *COMMAND, "refresh 98", "check 98")
    assert made.returncode == 0, made.stdout + made.stderr
    assert made.stdout.endswith("\n1 chapter checked, 0 problems\n")
    tested = run(copy, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", "-k", "rehearsal", *LOOK_AT_CHAPTERS)
    assert tested.returncode == 0, tested.stdout[-3000:]
    assert " passed" in tested.stdout
    styled = run(copy, "-m", "ruff", "check", ".")
    assert styled.returncode == 0, styled.stdout


def test_its_rows_stand_in_their_order(copy):
    for page in ("README.md", "book/instructor_guide.md"):
        told = (copy / page).read_text(encoding="utf-8")
        table = told[told.index("| chapter"):].split("\n\n")[0].splitlines()[2:]
        assert [row[2:4] for row in table] == [chapter.name[:2] for chapter in find_chapters(copy)]


def checked(folder):
    """Return what `check` says of a project, but for what is so until a refresh."""
    said = run(folder, *COMMAND, "check").stdout.replace("training_curves", "curves")
    until_refreshed = ("is stale", "no notebook", "neither printed")
    return [one for one in said.splitlines()[:-1] if not any(words in one for words in until_refreshed)]


@pytest.fixture(scope="module")
def before(copy):
    return checked(copy)


@pytest.fixture
def walk(copy, before, tmp_path):
    """Run a walk of CONTRIBUTING.md, without its `refresh`, in a copy of its own: what it said, what `check` adds."""
    shutil.copytree(copy, tmp_path / "project")
    page = (PROJECT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    walks = page[page.index("## Adding, renaming"):page.index("## The map")].split("```")[1::2]

    def walked(number):
        begin = "git init -q && git add . && git -c user.name=A -c user.email=a@example.org commit -q -m Begin\n"
        script = begin + walks[number].replace("pigeon-lessons refresh", "")
        done = subprocess.run([shutil.which("bash"), "-e", "-c", script], cwd=tmp_path / "project",
                              capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout, [problem for problem in checked(tmp_path / "project") if problem not in before]

    return walked


def test_the_walk_for_renaming_leaves_nothing_of_the_old_name(walk, tmp_path):
    _, problems = walk(1)
    assert problems == []
    left = run(tmp_path / "project", "-c", "from tests.chapters.test_exercises import CHAPTERS, LESSONS; "
                                           "assert set(CHAPTERS) == set(LESSONS) and 'curves' in CHAPTERS")
    assert left.returncode == 0, left.stderr


def test_the_walk_for_removing_lists_what_speaks_of_the_chapter_and_check_names_what_is_dead(walk):
    said, problems = walk(2)
    places = {line.split(":")[0] for line in said.splitlines()}
    assert places >= {"README.md", "book/instructor_guide.md", "pigeon_lessons/chapters/__init__.py",
                      "lessons/08_playground.md"}
    assert [problem for problem in problems if "the link '09_leaving_the_nest.ipynb' leads to no file" in problem]


@pytest.mark.parametrize(("name", "words"), [
    ("dropout", "must be two digits, _ and small letters"), ("1_dropout", "must be two digits"),
    ("11_Drop-out", "must be two digits"), ("03_dropout", "there is 03_learning_rate"),
    ("11_learning_rate", "there is 03_learning_rate"), ("11_..", "must be two digits")])
def test_a_name_that_is_none_or_taken_is_refused_before_anything_is_written(copy, name, words):
    before = {path: path.read_bytes() for path in copy.rglob("*") if path.is_file()}
    with pytest.raises(AuthoringError, match=words):
        new_chapter(copy, name)
    assert {path: path.read_bytes() for path in copy.rglob("*") if path.is_file()} == before
