"""Every chapter keeps the contract; and each rule of the contract notices a chapter that breaks it."""

import re
import subprocess
import sys

import nbformat
import pytest
from nbformat.v4 import new_output

from pigeon_lessons.authoring.contract import find_problems
from pigeon_lessons.authoring.pairing import Chapter, find_chapters
from pigeon_lessons.authoring.prose import anchors
from pigeon_lessons.authoring.reading import read_text
from tests.authoring.tiny import PROJECT, header, write

GOOD = header("""\
  title: A tiny lesson
  questions: ["Why?"]
  objectives: [Know why.]
  prerequisites: [Python, 00_before]
  minutes: 12
  key_points: [Because.]
""") + """
# A tiny lesson

## Recall

```{code-cell} ipython3
quiz("tiny/recall-1")
quiz("tiny/recall-2")
```

## The question
What is a [loss](../book/glossary.md#loss)? See [the chapter before](00_before.ipynb) and [below](#your-turn).

## Predict

```{code-cell} ipython3
predict("tiny/guess")
```

## Run

```{code-cell} ipython3
plot_history(history)
```

```{code-cell} ipython3
:tags: [nbval-ignore-output]

import time
start = time.perf_counter()
```

### A second experiment

## Explain
```
## a heading in a code block is none, and [a link](nowhere.md) in it is none
```

## Explore

```{code-cell} ipython3
explore("tiny", train, val)
```

## Common mistakes

## Your turn

```{code-cell} ipython3
check("tiny/one", ...)  # hint("tiny/one")
```

```{code-cell} ipython3
check("tiny/two", ...)
```

## Key points
"""


@pytest.fixture
def chapter(tmp_path):
    """Return a chapter that keeps the contract, with its notebook, a glossary and a chapter before it."""
    for folder in ("lessons", "notebooks", "book"):
        (tmp_path / folder).mkdir()
    (tmp_path / "book" / "glossary.md").write_text("# Glossary\n\n### loss\nHow wrong the answers are.\n")
    (tmp_path / "lessons" / "00_before.md").write_text("# Before\n")
    chapter = Chapter(tmp_path, "01_tiny")
    write(chapter, GOOD)
    return chapter


@pytest.mark.parametrize("chapter", find_chapters(PROJECT), ids=lambda chapter: chapter.name)
def test_chapter_keeps_the_contract(chapter):
    assert find_problems(chapter) == []


def test_check_compiles_no_grammar_of_web_addresses():
    seen = "import pigeon_lessons.authoring.contract, jsonschema, sys; print('lark' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", seen], capture_output=True, text=True, check=True).stdout == "False\n"


def test_good_chapter_has_no_problems(chapter):
    assert find_problems(chapter) == []


@pytest.mark.parametrize(("old", "new", "problem"), [
    ("lesson:\n  title", "lessen:\n  title", "the text must begin with a header, `<!--`, `lesson:` with title, "),
    ("# A tiny lesson\n", "# A tiny lesson\n\n\n\n+++\n", "JupyterLab would save this line as '+++'"),
    ('predict("tiny/guess")', ':due: 2026\n\npredict("tiny/guess")', "JupyterLab would save this line as 'predict("),
    ("  minutes: 12\n", "", "lesson.minutes must be a int and not empty, got None"),
    ("minutes: 12", "minutes: long", "lesson.minutes must be a int"),
    ("minutes: 12", "minutes: yes", "lesson.minutes must be a int and not empty, got 'yes'"),
    ('["Why?"]', "[Why: me]", "lesson.questions must hold texts, got {'Why': 'me'}; put it in quotes"),
    ('["Why?"]', "[]", "lesson.questions must be a list and not empty, got []"),
    ("  minutes: 12\n", "  minutes: 12\n  hours: 5\n", "lesson.hours is not a key of a lesson"),
    ("[Python, 00_before]", "[02_after]", "prerequisite '02_after' must be a chapter before this one"),
    ("[Python, 00_before]", "[01_tiny]", "prerequisite '01_tiny' must be a chapter before this one"),
    ("[Python, 00_before]", "[00_x, 00_before]", "prerequisites must be in the order of the chapters"),
    ("# A tiny lesson\n", "", "there must be one title (# …), got 0"),
    ("### A second", "#### A second", "the heading 'A second experiment' must be of level 3, got 4"),
    ("## Explain\n", "", "section 5 must be 'Explain', got 'Explore'"),
    ("## Explain\n", "## Explain it\n", "section 5 must be 'Explain', got 'Explain it'"),
    ("## Key points\n", "", "section 9 must be 'Key points', got the end"),
    ("## Key points\n", "## Key points\n## More\n", "section 10 must be the end, got 'More'"),
    ('quiz("tiny/recall-2")\n', "", 'section "Recall" must call quiz() at least 2 times, got 1'),
    ('check("tiny/two", ...)', "x = 1", 'section "Your turn" must call check() at least 2 times, got 1'),
    ('check("tiny/two", ...)', 'check("tiny/two", ...); hint("tiny/two")', "hint() must not be called in a cell"),
    ('predict("tiny/guess")', "x = 1\n" * 26, "the cell has 26 lines, more than 25"),
    ('predict("tiny/guess")', "def f(a, b, c, /, d, *, e):\n    pass", "f has 5 arguments, more than 4"),
    ('predict("tiny/guess")', "from math import e, pi\nfrom math import sin, cos, tan, exp, log, sqrt, tau",
     "the cell imports 9 names, more than 8"),
    ("minutes: 12", "minutes: 20", "lesson.minutes must be what it takes, "),
    ("## Explain\n", "## Explain\n" + "word " * 10_000 + "\n", "it takes "),
    ('predict("tiny/guess")', "%matplotlib inline", "the cell is not plain Python"),
    ("plot_history(history)", "plot_history(history)\nx = 1", "the cell makes a figure that is not seen"),
    ("plot_history(history)", "for history in runs:\n    plot_history(history)", "the cell makes a figure"),
    ("plot_history(history)", "import matplotlib.pyplot as plt", "the cell draws by itself"),
    (":tags: [nbval-ignore-output]\n\n", "", "the cell measures time; give it the tag nbval-ignore-output"),
    ("glossary.md#loss", "glossary.md#lost", "the link '../book/glossary.md#lost' leads to no heading"),
    ("What is a [loss]", "What is <a href='../book/nothing.md'>this</a> and a [loss]",
     "the link '../book/nothing.md' leads to no file"),
    ("What is a [loss]", "What is ![a bird](bird.png) and a [loss]", "the picture 'bird.png' leads to no file"),
    ("What is a [loss]", "What is ![](../book/glossary.md) and a [loss]",
     "the picture '../book/glossary.md' needs an alternative text"),
    ("What is a [loss]", "What is <img src='../book/glossary.md'> and a [loss]",
     "the picture '../book/glossary.md' needs an alternative text"),
    ("What is a [loss]", "What is [a name](" + "x" * 300 + ") and a [loss]", "the link 'xxx"),
    ("glossary.md#loss", "glosary.md#loss", "the link '../book/glosary.md#loss' leads to no file"),
    ("(00_before.ipynb)", "(09_before.ipynb)", "the link '09_before.ipynb' leads to no file"),
    ("(00_before.ipynb)", "(00_before.md)", "the link '00_before.md' must lead to what students have, 00_before.ipynb"),
    ("(#your-turn)", "(#my-turn)", "the link '#my-turn' leads to no heading"),
])
def test_broken_rule_is_noticed(chapter, old, new, problem):
    assert old in GOOD
    write(chapter, GOOD.replace(old, new, 1))
    assert any(re.match(r"lessons/01_tiny.md:\d+: " + re.escape(problem), found) for found in find_problems(chapter))


