"""Ctrl-C at the right moment: between two updates, never inside one.

It knows nothing of training; it holds back a signal while a block runs.
"""

import signal
import threading
from contextlib import contextmanager


@contextmanager
def interrupts_held():
    """Hold back Ctrl-C until the block has ended, so that what is inside happens whole or not at all.

    Only the main thread receives Ctrl-C; elsewhere, or where Python does not handle it, this does nothing.

    >>> with interrupts_held():
    ...     print("no KeyboardInterrupt in here")
    no KeyboardInterrupt in here
    """
    if threading.current_thread() is not threading.main_thread() or not callable(signal.getsignal(signal.SIGINT)):
        yield
        return
    held = []
    usual = signal.signal(signal.SIGINT, lambda number, frame: held.append((number, frame)))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, usual)
        if held:
            usual(*held[-1])
