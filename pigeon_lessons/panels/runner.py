"""Walks work in small slices: at once where nobody can interrupt, on the kernel's own loop where a front end can.

It knows no widget and no network. Work is any iterator whose steps are small pieces of work, and which
remembers by itself how far it came: to pause is to cancel, to go on is to start it again.
"""

import asyncio
import time
from contextlib import nullcontext
from functools import wraps
from math import inf

SLICE_SECONDS = 0.03
"""Work done between two looks at what the student has changed meanwhile."""
SECONDS_OF_AN_ANSWER = 0.01
"""Rest before the first slice: a thread of the kernel's is sending the first picture, and to train would hinder it."""


def guarded(method):
    """Let a method work within `self.guard()`, as what a Runner does is."""
    @wraps(method)
    def alone(self, *arguments, **options):
        with self.guard():
            return method(self, *arguments, **options)
    return alone


class Runner:
    """Does one piece of work at a time, and only the newest: starting another cancels the one under way.

    `on_slice()` is called after each slice that leaves work over, `on_end(error)` once at the end,
    with the exception if the work failed, else None. Cancelled work is not heard of again.
    `guard()` returns a context in which whatever the loop does happens: a lock, where others have it too.
    """

    def __init__(self, on_slice, on_end, *, clock=time.perf_counter, guard=nullcontext):
        self._on_slice, self._on_end, self._clock, self._guard = on_slice, on_end, clock, guard
        self._work = None

    @property
    def is_busy(self):
        """Whether there is work left."""
        return self._work is not None

    def start(self, work, loop=None):
        """Take up `work` in place of whatever is under way; its first step is done before this returns.

        With `loop`, a running asyncio event loop, the rest is done there; without, all of it is done here.
        """
        self._work = work
        if loop is None:
            self.finish()
            return
        self._slice(seconds=0)
        if self._work is work:
            self._show()
            asyncio.run_coroutine_threadsafe(self._walk(work), loop)

    def finish(self):
        """Do all the work that is left, now."""
        if self._work is not None:
            self._slice(seconds=inf)

    def cancel(self):
        """Drop the work; nothing of it happens later."""
        self._work = None

    async def _walk(self, work):
        rest = SECONDS_OF_AN_ANSWER
        while self._work is work:
            await asyncio.sleep(rest)
            rest = 0.001  # long enough for a waiting message to be taken, which 0 is not
            with self._guard():
                if self._work is work:
                    self._slice(SLICE_SECONDS)
                if self._work is work:
                    self._show()

    def _slice(self, seconds):
        end = self._clock() + seconds
        try:
            for _ in self._work:
                if self._clock() >= end:
                    break
            else:
                self._end(None)
        except Exception as error:  # whatever it is, it must reach the student as words
            self._end(error)

    def _show(self):
        try:
            self._on_slice()
        except Exception as error:
            self._end(error)

    def _end(self, error):
        self._work = None
        self._on_end(error)
