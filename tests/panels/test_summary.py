"""Words, table and CSV say the same, and name exactly what differs."""

import csv
import io
import re

import pytest

from pigeon_lessons.panels.session import Session
from pigeon_lessons.panels.summary import csv_text, run_labels, summarize, table
from tests.panels.declared import EXPLORERS

SETTINGS = {"lr": 0.05, "batch_size": 32, "epochs": 3, "seed": 1, "repeats": 1}


@pytest.fixture
def session(digits):
    session = Session(EXPLORERS["training_curves"], *digits, list(SETTINGS), lambda scene: None)
    session.run(SETTINGS)
    return session


def test_the_same_result_gives_the_same_words(session):
    words = summarize(session.scene.now, list(SETTINGS))
    session.run({**SETTINGS, "lr": 0.1})
    session.run(SETTINGS)
    assert summarize(session.scene.now, list(SETTINGS)) == words
    assert words.startswith("With learning rate 0.05, batch size 32, 3 epochs, seed 1: Training loss falls from")


def test_every_end_in_the_table_is_in_the_summary(session):
    head, row = table(session.scene)
    ends = [cell for name, cell in zip(head, row, strict=True) if "loss" in name or "accuracy" in name]
    words = summarize(session.scene.now, list(SETTINGS))
    assert len(ends) == 4
    for end in ends:
        assert f"to {end} over 3 epochs" in words
    assert f"Validation loss is best after {row[head.index('best epoch')]} epoch" in words


def test_legend_and_table_name_exactly_the_settings_that_differ(session):
    session.pin()
    session.run({**SETTINGS, "lr": 0.1, "epochs": 2})
    scene = session.scene
    assert run_labels(scene) == {"now": "now: learning rate 0.1, 2 epochs", 0: "A: learning rate 0.05, 3 epochs",
                                 "before": "the run before"}
    assert table(scene)[0][:3] == ["run", "learning rate", "epochs"]
    assert [row[0] for row in table(scene)[1:]] == ["now", "A"]


def test_the_csv_holds_every_point_of_every_run_shown(session):
    session.pin()
    session.run({**SETTINGS, "repeats": 3})
    rows = list(csv.DictReader(io.StringIO(csv_text(session.scene))))
    assert len(rows) == (3 + 1) * 4
    second_seed = [float(row["val_loss"]) for row in rows if row["run"] == "now" and row["seed"] == "2"]
    assert second_seed == session.scene.now.histories[1]["val_loss"]


def test_a_divergence_is_told_with_its_update_and_no_end_that_rounding_decides(session):
    session.run({**SETTINGS, "lr": 10.0})
    words = summarize(session.scene.now, list(SETTINGS))
    assert re.search(r"Diverged: the loss of a mini-batch rose to \S+ nats at update \d+", words)
    assert "best" not in words and "over 3 epochs" not in words
    assert table(session.scene)[1][-1] == "–"


def test_several_seeds_are_told_as_mean_and_standard_deviation(session):
    session.run({**SETTINGS, "repeats": 3})
    words = summarize(session.scene.now, list(SETTINGS))
    ends = session.scene.now.ends("val_loss")
    mean = sum(ends) / 3
    spread = (sum((end - mean) ** 2 for end in ends) / 2) ** 0.5
    assert f"validation loss {mean:.3g} ± {spread:.3g}" in words
