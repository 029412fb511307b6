"""One line on stderr that says how far a long piece of work has come. It knows nothing of the work."""

import sys
import time
from contextlib import contextmanager

WIDTH = 30
PATIENCE = 1.0
"""Seconds that a piece of work may take without a bar."""


@contextmanager
def progress_bar(title, total, done=0):
    """Show a bar while the block runs; the block calls what it is given with the number of steps just done.

    It is drawn where someone watches, in a terminal or a notebook, once the work takes longer than PATIENCE. In a file,
    a pipe or a test there is none.

    >>> with progress_bar("search", total=64) as advance:
    ...     advance(16)
    """
    is_watched = total > 0 and not getattr(sys.stderr, "closed", True) and (  # it may be None, or anything
        sys.stderr.isatty() or type(sys.stderr).__module__.startswith("ipykernel"))
    start, is_drawn = time.monotonic(), False

    def advance(steps):
        nonlocal done, is_drawn
        done += steps
        if is_watched and time.monotonic() >= start + PATIENCE:
            is_drawn = True
            bar = ("█" * (WIDTH * done // total)).ljust(WIDTH, "░")
            print(f"\r{title} {bar} {done:,} of {total:,}", end="", file=sys.stderr, flush=True)

    try:
        advance(0)
        yield advance
    finally:
        if is_drawn:
            print(file=sys.stderr)
