"""Explorers: panels of sliders that re-train the Pigeon and redraw its curves at once.

A chapter declares its panel in the words of `declare`. Without a widget: `runs`, `cache`, `runner`,
`session`, `score` (what is trained, and what a student does with it), `scene`, `summary` (what is to be seen, in
words and numbers), `curves` (on paper). With widgets: `panel`, put together from `controls`, `drawing`,
`tabs` and `html`.
"""

from weakref import WeakSet

from pigeon_lessons.data import check_train_and_val
from pigeon_lessons.front_end import front_end_cell
from pigeon_lessons.panels.controls import checked
from pigeon_lessons.panels.declare import declared
from pigeon_lessons.panels.panel import Panel

_panels = WeakSet()


def explore(name, train, val=None, **starts):
    """Return the explorer `name` as a widget: sliders that train the Pigeon on `train` and show its curves.

    `name`: "update_loop", "batching", "epochs", "learning_rate", "training_curves", "validation",
    "hyperparameters", "checkpointing" or "playground". `train`, `val`: `Digits`, of which it keeps copies.
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
    explorer = declared(name)
    check_train_and_val(train, val)
    unknown = sorted(set(starts) - set(explorer.controls))
    if unknown:
        raise TypeError(f"starts must be among this explorer's controls, {', '.join(explorer.controls)}; "
                        f"got {', '.join(unknown)}")
    starts = {**explorer.controls, **{one: checked(one, starts[one]) for one in starts}}
    panel = Panel(explorer, train[:], val and val[:], starts)
    cell, execution = panel.made_in = front_end_cell() or (None, None)
    for earlier in list(_panels):
        if cell and earlier.made_in[0] == cell and earlier.made_in[1] != execution:
            earlier.close()
    _panels.add(panel)
    return panel
