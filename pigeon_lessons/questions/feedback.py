"""How the book answers a student: a short message in words and as HTML that a screen reader announces."""

import re
from dataclasses import dataclass
from html import escape

from pigeon_lessons.questions.storage import progress

_COLORS = {"right": "#009E73", "wrong": "#D55E00", "note": "#767676"}
_MARKS = {"right": "✓ ", "wrong": "✗ ", "note": ""}


def marked_up(text):
    """Return plain text as HTML, its `backticks` as code.

    >>> marked_up("if `n < 3`")
    'if <code>n &lt; 3</code>'
    """
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text, quote=False)).replace("\n", "<br>")


def block(kind, text):
    """Return a message as HTML; `kind` is "right", "wrong" or "note", told apart not by color alone."""
    return (f'<div role="status" aria-live="polite" style="border-left: 4px solid {_COLORS[kind]}; padding: 4px 12px; '
            f'margin: 4px 0; max-width: 720px; line-height: 1.5">{_MARKS[kind]}{marked_up(text)}</div>')


class Shown:
    """What is shown to a student, as IPython displays it: `words` where there is only text, `html` elsewhere."""

    def __init__(self, words, html):
        self.words, self.html = words, html

    def __repr__(self):
        return self.words

    def _repr_html_(self):
        return self.html


class Message(Shown):
    """A message of such a `kind` as `block` has, its code as it is; what is wrong with storing answers is told too."""

    def __init__(self, kind, text, code=""):
        self.text = with_trouble(text)
        shown = f'<pre style="padding: 4px 16px"><code>{escape(code)}</code></pre>' if code else ""
        super().__init__("\n".join(filter(None, (self.text.replace("`", ""), code))), block(kind, self.text) + shown)


@dataclass(frozen=True)
class CheckResult:
    """What came of an answer; true if it is right, so that `assert check(…)` grades it.

    `passed` is None where nothing was answered yet. The `message` has been shown already: a notebook, which
    shows the last value of a cell, shows nothing of this one.
    """

    passed: bool | None
    message: str

    def __bool__(self):
        return self.passed is True

    def _ipython_display_(self):
        pass


def with_trouble(text):
    """Return `text`, followed by what storage has to complain of."""
    text = f"{text}\n{progress.trouble}" if progress.trouble else text
    progress.told()
    return text
