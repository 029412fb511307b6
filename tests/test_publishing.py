"""What is published is what was tested: the book's workflow, and a release whose tag, version and notes agree."""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
import yaml

import pigeon_lessons

PROJECT = Path(__file__).parents[1]
WORKFLOWS = sorted(path.name for path in (PROJECT / ".github" / "workflows").iterdir())
VERSION = pigeon_lessons.__version__


def steps(name):
    jobs = yaml.safe_load((PROJECT / ".github" / "workflows" / name).read_text())["jobs"]
    return [step for job in jobs.values() for step in job["steps"]]


@pytest.mark.parametrize("name", WORKFLOWS)
def test_workflow_may_only_read_unless_a_job_says_so_and_every_job_ends(name):
    workflow = yaml.safe_load((PROJECT / ".github" / "workflows" / name).read_text())
    assert workflow["permissions"] == {"contents": "read"}
    assert [job for job in workflow["jobs"].values() if "timeout-minutes" not in job] == []


@pytest.mark.parametrize("name", WORKFLOWS)
def test_workflow_calls_only_what_is_there(name):
    makefile = (PROJECT / "Makefile").read_text()
    said = "\n".join(step.get("run", "") for step in steps(name))
    targets = re.findall(r"^make ([a-z.][\w./ ]*?)(?= [A-Z]+=|$)", said, re.MULTILINE)
    for target in " ".join(targets).split():
        assert re.search(rf"^({re.escape(target)}|\.venv/%\.ready):", makefile, re.MULTILINE), target
    assert [path for path in re.findall(r"\.ci/\w[\w.]*", said) if not (PROJECT / path).exists()] == []


def test_first_page_of_the_site_leads_to_the_book():
    assert 'url=book/index.html"' in (PROJECT / ".ci" / "index.html").read_text()
    assert any(step.get("run", "").startswith("cp .ci/index.html book/_build/html/") for step in steps("book.yml"))


@pytest.fixture
def clone(tmp_path):
    """A copy of what a release is made from, with this environment as its own."""
    root = tmp_path / "clone"
    root.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md"):
        shutil.copy(PROJECT / name, root)
    for name in (".ci", "pigeon_lessons"):
        shutil.copytree(PROJECT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    (root / ".venv").symlink_to(sys.prefix)
    return root


def release(clone, tag):
    environment = os.environ | {"PYTHONPATH": str(clone)}
    return subprocess.run([clone / ".ci" / "release", tag, "dist"], env=environment, text=True, capture_output=True)


@pytest.mark.skipif(os.name == "nt", reason="releases are made on Linux")
def test_release_is_a_wheel_that_works_elsewhere_and_the_notes_of_its_version(clone, tmp_path):
    run = release(clone, f"v{VERSION}")
    assert run.returncode == 0, run.stderr
    wheel = clone / "dist" / run.stdout.strip()
    assert wheel.name == f"pigeon_lessons-{VERSION}-py3-none-any.whl"
    assert (clone / "dist" / "notes.md").read_text().strip().startswith("- Chapters on how the Pigeon learns")
    shutil.unpack_archive(wheel, tmp_path / "elsewhere", "zip")
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    script = (f"import sys; sys.path[:0] = [{str(tmp_path / 'elsewhere')!r}, {sysconfig.get_path('purelib')!r}]\n"
              + (PROJECT / ".ci" / "try_wheel.py").read_text() + "print(lessons.__file__)")
    (clone / ".venv").unlink()
    shutil.rmtree(clone)
    tried = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, env=environment, text=True,
                           capture_output=True)
    assert tried.returncode == 0, tried.stderr
    *_, counted, where = tried.stdout.splitlines()
    assert counted == f"5000 digits, 9 lines, {VERSION}"
    assert where.startswith(str(tmp_path / "elsewhere"))


@pytest.mark.skipif(os.name == "nt", reason="releases are made on Linux")
def test_release_of_another_version_or_without_notes_is_refused(clone):
    run = release(clone, "v9.9.9")
    assert (run.returncode, run.stdout) == (1, "")
    assert f"The tag is v9.9.9, but pigeon_lessons/__init__.py says {VERSION}" in run.stderr
    changelog = clone / "CHANGELOG.md"
    changelog.write_text(changelog.read_text().split(f"## {VERSION}\n")[0] + f"## {VERSION}\n\n## 0.0.1\n\n- old\n")
    run = release(clone, f"v{VERSION}")
    assert run.returncode == 1
    assert f'CHANGELOG.md says nothing under "## {VERSION}"' in run.stderr
    assert not list((clone / "dist").glob("*.whl"))
