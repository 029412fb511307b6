"""What a student does, without a widget: pause, step, pin, fail and recover."""

import asyncio

import pytest

from pigeon_lessons.history import History
from pigeon_lessons.panels import runner
from pigeon_lessons.panels.session import Session
from tests.panels.declared import EXPLORERS
from tests.panels.loops import run

SETTINGS = {"lr": 0.05, "momentum": 0.9, "decay": 1.0, "batch_size": 8, "epochs": 5, "seed": 1}


@pytest.fixture
def session(digits):
    return Session(EXPLORERS["learning_rate"], *digits, list(SETTINGS), lambda scene: None)


def best_runs(session):
    """The list as the playground shows it; other panels have none."""
    return session.scene.leaderboard


def met(session):
    return [one["is_met"] for one in session.scene.challenges]


def shown_epochs(session):
    return session.scene.now.history["epoch"][-1]


def test_a_session_is_idle_until_its_first_run_and_done_after_it(session):
    assert session.state == "idle"
    session.run(SETTINGS)
    assert session.state == "done" and shown_epochs(session) == 5


def test_a_divergence_is_a_result_that_is_kept_and_never_among_the_best(digits):
    session = Session(EXPLORERS["playground"], *digits, list(SETTINGS), lambda scene: None)
    session.run({**SETTINGS, "lr": 10.0})
    assert session.state == "diverged" and best_runs(session) == ()
    session.run(SETTINGS)
    assert session.state == "done" and len(best_runs(session)) == 1
    session.run({**SETTINGS, "lr": 10.0})
    assert session.state == "diverged" and len(session.cache) == 2


def test_five_quick_moves_show_the_last_setting_and_nothing_of_the_others_later(digits):
    seen = []

    async def scenario():
        session = Session(EXPLORERS["learning_rate"], *digits, list(SETTINGS),
                          lambda scene: seen.append((scene.state, scene.now.settings["lr"])))
        for rate in (0.001, 0.003, 0.01, 0.03, 0.1):
            session.run({**SETTINGS, "lr": rate, "batch_size": 1}, asyncio.get_running_loop())
        async with asyncio.timeout(60):
            while session.state == "training":
                await asyncio.sleep(0.01)
        await asyncio.sleep(0.05)
        assert session.state == "done"
    run(scenario())
    assert [rate for state, rate in seen if state != "training"] == [0.1]
    first_of_last = [rate for _, rate in seen].index(0.1)
    assert {rate for _, rate in seen[first_of_last:]} == {0.1}


def test_a_moved_slider_is_answered_before_anything_is_trained(digits):
    async def scenario():
        seen = []
        session = Session(EXPLORERS["learning_rate"], *digits, list(SETTINGS), seen.append)
        session.run(SETTINGS, asyncio.get_running_loop())
        assert [(scene.state, scene.now.iterations, scene.now.num_rows) for scene in seen] == [("training", 0, 1)]
        session.finish()
        session.run(SETTINGS, asyncio.get_running_loop())
        assert session.state == "done", "nothing is left to train"
    run(scenario())


def test_a_paused_run_goes_on_where_it_was_and_ends_like_any_other(digits, monkeypatch):
    monkeypatch.setattr(runner, "SLICE_SECONDS", 0)  # an epoch at most: no machine is so quick that nothing is left

    async def scenario():
        session = Session(EXPLORERS["learning_rate"], *digits, list(SETTINGS), lambda scene: None)
        session.run({**SETTINGS, "batch_size": 1}, asyncio.get_running_loop())
        while session.scene.now.iterations == 0:
            await asyncio.sleep(0)
        session.pause()
        assert session.state == "paused"
        done = session.scene.now.iterations
        await asyncio.sleep(0.05)
        assert 0 < session.scene.now.iterations == done < 5 * 128
        session.resume()
        return session.scene.now.history
    paused = run(scenario())
    whole = Session(EXPLORERS["learning_rate"], *digits, list(SETTINGS), lambda scene: None)
    whole.run({**SETTINGS, "batch_size": 1})
    assert paused == whole.scene.now.history


def test_steps_replay_a_finished_run_one_epoch_at_a_time(session):
    session.run(SETTINGS)
    seen = []
    for _ in range(5):
        session.step()
        seen.append((session.state, shown_epochs(session)))
    assert seen == [("paused", 1), ("paused", 2), ("paused", 3), ("paused", 4), ("done", 5)]


