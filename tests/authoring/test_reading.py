"""Whatever stands in an author's file: one sentence that names file and line, and never a traceback."""

import json

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pigeon_lessons.authoring import AuthoringError, command
from pigeon_lessons.authoring.contract import find_problems
from pigeon_lessons.authoring.pairing import Chapter
from pigeon_lessons.authoring.reading import read_notebook, read_text
from pigeon_lessons.authoring.refreshing import refresh
from tests.authoring.tiny import header, write

TEXT = header("  title: A tiny lesson\n") + """
# Tiny

Some words.

```{code-cell} ipython3
:tags: [remove-input]

6 * 7
```

More words,
in two lines.
"""
DOT = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="


@pytest.fixture
def chapter(tmp_path):
    chapter = Chapter(tmp_path, "05_tiny")
    write(chapter, TEXT)
    return chapter


def test_every_cell_knows_its_line(chapter):
    text = read_text(chapter)
    lines = chapter.text.read_text().splitlines()
    assert [lines[line - 1] for line in text.lines] == ["<!--", "6 * 7", "More words,"]


def test_windows_line_ends_change_nothing(chapter):
    unix = read_text(chapter)
    chapter.text.write_bytes(TEXT.replace("\n", "\r\n").encode())
    assert (read_text(chapter).notebook, read_text(chapter).lines) == (unix.notebook, unix.lines)


@pytest.mark.parametrize(("old", "new", "place", "words"), [
    ("Some words.", "<<<<<<< HEAD\nSome words.\n=======\n>>>>>>> theirs", "Some", "conflict marker of git"),
    ("<!--\nlesson", "\ufeff<!--\nlesson", "<!--", "begins with a byte order mark; save it as UTF-8 without"),
    (TEXT, " \n\n", "", "nothing stands in it"),
    ("Some words.", "Some\u2028words.", "Some", "an unseen character, '\\u2028'"),
    ("[remove-input]", "remove-input", "```{code", "tags stand in brackets"),
    ("[remove-input]", "[remove-input", "```{code", "not a cell that jupytext can read"),
    ("[remove-input]", "[1, 2]", "```{code", "not a cell that jupytext can read"),
    (":tags: [remove-input]", "---\ntags: 2026-01-01\n---", "```{code", "not a cell that jupytext can read"),
    (":tags: [remove-input]", ":due: 2026-01-01", "```{code", "Object of type date is not JSON serializable"),
    ("Some words.", "![a dot](attachment:dot.png)", "![a dot]", "the picture 'attachment:dot.png' stands in the "),
    ("More words,", "+++ {\"tags\": \n\nMore words,", "+++", "not a cell that jupytext can read"),
    ("  title: A tiny lesson", "  title: [", "  title", "the header is not YAML"),
    ("  title: A tiny lesson", "  title: &a [*a]", "  title", "the header is not YAML: found unconstructable recurs"),
    ("lesson:\n  title: A tiny lesson", "- a list", "<!--", "the header must be keys and values, got ['a list']"),
    (":tags: [remove-input]", ":tags: &a [*a]", "```{code", "not a cell that jupytext can read"),
    ("  title: A tiny lesson", "  title: " + "[" * 9999, "<!--", "the header is not YAML"),
    ("-->\n", "", "<!--", "the header must stand between a line `<!--` and a line `-->`"),
    ("<!--\n", "---\n", "---", "the header must stand between a line `<!--` and a line `-->`"),
])
def test_what_stands_in_the_way_is_named_with_its_line(chapter, monkeypatch, capsys, old, new, place, words):
    assert old in TEXT
    chapter.text.write_text(TEXT.replace(old, new, 1), encoding="utf-8")
    monkeypatch.chdir(chapter.root)
    for arguments in (["check", "05"], ["refresh", "05"], ["student-edition", "../out"]):
        assert command.main(arguments) == 1
        said = capsys.readouterr().out.splitlines()[0]
        _, line, reason = said.split(":", 2)
        assert said.startswith("lessons/05_tiny.md:")
        assert words in reason
        named = chapter.text.read_text(encoding="utf-8").removeprefix("\ufeff").split("\n")[int(line) - 1]
        assert named.startswith((place, "<<<<<<<")), (line, named)


def test_text_that_is_not_utf8_is_named_with_its_line(chapter):
    chapter.text.write_bytes(TEXT.encode().replace(b"Some words", "Größe".encode("latin-1")))
    line = TEXT.split("\n").index("Some words.") + 1
    with pytest.raises(AuthoringError, match=rf"^lessons/05_tiny.md:{line}: not UTF-8 \(byte 0xf6\); save it as UTF-8"):
        read_text(chapter)


plain = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9) | st.dates()
any_yaml = st.recursive(plain, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(plain, inner, max_size=3),
                        max_leaves=5)


@settings(max_examples=150)
@given(st.sampled_from(["all", "lesson", "title", "minutes", "prerequisites"]), any_yaml)
def test_header_of_any_type_gives_sentences(tmp_path_factory, key, value):
    import yaml

    lesson = {"title": "Tiny", "minutes": 5, "prerequisites": []}
    said = {"lesson": lesson}
    (lesson if key in lesson else said)[key] = value
    said = value if key == "all" else said
    chapter = Chapter(tmp_path_factory.mktemp("header"), "05_tiny")
    write(chapter, TEXT)
    chapter.text.write_text(f"<!--\n{yaml.safe_dump(said)}-->\n\n# Tiny\n", encoding="utf-8")
    problems = find_problems(chapter)
    assert problems
    assert all(problem.startswith(("lessons/05_tiny.md:", "notebooks/05_tiny.ipynb:")) for problem in problems)


