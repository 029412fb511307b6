"""What stands in the way of an installation is said before it starts, with the remedy."""

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

from pigeon_lessons.authoring import preflight

PROJECT = Path(__file__).parents[2]
ROOM = 50 * preflight.GIGABYTE


def test_good_machine_has_no_problem():
    assert preflight.find_problem((3, 11), True, ROOM, False) is None


def test_old_python_is_named_with_the_version_that_is_needed():
    message = preflight.find_problem((3, 10), True, ROOM, False)
    assert "needs Python 3.11 or newer; this is Python 3.10" in message
    assert "make lab PYTHON=python3.12" in message


def test_missing_venv_names_the_package_to_install():
    assert "apt install python3-venv" in preflight.find_problem((3, 11), False, ROOM, False)


def test_small_disk_stops_a_first_installation_but_not_a_later_one():
    message = preflight.find_problem((3, 11), True, 3.25 * preflight.GIGABYTE, False)
    assert "Only 3.2 GB are free here; the first installation needs 7 GB" in message
    assert preflight.find_problem((3, 11), True, 3.25 * preflight.GIGABYTE, True) is None


def test_script_passes_silently_on_this_machine_from_any_folder_with_an_environment(tmp_path):
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").touch()
    run = subprocess.run([sys.executable, preflight.__file__], cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")


def test_script_is_readable_for_old_pythons_and_imports_the_standard_library_alone():
    tree = ast.parse(Path(preflight.__file__).read_text(), feature_version=(3, 4))
    assert not any(isinstance(node, ast.JoinedStr) for node in ast.walk(tree))
    imported = {getattr(node, "module", None) or node.names[0].name for node in ast.walk(tree)
                if isinstance(node, (ast.Import, ast.ImportFrom))}
    assert {name.split(".")[0] for name in imported} <= sys.stdlib_module_names


def test_oldest_python_is_the_one_in_pyproject():
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    assert project["requires-python"] == ">=%d.%d" % preflight.OLDEST  # noqa: UP031
