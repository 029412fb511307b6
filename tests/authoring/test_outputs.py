"""The comparison of committed outputs can fail: each way in which a notebook can be wrong is provoked here.

One run of pytest, in a folder of its own with this project's conftest.py, goes over two tiny
notebooks; in the first, every cell is a case.
"""

import re
import shutil
import subprocess
import sys

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

FIGURE = """class Figure:
    def _repr_html_(self): return "<img src='new'>"
    def __repr__(self): return "It falls."
Figure()"""


def ran(source, *outputs, tags=()):
    return new_code_cell(source, execution_count=1, outputs=list(outputs), metadata={"tags": list(tags)})


def printed(text):
    return new_output("stream", name="stdout", text=text)


def shown(words):
    return new_output("execute_result", {"text/html": "<img src='old'>", "text/plain": words}, execution_count=1)


def refreshed(name, source, *outputs):
    """A cell as `pigeon-lessons refresh` leaves it: it ran, and bears no number."""
    return new_code_cell(source, id=f"refreshed-{name}", outputs=list(outputs))


CASES = {
    "equal outputs": ("PASSED", ran("print('loss', 0.5)", printed("loss 0.5\n"))),
    "number within the tolerance": ("PASSED", ran("print('loss', 0.69312)", printed("loss 0.69348\n"))),
    "number beyond the tolerance": ("FAILED", ran("print('loss', 0.6931)", printed("loss 0.6951\n"))),
    "number rounded the other way": ("PASSED", ran("print(0.126)", printed("0.127\n"))),
    "number two last digits away": ("FAILED", ran("print(0.126)", printed("0.128\n"))),
    "one of many numbers beyond it": ("FAILED", ran("print([0.5, -2.5e-7])", printed("[0.5, -2.7e-07]\n"))),
    "number of other sign": ("FAILED", ran("print(-0.5)", printed("0.5\n"))),
    "whole number off by one": ("FAILED", ran("print('10,000 steps')", printed("10,001 steps\n"))),
    "other words": ("FAILED", ran("print('falls to 0.5')", printed("rises to 0.5\n"))),
    "output removed": ("FAILED", ran("print(1)")),
    "output added": ("FAILED", ran("x = 1", printed("1\n"))),
    "cell never run": ("FAILED", new_code_cell("x = 1")),
    "equal outputs, refreshed": ("PASSED", refreshed("a", "print('loss', 0.5)", printed("loss 0.5\n"))),
    "other words, refreshed": ("FAILED", refreshed("b", "print('falls to 0.5')", printed("rises to 0.5\n"))),
    "output removed, refreshed": ("FAILED", refreshed("c", "print(1)")),
    "cell that raises": ("FAILED", ran("1 / 0")),
    "other picture, same words": ("PASSED", ran(FIGURE, shown("It falls."))),
    "other picture, other words": ("FAILED", ran(FIGURE, shown("It rises."))),
    "new warning": ("PASSED", ran("import warnings; warnings.warn('new')")),
    "output that varies, tagged": ("PASSED", ran("import time; print(time.time())", printed("1.5\n"),
                                                 tags=["nbval-ignore-output"])),
    "optional cell": ("SKIPPED", new_code_cell("raise SystemError", metadata={"tags": ["nbval-skip"]})),
}


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory, pytestconfig):
    """Return the outcome of each cell by (name of the notebook, number of the cell)."""
    folder = tmp_path_factory.mktemp("outputs")
    shutil.copy(pytestconfig.rootpath / "conftest.py", folder)
    cells = [cell for _, cell in CASES.values()]
    agreed = {"agreed": [cell.id for cell in cells if cell.id.startswith("refreshed")]}
    nbformat.write(new_notebook(cells=cells, metadata=agreed), folder / "cases.ipynb")
    nbformat.write(new_notebook(cells=[new_code_cell("print(1)"), new_code_cell("x = 2")]), folder / "stripped.ipynb")
    command = [sys.executable, "-m", "pytest", "--nbval", "--nbval-current-env", "-v", "-p", "no:cacheprovider"]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300)
    found = re.findall(r"(\w+)::ipynb::Cell (\d+) ([A-Z]+)", run.stdout)
    return {(name, int(number)): outcome for name, number, outcome in found}


@pytest.mark.parametrize("case", CASES)
def test_comparison_judges_cell_rightly(case, outcomes):
    expected, _ = CASES[case]
    assert outcomes["cases", list(CASES).index(case)] == expected


def test_stripped_notebook_fails(outcomes):
    assert outcomes["stripped", 0] == outcomes["stripped", 1] == "FAILED"
