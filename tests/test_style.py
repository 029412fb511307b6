"""The whole tree keeps its rules of style, spelling and layers; one tool each, configured in pyproject.toml."""

import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent


TOOLS = [("ruff", "check", "--no-cache", "."), ("codespell",), ("lint-imports", "--no-cache")]


@pytest.mark.parametrize("command", TOOLS, ids=lambda command: command[0])
def test_tool_has_nothing_to_say(command):
    run = subprocess.run([BIN / command[0], *command[1:]], cwd=PROJECT, capture_output=True, text=True, timeout=300)
    assert run.returncode == 0, run.stdout + run.stderr