@pytest.mark.parametrize(("old", "new", "at"), [
    ("minutes: 12", "minutes: long", "  minutes: long"),
    ("## Explain\n", "## Explain it\n", "## Explain it"),
    ("### A second", "#### A second", "#### A second experiment"),
    ('quiz("tiny/recall-2")\n', "", "## Recall"),
    ("import time\n", "import time\nplot_loss(run)\n", "plot_loss(run)"),
    ("(00_before.ipynb)", "(09_before.ipynb)", "What is a"),
])
def test_problem_is_named_with_its_line(chapter, old, new, at):
    text = GOOD.replace(old, new, 1)
    write(chapter, text)
    (found,) = find_problems(chapter)
    assert text.split("\n")[int(found.split(":")[1]) - 1].startswith(at), found


@pytest.mark.parametrize(("output", "problem"), [
    (new_output("display_data", {"image/png": "iVBO", "text/plain": "a"}), "leaves a picture without words"),
    (new_output("display_data", {"text/html": "<img>", "text/plain": "a"}), "leaves a picture without alternative"),
    (new_output("stream", name="stdout", text="<Pigeon at 0x7f2a33c0>"), "prints '0x7f2a33c0'"),
    (new_output("stream", name="stdout", text="saved in /home/me/run.pt"), "prints '/home/'"),
])
def test_output_that_belongs_in_no_notebook_is_noticed(chapter, output, problem):
    notebook = read_text(chapter).notebook
    next(cell for cell in notebook.cells if cell.cell_type == "code").outputs.append(output)
    nbformat.write(notebook, chapter.notebook)
    (found,) = find_problems(chapter)
    assert f"notebooks/01_tiny.ipynb: code cell 1 {problem}" in found


def test_cell_may_draw_with_matplotlib_once_its_author_says_what_is_to_be_seen(chapter):
    drawing = "import matplotlib.pyplot as plt\nplt.plot([0.7, 0.2])"
    fence = "```{code-cell} ipython3\n"
    assert f'{fence}predict("tiny/guess")' in GOOD
    words = "---\nmystnb:\n  image:\n    alt: It falls.\n---\n"
    write(chapter, GOOD.replace(f'{fence}predict("tiny/guess")', f'{fence}{words}{drawing}\npredict("tiny/guess")', 1))
    notebook = read_text(chapter).notebook
    cell = next(cell for cell in notebook.cells if "plt" in cell.source)
    cell.outputs.append(new_output("display_data", {"image/png": "iVBO", "text/plain": "<Figure>"}))
    nbformat.write(notebook, chapter.notebook)
    assert find_problems(chapter) == []


def test_first_chapter_needs_no_recall_and_a_stale_pair_is_a_problem(chapter):
    first = Chapter(chapter.root, "00_before")
    recall = GOOD[GOOD.index("## Recall"):GOOD.index("## The question")]
    write(first, GOOD.replace(recall, "").replace("[Python, 00_before]", "[]"))
    assert find_problems(first) == []
    first.text.write_text(first.text.read_text() + "More.\n")
    (found,) = find_problems(first)
    assert "00_before.ipynb: is stale: lessons/00_before.md changed, line " in found


def test_unreadable_text_is_one_problem(chapter):
    chapter.text.write_text("<!--\nlesson: [\n-->\n")
    (found,) = find_problems(chapter)
    assert found.startswith("lessons/01_tiny.md:2: the header is not YAML")


def test_headings_in_code_blocks_are_no_anchors():
    assert "hidden" not in anchors("# Seen\n```\n# Hidden\n```\n")
