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

SECONDS_BETWEEN_PICTURES = 0.06
"""While training; on a slow machine more, so that at most a third of the time goes into drawing."""
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
        self._score, self._pins, self._baseline = Score(explorer), {}, baseline(val if val is not None else train)
        self._settings = self._run = self._before = self._last = self._shown = None
        self._view, self._tab, self._note, self._error = {}, None, "", None
        self._is_paused, self._num_runs, self._next_picture, self._began = False, 0, 0.0, -inf
        self._scene = self._good = Scene(explorer.name)

    @contextmanager
    def guard(self):
        """One thread of torch's, and no other thread at this session: a kernel may have two."""
        with self._lock, one_thread():
            yield

    @property
    @guarded
    def state(self):
        """One of "idle", "training", "paused", "done", "diverged", "failed"."""
        if self._error is not None:
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
        if self._scene is None and self._error is not None:
            self._scene = replace(self._good, state="failed", error=self._error, num_runs=self._num_runs)
        elif self._scene is None:
            self._scene = self._good = self._present()
        return self._scene

    @guarded
    def run(self, settings, loop=None, *, view=None, note=""):
        """Show the run of `settings` ("epochs" among them), trained as far as is still needed; `note` says why."""
        self._settings = settings
        self._view = self._view if view is None else view
        self._num_runs += 1
        self.resume(loop, note)

    @guarded
    def resume(self, loop=None, note=""):
        """Go on to the last epoch; after a failure, try again."""
        self._is_paused, self._shown, self._note, self._error, self._next_picture = False, None, note, None, 0.0
        try:
            self._run = self.cache.run(self._settings)
        except Exception as error:  # a setting that no run can be made of is shown, like any failure
            self._runner.cancel()
            self._on_end(error)
            return
        now, began = self._result().settings, time.monotonic()
        is_dragged, self._began = loop is not None and began < self._began + SECONDS_OF_A_DRAG, began
        candidates = (self._before, self._last) if is_dragged else (self._last, self._before)
        self._before = next((one for one in candidates if one and one.settings != now), None)
        self._runner.start(self._run.walk(self._settings["epochs"]), loop)

    @guarded
    def finish(self):
        """Train to the end, now, and return the scene. RuntimeError if that failed."""
        if self._is_paused:
            self.resume()
        self._runner.finish()
        if self._error is not None:
            raise RuntimeError(f"this run failed: {self._error['words']}; move a slider, or press “Try again”")
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
        if self._error is not None:
            shown = epochs  # try again
        elif shown is None:
            shown = 0 if self._result().is_complete else self._run.epochs_done
        self._runner.cancel()
        if shown + 1 >= epochs:
            self.resume(note="This run has one epoch only, and so no step on its way: ask for more epochs."
                        if epochs == 1 else "This was the last step; one more starts again at the first epoch.")
        else:
            self._is_paused, self._shown = True, shown + 1
            self._note = f"Epoch {self._shown} of {epochs}; “Go on” shows the rest."
            for _ in self._run.walk(self._shown):
                pass
            self._publish()

    @guarded
    def look(self, view, tab=None):
        """Look at the same runs in another way: `view` by the names of controls, `tab` the title of the open one."""
        self._view, self._tab = view, tab
        self._publish()

    @guarded
    def pin(self):
        """Keep the run shown, whole, and return its slot, 0..5. ValueError when six are pinned already."""
        result = self.finish().now
        for slot, pinned in self._pins.items():
            if pinned.settings == result.settings:
                return slot
        free = [slot for slot in range(len(LETTERS)) if slot not in self._pins]
        if not free:
            raise ValueError(f"pins must be at most {len(LETTERS)}, and as many runs are pinned; remove one first")
        self._pins[free[0]] = result
        self._publish()
        return free[0]

    @guarded
    def unpin(self, slot):
        """Forget a pinned run; the others keep their slots, and so their colors."""
        self._pins.pop(slot, None)
        self._publish()

    @guarded
    def reset(self):
        """Forget the pinned runs and the run before."""
        self._pins.clear()
        self._before = self._last = None
        self._publish()

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
        return [self._scene_of(*run, {name: value for name, value in station.items() if name not in self.names}, score)
                for run, station in zip(runs, stations, strict=True)]

    def _trained(self, settings):
        """Return (run, result) of settings, trained now if it is not remembered."""
        settings = {name: settings[name] for name in self.names}
        run = self.cache.run(settings)
        for _ in run.walk(settings["epochs"]):
            pass
        return run, run.result(settings["epochs"])

    def _result(self):
        return self._run.result(self._settings["epochs"], self._shown)

    def _present(self):
        """Return the scene as everything stands."""
        result, state = self._result(), self.state
        return replace(self._scene_of(self._run, result, self._view, self._score), state=state,
                       num_runs=self._num_runs, before=self._before, pins=dict(self._pins), note=self._note,
                       details={} if state == "training" else details(self._tab, self._run, result),
                       **self._score.as_dict())

    def _scene_of(self, run, result, view, score):
        """Return the scene of one run alone."""
        picture = self.explorer.picture
        measured = picture.measure(run, result, view, score.visited)
        words = f"{summarize(result, self.names)} {picture.words(result, measured) or ''}".rstrip()
        return Scene(self.explorer.name, now=result, names=self.names, view=dict(view), baseline=self._baseline,
                     summary=words, picture=measured)

    def _publish(self):
        self._scene = None
        try:
            self._show(self.scene)
        except Exception as error:  # whatever it is, it must reach the student as words
            self._runner.cancel()
            self._fail(error)
            self._show(self.scene)

    def _fail(self, error):
        self._scene, self._error = None, {"words": str(error) or type(error).__name__,
                                          "details": "".join(traceback.format_exception(error))}

    def _on_slice(self):
        self._scene = None
        start = time.perf_counter()
        if start >= self._next_picture:
            self._publish()
            self._next_picture = (end := time.perf_counter()) + max(SECONDS_BETWEEN_PICTURES, 2 * (end - start))

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

    def _measured(self, **changes):
        """Return (result, what the chapter's picture measured) of the present settings but for some."""
        run, result = self._trained({**self._settings, **changes})
        return result, self._scene_of(run, result, self._view, self._score).picture
