"""For those who edit the lessons: refresh, check, student edition. Nothing here is imported by a notebook."""


class AuthoringError(Exception):
    """Something that the author can mend; the message says where and how."""
