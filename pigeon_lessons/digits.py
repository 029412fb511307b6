"""What a data set is: images, their labels, and the labels that are to be answered with "yes".

Where MNIST comes from and how it is split stands in `data`. Nothing here knows a network.
"""

import hashlib
import numbers
import reprlib

import numpy as np
import torch
from torch.utils.data import Dataset

from pigeon_lessons import checks


class Digits(Dataset):
    """Handwritten digits with their labels, held in memory; a torch `Dataset`.

    Arguments: `images`, floats of shape [n, 1, 28, 28] with ink from 0 (paper) to 1 (full); `labels`, whole
    numbers of shape [n] in 0..9; `yes`, the labels that are to be answered with "yes". Tensors and arrays of
    any floating or integer dtype are taken, and copied: `.images` is float32 and `.labels` int64.
    `targets`, float32 of shape [n, 1], the shape of the Pigeon's logits, is 1.0 where the label is one of
    `yes` and 0.0 elsewhere. It is worked out from the labels each time, so it follows a change of them.
    Any set of 28×28 images in ten classes will do: torchvision's Fashion-MNIST, read into `fashion`, is
    `Digits(fashion.data[:, None] / 255, fashion.targets)`.

    `digits[i]` is a pair (image [1, 28, 28], target [1]), so a `DataLoader` makes batches of it. A slice,
    positions (a list, array or tensor, [k] or [k, 1]) and a mask, [n] or [n, 1], give `Digits` again.
    Nothing is shared: what is done to a choice or a copy does not reach the digits it was taken from.
    Two `Digits` are equal if images, labels and `yes` are.

    Raises TypeError or ValueError for other arguments, and also IndexError for an index; AttributeError where
    a part is to be replaced, not changed in place.

    >>> from pigeon_lessons import Digits, load_mnist
    >>> digits = load_mnist()
    >>> image, target = digits[0]
    >>> image.shape, target.shape
    (torch.Size([1, 28, 28]), torch.Size([1]))
    >>> digits[:32].targets.shape
    torch.Size([32, 1])
    >>> Digits(digits.images, digits.labels, yes=(1, 3, 5, 7, 9))
    Digits(5,000 images of 28×28, 2,500 of them odd)
    """

    def __init__(self, images, labels, yes=(0, 1, 2)):
        images = _images(images)
        labels = _labels(labels, len(images)).to(images.device)
        vars(self).update(images=images, labels=labels, yes=checked_yes(yes))

    @classmethod
    def holding(cls, images, labels, yes):
        """Return digits that hold these very parts: checked tensors that nobody else has."""
        digits = cls.__new__(cls)
        vars(digits).update(images=images, labels=labels, yes=yes)
        return digits

    def __setattr__(self, name, value):
        if name in ("images", "labels", "yes", "targets"):
            raise AttributeError(f"{name} cannot be replaced, got {type(value).__name__}; "
                                 "make new Digits(images, labels), or change values in place")
        super().__setattr__(name, value)

    @property
    def targets(self):
        """The right answers: float32 of shape [n, 1], 1.0 for "yes" and 0.0 for "no"."""
        return torch.isin(self.labels, self.labels.new_tensor(self.yes)).float().unsqueeze(1)

    @property
    def yes_means(self):
        """What a "yes" says of a digit, in words: the question is "is this digit …?".

        >>> from pigeon_lessons import load_mnist
        >>> load_mnist().yes_means, load_mnist(yes=[8, 3]).yes_means
        ('smaller than 3', 'labeled 3 or 8')
        """
        if len(self.yes) > 1 and self.yes[-1] == len(self.yes) - 1:
            return f"smaller than {len(self.yes)}"
        if self.yes in ((0, 2, 4, 6, 8), (1, 3, 5, 7, 9)):
            return "odd" if self.yes[0] else "even"
        *others, last = map(str, self.yes)
        return f"labeled {', '.join(others)} or {last}" if others else f"labeled {last}"

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, index):
        number = checks.plain(index)
        if isinstance(number, numbers.Integral) and not isinstance(number, bool):
            place = _place(number, len(self))
            is_yes = float(self.labels[place].item() in self.yes)
            return self.images[place].clone(), self.images.new_full((1,), is_yes)
        places = _places(index, len(self))
        return Digits.holding(self.images[places], self.labels[places], self.yes)

    def __copy__(self):
        return self[:]

    def __eq__(self, other):
        if not isinstance(other, Digits):
            return NotImplemented
        return self is other or (self.yes == other.yes and torch.equal(self.labels.cpu(), other.labels.cpu())
                                 and torch.equal(self.images.cpu(), other.images.cpu()))

    def __repr__(self):
        return f"Digits({len(self):,} images of 28×28, {int(self.targets.sum()):,} of them {self.yes_means})"

    def to(self, device):
        """Return the same digits on `device`, "cuda" say; ValueError where there is no such device.

        >>> from pigeon_lessons import load_mnist
        >>> load_mnist()[:3].to("cpu").images.device
        device(type='cpu')
        """
        try:
            images, labels = (part.to(torch.device(device), copy=True) for part in (self.images, self.labels))
        except (AssertionError, RuntimeError, TypeError, ValueError) as error:  # torch has all of them
            raise _no_device("device", device) from error
        if images.is_meta:
            raise _no_device("device", device)
        return Digits.holding(images, labels, self.yes)

    def fingerprint(self):
        """Return 16 hexadecimal digits that name this content: equal digits in equal order, equal name.

        >>> from pigeon_lessons import load_mnist
        >>> load_mnist()[:10].fingerprint() == load_mnist()[:10].fingerprint()
        True
        """
        digest = hashlib.sha256(self.labels.cpu().numpy())
        digest.update(self.images.cpu().contiguous().numpy())
        if self.yes != (0, 1, 2):  # without them it is the name that earlier results were kept under
            digest.update(bytes(self.yes))
        return digest.hexdigest()[:16]


