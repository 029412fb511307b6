"""Every notebook in JupyterLab in a real browser: opened, it shows what is committed; run, it shows no error.

That every cell gives its committed output is nbval's to see; here one chapter stands for the running of all.
"""

import json

import nbformat
import pytest

from tests.browser.lab import Lab
from tests.browser.servers import NOTEBOOKS

ALL = sorted(path.stem for path in NOTEBOOKS.glob("*.ipynb"))
RENDERED = """() => {
    const cells = [...window.jupyterapp.shell.currentWidget.content.widgets];
    const seen = (cell, selector) => [...cell.node.querySelectorAll(selector)].filter(part => part.offsetHeight > 0);
    return {titles: cells.flatMap(cell => seen(cell, '.jp-RenderedMarkdown h1').map(part => part.innerText)),
            unrendered: cells.filter(cell => cell.model.type === 'markdown' && !cell.rendered).length,
            outputs: cells.map(cell => seen(cell, '.jp-OutputArea-output').length).filter(count => count)};
}"""


@pytest.fixture(scope="module")
def desk(browser, lab_server):
    """One page of JupyterLab, in which notebook after notebook is opened."""
    context = browser.new_context()
    lab = Lab(context.new_page(), lab_server.url)
    lab.page.goto(f"{lab.url}/lab?reset")
    lab.page.wait_for_function("() => window.jupyterapp?.shell?.currentWidget", timeout=60_000)
    yield lab
    context.close()


@pytest.mark.parametrize("name", ALL)
def test_opened_chapter_shows_its_text_and_its_committed_outputs(desk, name):
    desk.console_errors.clear()
    notebook = nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4)
    desk.show(f"notebooks/{name}.ipynb")
    seen = [[output for output in cell.get("outputs", ()) if output.get("data", {}).get("text/html") != ""]
            for cell in notebook.cells]  # without those for LaTeX alone
    committed = {"titles": [notebook.metadata["lesson"]["title"]], "unrendered": 0,
                 "outputs": [len(outputs) for outputs in seen if outputs]}
    desk.page.wait_for_function(f"committed => JSON.stringify(({RENDERED})()) === committed",
                                arg=json.dumps(committed, separators=(",", ":")), timeout=60_000)
    seen = desk.page.locator(".jp-Notebook:visible").inner_text()
    streams = [output.text for cell in notebook.cells for output in cell.get("outputs", ()) if "text" in output]
    assert [text for text in streams if text.strip().splitlines()[-1].strip() not in seen] == []
    assert desk.broken_images() == desk.error_outputs() == desk.console_errors == []


def test_a_chapter_runs_in_jupyterlab_without_an_error(desk):
    desk.console_errors.clear()
    desk.open(f"notebooks/{ALL[0]}.ipynb").run_all()
    assert desk.broken_images() == desk.error_outputs() == desk.console_errors == []
