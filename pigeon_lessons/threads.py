"""Panels compute on one thread: their products are small, and a second thread that has to wait for a busy core
makes all of them wait. (With one of two cores taken by another process, one thread was five times as fast as two.)
"""

from contextlib import contextmanager

import torch


@contextmanager
def one_thread():
    """Let torch compute on one thread inside the block, and on as many as before afterwards.

    >>> with one_thread():
    ...     torch.get_num_threads()
    1
    """
    usual = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(usual)
