"""The page of outputs before and after shows what differs, each cell beside itself, and nothing else."""

import subprocess

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from pigeon_lessons.authoring import AuthoringError, command
from pigeon_lessons.authoring.comparing import Outputs, before_and_after, numbers, write_page
from pigeon_lessons.authoring.pairing import Chapter

DOT = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="


def cell(source, words, picture=None):
    data = {"text/plain": words} | ({"image/png": picture} if picture else {})
    return new_code_cell(source, outputs=[new_output("display_data", data)], id=f"cell-{abs(hash(source))}")


@pytest.fixture
def chapter(tmp_path, monkeypatch):
    """A chapter whose notebook was committed with other outputs."""
    chapter = Chapter(tmp_path, "05_tiny")
    for folder in ("lessons", "notebooks"):
        (tmp_path / folder).mkdir()
    chapter.text.write_text("# Tiny\n")
    nbformat.write(new_notebook(cells=[cell("same()", "as ever 1"), cell("run()", "loss 0.50 after 32 updates"),
                                       cell("plot()", "It falls.", DOT)]), chapter.notebook)
    git = ["git", "-C", tmp_path, "-c", "user.name=A", "-c", "user.email=a@example.org"]
    for words in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "Begin"]):
        subprocess.run([*git, *words], check=True)
    nbformat.write(new_notebook(cells=[cell("new()", "<b>7</b>"), cell("same()", "as ever 1"),
                                       cell("run()", "loss 0.55 after 32 updates"),
                                       cell("plot()", "It rises.", DOT)]), chapter.notebook)
    monkeypatch.chdir(tmp_path)
    return chapter


def test_what_differs_is_named_and_shown_side_by_side(chapter, capsys):
    assert command.main(["diff", "05"]) == 0
    assert capsys.readouterr().out.splitlines()[:-1] == [
        "05_tiny, code cell 1: other words", "05_tiny, code cell 3: 0.50 → 0.55 (+10.0%)",
        "05_tiny, code cell 4: other words"]
    page = (chapter.root / "05_tiny.diff.html").read_text(encoding="utf-8")
    assert page.index("loss 0.50 after") < page.index("loss 0.55 after")
    assert page.count(DOT) == 2
    assert "as ever" not in page and "&lt;b&gt;7" in page


def test_what_git_does_not_have_is_not_compared(chapter):
    with pytest.raises(AuthoringError, match="git has none that can be compared with; refresh and commit it"):
        before_and_after(Chapter(chapter.root, "06_other"))


@pytest.mark.parametrize("spoiled", [b"<<<<<<< HEAD\n", b"\xff\xfe", b"{}", b'{"nbformat": 4, "cells": [1]}'])
def test_what_git_has_and_nobody_can_read_is_named(chapter, capsys, spoiled):
    new, git = chapter.notebook.read_bytes(), ["git", "-c", "user.name=A", "-c", "user.email=a@example.org"]
    chapter.notebook.write_bytes(spoiled)
    subprocess.run([*git, "commit", "-qam", "Spoil"], check=True)
    chapter.notebook.write_bytes(new)
    assert command.main(["diff", "05"]) == 1
    assert "05_tiny.ipynb: git has none that can be compared with; refresh and commit it" in capsys.readouterr().out


@pytest.mark.parametrize(("before", "after", "changed"), [
    ("1,000 images", "2,000 images", [("1,000", "2,000", 1.0)]), ("−0.5", "0.5", [("−0.5", "0.5", 2.0)]),
    ("0 of 3", "1 of 3", [("0", "1", None)]), ("the same 1", "the same 1", []), ("two 2", "three 2", None)])
def test_numbers_are_paired_where_the_words_agree(before, after, changed):
    assert numbers(before, after) == changed


def test_a_figure_that_alone_differs_is_named(tmp_path):
    sides = Outputs("It falls.", ("a",)), Outputs("It falls.", ("b",))
    assert write_page(tmp_path / "page.html", "05_tiny", [(1, "x", *sides)]) == [
        "05_tiny, code cell 1: the figure alone"]
