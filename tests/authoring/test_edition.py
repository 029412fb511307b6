"""What is handed out runs by itself, holds what it should and no more, and an update never touches a student's work."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import types
import zipfile
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_markdown_cell, new_notebook

from pigeon_lessons.authoring import AuthoringError, command, edition
from pigeon_lessons.authoring.edition import MANIFEST, linked_files, student_edition
from pigeon_lessons.chapters import CHAPTERS
from pigeon_lessons.questions.content import asked, solution_of
from tests.authoring.tiny import PROJECT

WHEEL = "pigeon_lessons-9-py3-none-any.whl"


@pytest.fixture
def project(tmp_path):
    """A copy of the project whose lessons may be changed; its package is that of the checkout."""
    root = tmp_path / "clone"
    for folder in ("lessons", "book/recipes"):
        shutil.copytree(PROJECT / folder, root / folder)
    for file in ("pyproject.toml", "README.md", "LICENSE", "constraints.txt", "book/glossary.md"):
        shutil.copy(PROJECT / file, root / file)
    (root / "pigeon_lessons").symlink_to(PROJECT / "pigeon_lessons")
    return root


@pytest.fixture
def quick(monkeypatch):
    """Instead of building a wheel, which takes seconds, write a file that is as good for what does not look into it."""

    def build(root, folder, solutions=True):
        (folder / WHEEL).write_text((root / "README.md").read_text())
        return WHEEL

    monkeypatch.setattr(edition, "build_wheel", build)


@pytest.fixture(scope="module")
def handed_out(tmp_path_factory):
    """The edition of all chapters without solutions, and its answer key beside it."""
    out = tmp_path_factory.mktemp("edition") / "out"
    student_edition(PROJECT, out, solutions=False)
    return out


def contents(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def edit(path, words="my own words"):
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[0].source += f"\n\n{words}"
    nbformat.write(notebook, path)
    return path.read_bytes()


NAMES = [f"{chapter}/{key}" for chapter in CHAPTERS for key in asked(chapter)["exercises"]]


def test_without_solutions_no_file_and_no_file_of_the_wheel_holds_one(handed_out):
    texts = contents(handed_out)
    with zipfile.ZipFile(next(handed_out.glob("*.whl"))) as wheel:
        texts |= {name: wheel.read(name) for name in wheel.namelist()}
    texts = {name: text.decode("utf-8", "replace") for name, text in texts.items()}
    for name in [name for name in texts if name.endswith(".ipynb")]:
        texts[name] = "\n".join(cell.source for cell in nbformat.reads(texts[name], as_version=4).cells)
    assert "def check(" in texts["pigeon_lessons/questions/checking.py"]
    assert 'check("batching/third", answer)' in texts["notebooks/01_batching.ipynb"]
    assert len(NAMES) > 25
    assert [(name, file) for name in NAMES for file, text in texts.items() if solution_of(name) in text] == []


def test_no_notebook_brings_an_output_or_a_number_of_a_run(handed_out):
    cells = [cell for path in (handed_out / "notebooks").iterdir() for cell in nbformat.read(path, as_version=4).cells]
    assert len(cells) > 300
    assert [cell.source for cell in cells if cell.get("outputs") or cell.get("execution_count")] == []


def test_answer_key_beside_it_holds_them_all(handed_out):
    key = handed_out.with_name("out.answers.md").read_text(encoding="utf-8")
    assert [name for name in NAMES if solution_of(name) not in key] == []
    assert [quiz.question for chapter in CHAPTERS for quiz in asked(chapter)["quizzes"].values()
            if f"{quiz.question} **" not in key] == []


def test_every_link_to_a_file_leads_somewhere(handed_out):
    assert {"book/glossary.md", "book/recipes/optuna.md", "LICENSE"} <= set(contents(handed_out))
    for path in (handed_out / "notebooks").iterdir():
        for cell in nbformat.read(path, as_version=4).cells:
            for link in edition.links(cell.source) if cell.cell_type == "markdown" else ():
                target = link.target.partition("#")[0]
                assert edition.ELSEWHERE.match(target) or (path.parent / target).exists(), (path.name, target)


def test_a_page_that_is_not_utf8_is_handed_out_like_any_other(tmp_path):
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "old.md").write_bytes("Größe, [more](more.md)".encode("latin-1"))
    (tmp_path / "book" / "more.md").touch()
    notebook = new_notebook(cells=[new_markdown_cell("See [there](../book/old.md).")])
    assert sorted(file.name for file in linked_files(tmp_path, [notebook])) == ["more.md", "old.md"]


def test_two_editions_of_the_same_are_the_same_bytes_wheel_included(handed_out, tmp_path):
    student_edition(PROJECT, tmp_path / "again", solutions=False)
    assert contents(tmp_path / "again") == contents(handed_out)


@pytest.fixture(scope="module")
def student(handed_out, tmp_path_factory):
    """A student's machine: the hand-out, and an environment that README's `pip install` made, without the project.

    What pip would fetch is there already: the packages of this environment, ours left out.
    """
    home = tmp_path_factory.mktemp("student")
    shutil.copytree(handed_out, home / "lessons")
    (home / "packages").mkdir()
    for path in Path(sysconfig.get_path("purelib")).iterdir():
        if not path.name.lower().startswith(("pigeon_lessons", "__editable__", "pip")):
            (home / "packages" / path.name).symlink_to(path)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", home / ".venv"], check=True)
    python = home / ".venv" / "bin" / "python"
    site = subprocess.run([python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], text=True,
                          capture_output=True, check=True).stdout.strip()
    Path(site, "shared.pth").write_text(f"{home / 'packages'}\n")
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | {
        "PIGEON_LESSONS_HOME": str(home / "answers"), "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": ""}

    def run(*arguments, program=python):
        return subprocess.run([program, *arguments], cwd=home / "lessons", env=environment, text=True,
                              capture_output=True, timeout=900)

    installed = run("-m", "pip", "--python", python, "install", "-r", "requirements.txt", program=sys.executable)
    assert installed.returncode == 0, installed.stdout + installed.stderr
    return run


RUN_ALL = """
import importlib.util, sys, nbformat, nbclient
print(importlib.util.find_spec("pigeon_lessons").origin)
for path in sys.argv[1:]:
    notebook = nbformat.read(path, as_version=4)
    nbclient.NotebookClient(notebook, timeout=300, resources={"metadata": {"path": "notebooks"}}).execute()
    print(path, sum(len(cell.outputs) for cell in notebook.cells if "outputs" in cell))
