"""For those who edit the lessons: refresh, check, student edition. Nothing here is imported by a notebook."""

import sys
from pathlib import Path
from string import Template

sys.modules.setdefault("rfc3987_syntax", None)
# With it, nbformat's jsonschema compiles a grammar of web addresses when imported: seconds, for what no notebook asks.

TEMPLATES = Path(__file__).parent / "templates"
"""What is written for authors, instructors and students."""


class AuthoringError(Exception):
    """Something that the author can mend; the message says where and how."""


def template(name):
    """Return the file `name` of TEMPLATES, to be filled in."""
    return Template((TEMPLATES / name).read_text(encoding="utf-8"))
