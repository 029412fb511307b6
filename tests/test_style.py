"""The whole tree keeps its rules of style, spelling and layers; one tool each, configured in pyproject.toml."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent


TOOLS = [("ruff", "check", "--no-cache", "."), ("codespell",), ("lint-imports", "--no-cache")]


@pytest.mark.parametrize("command", TOOLS, ids=lambda command: command[0])
def test_tool_has_nothing_to_say(command):
    run = subprocess.run([BIN / command[0], *command[1:]], cwd=PROJECT, capture_output=True, text=True, timeout=300)
    assert run.returncode == 0, run.stdout + run.stderr


def test_map_of_the_house_names_every_room_in_the_order_of_the_contract():
    contracts = tomllib.loads((PROJECT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    rooms = [room.strip() for layer in contracts[0]["layers"] for room in layer.split("|")]
    page = (PROJECT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    rows = page[page.index("| floor | rooms"):page.index("One setting's way")].splitlines()[2:]
    named = [room for row in rows if row for room in re.findall(r"\w+", row.split("|")[2])]
    assert named == rooms
