"""Refreshing gives the same bytes twice, keeps nothing that belongs to one run, and never spoils a good notebook."""

import json
import sys

import nbformat
import pytest

from pigeon_lessons import bar
from pigeon_lessons.authoring import command
from pigeon_lessons.authoring.pairing import Chapter
from pigeon_lessons.authoring.refreshing import refresh

HEAD = "# Tiny\n"
CELLS = {
    "streams": ("", "import sys, ipywidgets\nprint('a', flush=True)\nprint('b')\nprint('warning', file=sys.stderr)"),
    "widget": ("", "ipywidgets.IntSlider()"),
    "raises": ("[raises-exception]", "1 / 0"),
    "varies": ("[nbval-ignore-output]", "import os; os.urandom(8)"),
    "optional": ("[nbval-skip]", "raise SystemError('never run')"),
}


def code(tags, source):
    return "\n```{code-cell} ipython3\n" + (f":tags: {tags}\n\n" if tags else "") + source + "\n```\n"


def write_lesson(root, *cells):
    (root / "lessons").mkdir(exist_ok=True)
    chapter = Chapter(root, "00_tiny")
    chapter.text.write_text(HEAD + "".join(code(*cell) for cell in cells))
    return chapter


@pytest.fixture(scope="module")
def refreshed(tmp_path_factory):
    """Return a chapter refreshed once."""
    chapter = write_lesson(tmp_path_factory.mktemp("refreshed"), *CELLS.values())
    assert refresh(chapter)
    return chapter


@pytest.fixture
def cells(refreshed):
    """Return the refreshed code cells by their names in CELLS."""
    notebook = nbformat.read(refreshed.notebook, as_version=4)
    return dict(zip(CELLS, (cell for cell in notebook.cells if cell.cell_type == "code"), strict=True))


def test_second_refresh_changes_no_byte(refreshed):
    chapter = refreshed
    before = chapter.notebook.read_bytes()
    assert not refresh(chapter)
    assert chapter.notebook.read_bytes() == before


def test_stream_is_one_piece_and_stderr_is_dropped(cells):
    assert [output.text for output in cells["streams"].outputs] == ["a\nb\n"]


def test_widget_leaves_its_words_but_no_view_and_no_state(cells, refreshed):
    (output,) = cells["widget"].outputs
    assert list(output.data) == ["text/plain"]
    notebook = nbformat.read(refreshed.notebook, as_version=4)
    assert "widgets" not in notebook.metadata
    assert "version" not in notebook.metadata.language_info


def test_expected_error_keeps_its_message_but_no_frames(cells):
    (output,) = cells["raises"].outputs
    assert output.traceback == ["ZeroDivisionError: division by zero"]


def test_optional_cell_is_not_run(cells):
    assert cells["optional"].execution_count is None
    assert cells["optional"].outputs == []


def test_failing_cell_is_named_and_the_old_notebook_kept(tmp_path, monkeypatch, capsys):
    chapter = write_lesson(tmp_path, ("", "1 + 1"))
    refresh(chapter)
    before = chapter.notebook.read_bytes()
    write_lesson(tmp_path, ("", "1 + 1"), ("", "x = 3\nunknown + x"))
    monkeypatch.chdir(tmp_path)
    assert command.main(["refresh", "00"]) == 1
    message = capsys.readouterr().out
    assert "lessons/00_tiny.md:8: the cell failed: NameError: name 'unknown' is not defined" in message
    assert "    unknown + x" in message
    assert chapter.notebook.read_bytes() == before
    assert [path.name for path in chapter.notebook.parent.iterdir()] == ["00_tiny.ipynb"]


def test_check_reports_problems_and_fails(refreshed, monkeypatch, capsys):
    monkeypatch.chdir(refreshed.root)
    assert command.main(["check"]) == 1
    assert "lessons/00_tiny.md:1: the text must begin with a header" in capsys.readouterr().out


def test_kernel_is_this_python_whatever_is_registered(tmp_path, monkeypatch):
    registered = tmp_path / "share" / "kernels" / "python3"
    registered.mkdir(parents=True)
    (registered / "kernel.json").write_text(json.dumps({
        "argv": [str(tmp_path / "moved" / "python"), "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        "display_name": "Python 3", "language": "python"}))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "share"))
    chapter = write_lesson(tmp_path, ("", "import sys; print(sys.executable)"))
    refresh(chapter)
    (cell,) = [cell for cell in nbformat.read(chapter.notebook, as_version=4).cells if "outputs" in cell]
    assert cell.outputs[0].text.strip() == sys.executable


@pytest.mark.parametrize("is_terminal", [True, False])
def test_in_a_terminal_a_bar_says_which_cell_of_how_many_runs(refreshed, is_terminal, monkeypatch, capsys):
    monkeypatch.setattr(bar, "PATIENCE", 0)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: is_terminal)
    refresh(refreshed)
    shown = [part[:8] + part[-6:] for part in capsys.readouterr().err.rstrip().split("\r")[1:]]
    assert shown == ([f"00_tiny {number} of {len(CELLS)}" for number in range(len(CELLS) + 1)] if is_terminal else [])
