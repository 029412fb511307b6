"""Claims about the command itself: whatever its output goes to, it ends with an exit code and without a traceback."""

import os
import subprocess
import sys

import pytest

COMMAND = [sys.executable, "-c", "import sys; from pigeon_lessons.authoring.command import main; sys.exit(main())"]
TEXT = "<!--\nlesson:\n  title: Tiny\n-->\n\n# Tiny\n\n[a dove](täubchen.md)\n"


@pytest.fixture
def project(tmp_path):
    for name in ("lessons", "notebooks"):
        (tmp_path / name).mkdir()
    (tmp_path / "lessons" / "01_tiny.md").write_text(TEXT, encoding="utf-8")
    return tmp_path


def check(project, **options):
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONIOENCODING": "ascii"}
    return subprocess.run([*COMMAND, "check"], cwd=project, env=environment, text=True, stderr=subprocess.PIPE,
                          **options)


def test_a_name_that_the_terminal_cannot_show_is_told_in_signs_that_it_can(project):
    run = check(project, stdout=subprocess.PIPE)
    assert r"t\xe4ubchen.md" in run.stdout and (run.returncode, run.stderr) == (1, "")


def test_a_reader_that_has_enough_ends_the_command_quietly(project):
    reader, writer = os.pipe()
    os.close(reader)
    run = check(project, stdout=writer)
    os.close(writer)
    assert (run.returncode, run.stderr) == (1, "")
