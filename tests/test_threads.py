"""Claims about how many threads torch computes on: one inside the block, and afterwards as many as before, for all."""

import threading

import pytest
import torch

from pigeon_lessons.threads import one_thread
from tests.searching import run_search


@pytest.fixture(autouse=True)
def two_threads():
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    yield
    torch.set_num_threads(before)


class Elsewhere:
    """A Python thread that is in a block from `enter()` to `leave()`; `left` is what torch had there afterwards."""

    def __init__(self):
        self._may_leave, self._is_in = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._stay)

    def _stay(self):
        with one_thread():
            self._is_in.set()
            self._may_leave.wait()
        self.left = torch.get_num_threads()

    def enter(self):
        self._thread.start()
        self._is_in.wait()

    def leave(self):
        self._may_leave.set()
        self._thread.join()


@pytest.mark.parametrize("here_leaves_first", [True, False])
@pytest.mark.parametrize("here_enters_first", [True, False])
def test_each_python_thread_has_its_own_number_back_whoever_leaves_last(here_enters_first, here_leaves_first):
    other, block = Elsewhere(), one_thread()
    for enter in (block.__enter__, other.enter) if here_enters_first else (other.enter, block.__enter__):
        enter()
    assert torch.get_num_threads() == 1
    if here_leaves_first:
        block.__exit__(None, None, None)
        assert torch.get_num_threads() == 2
        other.leave()
    else:
        other.leave()
        assert torch.get_num_threads() == 1
        block.__exit__(None, None, None)
    assert (torch.get_num_threads(), other.left) == (2, 2)


def test_a_block_in_a_block_ends_nothing():
    with one_thread():
        with one_thread():
            pass
        assert torch.get_num_threads() == 1
    assert torch.get_num_threads() == 2


def test_a_block_that_fails_restores_the_number_too():
    with pytest.raises(ZeroDivisionError), one_thread():
        1 / 0  # noqa: B018
    assert torch.get_num_threads() == 2


def test_a_search_that_ends_while_another_is_at_work_leaves_both_with_their_number():
    other = Elsewhere()
    other.enter()
    run_search(repeats=1, epochs=1)
    assert torch.get_num_threads() == 2
    other.leave()
    assert (torch.get_num_threads(), other.left) == (2, 2)
