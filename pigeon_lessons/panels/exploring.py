"""`explore`: makes a chapter's panel, and closes the one that the same cell had made before."""

from weakref import WeakSet

from pigeon_lessons import rooms
from pigeon_lessons.data import check_train_and_val
from pigeon_lessons.front_end import front_end_cell
from pigeon_lessons.panels.controls import checked
from pigeon_lessons.panels.panel import Panel

_panels_of_cell = {}


def explore(name, train, val=None, **starts):
    """Return the explorer `name` as a widget: sliders that train the Pigeon on `train` and show its curves.

    `name`: "update_loop", "batching", "epochs", "learning_rate", "training_curves", "validation",
    "hyperparameters", "checkpointing" or "playground". `train`, `val`: `Digits`.
    `starts`: where controls start, by the name of the control, such as `lr=0.05`.
    When a cell is run again, the panel that it had made before is closed.

    Raises ValueError for another name or a start out of its range, TypeError for what is not Digits and for a
    start of which this explorer has no control.

    >>> from pigeon_lessons import load_mnist, split
    >>> train, val, test = split(load_mnist())
    >>> panel = explore("learning_rate", train, val)
    >>> panel.controls["lr"].value = 0.05
    >>> panel.state, len(panel.history["val_loss"])
    ('done', 16)
    """
    explorer = rooms.explorer(name)
    check_train_and_val(train, val)
    unknown = sorted(set(starts) - set(explorer.controls))
    if unknown:
        raise TypeError(f"starts must be among this explorer's controls, {', '.join(explorer.controls)}; "
                        f"got {', '.join(unknown)}")
    starts = {**explorer.controls, **{name: checked(name, value) for name, value in starts.items()}}
    if "train_images" in starts:
        starts["train_images"] = min(starts["train_images"], len(train))
    panel = Panel(explorer, train, val, starts)
    _close_earlier(panel)
    return panel


def _close_earlier(panel):
    """Close what an earlier run of the present cell had made, and remember `panel` as made by this one."""
    place = front_end_cell()
    if place is None:
        return
    cell, execution = place
    made_in, panels = _panels_of_cell.get(cell, (None, WeakSet()))
    if made_in != execution:
        for earlier in list(panels):
            earlier.close()
        panels = WeakSet()
    panels.add(panel)
    _panels_of_cell[cell] = (execution, panels)
