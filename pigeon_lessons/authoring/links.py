"""Whether the links of a chapter lead somewhere: to a file of the repository, and to a heading in it.

Links to the web are left alone, since the tests work without a network.
"""

import re
from urllib.parse import unquote

from pigeon_lessons.authoring.pairing import Chapter

LINK = re.compile(r"\]\(\s*<?([^)\s>]+)>?[^)]*\)")
CODE_BLOCK = re.compile(r"(?ms)^ *(```+|~~~+).*?^ *\1")
CODE = re.compile(r"`[^`\n]*`")
ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:")  # https:, mailto:
OTHER_TEXT = re.compile(r"\d\d_\w+\.md")


def link_problems(cells, chapter):
    """Yield the links in the Markdown `cells` that lead nowhere; a path starts where the notebook lies.

    A link to the notebook of another chapter is alive when that chapter has a text.
    """
    prose = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    for target in LINK.findall(CODE.sub("", CODE_BLOCK.sub("", prose))):
        if not ELSEWHERE.match(target) and (problem := _problem(unquote(target), chapter, prose)):
            yield f"the link {target!r} {problem}"


def _problem(target, chapter, prose):
    path, _, anchor = target.partition("#")
    if not path:
        return None if anchor in anchors(prose) else "leads to no heading there"
    file = (chapter.notebook.parent / path).resolve()
    if OTHER_TEXT.fullmatch(path):
        return f"must lead to what students have, {file.stem}.ipynb"
    if file.parent == chapter.notebook.parent.resolve() and file.suffix == ".ipynb":
        file = Chapter(chapter.root, file.stem).text
    if not file.exists():
        return "leads to no file, seen from notebooks/"
    if anchor and anchor not in anchors(file.read_text(encoding="utf-8")):
        return "leads to no heading there"
    return None


def anchors(markdown):
    """Return the names of the headings in a Markdown text, as GitHub, Jupyter and Sphinx write them in links.

    >>> sorted(anchors("# Glossary\\n### Learning rate (lr)"))
    ['Glossary', 'Learning-rate-(lr)', 'glossary', 'learning-rate-lr']
    """
    found = set()
    for heading in re.findall(r"(?m)^#{1,6} +(.+?) *$", CODE_BLOCK.sub("", markdown)):
        found.add(heading.replace(" ", "-"))
        found.add(re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-"))
    return found
