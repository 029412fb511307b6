"""What stands in the way of an installation, or of the lessons on a student's machine, is said with its remedy."""

import ast
import hashlib
import os
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace

import pytest

from pigeon_lessons import doctor
from pigeon_lessons.questions.storage import Progress

PROJECT = Path(__file__).parents[1]
ROOM = 50 * doctor.GIGABYTE


def test_good_machine_has_no_problem():
    assert doctor.find_problem((3, 11), True, ROOM, False) is None


def test_old_python_is_named_with_the_version_that_is_needed():
    message = doctor.find_problem((3, 10), True, ROOM, False)
    assert "needs Python 3.11 or newer; this is Python 3.10" in message
    assert "make lab PYTHON=python3.12" in message


def test_missing_venv_names_the_package_to_install():
    assert "apt install python3-venv" in doctor.find_problem((3, 11), False, ROOM, False)


def test_small_disk_stops_a_first_installation_but_not_a_later_one():
    message = doctor.find_problem((3, 11), True, 3.25 * doctor.GIGABYTE, False)
    assert "Only 3.2 GB are free here; the first installation needs 7 GB" in message
    assert doctor.find_problem((3, 11), True, 3.25 * doctor.GIGABYTE, True) is None


def script(*arguments, folder):
    return subprocess.run([sys.executable, doctor.__file__, *arguments], cwd=folder, capture_output=True, text=True,
                          timeout=120)


def test_script_passes_silently_before_installing_from_any_folder_with_an_environment(tmp_path):
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").touch()
    run = script("--before-installing", folder=tmp_path)
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")


def test_script_finds_nothing_wrong_here_and_does_find_a_file_that_hides_torch(tmp_path):
    assert script(folder=tmp_path).stdout == "Nothing stands in the way.\n"
    (tmp_path / "torch.py").write_text("tensor = None\n")
    run = script(folder=tmp_path)
    assert run.returncode == 1
    assert run.stdout.startswith("torch.py hides the module torch that others import: notebooks beside it may not ")
    assert "\ntorch and torchvision do not start together: " in run.stdout
    assert "\n    They have to be of one build. Say: python -m pip install --force-reinstall torch" in run.stdout


def test_script_is_readable_for_old_pythons_and_imports_the_standard_library_alone():
    tree = ast.parse(Path(doctor.__file__).read_text(), feature_version=(3, 4))
    assert not any(isinstance(node, ast.JoinedStr) for node in ast.walk(tree))
    imported = {getattr(node, "module", None) or node.names[0].name for node in tree.body
                if isinstance(node, (ast.Import, ast.ImportFrom))}
    assert {name.split(".")[0] for name in imported} <= sys.stdlib_module_names


@pytest.mark.parametrize("arguments", [(), ("--before-installing",)])
def test_too_old_a_python_is_all_that_is_said_of_it_where_it_can_do_no_more(arguments, monkeypatch, capsys):
    monkeypatch.setattr(doctor.sys, "version_info", (2, 7, 18))
    monkeypatch.delattr(doctor.shutil, "disk_usage")  # Python 2 has neither
    monkeypatch.setitem(sys.modules, "importlib.util", None)
    assert doctor.main(arguments) == 1
    assert capsys.readouterr().out.startswith("Pigeon Lessons needs Python 3.11 or newer; this is Python 2.7.")


def test_oldest_python_is_the_one_in_pyproject():
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    assert project["requires-python"] == ">=%d.%d" % doctor.OLDEST  # noqa: UP031


def said(findings):
    """Return the only finding, checked to be two lines: what is wrong, and what to do."""
    (finding,) = findings
    assert len(finding.splitlines()) == 2
    return finding


def test_moved_environment_is_found(tmp_path):
    program = tmp_path / "bin" / "jupyter"
    program.parent.mkdir()
    program.write_text(f"#!{tmp_path}/bin/python3\n")
    assert list(doctor.moved_environment(str(tmp_path))) == []
    program.write_text("#!/home/me/old/.venv/bin/python3\nimport sys\n")
    assert f"look for /home/me/old/.venv/bin/python3.\nDelete the folder {tmp_path}" in said(
        doctor.moved_environment(str(tmp_path)))


def installed(monkeypatch, requires, versions):
    """Pretend that ours and the packages of `versions` are all that is installed."""
    def distribution(name):
        if name not in {**versions, "pigeon-lessons": "1"}:
            raise metadata.PackageNotFoundError(name)
        return SimpleNamespace(requires=requires, version=versions.get(name))

    monkeypatch.setattr(metadata, "distribution", distribution)


def test_missing_and_old_packages_are_found_also_those_of_the_lab(monkeypatch):
    wanted = ["torch>=2.10", "anywidget>=0.9", 'jupyterlab>=4.2; extra == "lab"', 'optuna>=4; extra == "scale"']
    installed(monkeypatch, wanted, {"torch": "2.15.0+cu132", "anywidget": "0.10.1", "jupyterlab": "4.10"})
    assert list(doctor.missing_packages()) == []
    installed(monkeypatch, wanted, {"torch": "2.9.1", "anywidget": "0.9"})
    old, missing = doctor.missing_packages()
    assert old == "torch is version 2.9.1; 2.10 or newer is needed.\nSay: python -m pip install 'torch>=2.10'"
    assert missing.startswith("jupyterlab is missing; 4.2 or newer is needed.\n")


