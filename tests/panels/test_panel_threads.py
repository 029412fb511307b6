"""Panels compute on one thread, whatever torch is set to, and leave that setting alone."""

import asyncio

import pytest
import torch

from pigeon_lessons import explore
from pigeon_lessons.panels.session import Session
from pigeon_lessons.threads import one_thread
from tests.panels.declared import EXPLORERS
from tests.panels.loops import run


@pytest.fixture(params=[1, 2])
def threads(request):
    usual = torch.get_num_threads()
    torch.set_num_threads(request.param)
    yield request.param
    torch.set_num_threads(usual)


def test_slices_have_one_thread_and_what_lies_between_has_all(threads, digits, every_block):
    async def scenario():
        torch.set_num_threads(threads)  # a thread's own
        session = Session(EXPLORERS["playground"], *digits, ["lr"], lambda scene: None)
        session.run({"lr": 0.05, "batch_size": 1, "epochs": 20}, asyncio.get_running_loop())
        between = set()
        while session.state == "training":
            between.add(torch.get_num_threads())
            await asyncio.sleep(0)
        return between

    assert run(scenario()) == {threads}


def test_the_threads_are_back_after_an_error(threads):
    with pytest.raises(ZeroDivisionError), one_thread():
        1 / 0  # noqa: B018
    assert torch.get_num_threads() == threads


@pytest.mark.parametrize("name", ["training_curves", "update_loop", "checkpointing", "learning_rate", "batching"])
def test_a_panel_trains_on_one_thread(name, digits, threads, monkeypatch):
    used = set()
    usual = torch.Tensor.relu_, torch.relu
    monkeypatch.setattr(torch.Tensor, "relu_", lambda tensor: used.add(torch.get_num_threads()) or usual[0](tensor))
    monkeypatch.setattr(torch, "relu", lambda tensor: used.add(torch.get_num_threads()) or usual[1](tensor))
    explore(name, *digits, epochs=1)
    assert used == {1}
    assert torch.get_num_threads() == threads
