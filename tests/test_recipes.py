"""The code of book/recipes runs as it stands there, and does what the text around it says."""

import errno
import os
import re
from pathlib import Path

from optuna.trial import TrialState

RECIPES = Path(__file__).parents[1] / "book" / "recipes"


def run_recipe(name):
    """Run the Python blocks of a recipe, one after the other; return the names they define."""
    text = (RECIPES / name).read_text(encoding="utf-8")
    names = {}
    for block in re.findall(r"^```python\n(.*?)^```", text, flags=re.DOTALL | re.MULTILINE):
        exec(block, names)  # the very lines that a reader would run
    return names


def test_the_optuna_recipe_searches_prunes_and_goes_on(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    study = run_recipe("optuna.md")["study"]
    states = [trial.state for trial in study.trials]
    assert len(states) == 32 and set(states) == {TrialState.COMPLETE, TrialState.PRUNED}
    for trial in study.trials:
        steps = list(trial.intermediate_values)
        assert steps == [3, 6, 12] if trial.state == TrialState.COMPLETE else steps in ([3], [3, 6])
    finished = [trial for trial in study.trials if trial.state == TrialState.COMPLETE]
    assert study.best_value == min(trial.value for trial in finished)
    assert all(trial.value == trial.intermediate_values[12] for trial in finished)
    assert str(study.best_params) in capsys.readouterr().out
    assert len(run_recipe("optuna.md")["study"].trials) == 64  # a second start goes on with the file


def test_the_optuna_recipe_needs_no_symbolic_links(tmp_path, monkeypatch):
    def refused(*arguments, **options):
        raise OSError(errno.EPERM, "a required privilege is not held by the client")  # as Windows says it
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(os, "symlink", refused)
    text = (RECIPES / "optuna.md").read_text(encoding="utf-8")
    names = {}
    exec(re.search(r"^```python\n(.*?)^```", text, flags=re.DOTALL | re.MULTILINE)[1], names)
    assert names["study"].trials == [] and (tmp_path / "study.log").exists()
