"""One line on stderr that says how far a long piece of work has come. It knows nothing of the work."""

import sys
from contextlib import contextmanager

WIDTH = 30


@contextmanager
def progress_bar(title, total, done=0):
    """Show a bar while the block runs; the block calls what it is given with the number of steps just done.

    It is drawn where someone watches, in a terminal or a notebook. In a file, a pipe or a test there is none.

    >>> with progress_bar("search", total=64) as advance:
    ...     advance(16)
    """
    is_watched = total > 0 and (sys.stderr.isatty() or type(sys.stderr).__module__.startswith("ipykernel"))

    def advance(steps):
        nonlocal done
        done += steps
        if is_watched:
            bar = ("█" * (WIDTH * done // total)).ljust(WIDTH, "░")
            print(f"\r{title} {bar} {done:,} of {total:,}", end="", file=sys.stderr, flush=True)

    try:
        advance(0)
        yield advance
    finally:
        if is_watched:
            print(file=sys.stderr)
