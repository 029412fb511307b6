"""Who is asking: a student's front end, or something that only runs cells, as a test or a refresh does."""

import asyncio

from IPython import get_ipython


def front_end_loop():
    """Return the kernel's event loop while a message from a front end is handled; None anywhere else.

    A value that a cell sets must have its effect before the cell's next line; a value that a slider
    sends may take its time, since the next message can interrupt it.
    """
    if _part("header").get("msg_type") != "comm_msg":
        return None
    try:
        return asyncio.get_running_loop()
    except RuntimeError:  # a kernel that handles messages without a loop, as an embedded one may
        return None


def front_end_cell():
    """Return (cell, message) that a front end is running just now, both as identifiers; None anywhere else."""
    cell, message = _part("metadata").get("cellId"), _part("header").get("msg_id")
    return (cell, message) if isinstance(cell, str) else None


def _part(name):
    """Return a part of the message that the kernel is at work on; an empty one where there is none."""
    try:
        part = get_ipython().kernel.get_parent()[name]
    except Exception:  # no kernel, one of another make, a message of another shape: nobody who could interrupt
        return {}
    return part if isinstance(part, dict) else {}