UNREADABLE = {
    "conflict markers": lambda good: good.replace(b' "cells"', b'<<<<<<< HEAD\n "cells"', 1),
    "half of it": lambda good: good[:len(good) // 2],
    "nothing": lambda good: b"",
    "not UTF-8": lambda good: good.replace(b"Tiny", b"\xff\xfe", 1),
    "byte order mark": lambda good: b"\xef\xbb\xbf" + good,
    "a list": lambda good: b"[1, 2]",
    "cells of numbers": lambda good: b'{"cells": [1], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}',
    "no cells": lambda good: b'{"metadata": {}, "nbformat": 4, "nbformat_minor": 5}',
    "format 3": lambda good: b'{"worksheets": [], "metadata": {}, "nbformat": 3, "nbformat_minor": 0}',
    "deep": lambda good: b"[" * 100_000,
    "half a character": lambda good: good.replace(b"# Tiny", b"\\ud800", 1),
    "a number as tag": lambda good: good.replace(b'"remove-input"', b"7", 1),
}


@pytest.mark.parametrize("way", UNREADABLE)
def test_unreadable_notebook_is_named_by_check(chapter, way, monkeypatch, capsys):
    good = chapter.notebook.read_bytes()
    chapter.notebook.write_bytes(UNREADABLE[way](good))
    assert chapter.notebook.read_bytes() != good
    monkeypatch.chdir(chapter.root)
    assert command.main(["check", "05"]) == 1
    said = [line for line in capsys.readouterr().out.splitlines() if line.startswith("notebooks/")]
    assert len(said) == 1
    assert said[0].startswith("notebooks/05_tiny.ipynb:")
    assert said[0].endswith("make it anew: `pigeon-lessons refresh 05`")


def test_unreadable_notebook_is_made_anew_by_refresh(chapter):
    refresh(chapter)
    good = chapter.notebook.read_bytes()
    for way in ("conflict markers", "not UTF-8"):
        chapter.notebook.write_bytes(UNREADABLE[way](good))
        assert refresh(chapter)
        assert chapter.notebook.read_bytes() == good


def test_notebook_without_ids_as_other_programs_write_it_is_readable(chapter):
    content = json.loads(chapter.notebook.read_text())
    for cell in content["cells"]:
        del cell["id"]
    chapter.notebook.write_text(json.dumps(content))
    assert len(read_notebook(chapter).cells) == 3
    content["nbformat_minor"] = 0
    chapter.notebook.write_text(json.dumps(content))
    assert len(read_notebook(chapter).cells) == 3


def test_two_cells_of_one_id_are_noticed(chapter):
    notebook = read_notebook(chapter)
    notebook.cells[2]["id"] = notebook.cells[0]["id"]
    chapter.notebook.write_text(json.dumps(notebook))
    assert any("2 cells have the id" in problem for problem in find_problems(chapter))


def test_what_a_header_says_is_a_text_whatever_yaml_would_make_of_it(chapter):
    odd = {"title": "2026-13-01", "questions": ["1", "yes"], "minutes": 5, "key_points": ["!", ".nan"]}
    said = "  title: 2026-13-01\n  questions: [1, yes]\n  minutes: 5\n  key_points: ['!', .nan]\n"
    write(chapter, TEXT.replace("  title: A tiny lesson\n", said))
    assert read_text(chapter).notebook.metadata["lesson"] == odd
    write(chapter, TEXT.replace("A tiny lesson", "!!python/name:os.system x"))
    assert read_text(chapter).notebook.metadata["lesson"] == {"title": "x"}


def test_a_pasted_picture_stops_all_that_would_lose_it_until_it_is_a_file(chapter, monkeypatch, capsys):
    notebook = read_notebook(chapter)
    notebook.cells[0].source += "\n\n![a dot](attachment:dot.png)"
    notebook.cells[0]["attachments"] = {"dot.png": {"image/png": DOT}}
    nbformat.write(notebook, chapter.notebook)
    before = chapter.notebook.read_bytes()
    monkeypatch.chdir(chapter.root)
    assert command.main(["refresh", "05"]) == 1
    assert chapter.notebook.read_bytes() == before
    assert command.main(["adopt", "05"]) == 0
    for arguments in (["check", "05"], ["refresh", "05"], ["adopt", "05"], ["student-edition", "../out"]):
        assert command.main(arguments) == 1
        assert "save it as a file beside the notebook and link to that" in capsys.readouterr().out.splitlines()[-2:][0]
    assert read_notebook(chapter).cells[0]["attachments"] == {"dot.png": {"image/png": DOT}}
    chapter.text.write_text(chapter.text.read_text().replace("attachment:dot.png", "dot.png"))
    assert refresh(chapter)


def test_what_a_command_lacks_is_named_and_nothing_that_may_be_left_out(capsys):
    with pytest.raises(SystemExit):
        command.main(["nbgrader"])
    assert capsys.readouterr().err.endswith("error: the following arguments are required: OUT\n")
