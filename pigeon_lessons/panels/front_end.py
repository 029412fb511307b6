"""Who is asking: a student's front end, or something that only runs cells, as a test or a refresh does."""

import asyncio

from IPython import get_ipython


def front_end_loop():
    """Return the kernel's event loop while a message from a front end is handled; None anywhere else.

    A value that a cell sets must have its effect before the cell's next line; a value that a slider
    sends may take its time, since the next message can interrupt it.
    """
    return asyncio.get_running_loop() if _message()["header"].get("msg_type") == "comm_msg" else None


def front_end_cell():
    """Return (cell, message) that a front end is running just now, both as identifiers; None anywhere else."""
    message = _message()
    cell = message["metadata"].get("cellId")
    return None if cell is None else (cell, message["header"]["msg_id"])


def _message():
    """Return the message that the kernel is at work on; an empty one where there is no kernel."""
    kernel = getattr(get_ipython(), "kernel", None)
    return {"header": {}, "metadata": {}, **(kernel.get_parent() if kernel is not None else {})}
