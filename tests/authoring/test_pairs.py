"""Every committed notebook says what its text says; and a stale, missing or stray one is noticed."""

import os
import shutil

import jupytext
import pytest

from pigeon_lessons.authoring import AuthoringError, pairing
from pigeon_lessons.authoring.contract import find_problems
from pigeon_lessons.authoring.merging import compare
from pigeon_lessons.authoring.pairing import Chapter, find_chapters, stray_files
from pigeon_lessons.authoring.reading import read_notebook, read_text
from tests.authoring.tiny import PROJECT, header, write

TEXT = header("  title: A tiny lesson\n") + """
# A tiny lesson

```{code-cell} ipython3
1 + 1
```

```{code-cell} ipython3
:tags: [nbval-ignore-output]

2 + 2
```

```{code-cell} ipython3
1 + 1
```
"""


def difference(chapter):
    """Return in one sentence how notebook and text differ, None when they do not."""
    found = compare(read_text(chapter), read_notebook(chapter))
    return found and str(found)


@pytest.fixture
def chapter(tmp_path):
    """Return a chapter whose notebook agrees with its text."""
    chapter = Chapter(tmp_path, "00_tiny")
    write(chapter, TEXT)
    return chapter


@pytest.mark.parametrize("chapter", find_chapters(PROJECT), ids=lambda chapter: chapter.name)
def test_committed_notebook_says_what_its_text_says(chapter):
    assert difference(chapter) is None


def test_no_committed_file_is_without_a_chapter():
    assert list(stray_files(PROJECT)) == []


@pytest.mark.parametrize(("old", "new", "place"), [
    ("# A tiny", "# A small", "line 1"),
    ("2 + 2", "2 + 3", "line 15"),
    ("[nbval-ignore-output]", "[nbval-skip]", "line 15"),
    ("title: A tiny", "title: A small", "line 1"),
    ("```{code-cell} ipython3\n1 + 1\n```\n\n", "", "fewer cells: 1"),
    ("# A tiny lesson", "# A tiny lesson\n\n+++\n\nNew.", "line 10"),
])
def test_changed_text_makes_the_pair_stale_and_its_place_is_named(chapter, old, new, place):
    assert old in TEXT
    chapter.text.write_text(TEXT.replace(old, new, 1))
    said = f"notebooks/00_tiny.ipynb: is stale: lessons/00_tiny.md changed, {place}; run `pigeon-lessons refresh 00`"
    assert difference(chapter) == said


def test_touching_files_makes_no_pair_stale(chapter):
    assert difference(chapter) is None
    chapter.text.touch()
    assert difference(chapter) is None
    chapter.notebook.touch()
    assert difference(chapter) is None


def test_missing_notebook_and_stray_notebook_are_noticed(chapter):
    chapter.notebook.rename(chapter.notebook.with_name("01_other.ipynb"))
    assert any("no notebook yet; run `pigeon-lessons refresh 00`" in problem for problem in find_problems(chapter))
    (chapter.root / "lessons" / "9_next.md").touch()
    chapter.beside.touch()
    stray, misnamed, beside = stray_files(chapter.root)
    assert stray.startswith("notebooks/01_other.ipynb: there is no lessons/01_other.md")
    assert misnamed.startswith("lessons/9_next.md: no chapter; the name must be two digits")
    assert beside.startswith("lessons/00_tiny.md.notebook: left when text and notebook changed in one place")


def test_ids_stay_when_another_cell_is_edited_and_differ_for_equal_cells(chapter):
    before = [cell.id for cell in read_text(chapter).notebook.cells]
    chapter.text.write_text(TEXT.replace("# A tiny", "# A small"))
    after = [cell.id for cell in read_text(chapter).notebook.cells]
    assert after[0] != before[0]
    assert after[1:] == before[1:]
    assert len(set(after)) == 4


@pytest.mark.parametrize("name", ["00", "00_tiny", "lessons/00_tiny.md", "notebooks/00_tiny.ipynb"])
def test_chapters_are_found_by_number_by_name_and_by_file(chapter, name):
    assert find_chapters(chapter.root, [name]) == find_chapters(chapter.root) == [chapter]


@pytest.mark.parametrize("name", ["0", "lessons/01_tiny.md", ""])
def test_a_chapter_that_is_not_there_is_named_as_it_was_written(chapter, name):
    with pytest.raises(AuthoringError, match=f"no chapter '{name}' in lessons/; there are 00_tiny"):
        find_chapters(chapter.root, [name])


def test_project_is_found_from_a_folder_inside_it_and_missed_outside(chapter, tmp_path_factory):
    assert pairing.find_project(chapter.text.parent) == chapter.root
    with pytest.raises(AuthoringError, match="change to the project's folder first"):
        pairing.find_project(tmp_path_factory.mktemp("elsewhere"))


def test_jupyterlab_opens_a_notebook_newer_than_its_text_and_saves_the_edit_alone(chapter):
    shutil.copy(PROJECT / "pyproject.toml", chapter.root)
    os.utime(chapter.text, (0, 0))
    manager = jupytext.TextFileContentsManager(root_dir=str(chapter.root))
    model = manager.get("notebooks/00_tiny.ipynb")
    notebook = model["content"]
    notebook.cells[0].source = notebook.cells[0].source.replace("# A tiny lesson", "# A tiny lesson, edited")
    notebook.metadata["kernelspec"] = {"display_name": "pigeon (3.12)", "language": "python", "name": "pigeon"}
    notebook.metadata["language_info"] = {"name": "python", "pygments_lexer": "ipython3", "version": "3.12.1"}
    for cell in notebook.cells:
        cell.metadata |= {"editable": True, "slideshow": {"slide_type": ""}, "jp-MarkdownHeadingCollapsed": True}
    manager.save({key: model[key] for key in ("type", "format", "content")}, "notebooks/00_tiny.ipynb")
    assert difference(chapter) is None
    assert chapter.text.read_text() == TEXT.replace("# A tiny lesson", "# A tiny lesson, edited")
