"""From a chapter's text to the executed notebook, of whose outputs only that is kept which the next run gives again."""

import os
import shutil
import tempfile

import nbformat
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from pigeon_lessons import files
from pigeon_lessons.authoring import AuthoringError
from pigeon_lessons.authoring.merging import AGREED, compare, labeled
from pigeon_lessons.authoring.reading import KEPT, NEVER_RUN, OUTPUT_VARIES, read_cells, read_notebook, read_text, tags
from pigeon_lessons.bar import progress_bar

CELL_TIMEOUT = 300  # seconds
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


def refresh(chapter):
    """Make the chapter's notebook anew from its text: run it and keep the outputs; return whether it changed.

    The text is brought into the form in which JupyterLab saves it: its blank lines, and lines of a cell's metadata.
    Twice in a row gives the same bytes. Raises AuthoringError, and keeps the old notebook, when a cell fails and when
    the notebook holds what the text does not. One that cannot be read is kept beside the new one, unless it holds
    git's markers: then git has both its versions.
    """
    text, old = read_text(chapter), None
    try:
        old = read_notebook(chapter)
    except AuthoringError as error:
        if "conflict marker" not in str(error):
            shutil.copyfile(chapter.notebook, chapter.notebook.with_suffix(".ipynb.unreadable"))
    difference = compare(text, old) if old else None
    if difference and difference.only_in_notebook:
        difference.keep_beside_if_both_changed()
        raise AuthoringError(str(difference))
    chapter.notebook.parent.mkdir(exist_ok=True)
    metadata = [cell.metadata for cell in text.notebook.cells]
    notebook = execute(text, chapter.notebook.parent)
    if text.saved != text.source and [cell.metadata for cell in read_cells(text.saved).cells] == metadata:
        files.replace(chapter.text, text.saved.encode())
    normalize(notebook, old.cells if old else ())
    notebook.metadata |= {"jupytext": KEPT, AGREED: list(labeled(notebook.cells))}
    nbformat.validate(notebook)
    content = (nbformat.writes(notebook) + "\n").encode()
    if chapter.notebook.exists() and chapter.notebook.read_bytes() == content:
        return False
    files.replace(chapter.notebook, content)
    return True


def execute(text, folder):
    """Run all code cells of the reading.Text `text` in `folder`; return its notebook with their outputs.

    Optional cells (tag `nbval-skip`) are left alone. In a terminal a bar says which cell of how many is running. Raises
    AuthoringError naming file, line and code when a cell fails or takes over 5 minutes.
    """
    started = []

    def note_start(cell, cell_index):
        if cell.cell_type == "code":
            started.append(cell_index)
            advance(1)

    nowhere = KernelSpecManager(kernel_dirs=[])  # then "python3" is the Python that runs this
    own = AsyncKernelManager(kernel_name="python3", kernel_spec_manager=nowhere)
    client = NotebookClient(text.notebook, own, timeout=CELL_TIMEOUT, record_timing=False, store_widget_state=False,
                            extra_arguments=["--log-level=ERROR"],
                            shutdown_kernel="immediate",  # it has nothing to save, and would take two seconds
                            skip_cells_with_tag=NEVER_RUN, on_cell_start=note_start,
                            resources={"metadata": {"path": str(folder)}})
    try:
        with tempfile.TemporaryDirectory() as home, progress_bar(text.chapter.name, len(text.code)) as advance:
            # One thread adds in one order, so every machine prints the same digits; the author's answers stay unread.
            return client.execute(cleanup_kc=True,
                                  env={**os.environ, "OMP_NUM_THREADS": "1", "PIGEON_LESSONS_HOME": home})
    except (CellExecutionError, RuntimeError, TimeoutError) as error:  # the last two: the kernel died, or is too slow
        said = f"{error.ename}: {error.evalue}" if isinstance(error, CellExecutionError) else str(error)
        if not started:
            raise AuthoringError(f"{text.name}: no kernel could be started: {said}") from error
        code = text.notebook.cells[started[-1]].source.replace("\n", "\n    ")
        raise AuthoringError(f"{text.name}:{text.lines[started[-1]]}: the cell failed: {said}\n    {code}\n"
                             "The notebook is left as it was; mend the cell in the text and refresh again.") from error


def normalize(notebook, old):
    """Drop from an executed notebook, in place, what depends on the machine or the moment.

    Dropped are widget views, stderr, the frames of a traceback, Python's version, and the numbers of the cells, of
    which one more would change all that follow; neighboring pieces of one stream become one, since where they break
    is chance. A cell whose output varies takes that of the same cell among the `old` ones: else each refresh would
    rewrite every measured time.
    """
    notebook.metadata.get("language_info", {}).pop("version", None)
    varying = {cell.source: cell.outputs for cell in old if OUTPUT_VARIES in tags(cell) and cell.get("outputs")}
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.execution_count, cell.outputs = None, _normalized(cell.outputs)
            if OUTPUT_VARIES in tags(cell):
                cell.outputs = varying.get(cell.source, cell.outputs)


def _normalized(outputs):
    kept = []
    for output in (output for output in outputs if output.get("name") != "stderr"):
        if output.output_type == "stream" and kept and kept[-1].output_type == "stream":
            kept[-1].text += output.text
            continue
        if output.output_type == "error":
            output.traceback = [f"{output.ename}: {output.evalue}"]
        if "execution_count" in output:
            output.execution_count = None
        if output.get("data", {}).pop(WIDGET_VIEW, None) is None or output.data:
            kept.append(output)
    return kept
