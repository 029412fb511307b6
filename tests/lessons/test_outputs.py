"""The comparison of committed outputs can fail: each way in which a notebook can be wrong is provoked here.

pytest runs on a tiny notebook in a folder of its own, with this project's conftest.py.
"""

import shutil

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

pytest_plugins = ["pytester"]


def ran(source, printed, **metadata):
    """Return a code cell that has printed something."""
    outputs = [new_output("stream", name="stdout", text=printed)] if printed else []
    return new_code_cell(source, execution_count=1, outputs=outputs, metadata=metadata)


@pytest.fixture
def compare(pytester, pytestconfig):
    """Return a function that compares a notebook of the given cells, as pytest does here, and returns the result."""
    shutil.copy(pytestconfig.rootpath / "conftest.py", pytester.path)

    def compare(*cells):
        nbformat.write(new_notebook(cells=list(cells)), pytester.path / "tiny.ipynb")
        return pytester.runpytest_subprocess("--nbval", "--nbval-current-env", "-p", "no:cacheprovider")

    return compare


def test_right_outputs_pass_with_numbers_within_the_tolerance_and_stderr_and_html_left_out(compare):
    result = compare(
        ran("print('loss', 0.69312)", "loss 0.69348\n"),
        ran("import sys; print('a warning', file=sys.stderr)", ""),
        new_code_cell("from IPython.display import HTML; HTML('<b>new</b>')", execution_count=1, outputs=[new_output(
            "execute_result", {"text/html": "<b>old</b>", "text/plain": "<IPython.core.display.HTML object>"},
            execution_count=1)]),
        new_code_cell("raise SystemError('the network is needed')", metadata={"tags": ["nbval-skip"]}),
        ran("import time; print(time.time())", "1.5\n", tags=["nbval-ignore-output"]),
    )
    result.assert_outcomes(passed=4, skipped=1)


def test_stripped_notebook_fails(compare):
    compare(new_code_cell("print(1)"), new_code_cell("x = 2")).assert_outcomes(failed=2)


def test_cell_that_was_never_run_fails_though_the_others_ran(compare):
    result = compare(ran("print(1)", "1\n"), new_code_cell("x = 2"))
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*this cell was never run; run `pigeon-lessons refresh`*"])


def test_run_cell_whose_output_was_removed_fails(compare):
    compare(ran("print(1)", "")).assert_outcomes(failed=1)


def test_number_changed_beyond_the_tolerance_fails(compare):
    result = compare(ran("print('loss', 0.6931)", "loss 0.6951\n"))
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*Cell outputs differ*"])


def test_whole_number_that_changed_by_one_fails(compare):
    compare(ran("print('10,000 steps')", "10,001 steps\n")).assert_outcomes(failed=1)


def test_words_of_a_figure_are_compared_even_when_its_picture_is_not(compare):
    figure = "class Figure:\n    def _repr_html_(self): return '<img>'\n    def __repr__(self): return 'It falls.'\nFigure()"
    result = compare(new_code_cell(figure, execution_count=1, outputs=[new_output(
        "execute_result", {"text/html": "<img>", "text/plain": "It rises."}, execution_count=1)]))
    result.assert_outcomes(failed=1)


def test_cell_that_raises_fails(compare):
    compare(ran("1 / 0", "")).assert_outcomes(failed=1)
