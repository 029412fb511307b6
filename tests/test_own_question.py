"""Claims about a question of one's own: which labels are answered with "yes" is said once and followed everywhere."""

import gzip

import numpy as np
import pytest
import torch
from joblib import parallel_config
from torchvision.datasets import FashionMNIST

from pigeon_lessons import (
    Digits,
    Pigeon,
    Trainer,
    describe,
    evaluate,
    explore,
    grid,
    load_mnist,
    plot_digits,
    search,
    split,
    sweep,
)
from pigeon_lessons.chapters import PANELS
from pigeon_lessons.panels.session import baseline

EVEN = (0, 2, 4, 6, 8)


@pytest.mark.parametrize(("yes", "words"), [
    ((0, 1, 2), "smaller than 3"), (range(7), "smaller than 7"), ({8, 6, 4, 2, 0}, "even"), ([1, 3, 5, 7, 9], "odd"),
    ((0,), "labeled 0"), (np.array([7]), "labeled 7"), (torch.tensor([9, 4, 9]), "labeled 4 or 9"),
    ((8, 3, 0), "labeled 0, 3 or 8"),
])
def test_a_question_has_targets_and_words(yes, words):
    digits = load_mnist(yes=yes)
    wanted = sorted({int(label) for label in yes})
    assert digits.yes == tuple(wanted) and digits.yes_means == words
    assert digits.targets[:, 0].tolist() == [float(label in wanted) for label in digits.labels.tolist()]
    assert repr(digits[:0]) == f"Digits(0 images of 28×28, 0 of them {words})"
    assert digits[3:9].yes == digits[[1]].yes == split(digits)[2].yes == digits.yes


@pytest.mark.parametrize(("yes", "error", "words"), [
    ((), ValueError, r"yes must hold some of the labels 0..9, but not all, got \(\); give"),
    (range(10), ValueError, "but not all, got range"), ((3, 10), ValueError, "each of yes must be at most 9"),
    ((-1,), ValueError, "each of yes must be at least 0, got -1; give"), (3, TypeError, "yes must be .* got 3; put"),
    ("012", TypeError, "yes must be a list of labels, got '012'"), ((0.5,), TypeError, "each of yes must be"),
    (None, TypeError, "yes must be a list of labels, got None"), (torch.tensor(3), TypeError, "yes must be a list"),
])
def test_what_is_no_question_is_refused(yes, error, words):
    with pytest.raises(error, match=words):
        load_mnist(yes=yes)


def test_the_trainer_the_sweep_and_the_search_ask_the_same_question():
    train, val, _ = split(load_mnist(yes=EVEN), 128, 64)
    wanted = Trainer(Pigeon(seed=1), train, val, lr=0.05).fit(3)["val_loss"][-1]
    smaller, other, _ = split(load_mnist(), 128, 64)
    assert abs(Trainer(Pigeon(seed=1), smaller, other, lr=0.05).fit(3)["val_loss"][-1] - wanted) > 1e-2
    assert sweep([{"lr": 0.05}], train, val, epochs=3)[0]["val_loss"][-1] == pytest.approx(wanted, abs=1e-4)
    with parallel_config("threading", n_jobs=2):
        assert search(grid(lr=[0.05]), train, val, epochs=3).best_score == pytest.approx(wanted, abs=1e-4)


def test_a_figure_names_the_question():
    digits = load_mnist(yes=(7,))[:3]
    assert 'probability of "labeled 7": ' in plot_digits(digits, [0.5] * 3).words


@pytest.mark.parametrize(("yes", "answer"), [((0, 1, 2), "no"), (range(8), "yes")])
def test_the_baseline_is_the_better_of_both_constant_answers(yes, answer):
    train, val, _ = split(load_mnist(yes=yes), 64, 64)
    assert baseline(val)["answer"] == answer
    assert baseline(val)["accuracy"] == ((val.targets == (answer == "yes")).float().mean())


@pytest.fixture
def fashion(tmp_path):
    """A small Fashion-MNIST in its own format, made up, as torchvision reads it."""
    random, folder = np.random.default_rng(0), tmp_path / "FashionMNIST" / "raw"
    folder.mkdir(parents=True)
    arrays = {"images-idx3": random.integers(0, 256, (96, 28, 28), np.uint8), "labels-idx1": np.arange(96) % 10}
    for kind, array in arrays.items():
        header = bytes([0, 0, 8, array.ndim]) + b"".join(size.to_bytes(4, "big") for size in array.shape)
        for part in ("train", "t10k"):
            content = header + array.astype(np.uint8).tobytes()
            (folder / f"{part}-{kind}-ubyte").write_bytes(content)
            (folder / f"{part}-{kind}-ubyte.gz").write_bytes(gzip.compress(content))
    return FashionMNIST(tmp_path)


def test_fashion_mnist_works_in_every_function_and_panel(fashion):
    clothes = Digits(fashion.data[:, None] / 255, fashion.targets, yes=(5, 7, 9))
    assert torch.equal(clothes.images[3, 0], fashion.data[3] / 255) and torch.equal(clothes.labels, fashion.targets)
    assert repr(clothes) == "Digits(96 images of 28×28, 28 of them labeled 5, 7 or 9)"
    train, val, _ = split(clothes, 64, 32)
    trainer = Trainer(Pigeon(seed=1), train, val)
    history = trainer.fit(2)
    assert describe(history) and 0 <= evaluate(trainer.model, val)["accuracy"] <= 1
    assert sweep([{}], train, val, epochs=2)[0]["val_loss"][-1] == pytest.approx(history["val_loss"][-1], abs=1e-4)
    assert search(grid(lr=[0.005]), train, val, epochs=2).best_score == pytest.approx(history["val_loss"][-1], abs=1e-4)
    assert plot_digits(val[:4], trainer.model(val.images[:4]).sigmoid()).words.startswith("4 digits")
    for name in PANELS:
        panel = explore(name, train, val)
        assert panel.state in ("done", "diverged") and panel.summary, name
        panel.close()
