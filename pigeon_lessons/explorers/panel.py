"""The panel: controls on the left, the picture on the right, words below. Its callbacks only pass things on."""

import ipywidgets as widgets

from pigeon_lessons.explorers.cache import RunCache
from pigeon_lessons.explorers.canvas import Canvas
from pigeon_lessons.explorers.controls import make_control
from pigeon_lessons.explorers.runner import Runner
from pigeon_lessons.explorers.scene import Scene
from pigeon_lessons.explorers.summary import summarize

MOST_PINS = 6


class Panel(widgets.VBox):
    """A chapter's explorer, a widget. Set `controls["lr"].value`, then read `history` or `summary`.

    `controls`: the widget of each setting, by name. `history`: the `History` of the run shown.
    `summary`: the run in words. Reading either waits for the run to end.
    `state`: "idle", "training", "paused", "done", "diverged" or "failed".
    `pin()` keeps the run shown for comparison; `close()` ends the panel.
    """

    def __init__(self, explorer, train, val, starts):
        self._explorer = explorer
        self._cache = RunCache(train, val)
        self._runner = Runner(self._on_slice, self._on_end)
        self._before, self._pins, self._error = None, {}, None
        self.controls = {name: make_control(name, start) for name, start in starts.items()}
        self._canvas = Canvas(explorer.picture)
        self._words = widgets.HTML()
        super().__init__([*self.controls.values(), self._canvas.widget, self._words])
        for control in self.controls.values():
            control.observe(self._on_control, names="value")
        self._run_settings()

    @property
    def settings(self):
        """What the controls say, by name."""
        return {**self._explorer.fixed, **{name: control.value for name, control in self.controls.items()}}

    @property
    def history(self):
        """The `History` of the run under the controls; of the first seed where there are several."""
        self._runner.finish()
        return self._result().history

    @property
    def summary(self):
        """The run under the controls in words; the same settings always give the same words."""
        self._runner.finish()
        return summarize(self._result(), self.controls)

    @property
    def state(self):
        """What the panel is doing: "idle", "training", "paused", "done", "diverged" or "failed"."""
        if self._error is not None:
            return "failed"
        if self._runner.is_busy:
            return "paused" if self._runner.is_paused else "training"
        return "done" if self._result().diverged_at is None else "diverged"

    def pin(self):
        """Keep the run shown, to compare others with it. ValueError when six are pinned already."""
        self._runner.finish()
        free = [slot for slot in range(MOST_PINS) if slot not in self._pins]
        if not free:
            raise ValueError(f"pins must be at most {MOST_PINS}, got one more; remove one first")
        self._pins[free[0]] = self._result()
        self._draw()

    def close(self):
        """Stop training and remove the panel with all its widgets."""
        self._runner.cancel()
        super().close()

    def _on_control(self, change):
        self._run_settings()

    def _run_settings(self):
        settings = self.settings
        self._run = self._cache.run(settings)
        self._runner.start(self._run.walk(settings["epochs"]))

    def _on_slice(self):
        self._draw()

    def _on_end(self, error):
        self._error = error
        self._cache.trim()
        self._draw()

    def _result(self):
        return self._run.result(self.settings["epochs"])

    def _draw(self):
        self._canvas.draw(Scene(self._result(), self._before, self._pins, tuple(self.controls)))
        self._words.value = summarize(self._result(), self.controls)
