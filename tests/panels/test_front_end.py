"""Kernels of any kind: what a panel asks of them is answered by none, by odd ones, and by one with two threads."""

import asyncio
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from types import SimpleNamespace

import pytest

from pigeon_lessons import explore, front_end, sweep


def raising(error):
    def get_parent():
        raise error
    return get_parent


KERNELS = {
    "none": None,
    "no get_parent": SimpleNamespace(),
    "no parent": SimpleNamespace(get_parent=lambda: None),
    "an empty message": SimpleNamespace(get_parent=dict),
    "parts of another kind": SimpleNamespace(get_parent=lambda: {"header": None, "metadata": "none"}),
    "a list": SimpleNamespace(get_parent=lambda: [1, 2]),
    "an odd cell": SimpleNamespace(get_parent=lambda: {"header": {"msg_type": ["x"]}, "metadata": {"cellId": {}}}),
    "a get_parent that wants more": SimpleNamespace(get_parent=lambda channel: {}),
    "a failing one": SimpleNamespace(get_parent=raising(LookupError("no context"))),
    "an embedded one": SimpleNamespace(get_parent=lambda: {"header": {"msg_type": "comm_msg"}, "metadata": {}}),
}


@pytest.mark.parametrize("kind", KERNELS)
def test_in_a_kernel_of_any_kind_a_panel_trains_at_once(kind, digits, monkeypatch):
    monkeypatch.setattr(front_end, "get_ipython", lambda: SimpleNamespace(kernel=KERNELS[kind]))

    def cell():
        assert front_end.front_end_loop() is None and front_end.front_end_cell() is None
        panel = explore("epochs", *digits)
        panel.controls["lr"].value = 0.05
        assert panel.state == "done" and "text/html" in panel._repr_mimebundle_()

    with ThreadPoolExecutor(1) as thread:  # which has no loop; the main thread may have that of the browser tests
        thread.submit(cell).result()


def test_a_panel_on_the_screen_may_be_moved_by_a_thread_that_has_no_loop(digits, monkeypatch):
    message = {"header": {"msg_type": "execute_request", "msg_id": "7"}, "metadata": {"cellId": "a-cell"}}
    kernel = SimpleNamespace(get_parent=lambda: message)
    monkeypatch.setattr(front_end, "get_ipython", lambda: SimpleNamespace(kernel=kernel))
    kept = []
    monkeypatch.setattr("IPython.display.display", lambda *bundles, **options: SimpleNamespace(
        update=lambda bundle, raw: kept.append(bundle["text/html"])))
    panel = explore("epochs", *digits)
    panel._ipython_display_()
    with ThreadPoolExecutor(1) as thread:
        thread.submit(setattr, panel.controls["lr"], "value", 0.05).result()
    assert panel.state == "done" and "learning rate 0.05" in panel.summary
    assert panel.summary in unescape(kept[-1])


def test_a_message_from_a_front_end_says_which_cell_and_loop_it_is_of(monkeypatch):
    message = {"header": {"msg_type": "comm_msg", "msg_id": "7"}, "metadata": {"cellId": "a cell"}}
    kernel = SimpleNamespace(get_parent=lambda: message)
    monkeypatch.setattr(front_end, "get_ipython", lambda: SimpleNamespace(kernel=kernel))
    assert front_end.front_end_cell() == ("a cell", "7")

    async def scenario():
        return front_end.front_end_loop() is asyncio.get_running_loop()
    thread_result = []
    thread = threading.Thread(target=lambda: thread_result.append(asyncio.run(scenario())))
    thread.start()
    thread.join()
    assert thread_result == [True]


def test_a_slider_that_is_moved_in_one_page_moves_in_every_other_page_of_the_notebook(digits, monkeypatch):
    control, sent = explore("epochs", *digits).controls["lr"], []
    monkeypatch.setattr(control, "_send", lambda told, buffers=None: sent.append((told["method"], told["state"])))
    control.set_state({"index": 2})  # as a page says it
    assert sent[0] == ("echo_update", {"index": 2})


def test_a_slider_s_messages_may_be_taken_in_another_thread_than_the_cells(digits, monkeypatch):
    """JupyterLab has a subshell for them: then a slider trains in one thread while a cell reads in the other."""
    loop = asyncio.new_event_loop()
    subshell = threading.Thread(target=loop.run_forever)
    subshell.start()
    monkeypatch.setattr("pigeon_lessons.panels.panel.front_end_loop",
                        lambda: loop if threading.current_thread() is subshell else None)
    panel = explore("playground", *digits, batch_size=1, epochs=10)

    async def move(seed):
        panel.controls["seed"].value = seed

    try:
        for seed in range(2, 8):
            asyncio.run_coroutine_threadsafe(move(seed), loop).result()
            history, wanted = panel.history, sweep([{"batch_size": 1, "seed": seed}], *digits, epochs=10)[0]
            assert history == wanted and history.batch_loss == wanted.batch_loss
            assert panel.state == "done" and json.dumps(panel.scene.as_dict(), allow_nan=False)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        subshell.join()
        loop.close()
