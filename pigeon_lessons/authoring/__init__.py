"""For those who edit the lessons: refresh, check, student edition. Nothing here is imported by a notebook."""

import sys

sys.modules.setdefault("rfc3987_syntax", None)
# With it, nbformat's jsonschema compiles a grammar of web addresses when imported: seconds, for what no notebook asks.


class AuthoringError(Exception):
    """Something that the author can mend; the message says where and how."""
