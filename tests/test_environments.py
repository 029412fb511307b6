"""Whoever installs with pip, with conda or on Binder gets the same packages, and what is written about them agrees."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import pigeon_lessons

PROJECT = Path(__file__).parents[1]
PYPROJECT = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
CONDA_NAMES = {"torch": "pytorch", "matplotlib": "matplotlib-base"}
NOT_FROM_PYPROJECT = {"python", "pip"}


def requirement(text):
    """Split "torch>=2.10" into ("torch", ">=2.10")."""
    return re.fullmatch(r"([A-Za-z0-9._-]+)(.*)", text).groups()


def conda_packages(path):
    packages = yaml.safe_load((PROJECT / path).read_text())["dependencies"]
    return dict(requirement(package) for package in packages if isinstance(package, str))


def pip_packages():
    """Return what a laptop needs according to pyproject.toml, by conda's names."""
    wanted = dict(map(requirement, PYPROJECT["dependencies"] + PYPROJECT["optional-dependencies"]["lab"]))
    return {CONDA_NAMES.get(name, name): bound for name, bound in wanted.items()}


def test_conda_installs_what_pyproject_asks_for():
    found = conda_packages("environment.yml")
    assert {name: found[name] for name in found.keys() - NOT_FROM_PYPROJECT} == pip_packages()


def test_binder_installs_what_conda_does_but_pytorch_for_machines_without_gpu():
    laptop = conda_packages("environment.yml")
    laptop["pytorch-cpu"] = laptop.pop("pytorch")
    assert conda_packages("binder/environment.yml") == laptop


def test_conda_python_is_one_that_pyproject_allows():
    oldest = PYPROJECT["requires-python"].removeprefix(">=").split(".")
    python = conda_packages("environment.yml")["python"].removeprefix("=").split(".")
    assert list(map(int, python)) >= list(map(int, oldest))


def test_package_is_installed_by_post_build_and_not_by_binders_environment():
    assert "pip:" not in (PROJECT / "binder" / "environment.yml").read_text()
    assert "pip install --no-deps --editable ." in (PROJECT / "binder" / "postBuild").read_text()


def test_binder_starts_jupyter_with_one_thread():
    run = subprocess.run([PROJECT / "binder" / "start", sys.executable, "-c",
                          "import os, sys; print(os.environ['OMP_NUM_THREADS'], *sys.argv[1:])", "two words"],
                         capture_output=True, text=True, check=True, env={})
    assert run.stdout == "1 two words\n"


def repo2docker(folder):
    """Return the run of repo2docker that prints the Dockerfile for a folder, without Docker."""
    return subprocess.run([sys.executable, "-m", "repo2docker", "--no-build", "--debug", str(folder)],
                          capture_output=True, text=True, timeout=120)


@pytest.fixture
def binder(tmp_path):
    shutil.copytree(PROJECT / "binder", tmp_path / "binder")
    return tmp_path


def test_repo2docker_accepts_the_environment(binder):
    run = repo2docker(binder)
    assert run.returncode == 0, run.stderr
    assert "binder/postBuild" in run.stdout + run.stderr


def test_repo2docker_refuses_a_broken_environment(binder):
    (binder / "binder" / "environment.yml").write_text("dependencies: python\n- x: [")
    assert repo2docker(binder).returncode != 0


def test_constraints_pin_every_package_that_an_extra_asks_for():
    pinned = {line.split("==")[0].lower().replace("_", "-") for line in
              (PROJECT / "constraints.txt").read_text().splitlines() if "==" in line}
    asked = [*PYPROJECT["dependencies"], *sum(PYPROJECT["optional-dependencies"].values(), [])]
    names = {re.match(r"[A-Za-z0-9._-]+", text)[0].lower().replace("_", "-") for text in asked} - {PYPROJECT["name"]}
    assert names <= pinned


def test_every_package_names_its_lowest_version_and_the_pinned_one_is_not_below():
    pins = dict(line.split("==") for line in (PROJECT / "constraints.txt").read_text().splitlines() if "==" in line)
    pinned = {canonicalize_name(name): version for name, version in pins.items()}
    asked = [Requirement(text) for text in [*PYPROJECT["dependencies"],
                                            *sum(PYPROJECT["optional-dependencies"].values(), [])]]
    asked = [wanted for wanted in asked if wanted.name != PYPROJECT["name"]]
    assert [str(wanted) for wanted in asked if not str(wanted.specifier).startswith(">=")] == []
    assert [str(wanted) for wanted in asked if pinned[canonicalize_name(wanted.name)] not in wanted.specifier] == []


def test_citation_names_the_version_of_the_package():
    citation = yaml.safe_load((PROJECT / "CITATION.cff").read_text())
    assert citation["version"] == pigeon_lessons.__version__
    assert citation["title"] == "Pigeon Lessons"


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "book/instructor_guide.md"])
def test_links_between_pages_lead_to_files(page):
    path = PROJECT / page
    targets = [target for target in re.findall(r"\]\(([^)#]+)", path.read_text()) if "://" not in target]
    assert [target for target in targets if not (path.parent / target).exists()] == []
