"""The panel: controls on the left, the picture on the right, words below. Its callbacks only pass things on."""

import time
from contextlib import contextmanager

import ipywidgets as widgets

from pigeon_lessons.panels import html
from pigeon_lessons.panels.canvas import Canvas
from pigeon_lessons.panels.controls import CONTROLS, check_offered, make_control, within_offer
from pigeon_lessons.panels.front_end import front_end_cell, front_end_loop
from pigeon_lessons.panels.look import style_sheet
from pigeon_lessons.panels.predicting import PredictionBox
from pigeon_lessons.panels.session import Session
from pigeon_lessons.panels.static import preset_grid, preset_words
from pigeon_lessons.panels.summary import LETTERS, summarize
from pigeon_lessons.panels.tabs import Tabs

SECONDS_BETWEEN_PICTURES = 0.12
"""While training; on a slow machine more, so that at most a third of the time goes into drawing."""


class Panel(widgets.VBox):
    """A chapter's explorer, a widget. Set `controls["lr"].value`, then read `history` or `summary`.

    `controls`: the widget of each setting, by name. `history`: the `History` of the run shown.
    `summary`: the run in words. Reading either waits for the run to end.
    `state`: "idle", "training", "paused", "done", "diverged" or "failed".
    `pin()` keeps the run shown for comparison; `close()` ends the panel and all its widgets.
    """

    def __init__(self, explorer, train, val, starts):
        super().__init__()
        self.add_class("pigeon-panel")
        self._explorer, self._is_held, self._is_closed, self._next_picture = explorer, False, False, 0.0
        most = {"batch_size": len(train), "train_images": len(train)}
        self.controls = {name: make_control(name, start, most=most.get(name)) for name, start in starts.items()}
        names = [name for name in self.controls if CONTROLS[name].trains]
        self._session = Session(explorer, train, val, names, self._on_change)
        self._canvas = Canvas(explorer.picture)
        self._make_parts()
        for name, control in self.controls.items():
            control.observe(self._on_setting if CONTROLS[name].trains else self._on_view, names="value")
        self._run()

    @property
    def settings(self):
        """What the controls that train say, by name."""
        return {name: self.controls[name].value for name in self._session.names}

    @property
    def history(self):
        """The `History` of the run under the controls; of the first seed where there are several."""
        self._session.finish()
        return self._session.result().history

    @property
    def summary(self):
        """The run under the controls in words; the same settings always give the same words."""
        self._session.finish()
        return self._summarize(self._session.scene(self._view()))

    @property
    def state(self):
        """What the panel is doing: "idle", "training", "paused", "done", "diverged" or "failed"."""
        return self._session.state

    def pin(self):
        """Keep the run shown, to compare others with it. ValueError when six are pinned already."""
        self._session.pin()

    def apply(self, settings):
        """Move several controls at once, and run once. Names that the panel has no control for are left out.

        Raises ValueError, and moves nothing, for a value that a control does not offer.
        """
        check_offered(self.controls, settings)
        with self._held():
            for name, value in settings.items():
                if name in self.controls:
                    self.controls[name].value = value
        self._run()

    def close(self):
        """Stop training and remove the panel, with every widget in it."""
        if self._is_closed:
            return
        self._is_closed = True
        self._session.close()
        for widget in html.descendants(self):
            html.close(widget)
        self.layout.close()
        super().close()

    def _repr_mimebundle_(self, **kwargs):
        """Return the widget for front ends, and for everything else its presets in words and, unless live, pictures."""
        bundle = super()._repr_mimebundle_(**kwargs)
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
        data = {**(data or {}), "text/plain": preset_words(self._explorer, self._session.names, self.settings)}
        if front_end_cell() is None:  # a student at a live panel need not wait for pictures of its presets
            data["text/html"] = preset_grid(self._explorer, self._session, self.settings)
        return data, metadata

    # --- putting the parts together

    def _make_parts(self):
        explorer = self._explorer
        self._story = html.note("pigeon-story")
        self._state, self._progress = html.note("pigeon-status"), widgets.IntProgress(layout={"width": "120px"})
        self._words = html.note("pigeon-summary")
        self._board, self._challenges = html.note("pigeon-leaderboard"), html.note("pigeon-challenges")
        self._buttons = {name: html.button(name, text, tip, self._on_button) for name, (text, tip) in BUTTONS.items()}
        self._prediction = PredictionBox(explorer.prediction, self._on_guess)
        self._tabs = Tabs(self._on_view, self.apply, self._session.unpin)
        presets = [html.button("preset", preset.name, preset.story, self._on_preset) for preset in explorer.presets]
        trains, views = ([self.controls[name] for name in self.controls if CONTROLS[name].trains is flag]
                         for flag in (True, False))
        left = html.column([*trains, html.row(self._buttons.values(), "pigeon-buttons"), *views], "pigeon-left")
        right = html.column([self._canvas.widget, html.row([self._state, self._progress], "pigeon-statusbar")],
                            "pigeon-right")
        self.children = [
            html.note("pigeon-head", f"<h3>{explorer.title}</h3><p>{explorer.intro}</p>{style_sheet()}"),
            self._prediction.widget, html.row([html.note("", "Try:"), *presets], "pigeon-presets"), self._story,
            html.row([left, right], "pigeon-body"), self._words,
            self._challenges, self._board, self._tabs.widget]

    # --- what the student does

    def _on_setting(self, change):
        if not self._is_held:
            self._story.value = ""
            self._run()

    def _on_view(self, change=None):
        if not self._is_held:
            self._draw(is_end=True)

    def _on_preset(self, button):
        self._story.value = f'<div class="pigeon-note">{button.tooltip}</div>'
        self._canvas.picture.start_anew()
        self._apply_declared(self._preset(button.description).settings)

    def _on_guess(self):
        self._apply_declared(self._explorer.prediction.settings)

    def _on_button(self, button):
        getattr(self, f"_do_{button.name}")()

    def _do_run(self):
        if self.state == "training":
            self._session.pause()
        else:
            self._session.resume(front_end_loop())

    def _do_step(self):
        self._session.step()

    def _do_pin(self):
        if len(self._session.pins) < len(LETTERS):
            self.pin()

    def _do_reset(self):
        self._session.reset()
        self._canvas.picture.start_anew()
        self._story.value = ""
        self._apply_declared({})

    def _do_fit(self):
        self._canvas.picture.fit()
        self._draw(is_end=True)

    def _apply_declared(self, settings):
        self.apply(within_offer(self.controls, {**self._explorer.controls, **settings}))

    def _preset(self, name):
        return next(preset for preset in self._explorer.presets if preset.name == name)

    @contextmanager
    def _held(self):
        self._is_held = True
        try:
            yield
        finally:
            self._is_held = False

    def _run(self):
        self._next_picture = 0.0
        self._session.run(self.settings, front_end_loop())

    # --- what the student sees

    def _on_change(self, is_end):
        start = time.perf_counter()
        if is_end or self.state == "paused" or start >= self._next_picture:
            self._draw(is_end)
            end = time.perf_counter()
            self._next_picture = end + max(SECONDS_BETWEEN_PICTURES, 2 * (end - start))

    def _draw(self, is_end):
        if self._is_closed:
            return
        if self._session.error is not None:
            self._words.value = html.failure(self._session.error)
            self._show_state()
            return
        scene = self._session.scene(self._view())
        self._canvas.draw(scene)
        self._progress.max, self._progress.value = scene.now.end("iteration"), scene.now.iterations
        if is_end or self.state == "paused":
            self._words.value = html.words(self._summarize(scene))
            self._challenges.value = html.challenges(self._explorer.challenges, self._session.met)
            if self._explorer.has_leaderboard:
                self._board.value = html.leaderboard(self._session.best_runs(), self._session.names)
            self._prediction.reveal(scene)
            self._tabs.show(scene, self._canvas, self.settings)
        self._show_state()

    def _show_state(self):
        self._state.value = html.state(self.state, self._session.num_runs)
        self._buttons["run"].description = RUN_TEXT.get(self.state, "Run")
        self._progress.layout.visibility = "visible" if self.state in ("training", "paused") else "hidden"

    def _summarize(self, scene):
        """Return the run in words, and what the explorer's own picture has to add."""
        return " ".join(filter(None, [summarize(scene.now, scene.names), self._canvas.picture.words(scene)]))

    def _view(self):
        return {name: control.value for name, control in self.controls.items() if not CONTROLS[name].trains}


BUTTONS = {
    "run": ("Run", "run, pause, or go on"),
    "step": ("Step", "show one epoch more"),
    "pin": ("Pin", "keep this run, to compare others with it"),
    "reset": ("Reset", "back to the start, without pinned runs"),
    "fit": ("Fit view", "fit the axes to the curves that are there"),
}
RUN_TEXT = {"training": "Pause", "paused": "Go on", "failed": "Try again"}