def test_python_without_the_package_is_found():
    assert f"is not installed in this Python, {sys.executable}.\nActivate" in said(
        doctor.missing_packages("no-such-package"))


def test_files_beside_notebooks_that_hide_a_module_are_found_and_others_are_not(tmp_path):
    (tmp_path / "notebooks").mkdir()
    for name in ("mine.py", "data.py", "random.txt", "notebooks/cmd.py", "numpy.py"):
        (tmp_path / name).touch()
    found = list(doctor.hidden_modules(tmp_path))
    assert [finding.split(" hides ")[0] for finding in found] == [
        str(tmp_path / "numpy.py"), str(tmp_path / "notebooks" / "cmd.py")]
    assert found[1].endswith("Give the file another name.")
    assert list(doctor.hidden_modules(PROJECT)) == []


@pytest.mark.parametrize("argv", [["python", "-m"], [sys.executable, "-m"]])
def test_kernel_of_this_python_is_fine(monkeypatch, argv):
    monkeypatch.setattr("jupyter_client.kernelspec.KernelSpecManager.get_kernel_spec",
                        lambda *_: SimpleNamespace(argv=argv))
    assert list(doctor.kernel()) == []


def test_kernel_of_another_python_or_none_is_found(monkeypatch, tmp_path):
    from jupyter_client.kernelspec import NoSuchKernel

    other = tmp_path / "bin" / "python"
    other.parent.mkdir()
    other.symlink_to(os.path.realpath(sys.executable))
    manager = "jupyter_client.kernelspec.KernelSpecManager.get_kernel_spec"
    monkeypatch.setattr(manager, lambda *_: SimpleNamespace(argv=[str(other)]))
    assert f"another Python, {other}, not in {sys.executable}.\nSay: python -m ipykernel install" in said(
        doctor.kernel())

    def none(*_):
        raise NoSuchKernel("python3")

    monkeypatch.setattr(manager, none)
    assert said(doctor.kernel()).startswith("There is no kernel for Python.")
    monkeypatch.setitem(sys.modules, "jupyter_client.kernelspec", None)
    assert said(doctor.kernel()).startswith("Jupyter is not installed.")


def test_front_ends_that_jupyterlab_does_not_see_are_found(monkeypatch, tmp_path):
    installed(monkeypatch, [], {"jupyterlab_widgets": "3", "anywidget": "0.9"})
    monkeypatch.setattr("jupyter_core.paths.jupyter_path", lambda *_: [str(tmp_path)])
    first, second = doctor.widgets()
    assert first.startswith("JupyterLab cannot find the front end of jupyterlab_widgets")
    assert "--no-deps anywidget" in second
    (tmp_path / "@jupyter-widgets" / "jupyterlab-manager").mkdir(parents=True)
    (tmp_path / "anywidget").mkdir()
    assert list(doctor.widgets()) == []


def test_folders_that_cannot_be_written_to_are_found(monkeypatch, tmp_path):
    assert list(doctor.folders(str(tmp_path / "not" / "yet"), str(tmp_path))) == []
    (tmp_path / "file").touch()
    monkeypatch.setattr(doctor.os, "access", lambda path, _: "locked" not in path)
    (tmp_path / "locked").mkdir()
    answers, notebooks = doctor.folders(str(tmp_path / "file"), str(tmp_path / "locked"))
    assert "your answers cannot be written to" in answers
    assert "Set PIGEON_LESSONS_HOME" in answers
    assert "your notebooks cannot be written to" in notebooks


def test_folder_of_the_answers_is_the_one_where_they_are_kept(monkeypatch, tmp_path):
    asked = []
    monkeypatch.setattr(doctor.os, "access", lambda path, _: asked.append(path) or True)
    for variable in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(variable, str(tmp_path))
    for home in (str(tmp_path / "answers"), ""):
        monkeypatch.setenv("PIGEON_LESSONS_HOME", home)
        Progress().path.parent.mkdir(exist_ok=True)
        list(doctor.folders())
        assert Path(asked[-2]) == Progress().path.parent


def test_package_that_the_lessons_did_not_come_with_is_found(monkeypatch, tmp_path):
    wheel = tmp_path / "pigeon_lessons-0.1.0-py3-none-any.whl"
    wheel.write_bytes(b"new")
    origin = {"old": hashlib.sha256(b"old").hexdigest(), "new": hashlib.sha256(b"new").hexdigest()}

    def from_wheel(content):
        text = '{"archive_info": {"hashes": {"sha256": "%s"}}}' % origin[content]  # noqa: UP031
        monkeypatch.setattr(metadata, "distribution", lambda _: SimpleNamespace(version="0.1.0",
                                                                                read_text=lambda _: text))
        return doctor.stale(str(tmp_path))

    assert list(from_wheel("new")) == []
    assert f"--force-reinstall --no-deps ./{wheel.name}" in said(from_wheel("old"))
    wheel.unlink()
    (tmp_path / "pigeon_lessons").mkdir()
    (tmp_path / "pigeon_lessons" / "__init__.py").write_text('__version__ = "0.2.0"\n')
    assert "are of version 0.2.0, the installed package is 0.1.0.\nSay: python -m pip install -e" in said(
        from_wheel("new"))


def test_little_memory_is_found():
    assert list(doctor.memory(2 * doctor.GIGABYTE)) == []
    assert said(doctor.memory(0.4 * doctor.GIGABYTE)).startswith("Only 0.4 GB of memory are free; a chapter takes up")
