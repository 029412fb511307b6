"""No edit is lost, whichever file it was made in and whatever program saved it; and the text gets the edit alone."""

import copy
import json
import subprocess

import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_markdown_cell

from pigeon_lessons.authoring import AuthoringError, command
from pigeon_lessons.authoring.contract import find_problems
from pigeon_lessons.authoring.merging import adopt, compare
from pigeon_lessons.authoring.pairing import Chapter
from pigeon_lessons.authoring.reading import read_notebook, read_text, source_of
from pigeon_lessons.authoring.refreshing import refresh
from tests.authoring.tiny import header, write

TEXT = header("""\
  title:   A tiny lesson   # as its author likes it
  questions: ["Why?",
     'Why not?']
""") + """
# A tiny lesson

One sentence.
Another sentence.

```{code-cell} ipython3
rate = 0.1
```

Words between.

```{code-cell} ipython3
:tags: [nbval-ignore-output]

rate * 2
```

```{code-cell} ipython3
print(rate)
```
"""


def in_jupyter(notebook):
    notebook.metadata |= {"widgets": {"application/vnd.jupyter.widget-state+json": {"state": {}}}}
    for cell in notebook.cells:
        cell.metadata |= {"editable": True, "slideshow": {"slide_type": ""}, "jp-MarkdownHeadingCollapsed": True}
    notebook.cells.append(new_code_cell("", id="6f1c7a52-6a3c-4a0e-9d6f-0d8f0f7f9a11"))
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"


def in_vscode(notebook):
    notebook.metadata["kernelspec"] = {"display_name": ".venv (3.11.7)", "language": "python", "name": "python3"}
    notebook.metadata["language_info"] = {"codemirror_mode": {"name": "ipython", "version": 3}, "name": "python",
                                          "file_extension": ".py", "pygments_lexer": "ipython3", "version": "3.11.7"}
    for number, cell in enumerate(notebook.cells):
        cell.metadata["vscode"] = {"languageId": "python"}
        cell.source = cell.source.replace("\n", "\r\n") + "\n"
        if cell.cell_type == "code":
            cell.execution_count = number + 1
    return json.dumps(notebook, indent=1)


def in_colab(notebook):
    notebook.nbformat_minor = 0
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    notebook.metadata |= {"language_info": {"name": "python"}, "colab": {"provenance": [], "toc_visible": True}}
    for number, cell in enumerate(notebook.cells):
        del cell["id"]
        cell.metadata |= {"id": f"A{number}bCdEfGhI_", "outputId": "e1f2", "colab": {"base_uri": "https://localhost/"}}
    return json.dumps(notebook, indent=2)


def in_forgetful_colab(notebook):
    del notebook.metadata["agreed"]
    return in_colab(notebook)


PROGRAMS = [in_jupyter, in_vscode, in_colab, in_forgetful_colab]


def reword(notebook):
    notebook.cells[0].source = notebook.cells[0].source.replace("One sentence", "One long sentence")
    return TEXT.replace("One sentence", "One long sentence")


def recode(notebook):
    notebook.cells[4].source = "print(rate, rate)"
    return TEXT.replace("print(rate)", "print(rate, rate)")


def insert(notebook):
    notebook.cells.insert(1, new_code_cell("rates = []"))
    new = "```{code-cell} ipython3\nrates = []\n```\n\n"
    return TEXT.replace("```{code-cell} ipython3\nrate = 0.1", new + "```{code-cell} ipython3\nrate = 0.1")


def explain(notebook):
    notebook.cells.append(new_markdown_cell("And more."))
    return TEXT + "\nAnd more.\n"


def delete(notebook):
    del notebook.cells[2]
    return TEXT.replace("Words between.\n\n", "")


def move(notebook):
    notebook.cells[3], notebook.cells[4] = notebook.cells[4], notebook.cells[3]
    one, other = TEXT[TEXT.index("```{code-cell} ipython3\n:tags"):].split("\n\n```{code-cell} ipython3\nprint")
    last = "```{code-cell} ipython3\nprint" + other
    return TEXT[:TEXT.index("```{code-cell} ipython3\n:tags")] + last + "\n" + one + "\n"


def retag(notebook):
    notebook.cells[3].metadata["tags"] = ["nbval-skip"]
    return TEXT.replace("[nbval-ignore-output]", "[nbval-skip]")


EDITS = [reword, recode, insert, explain, delete, move, retag]


