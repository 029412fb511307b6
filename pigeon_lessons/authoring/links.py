"""Whether the links of a chapter lead somewhere: to a file of the repository, and to a heading in it.

Links to the web are left alone, since the tests work without a network.
"""

import re
from urllib.parse import unquote

from pigeon_lessons.authoring.pairing import Chapter

LINK = re.compile(r"\]\(\s*<?([^)\s>]+)>?[^)]*\)")
CODE = re.compile(r"(?ms)^ *```.*?^ *```|`[^`\n]*`")
ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:")  # https:, mailto:


def link_problems(cells, chapter):
    """Yield the links in the Markdown `cells` that lead nowhere; a path starts where the notebook lies.

    A link to the notebook of another chapter is alive when that chapter has a text.
    """
    prose = "\n".join(CODE.sub("", cell.source) for cell in cells if cell.cell_type == "markdown")
    for target in LINK.findall(prose):
        if ELSEWHERE.match(target):
            continue
        path, _, anchor = unquote(target).partition("#")
        file = (chapter.notebook.parent / path).resolve() if path else None
        if file and file.suffix == ".ipynb" and file.parent == chapter.notebook.parent.resolve():
            file = Chapter(chapter.root, file.stem).text
        if file and not file.exists():
            yield f"the link {target!r} leads to no file"
        elif anchor and anchor not in anchors(file.read_text(encoding="utf-8") if file else prose):
            yield f"the link {target!r} leads to no heading there"


def anchors(markdown):
    """Return the names of the headings in a Markdown text, as GitHub, Jupyter and Sphinx write them in links.

    >>> sorted(anchors("# Glossary\\n### Learning rate (lr)"))
    ['Glossary', 'Learning-rate-(lr)', 'glossary', 'learning-rate-lr']
    """
    found = set()
    for heading in re.findall(r"(?m)^#{1,6} +(.+?) *$", CODE.sub(lambda code: code[0].strip("`"), markdown)):
        found.add(heading.replace(" ", "-"))
        found.add(re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-"))
    return found
