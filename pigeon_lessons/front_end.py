"""Who is asking: a student's front end, or something that only runs cells; and how a widget is shown to a student.

JupyterLab saves of a widget only a reference, which nobody finds on the next day (jupyterlab#15361, ipywidgets#3888).
So `show` gives it two outputs that stand by themselves: a place that the widget is put into while it lives, and beside
it what is to be read where nothing does.
"""

import asyncio
import re
from pathlib import Path

from IPython import get_ipython
from ipywidgets import Widget
from traitlets import Unicode

try:
    from anywidget import AnyWidget
except ImportError:  # then widgets are shown as they are, and charts are drawn by matplotlib
    AnyWidget = None

FRONT = Path(__file__).parent / "front"
"""The JavaScript and the style sheets of what notebooks show."""
PLACE = ('<style>.jp-OutputArea-child:has(.pigeon-place:not(:empty)) ~ .jp-OutputArea-child:has(.pigeon-saved) '
         '{{display: none}}</style><div class="pigeon-place" data-widget="{}"></div>')


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


def show(widget, saved):
    """Show `widget` to a student, and `saved()`, HTML, where it does not live; return what shows `saved()` anew.

    Raises NotImplementedError where that cannot be: no front end, one that is not JupyterLab or Notebook 7 and so tells
    no cell by an identifier as nbformat has it (Colab names none, Visual Studio Code an address), no anywidget.
    With it a method `_ipython_display_` asks IPython to go on to the next way of showing a thing, the plain widget.
    """
    cell = front_end_cell()
    if cell is None or not re.fullmatch(r"[\w-]{1,64}", cell[0]) or AnyWidget is None:
        raise NotImplementedError
    from IPython.display import display

    def bundle():
        return {"text/html": f'<div class="pigeon-saved">{saved()}</div>'}

    widget.mount = Mount(target=widget.model_id)
    display({"text/html": PLACE.format(widget.model_id)}, raw=True)
    handle = display(bundle(), raw=True, display_id=True)
    return lambda: handle.update(bundle(), raw=True)


def close(widget):
    """Close a widget with its layout and its style, which ipywidgets would keep for ever, and all that is in it."""
    for one in filter(None, (*getattr(widget, "children", ()), getattr(widget, "mount", None))):
        close(one)
    for one in filter(None, (getattr(widget, "style", None), widget.layout, widget)):
        Widget.close(one)


def module(*names):
    """Return modules of `FRONT` as the text of one, each of them after those that it imports."""
    return "\n".join(re.sub(r"^import .*\n", "", (FRONT / f"{name}.js").read_text("utf-8"), flags=re.MULTILINE)
                     for name in names)


if AnyWidget:
    class Mount(AnyWidget):
        """Puts the widget `target` into its places."""

        _esm = module("mount")
        target = Unicode().tag(sync=True)


def _part(name):
    """Return a part of the message that the kernel is at work on; an empty one where there is none."""
    try:
        part = get_ipython().kernel.get_parent()[name]
    except Exception:  # no kernel, one of another make, a message of another shape: nobody who could interrupt
        return {}
    return part if isinstance(part, dict) else {}
