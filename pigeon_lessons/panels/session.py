"""What a student does with one explorer, without a widget: run, pause, step, pin. What is to be seen is a `Scene`."""

import time
import traceback
from contextlib import contextmanager
from dataclasses import replace
from math import inf
from threading import RLock

from pigeon_lessons.panels.cache import RunCache
from pigeon_lessons.panels.runner import Runner, guarded
from pigeon_lessons.panels.scene import Scene, details
from pigeon_lessons.panels.score import Score, baseline
from pigeon_lessons.panels.summary import LETTERS, summarize
from pigeon_lessons.threads import one_thread

SECONDS_OF_A_DRAG = 0.5
"""A run that is asked for so soon after another is a step of a drag; the run before is the one before the drag."""


class Session:
    """The runs of one panel: the one under the controls, the one before it, the pinned ones.

    `show(scene)` is called whenever there is something new to see; of a run under way, only now and then.
    `explorer` is the declaration, `names` are the settings that the panel offers.
    """

    def __init__(self, explorer, train, val, names, show):
        self.explorer, self.names = explorer, tuple(names)
        self.cache = RunCache(train, val, explorer.run)
        self._show, self._lock = show, RLock()
        self._runner = Runner(self._on_slice, self._on_end, guard=self.guard)
        self._score = Score(explorer)
        self._blank = Scene(explorer.name, names=self.names, baseline=baseline(val if val is not None else train))
        self._asked = self._scene = self._good = self._blank
        self._settings = self._run = self._last = self._shown = self._tab = None
        self._is_paused, self._next_picture, self._began = False, 0.0, -inf

    @contextmanager
    def guard(self):
        """One thread of torch's, and no other thread at this session: a kernel may have two."""
        with self._lock, one_thread():
            yield

    @property
    @guarded
    def state(self):
        """One of "idle", "training", "paused", "done", "diverged", "failed"."""
        if self._asked.error is not None:
            return "failed"
        if self._run is None:
            return "idle"
        if self._is_paused or self._runner.is_busy:
            return "paused" if self._is_paused else "training"
        return "diverged" if self._result().diverged else "done"

    @property
    @guarded
    def scene(self):
        """Everything to be seen now; after a failure, what was to be seen before it, and the error."""
        if self._scene is None and self._asked.error is not None:
            self._scene = replace(self._good, state="failed", error=self._asked.error, num_runs=self._asked.num_runs)
        elif self._scene is None:
            self._scene = self._good = self._present()
        return self._scene

    @guarded
    def run(self, settings, loop=None, *, view=None, note=""):
        """Show the run of `settings` ("epochs" among them), trained as far as is still needed; `note` says why."""
        self._settings = settings
        self._ask(num_runs=self._asked.num_runs + 1, view=self._asked.view if view is None else view)
        self.resume(loop, note)

    @guarded
    def resume(self, loop=None, note=""):
        """Go on to the last epoch; after a failure, try again."""
        self._is_paused, self._shown, self._next_picture = False, None, 0.0
        self._ask(note=note, error=None)
        try:
            self._run = self.cache.run(self._settings)
        except Exception as error:  # a setting that no run can be made of is shown, like any failure
            self._runner.cancel()
            self._on_end(error)
            return
        now, began, before = self._result().settings, time.monotonic(), self._asked.before
        is_dragged, self._began = loop is not None and began < self._began + SECONDS_OF_A_DRAG, began
        candidates = (before, self._last) if is_dragged else (self._last, before)
        self._ask(before=next((one for one in candidates if one and one.settings != now), None))
        self._runner.start(self._run.walk(self._settings["epochs"]), loop)

    @guarded
    def finish(self):
        """Train to the end, now, and return the scene. RuntimeError if that failed."""
        if self._is_paused:
            self.resume()
        self._runner.finish()
        if self._asked.error is not None:
            raise RuntimeError(f"this run failed: {self._asked.error['words']}; move a slider, or press “Try again”")
        return self.scene

    @guarded
    def pause(self):
        """Stop training where it is; `resume` goes on from there."""
        if self._runner.is_busy:
            self._runner.cancel()
            self._is_paused = True
            self._publish()

    @guarded
    def step(self):
        """Show one epoch more, and stay there; from a run that is done, start again at its first epoch."""
        epochs, shown = self._settings["epochs"], self._shown
        if self._asked.error is not None:
            shown = epochs  # try again
        elif shown is None:
            shown = 0 if self._result().is_complete else self._run.epochs_done
        self._runner.cancel()
        if shown + 1 >= epochs:
            self.resume(note="This run has one epoch only, and so no step on its way: ask for more epochs."
                        if epochs == 1 else "This was the last step; one more starts again at the first epoch.")
        else:
            self._is_paused, self._shown = True, shown + 1
            self._run.finish(self._shown)
            self._publish(note=f"Epoch {self._shown} of {epochs}; “Go on” shows the rest.")

    @guarded
    def look(self, view, tab=None):
        """Look at the same runs in another way: `view` by the names of controls, `tab` the title of the open one."""
        self._tab = tab
        self._publish(view=view)

    @guarded
    def pin(self):
        """Keep the run shown, whole, and return its slot, 0..5. ValueError when six are pinned already."""
        result, pins = self.finish().now, self._asked.pins
        slot = next((slot for slot, pinned in pins.items() if pinned.settings == result.settings), None)
        if slot is None:
            slot = next((slot for slot in range(len(LETTERS)) if slot not in pins), None)
            if slot is None:
                raise ValueError(f"pins must be at most {len(LETTERS)}, and as many runs are pinned; remove one first")
            self._publish(pins={**pins, slot: result})
        return slot

    @guarded
    def unpin(self, slot):
        """Forget a pinned run; the others keep their slots, and so their colors."""
        self._publish(pins={kept: run for kept, run in self._asked.pins.items() if kept != slot})

    @guarded
    def reset(self):
        """Forget the pinned runs and the run before."""
        self._last = None
        self._publish(pins={}, before=None)

    @guarded
    def guess(self, answer):
        """Commit to an answer to the prediction's question."""
        self._score.guess(answer)

    @guarded
    def close(self):
        """Stop training; nothing happens later."""
        self._runner.cancel()

    @guarded
    def scenes_of(self, stations):
        """Return the scene of each of `stations`, dicts of settings and views, as if a student had been at all."""
        runs, score = [self._trained(station) for station in stations], Score(self.explorer)
        for _, result in runs:
            score.visit(result)
        views = [{name: value for name, value in station.items() if name not in self.names} for station in stations]
        return [self._filled(replace(self._blank, view=view), *run, score)
                for run, view in zip(runs, views, strict=True)]

    def _trained(self, settings):
        """Return (run, result) of settings, trained now if it is not remembered."""
        settings = {name: settings[name] for name in self.names}
        run = self.cache.run(settings)
        return run, run.finish(settings["epochs"])

    def _result(self):
        return self._run.result(self._settings["epochs"], self._shown)

    def _present(self):
        result, state = self._result(), self.state
        return replace(self._filled(self._asked, self._run, result, self._score), state=state,
                       details={} if state == "training" else details(self._tab, self._run, result),
                       **self._score.as_dict())

    def _filled(self, scene, run, result, score):
        """Return a scene with what `run` shows, and the chapter's picture measures of it."""
        picture = self.explorer.picture
        measured = picture.measure(run, result, scene.view, score.visited)
        words = f"{summarize(result, self.names)} {picture.words(result, measured) or ''}".rstrip()
        return replace(scene, now=result, picture=measured, summary=words)

    def _measured(self, **changes):
        """Return (result, what the chapter's picture measured) of the present settings but for some."""
        run, result = self._trained({**self._settings, **changes})
        return result, self.explorer.picture.measure(run, result, self._asked.view, self._score.visited)

    def _ask(self, **changes):
        """Change what the coming scenes have beside the run under the controls."""
        self._asked, self._scene = replace(self._asked, **changes), None

    def _publish(self, **changes):
        self._ask(**changes)
        try:
            self._show(self.scene)
        except Exception as error:  # whatever it is, it must reach the student as words
            self._runner.cancel()
            self._fail(error)
            self._show(self.scene)

    def _fail(self, error):
        self._ask(error={"words": str(error) or type(error).__name__,
                         "details": "".join(traceback.format_exception(error))})

    def _on_slice(self):
        self._scene = None
        start = time.perf_counter()
        if start >= self._next_picture:
            self._publish()
            self._next_picture = 3 * time.perf_counter() - 2 * start  # at most a third of the time goes into drawing

    def _on_end(self, error):
        try:
            if error is not None:
                raise error
            self._last = self._result()
            self._score.visit(self._last)
            self._score.note(self._measured)
        except Exception as failure:
            self._fail(failure)
        self._publish()
        self.cache.trim()
