"""Every notebook, opened in JupyterLab in a real browser and run from top to bottom, as a student would."""

import pytest

from tests.browser.servers import NOTEBOOKS


@pytest.mark.parametrize("name", sorted(path.stem for path in NOTEBOOKS.glob("*.ipynb")))
def test_a_chapter_runs_in_jupyterlab_without_an_error(lab, name):
    lab.open(f"notebooks/{name}.ipynb").run_all()
    assert lab.error_outputs() == []
    assert lab.broken_images() == []
    assert lab.console_errors == []
