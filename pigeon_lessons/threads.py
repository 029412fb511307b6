"""One thread for small products: a second one that has to wait for a busy core makes all of them wait.

(With one of two cores taken by another process, one thread was five times as fast as two.) And where several
workers compute side by side, they share the cores already.
"""

import threading
from contextlib import contextmanager

import torch

_lock, _here = threading.Lock(), threading.local()
_inside, _usual = 0, 1
"""How many Python threads are in a block, and the number of torch's threads before the first of them came."""


@contextmanager
def one_thread():
    """Let torch compute on one thread inside the block, and on as many as before afterwards.

    torch counts for each Python thread apart, so each restores its own; a new one begins with what the last
    call anywhere has set, which may be the 1 of a block like this: then it is left as the others will be.

    >>> with one_thread():
    ...     torch.get_num_threads()
    1
    """
    global _inside, _usual
    if getattr(_here, "is_inside", False):
        yield
        return
    with _lock:
        before = torch.get_num_threads()
        if not _inside:
            _usual = before
        elif before == 1:
            before = _usual
        _inside += 1
        torch.set_num_threads(1)
    _here.is_inside = True
    try:
        yield
    finally:
        _here.is_inside = False
        with _lock:
            _inside -= 1
            torch.set_num_threads(before)
