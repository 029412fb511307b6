"""Claims about Digits, in memory, and about split."""

import pickle
import re

import numpy as np
import pytest
import torch
from torch.utils.data import DataLoader

from pigeon_lessons import Digits, load_mnist, split

# ---- Digits ----

def test_an_item_is_an_image_and_a_target_whatever_kind_of_integer_asks():
    digits = load_mnist()
    for index in (5, np.int64(5), torch.tensor(5), -4995):
        image, target = digits[index]
        assert torch.equal(image, digits.images[5]) and torch.equal(target, digits.targets[5])


@pytest.mark.parametrize("positions", [slice(2, 20, 3), torch.arange(2, 20, 3), list(range(2, 20, 3)),
                                       np.arange(2, 20, 3)], ids=["slice", "tensor", "list", "array"])
def test_a_choice_of_positions_gives_digits_again(positions):
    digits = load_mnist()
    chosen = digits[positions]
    assert isinstance(chosen, Digits) and len(chosen) == 6
    assert torch.equal(chosen.images, digits.images[2:20:3])
    assert torch.equal(chosen.labels, digits.labels[2:20:3])
    assert torch.equal(chosen.targets, digits.targets[2:20:3])


def test_a_loop_over_digits_ends():
    assert len(list(load_mnist()[:7])) == 7


def test_a_loader_makes_batches_of_digits_the_last_one_shorter():
    shapes = [(list(images.shape), list(targets.shape)) for images, targets in DataLoader(load_mnist()[:70], 32)]
    assert shapes == [([32, 1, 28, 28], [32, 1])] * 2 + [([6, 1, 28, 28], [6, 1])]


def test_the_fingerprint_follows_content_and_order_alone():
    digits = load_mnist()
    first = digits[:50].fingerprint()
    assert re.fullmatch("[0-9a-f]{16}", first)
    assert Digits(digits.images[:50].clone(), digits.labels[:50].clone()).fingerprint() == first
    assert pickle.loads(pickle.dumps(digits[:50])).fingerprint() == first
    others = [digits[:49], digits[1:51], digits[torch.arange(49, -1, -1)],
              Digits(digits.images[:50], (digits.labels[:50] + 1) % 10),
              Digits(digits.images[:50] / 2, digits.labels[:50])]
    assert first not in {other.fingerprint() for other in others}


IMAGES, LABELS = torch.zeros(4, 1, 28, 28), torch.tensor([0, 1, 2, 9])


@pytest.mark.parametrize(("images", "labels", "error", "words"), [
    (IMAGES.numpy(), LABELS, TypeError, "images must be a tensor, got ndarray; give a float32"),
    (IMAGES.double(), LABELS, TypeError, "images must be float32, got torch.float64; give a float32"),
    (IMAGES.byte(), LABELS, TypeError, "images must be float32, got torch.uint8; give a float32"),
    (IMAGES[:, 0], LABELS, ValueError, "[n, 1, 28, 28], got [4, 28, 28]; give"),
    (IMAGES.reshape(4, 784), LABELS, ValueError, "[n, 1, 28, 28], got [4, 784]; give"),
    (IMAGES[..., :27], LABELS, ValueError, "[n, 1, 28, 28], got [4, 1, 28, 27]; give"),
    (IMAGES + 255, LABELS, ValueError, "images must lie in 0..1, got values from 255 to 255; divide by 255"),
    (IMAGES - 0.1, LABELS, ValueError, "images must lie in 0..1, got values from -0.1"),
    (IMAGES + float("nan"), LABELS, ValueError, "images must lie in 0..1, got values from nan"),
    (IMAGES, [0, 1, 2, 9], TypeError, "labels must be a tensor, got list; give"),
    (IMAGES, LABELS.float(), TypeError, "labels must be int64, got torch.float32; give"),
    (IMAGES, LABELS[:3], ValueError, "labels must have shape [4], one for each image, got [3]; give"),
    (IMAGES, LABELS[:, None], ValueError, "labels must have shape [4], one for each image, got [4, 1]; give"),
    (IMAGES, LABELS + 1, ValueError, "labels must lie in 0..9, got 1..10; give"),
    (IMAGES, LABELS - 1, ValueError, "labels must lie in 0..9, got -1..8; give"),
])
def test_digits_refuse_what_is_no_digit(images, labels, error, words):
    with pytest.raises(error, match=re.escape(words)):
        Digits(images, labels)


# ---- split ----

def test_split_cuts_disjoint_parts_by_position():
    digits = load_mnist()
    train, val, test = split(digits, train=3000, val=500)
    assert [len(part) for part in (train, val, test)] == [3000, 500, 1500]
    assert torch.equal(torch.cat([part.labels for part in (train, val, test)]), digits.labels)
    assert torch.equal(torch.cat([part.images for part in (train, val, test)]), digits.images)


@pytest.mark.parametrize(("sizes", "error", "words"), [
    ({"train": 0}, ValueError, "train must be at least 1, got 0; "),
    ({"train": 0.6}, TypeError, "train must be a whole number, got 0.6; "),
    ({"val": -1}, ValueError, "val must be at least 0, got -1; "),
    ({"val": "1024"}, TypeError, "val must be a whole number, got '1024'; "),
    ({"train": 4000, "val": 2000}, ValueError, "at most the 5,000 digits there are, got 4000 + 2000 = 6000; ask"),
])
def test_split_refuses_sizes_that_do_not_fit(sizes, error, words):
    with pytest.raises(error, match=re.escape(words)):
        split(load_mnist(), **sizes)
