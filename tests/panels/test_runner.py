"""The runner on an event loop of the test's own: only the newest work is done, and nobody hears of the rest."""

import asyncio

import pytest

from pigeon_lessons.front_end import front_end_cell, front_end_loop
from pigeon_lessons.panels.runner import SECONDS_OF_AN_ANSWER, Runner
from tests.panels.loops import run


class Clock:
    """A clock that each look advances by one second, so that every slice is one piece of work."""

    now = 0

    def __call__(self):
        self.now += 1
        return self.now


class Listener:
    """Notes what a runner reports."""

    def __init__(self):
        self.slices, self.ends = 0, []
        self.runner = Runner(self.count, self.ends.append, clock=Clock())

    def count(self):
        self.slices += 1


def pieces(number, log, name=""):
    for index in range(number):
        log.append(f"{name}{index}")
        yield


async def until(condition):
    async with asyncio.timeout(20):
        while not condition():
            await asyncio.sleep(0)


def test_without_a_loop_all_work_is_done_before_start_returns():
    listener, log = Listener(), []
    listener.runner.start(pieces(5, log))
    assert log == ["0", "1", "2", "3", "4"]
    assert listener.ends == [None] and listener.slices == 0 and not listener.runner.is_busy


def test_on_a_loop_the_first_step_is_done_before_start_returns_and_the_rest_later():
    async def scenario():
        listener, log = Listener(), []
        listener.runner.start(pieces(5, log), asyncio.get_running_loop())
        assert log == ["0"] and listener.runner.is_busy
        await until(lambda: listener.ends)
        assert log == ["0", "1", "2", "3", "4"] and listener.slices == 5
    run(scenario())


def test_new_work_replaces_the_old_which_is_not_heard_of_again():
    async def scenario():
        listener, log = Listener(), []
        loop = asyncio.get_running_loop()
        for name in "abcde":
            listener.runner.start(pieces(4, log, name), loop)
        await until(lambda: listener.ends)
        await asyncio.sleep(0.05)
        assert log == ["a0", "b0", "c0", "d0", "e0", "e1", "e2", "e3"]
        assert listener.ends == [None]
    run(scenario())


def test_cancelled_work_does_nothing_more():
    async def scenario():
        listener, log = Listener(), []
        listener.runner.start(pieces(4, log), asyncio.get_running_loop())
        listener.runner.cancel()
        await asyncio.sleep(0.05)
        assert log == ["0"] and listener.ends == []
    run(scenario())


def test_finish_does_at_once_what_was_left_to_the_loop_and_the_loop_does_not_do_it_again():
    async def scenario():
        listener, log = Listener(), []
        listener.runner.start(pieces(4, log), asyncio.get_running_loop())
        listener.runner.finish()
        await asyncio.sleep(0.05)
        assert log == ["0", "1", "2", "3"] and listener.ends == [None]
    run(scenario())


def test_messages_that_wait_are_taken_between_two_slices():
    async def scenario():
        listener, log = Listener(), []
        listener.runner.start(pieces(1000, log), asyncio.get_running_loop())
        await until(lambda: len(log) > 1)
        listener.runner.cancel()
        assert 1 < len(log) < 1000
    run(scenario())


def test_the_first_picture_has_time_to_leave_before_more_is_done(monkeypatch):
    async def scenario():
        listener, log, rests, sleep = Listener(), [], [], asyncio.sleep

        def rest(seconds):
            if seconds:
                rests.append((seconds, len(log)))
            return sleep(0)

        monkeypatch.setattr("asyncio.sleep", rest)
        listener.runner.start(pieces(5, log), asyncio.get_running_loop())
        await until(lambda: listener.ends)
        (first, done), *others = rests
        assert first == SECONDS_OF_AN_ANSWER and done == 1
        assert len(others) > 2 and max(other for other, _ in others) < first / 5
    run(scenario())


def test_what_a_slice_came_to_is_shown_though_a_message_waits():
    async def scenario():
        listener, log = Listener(), []

        def work():
            for piece in pieces(9, log):
                yield piece
                if len(log) == 3:
                    asyncio.get_running_loop().call_soon(listener.runner.cancel)

        listener.runner.start(work(), asyncio.get_running_loop())
        await until(lambda: not listener.runner.is_busy)
        assert len(log) == listener.slices == 4
    run(scenario())


@pytest.mark.parametrize("is_live", [False, True])
def test_an_exception_ends_the_work_and_is_handed_over(is_live):
    def broken():
        yield
        raise ZeroDivisionError("our bug")

    async def scenario():
        listener = Listener()
        listener.runner.start(broken(), asyncio.get_running_loop() if is_live else None)
        await until(lambda: listener.ends)
        assert isinstance(listener.ends[0], ZeroDivisionError) and not listener.runner.is_busy
    run(scenario())


def test_a_picture_that_fails_ends_the_work_and_is_handed_over():
    async def scenario():
        def draw():
            raise ZeroDivisionError("our bug")

        ends, log = [], []
        runner = Runner(draw, ends.append, clock=Clock())
        runner.start(pieces(4, log), asyncio.get_running_loop())
        await until(lambda: ends)
        await asyncio.sleep(0.05)
        assert isinstance(ends[0], ZeroDivisionError) and len(ends) == 1
        assert not runner.is_busy and log == ["0"]
    run(scenario())


def test_outside_a_kernel_there_is_no_front_end():
    assert front_end_loop() is None
    assert front_end_cell() is None
