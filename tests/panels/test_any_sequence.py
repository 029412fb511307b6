"""Whatever a student does in whatever order, what is to be seen is what a run that nobody disturbed has there.

`PIGEON_STRESS=20 pytest tests/panels/test_any_sequence.py` tries twenty times as many sequences.
"""

import json
import os
from functools import cache
from types import coroutine

import pytest
import torch
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from pigeon_lessons import load_mnist, split
from pigeon_lessons.panels import runner
from pigeon_lessons.panels.controls import CONTROLS
from pigeon_lessons.panels.session import Session
from tests.panels.declared import EXPLORERS

TRAIN, VAL, _ = split(load_mnist(), 20, 12)
EFFORT = int(os.environ.get("PIGEON_STRESS", 1))
STEPS = {"lr": (0.05, 10.0), "batch_size": (4, 8), "momentum": (0.0, 0.9), "decay": (1.0, 0.5),
         "weight_decay": (0.0, 0.01), "num_hidden": (2, 5), "epochs": (1, 2, 3), "seed": (1, 2), "repeats": (1, 3),
         "train_images": (10, 1024), "evaluate_every": (0, 1),
         "interrupt": (1, 2), "forget": ("nothing", "momentum", "position"), "keep": (0, 2), "update": (1, 30),
         "stage": (0, 1, 3), "batch": (1, 2), "x": ("epoch", "tau"), "smoothing": (0, 10), "log": (False, True)}
TABS = ("Runs", "Weights", "Worst mistakes", "Data", "Settings")


@cache
def undisturbed(name, items):
    """Return a run of these settings and their longest length that nobody paused, and its weights at each epoch."""
    made = EXPLORERS[name].run(dict(items), TRAIN, VAL)
    weights = [flat(made.pigeon())]
    for epoch in (1, 2, 3):
        made.finish(epoch)
        weights.append(flat(made.pigeon()))
    return made, weights


def flat(pigeon):
    return torch.nn.utils.parameters_to_vector(pigeon.parameters())


class Loop:
    """In the place of asyncio and of its loop: coroutines go on only when someone says so, and time stands still."""

    def __init__(self):
        self.waiting = []

    def run_coroutine_threadsafe(self, coroutine, loop):
        loop.waiting.append(coroutine)

    @coroutine
    def sleep(self, seconds):
        yield

    def turn(self, times):
        """Let every coroutine go on to its next pause, so many times."""
        for _ in range(times):
            for one in list(self.waiting):
                try:
                    one.send(None)
                except StopIteration:
                    self.waiting.remove(one)

    def close(self):
        for one in self.waiting:
            one.close()


class Student(RuleBasedStateMachine):
    """Someone before the panel `name`; the loop is the kernel's, and turns only when a rule lets it."""

    name = None

    def __init__(self):
        super().__init__()
        self.explorer, self.loop, self.scenes = EXPLORERS[self.name], Loop(), []
        self.values = {name: STEPS[name][0] for name in self.explorer.controls}
        self.names = [name for name in self.values if CONTROLS[name].trains]
        self.session = Session(self.explorer, TRAIN, VAL, self.names, self.scenes.append)
        self.pinned = {}
        self.start(None)

    def teardown(self):
        self.session.close()
        self.loop.close()

    def start(self, loop):
        view = {name: value for name, value in self.values.items() if name not in self.names}
        self.session.run({name: self.values[name] for name in self.names}, loop, view=view)

    @rule(data=st.data(), is_live=st.booleans(), times=st.integers(0, 6))
    def move_a_slider(self, data, is_live, times):
        name = data.draw(st.sampled_from(self.names))
        self.values[name] = data.draw(st.sampled_from(STEPS[name]))
        if is_live:
            self.start(self.loop)
            self.loop.turn(times)
        else:
            self.start(None)

    @rule(data=st.data())
    def look_differently(self, data):
        name = data.draw(st.sampled_from([*self.values]))
        if name not in self.names:
            self.values[name] = data.draw(st.sampled_from(STEPS[name]))
        self.session.look({name: value for name, value in self.values.items() if name not in self.names},
                          data.draw(st.sampled_from(TABS)))

    @precondition(lambda self: self.session.state == "training")
    @rule(times=st.integers(1, 8))
    def wait(self, times):
        self.loop.turn(times)

    @precondition(lambda self: self.session.state == "training")
    @rule()
    def pause(self):
        self.session.pause()
        assert self.session.state == "paused"

    @rule(is_live=st.booleans())
    def go_on(self, is_live):
        self.session.resume(self.loop if is_live else None)

    @rule()
    def step(self):
        before = self.session.scene
        self.session.step()
        after, epochs = self.session.scene, self.values["epochs"]
        shown = 0 if before.now.is_complete else before.now.epochs
        assert after.now.epochs == (shown + 1 if shown + 1 < epochs else epochs)
        assert after.note

    @rule()
    def finish(self):
        assert self.session.finish().now.is_complete

    @rule()
    def pin(self):
        if len(self.pinned) < 6:
            slot = self.session.pin()
            self.pinned.setdefault(slot, self.session.scene.now)

    @precondition(lambda self: self.pinned)
    @rule(data=st.data())
    def unpin(self, data):
        slot = data.draw(st.sampled_from(sorted(self.pinned)))
        self.session.unpin(slot)
        del self.pinned[slot]

    @rule()
    def reset(self):
        self.session.reset()
        self.pinned.clear()

    @precondition(lambda self: self.explorer.prediction is not None)
    @rule(data=st.data())
    def guess(self, data):
        self.session.guess(data.draw(st.sampled_from(sorted(self.explorer.prediction.answers))))

    @invariant()
    def the_scene_is_that_of_an_undisturbed_run(self):
        scene, settings_ = self.session.scene, {name: self.values[name] for name in self.names}
        assert scene.error is None, scene.error["details"]
        assert scene.state == self.session.state in ("training", "paused", "done", "diverged")
        assert scene.state in ("training", "paused") or scene.now.is_complete
        whole, weights = undisturbed(self.name, tuple(sorted((name, value) for name, value in settings_.items()
                                                             if name != "epochs")))
        wanted = whole.result(settings_["epochs"])
        assert scene.now.settings == wanted.settings
        for own, other in zip(scene.now.histories, wanted.histories, strict=True):
            cut = other.up_to(len(own.batch_loss))
            assert repr([*own.items(), own.batch_loss]) == repr([*cut.items(), cut.batch_loss])  # nan is like itself
        run_ = self.session.cache.run(settings_)
        assert torch.equal(flat(run_.pigeon_at(scene.now.epochs)), weights[scene.now.epochs]) or scene.now.diverged

    @invariant()
    def pins_stay_and_the_run_before_is_another(self):
        scene = self.session.scene
        assert dict(scene.pins) == self.pinned
        assert scene.before is None or scene.before.settings != scene.now.settings

    @invariant()
    def everything_shown_is_plain_and_the_last_is_what_stands(self):
        scene = json.loads(json.dumps(self.session.scene.as_dict(), allow_nan=False))
        assert scene["panel"] == self.name and self.scenes[-1].state in (scene["state"], "training")
        self.scenes[:-1] = []


@pytest.mark.parametrize("name", EXPLORERS)
def test_any_sequence_of_what_a_student_can_do(name, monkeypatch, every_block):
    monkeypatch.setattr(runner, "SLICE_SECONDS", 0)
    monkeypatch.setattr(runner, "asyncio", Loop())
    student = type("Student", (Student,), {"name": name})
    effort = settings(max_examples=8 * EFFORT, stateful_step_count=40, derandomize=EFFORT == 1,
                      suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(student, settings=effort)