@pytest.fixture
def chapter(tmp_path, monkeypatch):
    """A chapter whose files agree, committed to git, in the current folder."""
    chapter = Chapter(tmp_path, "05_tiny")
    write(chapter, TEXT)
    git = ["git", "-C", tmp_path, "-c", "user.name=A", "-c", "user.email=a@example.org"]
    for words in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "Begin"]):
        subprocess.run([*git, *words], check=True)
    monkeypatch.chdir(tmp_path)
    return chapter


def edit(chapter, change, save=in_vscode):
    """Change the notebook as `save`'s program would save it; return what the text should become."""
    notebook = read_notebook(chapter)
    wanted = change(notebook)
    chapter.notebook.write_bytes(save(copy.deepcopy(notebook)).encode())
    return wanted


def difference(chapter):
    return compare(read_text(chapter), read_notebook(chapter))


def files(chapter):
    return chapter.text.read_bytes(), chapter.notebook.read_bytes()


@pytest.mark.parametrize("save", PROGRAMS, ids=lambda save: save.__name__)
def test_saving_without_an_edit_changes_nothing(chapter, save):
    edit(chapter, lambda notebook: None, save)
    assert difference(chapter) is None
    assert adopt(chapter) is None
    assert chapter.text.read_text() == TEXT


@pytest.mark.parametrize("save", PROGRAMS, ids=lambda save: save.__name__)
@pytest.mark.parametrize("change", EDITS, ids=lambda change: change.__name__)
def test_an_edit_in_the_notebook_stops_refresh_and_comes_alone_into_the_text(chapter, change, save, capsys):
    wanted, before = edit(chapter, change, save), files(chapter)
    assert wanted != TEXT
    for arguments in (["check"], ["refresh"], ["refresh", "05"]):
        assert command.main(arguments) == 1
        said = capsys.readouterr().out
        assert "notebooks/05_tiny.ipynb: changed since it agreed with its text, " in said
        assert "`pigeon-lessons adopt 05`" in said
    assert files(chapter) == before
    assert command.main(["adopt", "05"]) == 0
    assert chapter.text.read_text() == wanted
    assert difference(chapter) is None


def test_edits_in_different_places_are_joined_and_refresh_then_goes_on(chapter):
    write_text(chapter, "rate = 0.1", "rate = 0.2")
    wanted = edit(chapter, reword).replace("rate = 0.1", "rate = 0.2")
    with pytest.raises(AuthoringError, match=r"cell 1 \(# A tiny lesson\); and lessons/05_tiny.md changed, line 14;"):
        refresh(chapter)
    assert not adopt(chapter).merged[1]
    assert chapter.text.read_text() == wanted
    assert "05_tiny.ipynb: is stale" in str(difference(chapter))
    assert refresh(chapter)
    assert find_problems(chapter)
    assert difference(chapter) is None


def test_edits_of_two_sentences_of_one_cell_are_joined(chapter):
    write_text(chapter, "\nrate * 2", "\nrate * 2\n\n\n\nrate / 2")
    edit(chapter, lambda notebook: notebook.cells[3].update(source="rate = rate\nrate * 2"))
    assert not adopt(chapter).merged[1] or "rate = rate" in chapter.text.read_text()
    assert "rate / 2" in chapter.text.read_text()


def test_edits_in_one_place_stop_both_commands_and_both_versions_stay(chapter, capsys):
    write_text(chapter, "One sentence", "No sentence")
    edit(chapter, reword)
    before = files(chapter)
    assert command.main(["refresh", "05"]) == 1
    said = capsys.readouterr().out
    assert "cell 1 (# A tiny lesson)" in said
    assert "lessons/05_tiny.md changed, line 1; places where both changed: 1" in said
    assert files(chapter) == before
    assert chapter.beside.read_text() == TEXT.replace("One sentence", "One long sentence")
    chapter.beside.unlink()
    assert command.main(["adopt", "05"]) == 1
    assert "places where both had changed: 1; both versions stand there between git's" in capsys.readouterr().out
    assert chapter.beside.exists()
    marked = chapter.text.read_text()
    assert ("<<<<<<< lessons/05_tiny.md\nNo sentence.\n=======\nOne long sentence.\n"
            ">>>>>>> notebooks/05_tiny.ipynb\n") in marked
    assert marked.startswith(TEXT[:TEXT.index("One")])
    for arguments in (["check", "05"], ["refresh", "05"], ["adopt", "05"]):
        assert command.main(arguments) == 1
        assert "lessons/05_tiny.md:10: a conflict marker of git" in capsys.readouterr().out
    chapter.text.write_text(TEXT.replace("One sentence", "No long sentence"))
    assert command.main(["refresh", "05"]) == 0
    assert command.main(["check"]) == 1
    assert "lessons/05_tiny.md.notebook: left when text and notebook changed in one place" in capsys.readouterr().out