def checked_yes(yes):
    """Return the labels that count as "yes" as a sorted tuple; TypeError or ValueError unless they are such."""
    remedy = "give a tuple of labels, such as (0, 1, 2)"
    try:
        labels = list(yes)
    except TypeError as error:  # a number, or a tensor of no dimension
        raise TypeError(f"yes must be a tuple of labels, got {yes!r}; {remedy}") from error
    labels = tuple(sorted({checks.whole_number("each of yes", label, least=0, remedy=remedy) for label in labels}))
    if not labels or labels[-1] > 9 or len(labels) == 10:
        raise ValueError(f"yes must hold some of the labels 0..9, but not all, got {yes!r}; {remedy}")
    return labels


def _place(number, count):
    try:
        return range(count)[number]
    except IndexError:
        raise IndexError(f"index must lie in {-count}..{count - 1} where there are {count} digits, got {number}; "
                         "len(digits) says how many there are") from None


def _places(index, count):
    """Return the positions among `count` digits that a slice, a table of positions or a mask chooses: int64 [k]."""
    if isinstance(index, tuple) and len(index) == 1:  # as np.nonzero and torch.nonzero(as_tuple=True) give it
        index, = index
    told = f"{type(index).__name__} of shape {list(index.shape)}" if getattr(index, "ndim", 0) else reprlib.repr(index)
    try:
        if not isinstance(index, slice):
            index = _table(index, count)
        return torch.from_numpy(np.arange(count)[index].copy())
    except (IndexError, TypeError, ValueError, OverflowError, RuntimeError) as error:
        kind = IndexError if isinstance(error, IndexError) else TypeError
        raise kind(f"index must choose among {count} digits, got {told} ({error}); "
                   "give a number, a slice, a list of positions, or a mask as long as the digits") from error


def _table(index, count):
    table = np.asarray(index.cpu() if isinstance(index, torch.Tensor) else index)
    if table.ndim == 2 and table.shape[1] == 1:  # as torch.nonzero gives it, and as a comparison of targets does
        table = table[:, 0]
    if table.ndim != 1 or isinstance(index, tuple):
        raise TypeError("which is no list")
    return table if table.size or table.dtype == bool else table.astype(int)


def _images(images):
    remedy = "give a float32 tensor of shape [n, 1, 28, 28] with values from 0 to 1"
    images = _owned("images", images, remedy)
    if not images.is_floating_point():
        raise TypeError(f"images must be float32, got {images.dtype}; {remedy}")
    images = images.float().contiguous()
    if images.ndim != 4 or tuple(images.shape[1:]) != (1, 28, 28):
        raise ValueError(f"images must have shape [n, 1, 28, 28], got {list(images.shape)}; {remedy}")
    if len(images) and not (images.min() >= 0 and images.max() <= 1):
        raise ValueError(f"images must lie in 0..1, got values from {images.min():g} to {images.max():g}; "
                         "divide by 255 if they are bytes")
    return images


def _labels(labels, count):
    remedy = "give an int64 tensor of shape [n] with digits from 0 to 9"
    labels = _owned("labels", labels, remedy)
    if labels.is_floating_point() or labels.is_complex() or labels.dtype == torch.bool:
        raise TypeError(f"labels must be int64, got {labels.dtype}; {remedy}")
    labels = labels.long().contiguous()
    if tuple(labels.shape) != (count,):
        raise ValueError(f"labels must have shape [{count}], one for each image, got {list(labels.shape)}; {remedy}")
    if count and not (labels.min() >= 0 and labels.max() <= 9):
        raise ValueError(f"labels must lie in 0..9, got {int(labels.min())}..{int(labels.max())}; {remedy}")
    return labels


def _owned(name, values, remedy):
    """Return a copy of a tensor, or of what numpy makes an array of, as a tensor that has numbers and no gradient."""
    if isinstance(values, torch.Tensor) and values.is_meta:
        raise _no_device(name, "meta")
    try:
        if isinstance(values, torch.Tensor):
            return values.detach().to_dense().clone()
        array = np.asarray(values)
        return torch.from_numpy(np.array(array, dtype=array.dtype.newbyteorder("=")))
    except (TypeError, ValueError, RuntimeError) as error:
        raise TypeError(f"{name} must be a tensor or an array of numbers, got {type(values).__name__}; {remedy}"
                        ) from error


def _no_device(name, device):
    return ValueError(f'{name} must be on a device of this machine that holds numbers, got {device!r}; "cpu" does')
