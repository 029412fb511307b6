"""The handwritten digits: where MNIST comes from, how digits are split and in what order they are visited.

What a data set is stands in `digits`. torchvision is imported only when the full MNIST is asked for.
"""

import os
from importlib import resources
from pathlib import Path

import numpy as np
import torch

from pigeon_lessons import checks
from pigeon_lessons.digits import Digits, checked_yes


def load_mnist(source="sample", *, root="data", download=True, yes=(0, 1, 2)):
    """Return MNIST's handwritten digits as `Digits`; `yes` are the labels that are to be answered with "yes".

    `source`: "sample" is 5,000 digits, 500 of each class in a fixed random order, stored inside this package:
    no network, ready in a few hundredths of a second. "train" and "test" are MNIST's own 60,000 and 10,000, by
    `torchvision.datasets.MNIST` in the folder `root`, downloaded there once (12 MB) unless `download` is False.

    Raises ValueError or TypeError for other arguments, and RuntimeError, naming the way on, when the full
    set is neither in `root` nor to be had.
    Source: LeCun, Bottou, Bengio & Haffner, "Gradient-based learning applied to document
    recognition", Proc. IEEE 86(11), 1998.

    >>> load_mnist()
    Digits(5,000 images of 28×28, 1,500 of them smaller than 3)
    >>> load_mnist(yes=range(0, 10, 2))
    Digits(5,000 images of 28×28, 2,500 of them even)
    """
    checks.one_of("source", source, ("sample", "train", "test"))
    if not isinstance(root, (str, os.PathLike)) or not str(root):
        kind = ValueError if isinstance(root, str) else TypeError
        raise kind(f'root must be the name of a folder, got {root!r}; "data" is usual')
    checks.yes_or_no("download", download)
    yes = checked_yes(yes)
    return Digits.holding(*_sample(), yes) if source == "sample" else _full_mnist(source, root, download, yes)


def split(digits, train=1024, val=1024):
    """Return three disjoint parts of `digits`, by position: (train, val, test); test is the rest.

    `train` and `val` are numbers of images. Raises TypeError or ValueError if they are not whole
    numbers, `train` is below 1, `val` below 0, or both together are more than there are.

    >>> [len(part) for part in split(load_mnist())]
    [1024, 1024, 2952]
    """
    check_digits("digits", digits)
    train = checks.whole_number("train", train, least=1)
    val = checks.whole_number("val", val, least=0)
    if train + val > len(digits):
        raise ValueError(f"train + val must be at most the {len(digits):,} digits there are, got "
                         f"{train} + {val} = {train + val}; ask for fewer, or load_mnist(\"train\")")
    return digits[:train], digits[train:train + val], digits[train + val:]


def data_order(count, *, seed, epoch, shuffle=True):
    """Return the order, int64 of shape [count], in which an epoch visits the training examples.

    It is a function of (seed, epoch) alone, and no two pairs share a random stream. (`seed + epoch` would:
    seed 1's second epoch would be seed 2's first.)

    >>> data_order(5, seed=1, epoch=0)
    tensor([4, 0, 1, 2, 3])
    """
    if not shuffle:
        return torch.from_numpy(np.arange(count))
    return torch.from_numpy(np.random.default_rng((seed, epoch)).permutation(count))


def check_digits(name, digits, remedy=""):
    """Raise unless `digits` are Digits and there is at least one; `name` is the argument's."""
    if not isinstance(digits, Digits):
        raise TypeError(f"{name} must be Digits, got {type(digits).__name__}; use load_mnist() and split(){remedy}")
    if not len(digits):
        raise ValueError(f"{name} must hold at least one digit, got none{remedy or '; take a longer slice'}")


def check_train_and_val(train, val):
    """Raise unless both are Digits, at least one each; `val` may be None, for training without validation."""
    check_digits("train", train)
    if val is not None:
        check_digits("val", val, remedy="; leave it out to train without validation")


def _sample():
    """Return the packed sample as (images, labels)."""
    packed = resources.files("pigeon_lessons") / "mnist_sample" / "digits.npz"
    with packed.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
        return _as_tensors(arrays["images"], arrays["labels"])


def _as_tensors(images, labels):
    """Turn bytes of ink, uint8 [n, 28, 28], into what `Digits` takes; the same values as `ToTensor`."""
    return torch.from_numpy(images).unsqueeze(1).float().div_(255), torch.from_numpy(labels.astype(np.int64))


def _full_mnist(source, root, download, yes):
    from torchvision.datasets import MNIST  # takes over a second to import

    try:
        root = Path(root).expanduser()
        mnist = MNIST(root, train=source == "train", download=download)
        return Digits(*_as_tensors(mnist.data.numpy(), mnist.targets.numpy()), yes)
    except Exception as error:  # no network, no such folder, a damaged file: torchvision has many names for them
        raise RuntimeError(
            f'the full MNIST ("{source}") could not be read from {str(root)!r}'
            f'{" or downloaded" if download else ", and download=False"}: {error or type(error).__name__}\n'
            'Go on with load_mnist("sample"), which needs no network, or try again when online. '
            f"If files in {os.path.join(root, 'MNIST')!r} are damaged, delete that folder first."
        ) from error
