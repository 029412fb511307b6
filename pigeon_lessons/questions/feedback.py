"""How the book answers a student: a short message in words and as HTML that a screen reader announces."""

import re
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

    def _repr_html_(self):
        code = f'<pre style="padding: 4px 16px"><code>{escape(self.code)}</code></pre>' if self.code else ""
        return block(self.kind, self.text) + code


def with_trouble(text):
    """Return `text`, followed by what storage has to complain of."""
    text = f"{text}\n{progress.trouble}" if progress.trouble else text
    progress.told()
    return text
