"""The handwritten digits: what a data set is, where MNIST comes from, how it is split and in what order it is visited.

Nothing here knows a network. torchvision is imported only when the full MNIST is asked for.
"""

import hashlib
from importlib import resources
from pathlib import Path

import numpy as np
import torch
from torch.utils.data import Dataset

from pigeon_lessons import checks

SMALLER_THAN = 3
"""The Pigeon's question: is this digit smaller than 3?"""


class Digits(Dataset):
    """Handwritten digits with their labels, held in memory; a torch `Dataset`.

    Arguments: `images`, float32 of shape [n, 1, 28, 28] with ink from 0 (paper) to 1 (full), and
    `labels`, int64 of shape [n] in 0..9.
    A third tensor follows from the labels: `targets`, float32 of shape [n, 1], is 1.0 where the
    label is smaller than 3 and 0.0 elsewhere. It has the shape of the Pigeon's logits.

    `digits[i]` is a pair (image [1, 28, 28], target [1]), so a `DataLoader` makes batches of it.
    A slice, or a tensor or list of positions, gives `Digits` again.

    Raises TypeError or ValueError if shapes, dtypes or values are others.

    >>> digits = load_mnist()
    >>> image, target = digits[0]
    >>> image.shape, target.shape
    (torch.Size([1, 28, 28]), torch.Size([1]))
    >>> digits[:32].targets.shape
    torch.Size([32, 1])
    """

    def __init__(self, images, labels):
        _check_images(images)
        _check_labels(labels, len(images))
        self.images = images
        self.labels = labels
        self.targets = (labels < SMALLER_THAN).float().unsqueeze(1)

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, index):
        if isinstance(index, int) or getattr(index, "ndim", None) == 0:  # numpy's and torch's integers too
            return self.images[index], self.targets[index]
        return self._at(index)

    def __repr__(self):
        smaller = int(self.targets.sum())
        return f"Digits({len(self):,} images of 28×28, {smaller:,} of them smaller than {SMALLER_THAN})"

    def _at(self, positions):
        chosen = Digits.__new__(Digits)  # the parts of checked digits need no second check
        chosen.images = self.images[positions]
        chosen.labels = self.labels[positions]
        chosen.targets = self.targets[positions]
        return chosen

    def fingerprint(self):
        """Return 16 hexadecimal digits that name this content: equal digits in equal order, equal name.

        >>> load_mnist()[:10].fingerprint() == load_mnist()[:10].fingerprint()
        True
        """
        digest = hashlib.sha256(self.labels.numpy().tobytes())
        digest.update(self.images.contiguous().numpy().tobytes())
        return digest.hexdigest()[:16]


def load_mnist(source="sample", *, root="data", download=True):
    """Return MNIST's handwritten digits as `Digits`.

    `source`:
    "sample" is 5,000 digits, 500 of each class in a fixed random order, stored inside this package:
    no network, ready in a few hundredths of a second.
    "train" and "test" are MNIST's own 60,000 and 10,000 digits through `torchvision.datasets.MNIST`,
    kept in the folder `root` and downloaded there once (12 MB) unless `download` is False.

    Raises ValueError for another source, and RuntimeError, naming the way on, when the full set is
    neither in `root` nor to be had.
    Source: LeCun, Bottou, Bengio & Haffner, "Gradient-based learning applied to document
    recognition", Proc. IEEE 86(11), 1998.

    >>> load_mnist()
    Digits(5,000 images of 28×28, 1,500 of them smaller than 3)
    """
    if source == "sample":
        return Digits(*_sample())
    if source in ("train", "test"):
        return _full_mnist(source, Path(root), download)
    raise ValueError(f'source must be "sample", "train" or "test", got {source!r}; '
                     '"sample" needs no network')