def test_resuming_after_a_step_shows_the_whole_run(session):
    session.run(SETTINGS)
    session.step()
    session.resume()
    assert session.state == "done" and shown_epochs(session) == 5


def test_pins_keep_their_slots_when_others_are_removed(session):
    for seed in (1, 2, 3):
        session.run({**SETTINGS, "seed": seed})
        session.pin()
    session.unpin(0)
    assert {slot: pin.settings["seed"] for slot, pin in session.scene.pins.items()} == {1: 2, 2: 3}
    session.run({**SETTINGS, "seed": 4})
    assert session.pin() == 0


def test_the_same_run_is_pinned_once_and_a_seventh_is_refused(session):
    session.run(SETTINGS)
    assert session.pin() == session.pin() == 0
    for seed in (2, 3, 4, 5, 6):
        session.run({**SETTINGS, "seed": seed})
        session.pin()
    session.run({**SETTINGS, "seed": 7})
    with pytest.raises(ValueError, match="at most 6"):
        session.pin()


def test_a_failure_is_shown_as_ours_and_the_next_run_recovers(session):
    session.run(SETTINGS)
    session.run({**SETTINGS, "lr": -1.0})
    assert session.state == "failed" and "lr must be greater than 0" in session.scene.error["words"]
    assert session.scene.now.settings["lr"] == 0.05, "what was to be seen before stays"
    session.run(SETTINGS)
    assert session.state == "done" and session.scene.error is None


def test_the_run_before_is_the_last_one_that_was_finished_with_other_settings(session):
    session.run(SETTINGS)
    assert session.scene.before is None
    session.run({**SETTINGS, "lr": 0.1})
    assert session.scene.before.settings["lr"] == 0.05


def test_a_challenge_once_met_stays_met(session):
    session.run({**SETTINGS, "epochs": 1, "lr": 0.0001})
    assert met(session) == [False]
    session.run({**SETTINGS, "lr": 0.1, "epochs": 20})
    history = session.scene.now.history
    reached = any(step <= 160 and accuracy >= 0.95 for step, accuracy in
                  zip(history["iteration"], history["val_accuracy"], strict=True))
    session.run({**SETTINGS, "lr": 0.0001, "epochs": 1})
    assert met(session) == [reached]


def test_the_baseline_is_the_loss_and_accuracy_of_the_best_constant_answer(session, digits):
    import torch

    targets = digits[1].targets
    chances = torch.linspace(0.01, 0.99, 99)
    losses = [torch.nn.functional.binary_cross_entropy(torch.full_like(targets, chance), targets).item()
              for chance in chances]
    session.run(SETTINGS)
    assert session.scene.baseline["loss"] == pytest.approx(min(losses), abs=1e-3)
    assert session.scene.baseline["accuracy"] == pytest.approx((targets == 0).float().mean().item())


def test_a_step_says_where_it_is_and_at_the_end_what_the_next_one_does(session):
    session.run({**SETTINGS, "epochs": 2})
    notes = []
    for _ in range(3):
        session.step()
        notes.append(session.scene.note)
    assert notes == ["Epoch 1 of 2; “Go on” shows the rest.",
                     "This was the last step; one more starts again at the first epoch.", notes[0]]
    session.run({**SETTINGS, "epochs": 1})
    assert session.scene.note == ""
    session.step()
    assert session.state == "done" and "one epoch only" in session.scene.note


def test_a_reset_leaves_no_run_behind(session):
    session.run(SETTINGS)
    session.pin()
    session.run({**SETTINGS, "lr": 0.1})
    session.reset()
    session.run(SETTINGS)
    assert session.scene.pins == {} and session.scene.before is None


def test_reading_the_state_copies_no_history(session, monkeypatch):
    session.run(SETTINGS)
    monkeypatch.setattr(History, "up_to", None)
    assert session.state == "done" and session.scene.now.history.num_rows == 6


def test_a_failure_to_show_is_told_and_trains_no_further(digits):
    def show(scene):
        seen.append(scene.state)
        if scene.state != "failed":
            raise ZeroDivisionError("our bug")

    seen = []
    session = Session(EXPLORERS["learning_rate"], *digits, list(SETTINGS), show)
    session.run(SETTINGS)
    assert seen == ["done", "failed"] and session.scene.error["words"] == "our bug"
    with pytest.raises(RuntimeError, match="this run failed: our bug"):
        session.finish()
