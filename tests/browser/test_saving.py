"""A lesson opened, edited and saved in JupyterLab as authors do it: the text gets the edit, and nothing else."""

import difflib
import shutil

import pytest

from pigeon_lessons.authoring.merging import compare
from pigeon_lessons.authoring.pairing import Chapter
from pigeon_lessons.authoring.reading import read_notebook, read_text
from tests.authoring.tiny import write
from tests.browser.conftest import VIEWPORT
from tests.browser.lab import Lab
from tests.browser.servers import PROJECT

SAVED = "() => !window.jupyterapp.shell.currentWidget.context.model.dirty"
EDIT_LAST = """() => {
    const notebook = window.jupyterapp.shell.currentWidget.content;
    notebook.activeCellIndex = notebook.widgets.length - 1;
    notebook.activate();
    window.jupyterapp.commands.execute('notebook:enter-edit-mode');
}"""
DIRTY = "() => window.jupyterapp.shell.currentWidget.context.model.dirty"


@pytest.fixture
def chapter(lab_server):
    """A real lesson, and a notebook that says the same, in a project of their own."""
    project = lab_server.root / "project"
    shutil.copytree(PROJECT / "lessons", project / "lessons")
    shutil.copy(PROJECT / "pyproject.toml", project)
    chapter = Chapter(project, "03_learning_rate")
    write(chapter, chapter.text.read_text(encoding="utf-8"))
    return chapter


@pytest.fixture
def lab(browser, lab_server, chapter):
    context = browser.new_context(viewport=VIEWPORT)
    yield Lab(context.new_page(), lab_server.url).open("project/notebooks/03_learning_rate.ipynb")
    context.close()


def save(page):
    page.keyboard.press("Control+s")
    page.wait_for_function(SAVED)


def difference(before, after):
    return [line for line in difflib.ndiff(before.splitlines(), after.splitlines()) if line[0] in "+-"]


def test_what_is_saved_is_the_edit_alone(lab, chapter):
    before, page = chapter.text.read_text(encoding="utf-8"), lab.page
    assert "key_points" not in page.locator(".jp-Notebook").inner_text()  # the header is a comment
    save(page)
    assert chapter.text.read_text(encoding="utf-8") == before
    page.evaluate(EDIT_LAST)
    page.locator(".jp-Cell.jp-mod-active .cm-focused").wait_for()
    page.keyboard.press("Control+End")
    page.keyboard.type(" One sentence more.")
    page.keyboard.press("Control+Enter")
    page.keyboard.press("b")
    page.keyboard.press("Enter")
    page.keyboard.type("1 + 1")
    page.keyboard.press("Control+Enter")
    page.wait_for_function(DIRTY)
    save(page)
    after = chapter.text.read_text(encoding="utf-8")
    assert [line[2:] for line in difference(before, after) if line[0] == "-"] == [before.splitlines()[-1]]
    new = [line[2:] for line in difference(before, after) if line[0] == "+"]
    assert new == [before.splitlines()[-1] + " One sentence more.", "", "```{code-cell} ipython3", "1 + 1", "```"]
    assert compare(read_text(chapter), read_notebook(chapter)) is None