def split(digits, train=1024, val=1024):
    """Return three disjoint parts of `digits`, by position: (train, val, test); test is the rest.

    `train` and `val` are numbers of images. Raises TypeError or ValueError if they are not whole
    numbers, `train` is below 1, `val` below 0, or both together are more than there are.

    >>> [len(part) for part in split(load_mnist())]
    [1024, 1024, 2952]
    """
    train = checks.whole_number("train", train, least=1)
    val = checks.whole_number("val", val, least=0)
    if train + val > len(digits):
        raise ValueError(f"train + val must be at most the {len(digits):,} digits there are, got "
                         f"{train} + {val} = {train + val}; ask for fewer, or load_mnist(\"train\")")
    return digits[:train], digits[train:train + val], digits[train + val:]


def data_order(count, *, seed, epoch, shuffle=True):
    """Return the order, int64 of shape [count], in which an epoch visits the training examples.

    It is a function of (seed, epoch) alone: no global random state is read or changed, and no two
    pairs share a random stream. (`seed + epoch` would: seed 1's second epoch would be seed 2's first.)

    >>> data_order(5, seed=1, epoch=0)
    tensor([4, 0, 1, 2, 3])
    """
    if not shuffle:
        return torch.arange(count)
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
    """Return the packed sample as (images, labels), tensors that nobody else holds."""
    packed = resources.files("pigeon_lessons") / "mnist_sample" / "digits.npz"
    with packed.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
        return _as_tensors(arrays["images"], arrays["labels"])


def _as_tensors(images, labels):
    """Turn bytes of ink, uint8 [n, 28, 28], into what `Digits` takes; the same values as `ToTensor`."""
    images = torch.from_numpy(images).unsqueeze(1).float().div_(255)
    return images, torch.from_numpy(labels.astype(np.int64))


def _full_mnist(source, root, download):
    from torchvision.datasets import MNIST  # takes over a second to import

    try:
        mnist = MNIST(root, train=source == "train", download=download)
        return Digits(*_as_tensors(mnist.data.numpy(), mnist.targets.numpy()))
    except Exception as error:  # no network, no such folder, a damaged file: torchvision has many names for them
        raise RuntimeError(
            f'the full MNIST ("{source}") could not be read from {str(root)!r}'
            f'{" or downloaded" if download else ", and download=False"}: {error or type(error).__name__}\n'
            'Go on with load_mnist("sample"), which needs no network, or try again when online. '
            f"If files in {str(root / 'MNIST')!r} are damaged, delete that folder first."
        ) from error


def _check_images(images):
    remedy = "give a float32 tensor of shape [n, 1, 28, 28] with values from 0 to 1"
    if not isinstance(images, torch.Tensor):
        raise TypeError(f"images must be a tensor, got {type(images).__name__}; {remedy}")
    if images.dtype != torch.float32:
        raise TypeError(f"images must be float32, got {images.dtype}; {remedy}")
    if images.ndim != 4 or tuple(images.shape[1:]) != (1, 28, 28):
        raise ValueError(f"images must have shape [n, 1, 28, 28], got {list(images.shape)}; {remedy}")
    if len(images) and not (images.min() >= 0 and images.max() <= 1):
        raise ValueError(f"images must lie in 0..1, got values from {images.min():g} to {images.max():g}; "
                         "divide by 255 if they are bytes")


def _check_labels(labels, count):
    remedy = "give an int64 tensor of shape [n] with digits from 0 to 9"
    if not isinstance(labels, torch.Tensor):
        raise TypeError(f"labels must be a tensor, got {type(labels).__name__}; {remedy}")
    if labels.dtype != torch.int64:
        raise TypeError(f"labels must be int64, got {labels.dtype}; {remedy}")
    if tuple(labels.shape) != (count,):
        raise ValueError(f"labels must have shape [{count}], one for each image, got {list(labels.shape)}; {remedy}")
    if count and not (labels.min() >= 0 and labels.max() <= 9):
        raise ValueError(f"labels must lie in 0..9, got {int(labels.min())}..{int(labels.max())}; {remedy}")
