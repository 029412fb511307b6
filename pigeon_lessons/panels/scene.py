"""What a panel shows at one moment, as plain data: pictures draw it, words and tables say it."""

from dataclasses import dataclass, field

from pigeon_lessons.panels.runs import Result


@dataclass(frozen=True)
class Scene:
    """`now`: the run under the sliders. `before`: the one shown before it. `pins`: slot 0..5 → pinned run.

    `names`: the settings that the panel's controls change. `view`: how to look at it ("x", "smoothing", "log").
    `baseline`: the accuracy and the loss of the best answer that does not look at the image.
    `train`, `val`: the digits. `visited`: (final validation accuracy, settings) of every finished run.
    """

    now: Result
    before: Result | None = None
    pins: dict = field(default_factory=dict)
    names: tuple = ()
    view: dict = field(default_factory=dict)
    baseline: dict = field(default_factory=dict)
    train: object = None
    val: object = None
    visited: tuple = ()

    def results(self):
        """Every run to be seen."""
        return [result for result in (self.now, self.before, *self.pins.values()) if result is not None]

    def differing(self):
        """Return the names whose settings are not the same in all pinned runs and the one shown."""
        results = [self.now, *self.pins.values()]
        return [name for name in self.names if len({result.settings[name] for result in results}) > 1]
