"""Claims about where a picture arrives: whatever a notebook is turned into, figure and words are both there."""

import re

import nbformat
import pytest
from nbclient import NotebookClient
from nbconvert import HTMLExporter, LatexExporter, MarkdownExporter, SlidesExporter

WORDS = "50 % of_A falls from 0.7 to 0.2."
CELLS = ('from pigeon_lessons import plot_curves\npicture = plot_curves({"50 % of_A": [0.7, 0.2]})', "picture",
         "display(picture)\n1", "print(picture)")


@pytest.fixture(scope="module")
def notebook():
    """A notebook that was run: a picture as the last line of a cell, in the middle of one, and printed."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in CELLS])
    NotebookClient(notebook, kernel_name="python3", extra_arguments=["--log-level=ERROR"]).execute()
    return notebook


def test_a_cell_shows_a_picture_as_html_as_png_and_in_words(notebook):
    last, middle, printed = (cell.outputs for cell in notebook.cells[1:])
    assert last[0].data == middle[0].data and set(last[0].data) == {"text/plain", "text/html", "image/png"}
    assert last[0].data["text/plain"] == WORDS and printed[0].text == f"{WORDS}\n"
    assert last[1].data == {"text/html": "", "text/latex": r"50 \% of\_A falls from 0.7 to 0.2."}


@pytest.mark.parametrize("exporter", [HTMLExporter, MarkdownExporter, SlidesExporter])
def test_pages_have_the_figure_with_its_words_once(notebook, exporter):
    page, _ = exporter().from_notebook_node(notebook)
    figures = [tag for tag in re.findall("<img[^>]*>", page) if 'alt="Loss (nats) over iterations (updates)"' in tag]
    assert len(figures) == page.count("<figcaption") == 2
    assert all('src="data:image/png;base64,' in tag for tag in figures)
    assert page.count(WORDS) == 2 + 1  # one is printed


def test_latex_has_the_figure_and_then_its_words(notebook):
    page, resources = LatexExporter().from_notebook_node(notebook)
    assert sorted(resources["outputs"]) == ["output_1_0.png", "output_2_0.png"]
    assert all(content.startswith(b"\x89PNG") for content in resources["outputs"].values())
    figure, words = page.index("{output_1_0.png}"), page.index(r"50 \% of\_A falls from 0.7 to 0.2.")
    assert figure < words < page.index("{output_2_0.png}")
