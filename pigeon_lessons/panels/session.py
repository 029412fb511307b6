"""What a student does with one explorer, without a widget: run, pause, step, pin, and what is to be seen meanwhile."""

from math import log

from pigeon_lessons.panels.cache import RunCache
from pigeon_lessons.panels.runner import Runner
from pigeon_lessons.panels.scene import Scene
from pigeon_lessons.threads import on_one_thread, one_thread

MOST_PINS = 6
MOST_VISITED = 500


class Session:
    """The runs of one panel: the one under the controls, the one before it, the pinned ones.

    `on_change(is_end)` is called whenever there is something new to see; `is_end` when a run has ended.
    `explorer` gives the challenges, `names` are the settings that the panel offers.
    """

    def __init__(self, explorer, train, val, names, on_change):
        self.explorer, self.names = explorer, tuple(names)
        self.cache = RunCache(train, val, make=one_thread()(explorer.run))
        self.pins, self.met = {}, set()
        self._visited = {}
        self.error, self.num_runs = None, 0
        self._data = {"train": train, "val": val, "baseline": baseline(val if val is not None else train)}
        self._runner = Runner(lambda: on_change(False), self._on_end)
        self._on_change = on_change
        self._settings = self._run = self._before = self._last = None
        self._is_paused, self._cut = False, None

    @property
    def state(self):
        """One of "idle", "training", "paused", "done", "diverged", "failed"."""
        if self.error is not None:
            return "failed"
        if self._run is None:
            return "idle"
        if self._is_paused:
            return "paused"
        if self._runner.is_busy:
            return "training"
        return "done" if self.result().diverged_at is None else "diverged"

    def run(self, settings, loop=None):
        """Show the run of `settings` ("epochs" among them), trained as far as is still needed."""
        self._settings = settings
        self.num_runs += 1
        self.resume(loop)

    def resume(self, loop=None):
        """Go on to the last epoch; after a failure, try again."""
        self._is_paused, self._cut, self.error = False, None, None
        try:
            self._run = self.cache.run(self._settings)
        except Exception as error:  # a setting that no run can be made of is shown, like any failure
            self._runner.cancel()
            self._on_end(error)
            return
        if self._last is not None and self._last.settings != self.result().settings:
            self._before = self._last
        self._runner.start(on_one_thread(self._run.walk(self._settings["epochs"])), loop)

    def finish(self):
        """Train to the end, now."""
        if self._is_paused:
            self.resume()
        self._runner.finish()

    def pause(self):
        """Stop training where it is; `resume` goes on from there."""
        if self._runner.is_busy:
            self._runner.cancel()
            self._is_paused = True
            self._on_change(False)

    def step(self):
        """Show one epoch more, and stay there; from a run that is done, start again at its first epoch."""
        shown = self._cut
        if shown is None:
            shown = 0 if self.result().is_complete else self._run.epochs_done
        self._runner.cancel()
        if shown + 1 >= self._settings["epochs"]:
            self.resume()
            return
        self._is_paused, self._cut = True, shown + 1
        for _ in on_one_thread(self._run.walk(self._cut)):
            pass
        self._on_change(False)

    def pin(self):
        """Keep the run shown, whole, and return its slot, 0..5. ValueError when six are pinned already."""
        self.finish()
        result = self.result()
        for slot, pinned in self.pins.items():
            if pinned.settings == result.settings:
                return slot
        free = [slot for slot in range(MOST_PINS) if slot not in self.pins]
        if not free:
            raise ValueError(f"pins must be at most {MOST_PINS}, and {MOST_PINS} runs are pinned; remove one first")
        self.pins[free[0]] = result
        self._on_change(True)
        return free[0]

    def unpin(self, slot):
        """Forget a pinned run; the others keep their slots, and so their colors."""
        self.pins.pop(slot, None)
        self._on_change(True)

    def reset(self):
        """Forget the pinned runs and the run before."""
        self.pins.clear()
        self._before = None
        self._on_change(True)

    def best_runs(self):
        """Return the student's ten best finished runs, as (mean final validation accuracy, settings); none diverged."""
        return sorted(self._visited.values(), key=lambda entry: -entry[0])[:10]

    def close(self):
        """Stop training; nothing happens later."""
        self._runner.cancel()

    def result(self):
        """The `Result` under the controls, as far as it is to be seen."""
        return self._run.result(self._settings["epochs"], self._cut)

    def scene(self, view):
        """Everything to be seen now, under the choices `view`."""
        return Scene(self.result(), self._before, dict(self.pins), self.names, view,
                     visited=tuple(self._visited.values()), **self._data)

    def scene_of(self, settings, view):
        """Return the scene of one run alone, trained now if it is not remembered."""
        run = self.cache.run(settings)
        for _ in on_one_thread(run.walk(settings["epochs"])):
            pass
        return Scene(run.result(settings["epochs"]), names=self.names, view=view, **self._data)

    def _on_end(self, error):
        self.error = error
        if error is None:
            self._last = self.result()
            self.cache.trim()
            self.met |= {index for index, challenge in enumerate(self.explorer.challenges)
                         if challenge.is_met(self._last)}
            self._remember(self._last)
        self._on_change(True)

    def _remember(self, result):
        """Keep where a run that did not diverge was, and how accurate it ended, for map and leaderboard."""
        if result.diverged_at is None and "val_accuracy" in result.history:
            ends = result.ends("val_accuracy")
            self._visited[tuple(sorted(result.settings.items()))] = (sum(ends) / len(ends), result.settings)
            if len(self._visited) > MOST_VISITED:
                del self._visited[next(iter(self._visited))]


def baseline(digits):
    """Return the best answer that does not look at the image, its accuracy, and the loss of the best probability."""
    yes = digits.targets.mean().item()
    terms = [share * log(share) for share in (yes, 1 - yes) if share > 0]
    return {"answer": "yes" if yes > 0.5 else "no", "accuracy": max(yes, 1 - yes), "loss": -sum(terms)}
