"""What a student has reached is there when the cell is run again, and on the next day; it is theirs alone."""

from dataclasses import replace

from pigeon_lessons import explore
from pigeon_lessons.panels.panel import Panel
from pigeon_lessons.questions.overview import progress as overview
from pigeon_lessons.questions.storage import progress
from tests.panels import page
from tests.panels.declared import EXPLORERS


def test_a_challenge_that_was_met_stays_met_and_is_counted(digits, capsys):
    panel = explore("epochs", *digits, train_images=100, batch_size=10, epochs=10)
    assert [one["is_met"] for one in panel.scene.challenges] == [False, False]
    text = panel.scene.challenges[1]["text"]
    progress.put("challenges", f"epochs/{text}", {"met": True})
    again = explore("epochs", *digits)
    assert [one["is_met"] for one in again.scene.challenges] == [False, True]
    assert 'data-met="true"' in page.html(again, "pigeon-challenges")
    overview()
    row = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("02"))
    assert row.endswith("1 of 2")


def test_the_run_that_meets_a_challenge_puts_it_into_the_student_s_file(digits):
    explorer = EXPLORERS["learning_rate"]
    easy = replace(explorer.challenges[0], text="Go fast.", settings={},
                   needs=({"of": "setting", "name": "lr", "at_least": 0.05},))
    panel = Panel(replace(explorer, challenges=(easy,)), *digits, {**explorer.controls, "epochs": 1})
    assert progress.record("challenges", "learning_rate/Go fast.") == {}
    panel.controls["lr"].value = 0.05
    panel.controls["lr"].value = 0.01
    assert panel.scene.challenges[0]["is_met"]
    assert progress.record("challenges", "learning_rate/Go fast.") == {"met": True}


def test_the_best_runs_are_there_again_and_what_is_no_run_is_left_out(digits):
    panel = explore("playground", *digits, epochs=2)
    panel.controls["lr"].value = 0.05
    best = panel.scene.leaderboard
    assert len(best) == 2
    progress.put("runs", "playground", ["nonsense", {"accuracy": 1.0}, {"accuracy": "high", "settings": {}}])
    again = explore("playground", *digits, epochs=2)
    assert sorted(one["accuracy"] for one in again.scene.leaderboard) == sorted(one["accuracy"] for one in best)
