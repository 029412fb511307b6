"""Claims about the package as a whole: cheap to import, complete, documented."""

import inspect
import subprocess
import sys
from importlib.metadata import version

import pytest

import pigeon_lessons

HEAVY = ["matplotlib", "matplotlib.pyplot", "torchvision", "ipywidgets", "IPython", "pandas", "joblib",
         "optuna", "dask"]
BY_AN_OPTIMIZER = ["sympy", "torch._dynamo"]

SESSION = """
import sys, torch
heavy, before = {names}, set(sys.modules)
def loaded():
    return [name for name in heavy if name in sys.modules and name not in before]
import pigeon_lessons as lessons
print("import", loaded())
train, val, _ = lessons.split(lessons.load_mnist(), 64, 64)
pigeon = lessons.Pigeon(seed=1)
lessons.sweep([{{}}], train, val, epochs=1)
print("sweep", loaded() + [name for name in {by_an_optimizer} if name in sys.modules])
history = lessons.Trainer(pigeon, train, val).fit(1)
lessons.describe(history)
print("train", loaded())
lessons.plot_history(history), lessons.plot_digits(train[:2]), lessons.plot_weights(pigeon)
print("plot", loaded())
"""


@pytest.fixture(scope="module")
def loaded():
    """The heavy modules that a fresh interpreter has loaded, beyond torch's own, after each step of a session."""
    result = subprocess.run([sys.executable, "-c", SESSION.format(names=HEAVY, by_an_optimizer=BY_AN_OPTIMIZER)],
                            capture_output=True, text=True, check=True)
    return dict(line.split(" ", 1) for line in result.stdout.splitlines())


def test_importing_the_package_loads_nothing_that_is_slow(loaded):
    assert loaded["import"] == "[]"


def test_pigeons_and_sweeps_do_without_what_torch_loads_for_its_first_optimizer(loaded):
    assert loaded["sweep"] == "[]"


def test_torch_is_all_that_a_training_run_needs(loaded):
    assert loaded["train"] == "[]"


def test_drawing_needs_matplotlib_but_never_pyplot(loaded):
    assert loaded["plot"] == "['matplotlib']"


@pytest.mark.parametrize("name", pigeon_lessons.__all__)
def test_every_public_name_is_there_and_documented_with_an_example(name):
    value = getattr(pigeon_lessons, name)
    assert name in dir(pigeon_lessons) and value.__name__ == name
    needs_example = not (inspect.isclass(value) and issubclass(value, Exception))
    assert inspect.getdoc(value) and (not needs_example or ">>> " in inspect.getdoc(value)), f"{name}: no example"


def test_no_name_is_listed_twice():
    assert len(set(pigeon_lessons.__all__)) == len(pigeon_lessons.__all__)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="module 'pigeon_lessons' has no attribute 'Dove'"):
        pigeon_lessons.Dove  # noqa: B018
    assert not hasattr(pigeon_lessons, "Dove")


def test_the_version_is_that_of_the_installed_package():
    assert pigeon_lessons.__version__ == version("pigeon-lessons")