def test_the_same_edit_on_both_sides_is_none(chapter):
    chapter.text.write_text(edit(chapter, recode))
    assert difference(chapter) is None


def test_a_text_edited_after_jupyterlab_saved_both_is_only_newer(chapter):
    saved = edit(chapter, reword)
    chapter.text.write_text(saved.replace("rate = 0.1", "rate = 0.2"))
    assert not difference(chapter).only_in_notebook
    assert adopt(chapter) is None


def test_without_git_an_edit_stays_where_it_is(chapter, monkeypatch):
    edit(chapter, reword)
    before = files(chapter)
    monkeypatch.setenv("PATH", "")
    for do in (adopt, refresh):
        with pytest.raises(AuthoringError, match="install git, which joins them"):
            do(chapter)
    assert files(chapter) == before


def test_a_cell_that_is_no_text_is_named(chapter):
    edit(chapter, lambda notebook: notebook.cells[2].update(source="Words\n+++\nbetween."))
    before = files(chapter)
    with pytest.raises(AuthoringError, match=r"05_tiny.ipynb: cell 3 cannot be brought into the text; it holds a line"):
        adopt(chapter)
    assert files(chapter) == before


def test_what_git_cannot_join_leaves_both_files_as_they_are(chapter):
    edit(chapter, lambda notebook: notebook.cells[2].update(source="Words \0 between."))
    before = files(chapter)
    said = "notebooks/05_tiny.ipynb: git cannot join it with its text; delete what no text holds"
    for do in (adopt, refresh):
        with pytest.raises(AuthoringError, match=said):
            do(chapter)
    assert files(chapter) == before
    assert any(problem.startswith(said) for problem in find_problems(chapter))
    assert len(find_problems(chapter)) > 2, "what else is wrong is said as well"


def test_an_unreadable_notebook_is_kept_beside_the_new_one_and_check_says_so(chapter, capsys):
    broken = chapter.notebook.read_bytes()[:-40]
    chapter.notebook.write_bytes(broken)
    assert refresh(chapter)
    assert chapter.notebook.with_suffix(".ipynb.unreadable").read_bytes() == broken
    command.main(["check"])
    assert "notebooks/05_tiny.ipynb.unreadable: what could not be read, and was made anew" in capsys.readouterr().out


def test_an_inserted_cell_renumbers_none_of_the_others(chapter):
    refresh(chapter)
    before = nbformat.read(chapter.notebook, as_version=4).cells
    write_text(chapter, "```{code-cell} ipython3\nrate = 0.1", "```{code-cell} ipython3\nnew = 1\n```\n\n"
                                                               "```{code-cell} ipython3\nrate = 0.1")
    refresh(chapter)
    after = nbformat.read(chapter.notebook, as_version=4).cells
    assert after[1].source == "new = 1"
    assert after[:1] + after[2:] == before


steps = st.lists(st.tuples(st.sampled_from(["change", "insert", "delete"]), st.integers(0, 4)), max_size=3)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(in_text=steps, in_notebook=steps)
def test_whatever_both_sides_do_no_edit_is_lost(chapter, in_text, in_notebook):
    write(chapter, TEXT)
    notebook, mine = read_notebook(chapter), read_notebook(chapter)
    new = {side: apply(todo, one.cells, side) for side, todo, one in (
        ("text", in_text, mine), ("notebook", in_notebook, notebook))}
    write(chapter, TEXT)
    chapter.text.write_text(source_of(mine.cells))
    nbformat.write(notebook, chapter.notebook)
    adopt(chapter)
    after = chapter.text.read_text()
    assert [word for side in new for word in new[side] if word not in after] == []
    assert after.startswith(TEXT[:TEXT.index("# A tiny")])


def apply(todo, cells, side):
    """Do the steps to `cells`; return the words that are new and still there."""
    for number, (what, place) in enumerate(todo):
        place, word = min(place, len(cells) - 1), f"{side}_{number} = 1"
        if what == "insert":
            cells.insert(place + 1, new_code_cell(word))
        elif what == "change":
            cells[place].source += f"\n{word}"
        elif place:
            del cells[place]
    return [f"{side}_{number} = 1" for number in range(len(todo))
            if any(f"{side}_{number} = 1" in cell.source for cell in cells)]


def write_text(chapter, old, new):
    assert old in TEXT
    chapter.text.write_text(TEXT.replace(old, new, 1))
