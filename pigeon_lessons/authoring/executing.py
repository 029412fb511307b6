"""Runs a notebook from top to bottom and keeps of its outputs only what the next run will give again.

It writes no files: a text comes in, its notebook gets the outputs.
"""

import os
import tempfile

from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError

from pigeon_lessons.authoring import AuthoringError
from pigeon_lessons.authoring.pairing import NEVER_RUN, OUTPUT_VARIES, tags

CELL_TIMEOUT = 300  # seconds
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


class OwnPython(AsyncKernelManager):
    """Starts kernels in the Python that runs this, whatever kernels are registered on the machine."""

    def __init__(self, **options):
        nowhere = KernelSpecManager(kernel_dirs=[], allowed_kernelspecs=set())
        super().__init__(**{**options, "kernel_name": "python3", "kernel_spec_manager": nowhere})


def execute(text, folder, on_cell=None):
    """Run all code cells of the reading.Text `text` in `folder` and fill in their outputs.

    Optional cells (tag `nbval-skip`) are left alone. `on_cell(number)` is called as each cell starts,
    counted from 1 over all cells. Raises AuthoringError naming file, line and code when a cell fails or takes
    over 5 minutes.
    """
    started = []

    def note_start(cell, cell_index):
        if cell.cell_type == "code" and NEVER_RUN not in tags(cell):
            started.append(cell_index)
            if on_cell:
                on_cell(cell_index + 1)

    client = NotebookClient(text.notebook, timeout=CELL_TIMEOUT, kernel_manager_class=OwnPython, record_timing=False,
                            store_widget_state=False, extra_arguments=["--log-level=ERROR"],
                            skip_cells_with_tag=NEVER_RUN, on_cell_start=note_start,
                            resources={"metadata": {"path": str(folder)}})
    try:
        with tempfile.TemporaryDirectory() as home:
            client.execute(env=_environment(home))
    except CellExecutionError as error:
        raise AuthoringError(_failure(text, started[-1], f"{error.ename}: {error.evalue}")) from error
    except CellTimeoutError as error:
        raise AuthoringError(_failure(text, started[-1], f"took over {CELL_TIMEOUT} seconds")) from error
    except RuntimeError as error:  # DeadKernelError, or what jupyter_client raises when a kernel does not come up
        if not started:
            raise AuthoringError(f"{text.name}: no kernel could be started: {error}") from error
        raise AuthoringError(_failure(text, started[-1], "the kernel died")) from error


def normalize(notebook):
    """Drop from an executed notebook, in place, what depends on the machine or the moment.

    Dropped are widget state and views, stderr, the frames of a traceback, Python's version, and the numbers of the
    cells, of which one more would change all that follow; neighboring pieces of one stream become one, since where
    they break is chance.
    """
    notebook.metadata.pop("widgets", None)
    notebook.metadata.get("language_info", {}).pop("version", None)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.execution_count, cell.outputs = None, _normalized(cell.outputs)


def keep_varying_outputs(notebook, old):
    """Take from the notebook `old` the outputs of those cells, unchanged since, that differ from run to run.

    Without this, each refresh would rewrite every measured time.
    """
    varying = {cell.source: cell for cell in old.cells if OUTPUT_VARIES in tags(cell) and cell.get("outputs")}
    for cell in notebook.cells:
        if OUTPUT_VARIES in tags(cell) and cell.source in varying:
            cell.outputs = varying[cell.source].outputs


def _environment(home):
    """One thread: sums are then added in one order, and every machine prints the same digits.

    The empty folder `home` takes the student's answers, so that those of the author leave no trace.
    """
    return {**os.environ, "OMP_NUM_THREADS": "1", "PIGEON_LESSONS_HOME": home}


def _failure(text, index, what):
    return (f"{text.name}:{text.lines[index]}: the cell failed: {what}\n"
            + "\n".join(f"    {line}" for line in text.notebook.cells[index].source.splitlines())
            + "\nThe notebook is left as it was; mend the cell in the text and refresh again.")


def _normalized(outputs):
    kept = []
    for output in outputs:
        if output.output_type == "stream":
            if output.name == "stderr":
                continue
            if kept and kept[-1].output_type == "stream":
                kept[-1].text += output.text
                continue
        elif output.output_type == "error":
            output.traceback = [f"{output.ename}: {output.evalue}"]
        else:
            output.data.pop(WIDGET_VIEW, None)
            if "execution_count" in output:
                output.execution_count = None
            if not output.data:
                continue
        kept.append(output)
    return kept
