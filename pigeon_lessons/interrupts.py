"""Ctrl-C at the right moment: between two updates, never inside one.

It knows nothing of training; it holds back a signal while a block runs.
"""

import signal
import threading


class Interrupted(KeyboardInterrupt):
    """A Ctrl-C after which everything is whole: a notebook shows it in one line, without a traceback."""

    def _render_traceback_(self):
        return [f"Interrupted: {self}"]


class interrupts_held:  # noqa: N801 - read as a phrase: `with interrupts_held():`
    """Hold back Ctrl-C until the block has ended, so that what is inside happens whole or not at all.

    A long block says with `let_through()` where a Ctrl-C that waits may interrupt it.
    Only the main thread receives Ctrl-C; elsewhere, or where Python does not handle it, this does nothing.

    >>> with interrupts_held() as held:
    ...     print("no KeyboardInterrupt in here")
    ...     held.let_through()
    no KeyboardInterrupt in here
    """

    def __enter__(self):
        self.waiting, self.usual = [], None
        if threading.current_thread() is threading.main_thread() and callable(signal.getsignal(signal.SIGINT)):
            self.usual = signal.signal(signal.SIGINT, lambda *arguments: self.waiting.append(arguments))
        return self

    def __exit__(self, *error):
        if self.usual:
            signal.signal(signal.SIGINT, self.usual)
            self.let_through()

    def let_through(self):
        """Deliver a Ctrl-C that has arrived in the meantime: the block ends here, with KeyboardInterrupt."""
        if self.waiting:
            number, frame = self.waiting.pop()
            self.waiting.clear()
            self.usual(number, frame)
