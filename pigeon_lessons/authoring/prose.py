"""What stands in Markdown: headings, links, pictures, each with its line. What they must be is not judged here.

The text of a chapter is Markdown as a whole: its header is a comment there, a code cell a block of code.
"""

import re
from functools import cache
from html.parser import HTMLParser
from typing import NamedTuple
from urllib.parse import unquote

from markdown_it import MarkdownIt

PARSER = MarkdownIt("commonmark").enable("table")
ELSEWHERE = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:|//")
"""How a link to the web begins: https:, mailto:. Such links are left alone, since the tests work without a network."""


class Heading(NamedTuple):
    """`level` 1 to 6."""

    line: int
    level: int
    words: str


class Link(NamedTuple):
    """A link or, when `alt` is not None, a picture with this alternative text ("" when it has none)."""

    line: int
    target: str
    alt: str | None = None


def headings(markdown):
    """Return the headings of a Markdown text; the first line is 1.

    >>> headings("# Glossary\\n\\n```\\n# no heading\\n```\\n### loss")
    [Heading(line=1, level=1, words='Glossary'), Heading(line=6, level=3, words='loss')]
    """
    tokens = _tokens(markdown)
    return [Heading(token.map[0] + 1, int(token.tag[1]), content.content)
            for token, content in zip(tokens, tokens[1:], strict=False) if token.type == "heading_open"]


def links(markdown):
    """Return the links and pictures of a Markdown text, those written as HTML too.

    >>> links("See [this](a.md)\\nand <img src='b.png'>.")
    [Link(line=1, target='a.md', alt=None), Link(line=2, target='b.png', alt='')]
    """
    found = []
    for token in _tokens(markdown):
        line = token.map[0] + 1 if token.map else 0
        for part in token.children or [token]:
            if part.type in ("softbreak", "hardbreak"):
                line += 1
            elif part.type == "link_open":
                found.append(Link(line, unquote(part.attrs["href"])))
            elif part.type == "image":
                found.append(Link(line, unquote(part.attrs["src"]), part.content.strip()))
            elif part.type in ("html_inline", "html_block"):
                found += _Tags(part.content, line).found
    return found


@cache
def anchors(markdown):
    """Return the names of the headings in a Markdown text, as GitHub, Jupyter and Sphinx write them in links.

    >>> sorted(anchors("# Glossary\\n### Learning rate (lr)"))
    ['Glossary', 'Learning-rate-(lr)', 'glossary', 'learning-rate-lr']
    """
    words = [heading.words for heading in headings(markdown)]
    return {word.replace(" ", "-") for word in words} | {
        re.sub(r"[^\w\- ]", "", word.lower()).replace(" ", "-") for word in words}


@cache
def _tokens(markdown):
    return PARSER.parse(markdown)


class _Tags(HTMLParser):
    """The links and pictures in a piece of HTML that begins at a line."""

    def __init__(self, html, line):
        super().__init__()
        self.line, self.found = line, []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attrs, line = dict(attrs), self.line + self.getpos()[0] - 1
        if tag == "img":
            self.found.append(Link(line, attrs.get("src") or "", (attrs.get("alt") or "").strip()))
        elif tag == "a" and attrs.get("href"):
            self.found.append(Link(line, attrs["href"]))
