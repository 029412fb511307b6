"""Claims about Ctrl-C: it is held back for a block, and no longer."""

import signal
import threading

import pytest

from pigeon_lessons.interrupts import interrupts_held


def test_ctrl_c_arrives_when_the_block_has_ended():
    steps = []
    with pytest.raises(KeyboardInterrupt), interrupts_held():
        signal.raise_signal(signal.SIGINT)
        steps.append("went on")
    assert steps == ["went on"]


def test_the_usual_handler_is_back_afterwards():
    with interrupts_held():
        assert signal.getsignal(signal.SIGINT) is not signal.default_int_handler
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    with pytest.raises(ZeroDivisionError), interrupts_held():
        1 / 0  # noqa: B018
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_an_ignored_ctrl_c_stays_ignored():
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with interrupts_held():
        signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN


def test_another_thread_may_use_it_too():
    steps = []

    def work():
        with interrupts_held():
            steps.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert steps == [signal.default_int_handler]


def test_a_long_block_ends_where_it_lets_ctrl_c_through():
    steps = []
    with pytest.raises(KeyboardInterrupt), interrupts_held() as held:
        held.let_through()
        steps.append("nothing waited")
        signal.raise_signal(signal.SIGINT)
        steps.append("it waits")
        held.let_through()
        steps.append("never here")
    assert steps == ["nothing waited", "it waits"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
