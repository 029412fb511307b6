"""What a chapter says of itself in its first lines, for its page and for the contents: number, minutes, objectives."""

import json
import re
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Lesson:
    """`docname` as Sphinx calls it; the rest is the notebook's metadata."""

    docname: str
    title: str
    minutes: int
    questions: tuple
    objectives: tuple

    @property
    def number(self):
        """The chapter's number as prose writes it: two digits."""
        return re.match(r"\d+", Path(self.docname).name)[0]


@cache
def lessons():
    """Return the `Lesson` of each notebook, by docname, in the order of the book."""
    found = {}
    for path in sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb")):
        told = json.loads(path.read_text(encoding="utf-8"))["metadata"]["lesson"]
        docname = f"notebooks/{path.stem}"
        found[docname] = Lesson(docname, told["title"], told["minutes"], tuple(told["questions"]),
                                tuple(told["objectives"]))
    return found


def opening_html(lesson):
    """Return what stands under a chapter's title: what it asks, and what one can do afterwards."""
    asked = "".join(f"<li>{escape(question)}</li>" for question in lesson.questions)
    goals = "".join(f"<li>{escape(goal)}</li>" for goal in lesson.objectives)
    return (f'<div class="opening"><div><p class="label">Questions</p><ul>{asked}</ul></div>'
            f'<div><p class="label">Afterwards you can</p><ul>{goals}</ul></div></div>')


def launch_links(lesson, repository):
    """Return (text, address) of the places where a chapter runs; `repository` is "owner/name" on GitHub, or empty."""
    if not repository:
        return []
    notebook = f"{lesson.docname}.ipynb"
    return [("Binder", f"https://mybinder.org/v2/gh/{repository}/HEAD?labpath={notebook}"),
            ("Colab", f"https://colab.research.google.com/github/{repository}/blob/main/{notebook}"),
            ("Source", f"https://github.com/{repository}/blob/main/lessons/{Path(lesson.docname).name}.md")]
