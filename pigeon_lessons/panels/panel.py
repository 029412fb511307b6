"""The panel: controls on the left, the picture on the right, words below. It hands on what is done and shows scenes."""

import asyncio
from functools import partial
from html import escape
from math import inf

import ipywidgets as widgets

from pigeon_lessons.front_end import close, front_end_cell, front_end_loop, show
from pigeon_lessons.panels import html
from pigeon_lessons.panels.controls import CONTROLS, check_offered, make_control, within_offer
from pigeon_lessons.panels.drawing import Shown, last_picture, png, preset_grid, preset_words
from pigeon_lessons.panels.session import Session
from pigeon_lessons.panels.summary import LETTERS
from pigeon_lessons.panels.tabs import Tabs

RUN_TEXT = {"training": "Pause", "paused": "Go on", "failed": "Try again"}
SECONDS_AT_REST = 2.0
"""How long nothing happens before what is to be saved with the notebook is drawn: a slider moved meanwhile waits."""


class Panel(widgets.VBox):
    """A chapter's explorer, a widget. Set `controls["lr"].value`, then read `history` or `summary`.

    `controls`: the widget of each setting, by name. `history`: the `History` of the run shown, of the first seed
    where there are several. `summary`: the run in words. Reading either waits for the run to end, and is a
    RuntimeError if it fails. `scene`: all that is to be seen now, as plain data. `state`: "idle", "training",
    "paused", "done", "diverged" or "failed". `pin()` keeps the run shown for comparison, a ValueError when six are;
    `close()` ends the panel and all its widgets.
    """

    def __init__(self, explorer, train, val, starts):
        super().__init__()
        self.add_class("pigeon-panel")
        most = {"batch_size": len(train), "train_images": len(train)}
        self._starts = {name: min(start, len(train)) if name == "train_images" else start
                        for name, start in starts.items()}
        self._explorer, self._train = explorer, train
        self._is_held = self._is_closed = False
        self._save_again = self._save_later = None
        self.controls = {name: make_control(name, start, most.get(name, inf)) for name, start in self._starts.items()}
        self._session = Session(explorer, train, val, [name for name in starts if CONTROLS[name].trains], self._render)
        self._shown = Shown(explorer.picture, train, self._on_pinned)
        self._tabs = Tabs(val if val is not None else train, self._look, self.apply)
        self._said = {kind: widgets.HTML().add_class(kind) for kind in html.PARTS}
        self.children = self._parts()
        for name, control in self.controls.items():
            control.observe(self._run if CONTROLS[name].trains else self._look, names="value")
        self._run()

    @property
    def settings(self):
        """What the controls that train say, by name."""
        return {name: self.controls[name].value for name in self._session.names}

    @property
    def history(self):
        """The `History` of the run under the controls, a copy of it."""
        return self._session.finish().now.history.copy()

    @property
    def summary(self):
        """The run under the controls in words; the same settings always give the same words."""
        return self._session.finish().summary

    @property
    def scene(self):
        """The `Scene` that is to be seen now."""
        return self._session.scene

    @property
    def state(self):
        """What the panel is doing."""
        return self._session.state

    def pin(self):
        """Keep the run shown, to compare others with it. ValueError when six are pinned already."""
        self._session.pin()

    def apply(self, settings, note=""):
        """Move several controls at once, and run once. Names that the panel has no control for are left out.

        `note` is a remark to be read beside the run. Raises ValueError, and moves nothing, for a value that a control
        does not offer.
        """
        check_offered(self.controls, settings)
        self._is_held = True
        try:
            for name, value in settings.items():
                if name in self.controls:
                    self.controls[name].value = value
        finally:
            self._is_held = False
        self._run(note=note)

    def close(self):
        """Stop training and remove the panel, with every widget in it."""
        if not self._is_closed:
            self._is_closed = True
            self._session.close()
            close(self)

    def __repr__(self):
        return f"Panel({', '.join(f'{name}={value!r}' for name, value in self.settings.items())}; {self.state})"

    def _ipython_display_(self):
        """Show the panel in Jupyter, and its picture in the notebook as it is saved."""
        self._save_again = show(self, lambda: last_picture(self._explorer, self.scene, self._train))

    def _repr_mimebundle_(self, **kwargs):
        """Return the widget for front ends, and for everything else its presets in words and, unless live, pictures."""
        now = {name: control.value for name, control in self.controls.items()}
        stations = [("As set", "", now), *((one.name, one.story, self._declared(one.settings))
                                           for one in self._explorer.presets)]
        data = super()._repr_mimebundle_(**kwargs) | {
            "text/plain": preset_words(self._explorer, self._session.names, stations)}
        if front_end_cell() is None:  # a student at a live panel need not wait for pictures of its presets
            data["text/html"], data["image/png"] = preset_grid(self._session, self._train, stations)
        return data

    def _parts(self):
        """Return the widgets from top to bottom."""
        explorer, asked, said = self._explorer, self._explorer.prediction, self._said
        buttons = [html.button(*one) for one in (
            ("run", "Run", "run, pause, or go on", self._on_run),
            ("step", "Step", "show one epoch more", self._session.step),
            ("pin", "Pin", "keep this run, to compare others with it", self._on_pin),
            ("reset", "Reset", "back to the start, without pinned runs", self._on_reset))]
        self._run_button = buttons[0]
        if self._shown.is_live:
            buttons.append(html.button("fit", "Fit view", "fit the axes to the curves that are there",
                                       partial(self._shown.scale, True)))
        presets = [html.button("preset", one.name, one.story, partial(self._on_preset, one))
                   for one in explorer.presets]
        self._answers = [html.button("answer", answer, "commit to this answer, and run it",
                                     partial(self._on_guess, answer)) for answer in (asked.answers if asked else ())]
        question = widgets.HTML(f"<b>Predict first.</b> {escape(asked.question)}" if asked else "")
        trains, views = ([self.controls[name] for name in self.controls if CONTROLS[name].trains is flag]
                         for flag in (True, False))
        left = widgets.VBox([*trains, html.row(buttons, "pigeon-buttons"), *views]).add_class("pigeon-left")
        right = widgets.VBox([html.row([said["pigeon-status"], said["pigeon-summary"]], "pigeon-statusbar"),
                              html.row(self._shown.widgets, "pigeon-picture")]).add_class("pigeon-right")
        prediction = html.row([question.add_class("pigeon-question"), *self._answers], "pigeon-predict")
        return [widgets.HTML(html.head(explorer) + html.style_sheet()),
                widgets.VBox([prediction, said["pigeon-answer"]]).add_class("pigeon-prediction"),
                html.row([widgets.HTML("Try:"), *presets], "pigeon-presets"), said["pigeon-story"],
                html.row([left, right], "pigeon-body"), said["pigeon-challenges"], said["pigeon-leaderboard"],
                self._tabs.widget]

    # --- what the student does

    def _run(self, change=None, note=""):
        if not self._is_held:
            self._session.run(self.settings, front_end_loop(), view=self._view(), note=note)

    def _look(self, change=None):
        if not self._is_held:
            self._session.look(self._view(), self._tabs.open)

    def _view(self):
        return {name: control.value for name, control in self.controls.items() if not CONTROLS[name].trains}

    def _on_run(self):
        if self.state == "training":
            self._session.pause()
        else:
            self._session.resume(front_end_loop())

    def _on_pin(self):
        if self.state != "failed" and len(self.scene.pins) < len(LETTERS):
            self.pin()

    def _on_preset(self, preset):
        self._shown.scale()
        self.apply(self._declared(preset.settings), preset.story)

    def _on_guess(self, answer):
        self._session.guess(answer)
        self.apply(self._declared(self._explorer.prediction.settings))

    def _on_reset(self):
        self._session.reset()
        self._shown.scale()
        self.apply(self._starts)

    def _on_pinned(self, message):
        if "drop" in message:
            self._session.unpin(message["drop"])
        elif message["recall"] in self.scene.pins:
            self.apply(within_offer(self.controls, self.scene.pins[message["recall"]].settings))

    def _declared(self, settings):
        return within_offer(self.controls, {**self._starts, **settings})

    # --- what the student sees

    def _render(self, scene):
        if self._is_closed:
            return
        if scene.error is None:
            self._shown.draw(scene)
            if scene.state != "training":
                for answer in self._answers:
                    answer.disabled = scene.prediction["guess"] is not None
                self._tabs.show(scene, partial(png, self._explorer.picture, scene, self._train))
        self._run_button.description = RUN_TEXT.get(scene.state, "Run")
        for kind, words in html.told(scene).items():
            self._said[kind].value = words
        self._keep_soon()

    def _keep_soon(self):
        """Once nothing happens any more, draw what is to be seen for the notebook that may be saved."""
        if self._save_later is not None:
            self._save_later.cancel()
        if self._save_again is not None:
            try:
                self._save_later = asyncio.get_running_loop().call_later(SECONDS_AT_REST, self._keep)
            except RuntimeError:  # a thread, or a kernel, that has no loop to wait in
                self._keep()

    def _keep(self):
        if self.state not in ("training", "failed") and not self._is_closed:
            self._save_again()
