"""Walks a run in small slices: at once where nobody can interrupt, on the kernel's own loop where a front end can.

It knows no widget and no network. Work is any iterator whose steps are small pieces of work.
"""

import asyncio
import time
from math import inf

SLICE_SECONDS = 0.03
"""Work done between two looks at what the student has changed meanwhile."""


class Runner:
    """Does one piece of work at a time, and only the newest: starting another cancels the one under way.

    `on_slice()` is called after each slice of work, `on_end(error)` once when the work is done, with
    the exception if it failed. A cancelled piece of work is not heard of again.
    """

    def __init__(self, on_slice, on_end, *, clock=time.perf_counter):
        self._on_slice, self._on_end, self._clock = on_slice, on_end, clock
        self._work = None
        self._walker = None
        self.is_paused = False

    @property
    def is_busy(self):
        """Whether there is work left, paused or not."""
        return self._work is not None

    def start(self, work, loop=None):
        """Take up `work` in place of whatever is under way; its first slice is done before this returns.

        With `loop`, an asyncio event loop, the rest is done there; without, all of it is done here.
        """
        self._work = iter(work)
        self.is_paused = False
        if loop is None:
            self.finish()
        else:
            self._slice()
            self._schedule(loop)

    def finish(self):
        """Do all the work that is left, now."""
        self.is_paused = False
        if self._work is not None:
            self._slice(seconds=inf)

    def cancel(self):
        """Drop the work; nothing of it happens later."""
        self._work = None

    def pause(self):
        """Stop after the slice under way; `resume` goes on from there."""
        self.is_paused = self.is_busy

    def resume(self, loop=None):
        """Go on with paused work."""
        if loop is None:
            self.finish()
        elif self.is_paused:
            self.is_paused = False
            self._schedule(loop)

    def step(self):
        """Do one piece of the work and stay paused."""
        self.is_paused = self.is_busy
        self._slice(seconds=0)

    def _schedule(self, loop):
        if self._work is not None:
            self._walker = object()
            asyncio.run_coroutine_threadsafe(self._walk(self._work, self._walker), loop)

    async def _walk(self, work, walker):
        """Walk on until the work is done, replaced or paused, or another walker has taken it over."""
        while True:
            await asyncio.sleep(0.001)  # long enough for a waiting message to be taken, which sleep(0) is not
            if work is not self._work or walker is not self._walker or self.is_paused:
                return
            self._slice()

    def _slice(self, seconds=SLICE_SECONDS):
        work, end = self._work, self._clock() + seconds
        try:
            for _ in work or ():
                if self._clock() >= end:
                    break
            else:
                self._end(None)
                return
        except Exception as error:  # whatever it is, it must reach the student as words
            self._end(error)
            return
        self._on_slice()

    def _end(self, error):
        self._work = None
        self._on_end(error)
