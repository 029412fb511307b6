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


class Message:
    """A message as IPython displays it: the words where there is only text, a marked block elsewhere.

    What went wrong with storing the answers, if anything, is told with it.
    """

    def __init__(self, kind, text, code=""):
        self.kind, self.text, self.code = kind, with_trouble(text), code

    def __repr__(self):
        return "\n".join(filter(None, (self.text.replace("`", ""), self.code)))

    def html(self):
        """Return the message as HTML, its code as it is."""
        code = f'<pre style="padding: 4px 16px"><code>{escape(self.code)}</code></pre>' if self.code else ""
        return block(self.kind, self.text) + code

    _repr_html_ = html


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
