"""Whether the links and pictures of a chapter lead somewhere: to a file of the repository, and to a heading in it.

Links to the web are left alone, since the tests work without a network.
"""

import os
import re

from pigeon_lessons.authoring.pairing import Chapter
from pigeon_lessons.authoring.prose import anchors, links

ELSEWHERE = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:|//")  # https:, mailto:
OTHER_TEXT = re.compile(r"\d\d_\w+\.md")


def link_problems(text):
    """Yield (line, sentence) for the links and pictures in the Markdown of a reading.Text that lead nowhere.

    A path starts where the notebook lies; a link to another chapter's notebook is alive when that has a text.
    """
    prose = [(line, cell.source) for line, cell in text.cells("markdown")]
    own = set().union(*(anchors(source) for _, source in prose))
    for line, link in ((line + link.line - 1, link) for line, source in prose for link in links(source)):
        kind = "link" if link.alt is None else "picture"
        if link.alt == "":
            yield line, f"the picture {link.target!r} needs an alternative text: ![what is seen](…)"
        if not ELSEWHERE.match(link.target) and (problem := _problem(link.target, text.chapter, own)):
            yield line, f"the {kind} {link.target!r} {problem}"


def _problem(target, chapter, own):
    path, _, anchor = target.partition("#")
    if not path:
        return None if anchor in own else "leads to no heading there"
    if OTHER_TEXT.fullmatch(path):
        return f"must lead to what students have, {path.removesuffix('.md')}.ipynb"
    file = (chapter.notebook.parent / path).resolve()
    if file.parent == chapter.notebook.parent.resolve() and file.suffix == ".ipynb":
        file = Chapter(chapter.root, file.stem).text
    if not os.path.exists(file):  # unlike Path.exists, at peace with a name too long for a file
        return "leads to no file, seen from notebooks/"
    if anchor and file.suffix == ".md" and anchor not in anchors(file.read_text(encoding="utf-8", errors="replace")):
        return "leads to no heading there"
    return None