"""


def test_hand_out_runs_from_nothing_but_itself(student, handed_out):
    names = sorted(path.name for path in (handed_out / "notebooks").iterdir())
    wanted = names if os.environ.get("PIGEON_STRESS") else names[2:3]  # the quickest
    run = student("-c", RUN_ALL, *(f"notebooks/{name}" for name in wanted))
    assert run.returncode == 0, run.stderr
    where, *ran = run.stdout.splitlines()
    assert "/student" in where
    assert str(PROJECT) not in where
    assert [line.split()[0] for line in ran] == [f"notebooks/{name}" for name in wanted]
    assert all(int(line.split()[1]) > 10 for line in ran)


@pytest.fixture(scope="module")
def said(student):
    """What a first session on the student's machine prints."""
    run = student("-c", "import pigeon_lessons as p; p.solution('batching/third');"
                        "digits = p.load_mnist(); print(len(digits));"
                        "p.quiz('batching/recall-1'); p.explore('batching', digits[:64], digits[64:128])")
    assert run.returncode == 0, run.stderr
    return run.stdout


def test_solution_says_on_the_students_machine_that_it_was_left_out(said):
    assert said.startswith("This edition comes without the solutions.\n")


def test_wheel_brings_the_sample_the_front_end_the_questions_and_the_command(said, student, handed_out):
    assert "\n5000\n" in said
    assert "Question: " in said
    assert "student-edition" in student("../.venv/bin/pigeon-lessons", "--help").stdout
    with zipfile.ZipFile(next(handed_out.glob("*.whl"))) as wheel:
        packed = {name for name in wheel.namelist() if name.startswith("pigeon_lessons/")}
    there = {f"pigeon_lessons/{name}" for name in contents(PROJECT / "pigeon_lessons")
             if "__pycache__" not in name and "solutions.md" not in name}
    assert there == packed


