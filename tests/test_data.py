"""Claims about load_mnist's arguments and about split; the full MNIST is in test_data_full_mnist."""

import re

import pytest
import torch

from pigeon_lessons import load_mnist, split


@pytest.mark.parametrize(("arguments", "error", "words"), [
    ({"source": "validation"}, ValueError, "source must be one of 'sample', 'train', 'test', got 'validation'; "),
    ({"source": ["train"]}, ValueError, "source must be"),
    ({"source": torch.zeros(3)}, ValueError, "source must be"),
    ({"source": "train", "root": ""}, ValueError, "root must be the name of a folder, got ''; "),
    ({"source": "train", "root": None}, TypeError, "root must be the name of a folder, got None; "),
    ({"source": "train", "root": b"data"}, TypeError, "root must be the name of a folder, got b'data'; "),
    ({"source": "train", "download": "no"}, TypeError, "download must be True or False, got 'no'; "),
    ({"yes": 8}, TypeError, "yes must be a list of labels, got 8; "),
])
def test_a_wrong_argument_of_load_mnist_is_named(arguments, error, words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(error, match=re.escape(words)):
        load_mnist(**arguments)
    assert not list(tmp_path.iterdir())


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


def test_split_refuses_what_is_no_digits():
    with pytest.raises(TypeError, match="digits must be Digits, got Tensor; use load_mnist"):
        split(load_mnist().images)


def test_the_parts_keep_the_question_and_own_their_memory():
    digits = load_mnist(yes=(7,))
    train, *_ = split(digits)
    train.images.zero_()
    assert train.yes == (7,) and digits.images[:1024].max() == 1
