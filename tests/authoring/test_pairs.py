"""Every committed notebook says what its text says; and a stale, missing or stray one is noticed."""

import os
import shutil

import jupytext
import pytest

from pigeon_lessons.authoring import AuthoringError, pairing
from pigeon_lessons.authoring.pairing import Chapter, find_chapters, read_notebook, read_text, stray_files
from tests.authoring.tiny import PROJECT, front_matter, write

TEXT = front_matter("  title: A tiny lesson\n", """\
  text_representation:
    extension: .md
    format_name: myst
""") + """
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


def drift(chapter):
    """Return in one sentence how notebook and text differ, None when they do not."""
    return next(pairing.drift(chapter, read_text(chapter), read_notebook(chapter)), None)


@pytest.fixture
def chapter(tmp_path):
    """Return a chapter whose notebook agrees with its text."""
    chapter = Chapter(tmp_path, "00_tiny")
    write(chapter, TEXT)
    return chapter


@pytest.mark.parametrize("chapter", find_chapters(PROJECT), ids=lambda chapter: chapter.name)
def test_committed_notebook_says_what_its_text_says(chapter):
    assert drift(chapter) is None


def test_no_committed_file_is_without_a_chapter():
    assert list(stray_files(PROJECT)) == []


@pytest.mark.parametrize(("old", "new", "place"), [
    ("# A tiny", "# A small", "cell 1"),
    ("2 + 2", "2 + 3", "cell 3"),
    ("[nbval-ignore-output]", "[nbval-skip]", "cell 3"),
    ("title: A tiny", "title: A small", "the lesson block"),
    ("```{code-cell} ipython3\n1 + 1\n```\n\n", "", "cell 2"),
    ("title: A tiny lesson\n---", "title: A tiny lesson\n---\n\nNew.\n\n+++\n", "cell 1"),
])
def test_stale_pair_is_noticed_with_its_place(chapter, old, new, place):
    chapter.text.write_text(TEXT.replace(old, new, 1))
    assert f"notebooks/00_tiny.ipynb: the notebook is stale: {place}" in drift(chapter)


def test_added_cell_makes_the_pair_stale(chapter):
    chapter.text.write_text(TEXT + "\nMore prose.\n")
    assert "it has 4 cells, the text has 5" in drift(chapter)


def test_touching_files_makes_no_pair_stale(chapter):
    assert drift(chapter) is None
    chapter.text.touch()
    assert drift(chapter) is None
    chapter.notebook.touch()
    assert drift(chapter) is None


def test_missing_notebook_and_stray_notebook_are_noticed(chapter):
    chapter.notebook.rename(chapter.notebook.with_name("01_other.ipynb"))
    assert "no notebook yet; run `pigeon-lessons refresh 00`" in drift(chapter)
    (chapter.root / "lessons" / "9_next.md").touch()
    stray, misnamed = stray_files(chapter.root)
    assert stray.startswith("notebooks/01_other.ipynb: there is no lessons/01_other.md")
    assert misnamed.startswith("lessons/9_next.md: no chapter; the name must be two digits")


def test_ids_stay_when_another_cell_is_edited_and_differ_for_equal_cells(chapter):
    before = [cell.id for cell in read_text(chapter).notebook.cells]
    chapter.text.write_text(TEXT.replace("# A tiny", "# A small"))
    after = [cell.id for cell in read_text(chapter).notebook.cells]
    assert after[0] != before[0]
    assert after[1:] == before[1:]
    assert len(set(after)) == 4


def test_chapters_are_found_by_number_and_by_name(chapter):
    assert find_chapters(chapter.root, ["00"]) == find_chapters(chapter.root, ["00_tiny"]) == [chapter]
    assert find_chapters(chapter.root) == [chapter]
    with pytest.raises(AuthoringError, match="no chapter '0' in lessons/; there are 00_tiny"):
        find_chapters(chapter.root, ["0"])


def test_project_is_found_from_a_folder_inside_it_and_missed_outside(chapter, tmp_path_factory):
    assert pairing.find_project(chapter.text.parent) == chapter.root
    with pytest.raises(AuthoringError, match="change to the project's folder first"):
        pairing.find_project(tmp_path_factory.mktemp("elsewhere"))


def test_jupyterlab_opens_a_notebook_newer_than_its_text_and_saves_into_both(chapter):
    shutil.copy(PROJECT / "pyproject.toml", chapter.root)
    os.utime(chapter.text, (0, 0))
    manager = jupytext.TextFileContentsManager(root_dir=str(chapter.root))
    model = manager.get("notebooks/00_tiny.ipynb")
    model["content"].cells[0].source = "# A tiny lesson, edited"
    manager.save({key: model[key] for key in ("type", "format", "content")}, "notebooks/00_tiny.ipynb")
    assert drift(chapter) is None
    assert chapter.text.read_text() == TEXT.replace("# A tiny lesson", "# A tiny lesson, edited")