def test_first_release_is_whole_or_not_there(project, tmp_path, monkeypatch, quick):
    broken = project / "lessons" / "01_batching.md"
    broken.write_text(broken.read_text().replace("```{code-cell}", "```{code-cell} ipython3\n:tags: solution\n```", 1))
    with pytest.raises(AuthoringError, match="lessons/01_batching.md"):
        student_edition(project, tmp_path / "a" / "out")
    monkeypatch.setattr(edition, "template", lambda name: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        student_edition(project, tmp_path / "out", ["00"])
    assert [path.name for path in tmp_path.iterdir()] == ["clone"]


@pytest.mark.parametrize("place", [".", "notebooks", "hand/out"])
def test_folder_inside_the_project_is_refused(project, place):
    before = contents(project)
    with pytest.raises(AuthoringError, match="is inside the project; name a folder outside"):
        student_edition(project, project / place)
    assert contents(project) == before


def test_nothing_is_overwritten_without_update_nor_updated_that_was_not_handed_out(project, tmp_path, quick):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine")
    with pytest.raises(AuthoringError, match="not an empty folder; name a new one, or say --update"):
        student_edition(project, tmp_path / "out", ["00"])
    files = ({"../clone/README.md": "0"}, {"a": 1}, {"/etc/hostname": "0"}, ["a"])
    for manifest in (None, "[", "[1]", "{}", *(json.dumps({"solutions": True, "files": names}) for names in files)):
        if manifest:
            (tmp_path / "out" / MANIFEST).write_text(manifest)
        with pytest.raises(AuthoringError, match="is no edition that can be updated"):
            student_edition(project, tmp_path / "out", update=True)
    assert (tmp_path / "out" / "mine.txt").read_text() == "mine"


def test_only_released_chapters_are_there_and_an_empty_folder_may_be_named(project, tmp_path, quick):
    (tmp_path / "out").mkdir()
    assert student_edition(project, tmp_path / "out", ["00", "06_hyperparameters"])[0].startswith("2 chapters in")
    assert sorted(path.name for path in (tmp_path / "out" / "notebooks").iterdir()) == [
        "00_meet_the_pigeon.ipynb", "06_hyperparameters.ipynb"]
    assert (tmp_path / "out" / "book" / "recipes" / "optuna.md").exists()
    assert "[06 Hyper-parameters](notebooks/06_hyperparameters.ipynb)" in (tmp_path / "out" / "README.md").read_text()


def change(project, chapter, words):
    text = project / "lessons" / chapter
    text.write_text(text.read_text().replace("\n## Key points\n", f"\n{words}\n\n## Key points\n"))


def test_four_weeks_of_releases_keep_every_edit(project, tmp_path, quick, monkeypatch, capsys):
    monkeypatch.chdir(project)
    out, mine = tmp_path / "out", {}
    notebooks = out / "notebooks"

    def release(*arguments):
        assert command.main(["student-edition", str(out), *arguments, "--update"][:None if out.exists() else -1]) == 0
        lost = {name: content for name, content in mine.items() if (out / name).read_bytes() != content}
        assert lost == {}
        return capsys.readouterr().out

    release("00", "01")  # week 1; students then work in 00, answer in 01, and write a file of their own
    edited = edit(notebooks / "00_meet_the_pigeon.ipynb")
    mine["notebooks/00_meet_the_pigeon.ipynb"] = edited
    mine["notebooks/scratch.ipynb"] = edit(shutil.copy(notebooks / "01_batching.ipynb", notebooks / "scratch.ipynb"))

    change(project, "01_batching.md", "A sentence of week 2.")  # 01 is not edited: the new one takes its place
    assert ".yours" not in release("02")
    assert b"A sentence of week 2." in (notebooks / "01_batching.ipynb").read_bytes()
    assert (notebooks / "02_epochs.ipynb").exists()
    mine["notebooks/01_batching.ipynb"] = edit(notebooks / "01_batching.ipynb")

    change(project, "00_meet_the_pigeon.md", "A sentence of week 3.")  # 00 is edited and new: both are kept
    mine["notebooks/00_meet_the_pigeon.yours.ipynb"] = mine.pop("notebooks/00_meet_the_pigeon.ipynb")
    said = release("03")
    assert ("notebooks/00_meet_the_pigeon.ipynb had been edited: what was there is now "
            "notebooks/00_meet_the_pigeon.yours.ipynb") in said
    assert "01_batching" not in said
    assert b"A sentence of week 3." in (notebooks / "00_meet_the_pigeon.ipynb").read_bytes()
    mine["notebooks/00_meet_the_pigeon.yours2.ipynb"] = edit(notebooks / "00_meet_the_pigeon.ipynb", "again")
    (notebooks / "02_epochs.ipynb").unlink()

    change(project, "00_meet_the_pigeon.md", "A sentence of week 4.")
    (project / "README.md").write_text("another package")
    assert "00_meet_the_pigeon.yours2.ipynb" in release()
    assert (notebooks / "02_epochs.ipynb").exists()
    assert (out / WHEEL).read_text() == "another package"
    assert sorted(path.name[:2] for path in notebooks.glob("*.ipynb") if "yours" not in path.name) == [
        "00", "01", "02", "03", "sc"]
    after = contents(out)
    assert ".yours" not in release()
    assert contents(out) == after


def test_an_edition_without_solutions_stays_so_when_an_update_forgets_to_say_it(project, tmp_path, monkeypatch):
    asked = []

    def build(root, folder, solutions=True):
        asked.append(solutions)
        (folder / WHEEL).touch()
        return WHEEL

    monkeypatch.setattr(edition, "build_wheel", build)
    student_edition(project, tmp_path / "out", ["00"], solutions=False)
    told = student_edition(project, tmp_path / "out", ["01"], update=True)
    assert asked == [False, False]
    assert told[-1].startswith("the answers, for you alone: ")


def test_update_that_was_stopped_half_way_is_finished_by_the_next(project, tmp_path, quick, monkeypatch):
    out = tmp_path / "out"
    student_edition(project, out, ["00", "01"])
    mine = edit(out / "notebooks" / "00_meet_the_pigeon.ipynb")
    for chapter in ("00_meet_the_pigeon.md", "01_batching.md"):
        change(project, chapter, "Newer.")
    whole, moves = os.replace, []

    def replace(*names):
        moves.append(names)
        if len(moves) == 2:
            raise OSError("the disk is full")
        whole(*names)

    monkeypatch.setattr(edition.os, "replace", replace)
    with pytest.raises(OSError, match="the disk is full"):
        student_edition(project, out, update=True)
    monkeypatch.setattr(edition.os, "replace", whole)
    student_edition(project, out, update=True)
    fresh = tmp_path / "fresh"
    student_edition(project, fresh, ["00", "01"])
    after = contents(out)
    assert after.pop("notebooks/00_meet_the_pigeon.yours.ipynb") == mine
    assert after == contents(fresh)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["clone", "fresh", "out"]


def test_file_that_is_no_longer_part_goes_unless_it_was_edited(project, tmp_path, quick):
    out = tmp_path / "out"
    student_edition(project, out, ["00", "06"])
    text = project / "lessons" / "06_hyperparameters.md"
    text.write_text(text.read_text().replace("](../book/recipes/optuna.md)", "](../book/glossary.md)"))
    shutil.copytree(out, tmp_path / "other")
    (tmp_path / "other" / "book" / "recipes" / "optuna.md").write_text("my notes")
    for folder in ("out", "other"):
        student_edition(project, tmp_path / folder, update=True)
    assert not (out / "book" / "recipes" / "optuna.md").exists()
    assert (tmp_path / "other" / "book" / "recipes" / "optuna.md").read_text() == "my notes"


def test_cell_for_colab_installs_the_wheel_that_is_chosen_and_does_nothing_elsewhere(monkeypatch):
    source, said = edition.template("colab.txt").template, []
    shell = types.SimpleNamespace(run_line_magic=lambda *words: said.append(" ".join(words)))
    exec(source, {"get_ipython": lambda: shell})
    assert said == []
    colab = types.ModuleType("google.colab")
    colab.files = types.SimpleNamespace(upload=lambda: {WHEEL: b""})
    monkeypatch.setitem(sys.modules, "google.colab", colab)
    exec(source, {"get_ipython": lambda: shell})
    assert said == [f"pip install --quiet '{WHEEL}'"]
