"""Claims about the 5,000 digits inside the package, and about what a Pigeon learns from them."""

import hashlib
from importlib import resources
from pathlib import Path

import numpy as np
import pytest
import torch
from make_sample import make_sample
from torchvision.transforms import ToTensor

from pigeon_lessons import Pigeon, Trainer, evaluate, load_mnist

CARD = resources.files("pigeon_lessons") / "mnist_sample"
FULL_SET = Path(__file__).parents[1] / "data"


def test_the_sample_is_5000_digits_500_of_each_class():
    digits = load_mnist()
    assert digits.images.shape == (5000, 1, 28, 28) and digits.images.dtype == torch.float32
    assert digits.labels.shape == (5000,) and digits.labels.dtype == torch.int64
    assert digits.targets.shape == (5000, 1) and digits.targets.dtype == torch.float32
    assert torch.bincount(digits.labels).tolist() == [500] * 10
    assert (digits.images.min(), digits.images.max()) == (0, 1)
    assert torch.equal(digits.targets[:, 0] == 1, digits.labels < 3)


def test_every_slice_of_the_sample_is_a_fair_one():
    """Shuffled: each stretch of 1,000 holds each class 100 times, give or take four standard deviations."""
    for start in range(0, 5000, 1000):
        counts = torch.bincount(load_mnist().labels[start:start + 1000], minlength=10)
        assert (counts - 100).abs().max() < 4 * (1000 * 0.1 * 0.9) ** 0.5


def test_no_digit_of_the_sample_is_there_twice():
    digits = load_mnist()
    assert len({image.numpy().tobytes() for image in digits.images}) == 5000


def test_the_data_card_names_the_arrays_hash():
    with np.load(CARD / "digits.npz") as arrays:
        digest = hashlib.sha256(arrays["images"].tobytes() + arrays["labels"].tobytes()).hexdigest()
    assert digest in (CARD / "README.md").read_text(encoding="utf-8")


def test_make_sample_gives_the_same_arrays_again(tmp_path):
    make_sample(tmp_path / "again.npz")
    with np.load(CARD / "digits.npz") as kept, np.load(tmp_path / "again.npz") as again:
        assert kept.files == again.files == ["images", "labels"]
        for name in kept.files:
            assert kept[name].dtype == again[name].dtype == np.uint8
            assert np.array_equal(kept[name], again[name])


def test_images_have_the_values_that_totensor_gives():
    with np.load(CARD / "digits.npz") as arrays:
        images = arrays["images"]
    for index in (0, 17, 4999):
        assert torch.equal(load_mnist().images[index], ToTensor()(images[index][:, :, None]))


def test_digits_spoiled_by_one_caller_are_whole_for_the_next():
    load_mnist().images.zero_()
    assert load_mnist().images.max() == 1


# ---- a Pigeon learns from it ----

@pytest.mark.parametrize("seed", range(5))
def test_a_pigeon_trained_on_1024_digits_is_right_on_93_percent_of_the_others(seed):
    digits = load_mnist()
    trainer = Trainer(Pigeon(seed=seed), digits[:1024], lr=0.05, batch_size=32, seed=seed)
    trainer.fit(15)
    assert evaluate(trainer.model, digits[1024:])["accuracy"] >= 0.93


@pytest.mark.skipif(not (FULL_SET / "MNIST").is_dir(),
                    reason="wants the full MNIST: run load_mnist('test') once in the project's folder, with a network")
def test_a_pigeon_trained_on_the_sample_is_right_on_93_percent_of_mnists_test_digits():
    test, sample = load_mnist("test", root=FULL_SET, download=False), load_mnist()
    trainer = Trainer(Pigeon(seed=1), sample[:1024], lr=0.05)
    trainer.fit(15)
    assert len(test) == 10_000
    assert evaluate(trainer.model, test)["accuracy"] >= 0.93
    known = {image.numpy().tobytes() for image in sample.images}
    assert not any(image.numpy().tobytes() in known for image in test.images)
