"""A search on threads, on processes and on a Dask cluster that loses a worker: the same bits, each trial once."""

import json
import os
import signal

import pytest
import torch
from distributed import Client, LocalCluster
from joblib import parallel_config

from pigeon_lessons import grid, load_mnist, search, sweep
from pigeon_lessons.journal import Journal
from tests.searching import MODULE, NUM_TRIALS, as_text, run_search


@pytest.fixture(scope="module")
def expected():
    return run_search(epochs=40)


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch):
    monkeypatch.setattr(MODULE, "MOST_AT_ONCE", 3)  # 8 pieces: enough to be shared out


def settings_on_disk(path):
    return [json.dumps({name: value for name, value in entry.items() if not name.startswith(("train_", "val_"))})
            for entry in Journal(path).read()]


def test_threads_give_the_same_bits_and_compute_on_one_core_each(expected, monkeypatch):
    seen, before = [], torch.get_num_threads()

    def watched(*args, **options):
        seen.append(torch.get_num_threads())
        return sweep(*args, **options)

    monkeypatch.setattr(MODULE, "sweep", watched)
    try:
        torch.set_num_threads(before + 1)
        with parallel_config("threading", n_jobs=3):
            assert as_text(run_search(epochs=40)) == as_text(expected)
        assert set(seen) == {1} and len(seen) == 8
        assert torch.get_num_threads() == before + 1
    finally:
        torch.set_num_threads(before)


def test_a_backend_that_hands_nothing_over_before_the_end_is_refused_with_those_that_do(monkeypatch):
    monkeypatch.setattr(MODULE, "sweep", None)
    with (pytest.raises(ValueError, match="backend must be loky, threading, sequential or dask, .* got another"),
          parallel_config("multiprocessing", n_jobs=2)):
        run_search()


def test_a_dask_client_that_is_closed_is_refused_by_name():
    with (LocalCluster(n_workers=1, processes=False, dashboard_address=None) as cluster, Client(cluster) as client,
          parallel_config("dask")):
        client.close()
        with pytest.raises(ValueError, match="backend must be .* dask, .* its client open, got .*; write parallel"):
            run_search()


def test_digits_reach_other_processes_though_no_folder_is_there_for_files_on_the_way(tmp_path, monkeypatch):
    monkeypatch.setenv("JOBLIB_TEMP_FOLDER", str(tmp_path / "a file" / "below"))
    (tmp_path / "a file").touch()
    many = load_mnist()[:400]  # over 1 MB, from which on joblib would write them to a file
    with parallel_config("loky", n_jobs=2):
        assert len(search(grid(lr=[0.01, 0.05]), many, many, epochs=0).trials) == 2


def test_the_sequential_backend_gives_the_same_bits(expected):
    with parallel_config("sequential"):
        assert as_text(run_search(epochs=40)) == as_text(expected)


def test_processes_give_the_same_bits(expected, tmp_path):
    with parallel_config("loky", n_jobs=2):
        assert as_text(run_search(epochs=40, results=tmp_path / "trials.jsonl")) == as_text(expected)
    assert len(set(settings_on_disk(tmp_path / "trials.jsonl"))) == NUM_TRIALS


def test_work_is_cut_for_as_many_workers_as_there_are(monkeypatch):
    sizes = []
    monkeypatch.setattr(MODULE, "MOST_AT_ONCE", 16)
    monkeypatch.setattr(MODULE, "sweep", lambda settings, *args, **options:
                        sizes.append(len(settings)) or sweep(settings, *args, **options))
    run_search()
    assert sorted(sizes) == [8, 16]
    sizes.clear()
    with parallel_config("threading", n_jobs=4):
        run_search()
    assert sizes == [6, 6, 6, 6]


def test_a_dask_cluster_that_loses_a_worker_delivers_every_trial_once(expected, tmp_path, monkeypatch):
    path, lost = tmp_path / "trials.jsonl", []
    append = Journal.append

    def append_and_kill(journal, entries):
        append(journal, entries)
        if not lost:
            busy = [address for address, tasks in client.processing().items() if tasks]
            assert len(busy) == 2
            pid = client.run(os.getpid, workers=busy)[busy[0]]
            lost.append(pid)
            os.kill(pid, signal.SIGKILL)

    monkeypatch.setattr(Journal, "append", append_and_kill)
    with (LocalCluster(n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None) as cluster,
          Client(cluster) as client, parallel_config("dask")):
        assert as_text(run_search(epochs=40, results=path)) == as_text(expected)
        assert lost and lost[0] not in client.run(os.getpid).values()
    settings = settings_on_disk(path)
    assert len(settings) == len(set(settings)) == NUM_TRIALS
