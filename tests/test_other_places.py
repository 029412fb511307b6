"""A lesson works beside Jupyter's front ends: in a plain script, under `python -O`, in nbconvert and papermill."""

import os
import subprocess
import sys

import nbformat
from nbconvert.preprocessors import ExecutePreprocessor
from nbformat.v4 import new_code_cell, new_notebook

CELLS = [
    "from pigeon_lessons import Pigeon, Trainer, explore, load_mnist, plot_history, split",
    "from pigeon_lessons import check, predict, quiz, reveal",
    "train, val, _ = split(load_mnist(), train=64, val=32)",
    "epochs = 1",
    'predict("meet_the_pigeon/accuracy")',
    "history = Trainer(Pigeon(seed=1), train, val).fit(epochs)\nprint(history.num_rows, 'rows')",
    "plot_history(history)",
    'reveal("meet_the_pigeon/accuracy", 100 * history["val_accuracy"][-1])',
    'quiz("learning_rate/recall-1")',
    'panel = explore("learning_rate", train, val, epochs=1)\npanel',
    "print(panel.summary)",
    'check("meet_the_pigeon/parameters", ...)',
]
SAID = ["2 rows", "No guess was recorded", "Training loss falls from", "Not attempted yet"]


def test_lesson_runs_as_a_plain_script_without_asserts_and_says_what_it_says(tmp_path):
    script = tmp_path / "lesson.py"
    script.write_text("\n".join(CELLS))
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "MPLBACKEND": "agg",
                                "PIGEON_LESSONS_HOME": str(tmp_path)}
    run = subprocess.run([sys.executable, "-O", script], cwd=tmp_path, env=environment, capture_output=True,
                         text=True, timeout=300)
    assert run.returncode == 0, run.stderr
    assert [words for words in SAID if words not in run.stdout] == []
    assert "Traceback" not in run.stderr


def test_lesson_runs_in_nbconvert_with_a_parameter_put_in_as_papermill_does(tmp_path):
    injected = new_code_cell("epochs = 2", metadata={"tags": ["injected-parameters"]})
    notebook = new_notebook(cells=[new_code_cell(source) for source in CELLS])
    notebook.cells[4:4] = [injected]
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    ExecutePreprocessor(timeout=300).preprocess(notebook, {"metadata": {"path": str(tmp_path)}})
    nbformat.validate(notebook)
    outputs = [output for cell in notebook.cells for output in cell.outputs]
    said = "".join(output.get("text", "") + output.get("data", {}).get("text/plain", "") for output in outputs)
    assert [words for words in ["3 rows", *SAID[1:]] if words not in said] == []
    assert [output for output in outputs if output.get("name") == "stderr"] == []
