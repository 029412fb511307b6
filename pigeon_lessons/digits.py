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

    `images`: floats of shape [n, 1, 28, 28] with ink from 0 (paper) to 1 (full), kept as float32. `labels`: whole
    numbers of shape [n] in 0..9, kept as int64. `yes`: the labels that are to be answered with "yes". Tensors and
    arrays are copied. `targets`, float32 of shape [n, 1], the shape of the Pigeon's logits, is 1.0 where the label is
    one of `yes`, worked out anew each time. Any 28×28 images in ten classes will do: torchvision's Fashion-MNIST,
    read into `fashion`, is `Digits(fashion.data[:, None] / 255, fashion.targets)`.

    `digits[i]` is a pair (image [1, 28, 28], target [1]), so a `DataLoader` makes batches of it. A slice,
    positions (a list, array or tensor, [k] or [k, 1]) and a mask, [n] or [n, 1], give `Digits` again, whose
    tensors are their own. Two `Digits` are equal if images, labels and `yes` are.

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
        images = _checked("images", images, torch.float32, ("n", 1, 28, 28), 1,
                          "give floats of shape [n, 1, 28, 28] from 0 to 1, bytes divided by 255")
        labels = _checked("labels", labels, torch.int64, (len(images),), 9,
                          "give whole numbers from 0 to 9, one for each image")
        vars(self).update(images=images, labels=labels.to(images.device), yes=checked_yes(yes))

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
            number = checks.position(number, len(self), "digits", "-1 is the last")
            is_yes = float(self.labels[number].item() in self.yes)
            return self.images[number].clone(), self.images.new_full((1,), is_yes)
        places = _places(index, len(self))
        return Digits.holding(self.images[places], self.labels[places], self.yes)

    def __copy__(self):
        return self[:]

    def __eq__(self, other):
        if not isinstance(other, Digits):
            return NotImplemented
        return self.yes == other.yes and all(torch.equal(own.cpu(), others.cpu()) for own, others in (
            (self.labels, other.labels), (self.images, other.images)))

    def __repr__(self):
        return f"Digits({len(self):,} images of 28×28, {int(self.targets.sum()):,} of them {self.yes_means})"

    def to(self, device):
        """Return the same digits on `device`, "cuda" say; ValueError where there is no such device."""
        try:
            images, labels = (part.to(torch.device(device), copy=True) for part in (self.images, self.labels))
            images[:1].cpu()  # not from "meta", where no numbers are
        except (AssertionError, RuntimeError, TypeError, ValueError) as error:  # torch has all of them
            raise _no_device("device", device) from error
        return Digits.holding(images, labels, self.yes)

    def fingerprint(self):
        """Return 16 hexadecimal digits that name this content: equal digits in equal order, equal name."""
        digest = hashlib.sha256(self.labels.cpu().numpy())
        digest.update(self.images.cpu().contiguous().numpy())
        if self.yes != (0, 1, 2):  # without them it is the name that earlier results were kept under
            digest.update(bytes(self.yes))
        return digest.hexdigest()[:16]


def checked_yes(yes):
    """Return the labels that count as "yes" as a sorted tuple; TypeError or ValueError unless they are such."""
    remedy = "give a tuple of labels, such as (0, 1, 2)"
    labels = {checks.whole_number("each of yes", label, least=0, most=9, remedy=remedy)
              for label in checks.list_of("labels", "yes", yes)}
    if len(labels) in (0, 10):
        raise ValueError(f"yes must hold some of the labels 0..9, but not all, got {yes!r}; {remedy}")
    return tuple(sorted(labels))


def _places(index, count):
    """Return the positions among `count` digits that a slice, a table of positions or a mask chooses: int64 [k]."""
    if isinstance(index, tuple) and len(index) == 1:  # as np.nonzero and torch.nonzero(as_tuple=True) give it
        index, = index
    told = f"{type(index).__name__} of shape {list(index.shape)}" if getattr(index, "ndim", 0) else reprlib.repr(index)
    try:
        if not isinstance(index, slice):
            if isinstance(index, torch.Tensor):  # bytes are a mask in torch, and positions in numpy
                index = (index.bool() if index.dtype == torch.uint8 else index).cpu()
            table = np.asarray(index)
            if table.ndim == 2 and table.shape[1] == 1:  # as torch.nonzero and a comparison of targets give it
                table = table[:, 0]
            if table.ndim != 1 or isinstance(index, tuple):
                raise TypeError("which is no list")
            index = table if table.size or table.dtype == bool else table.astype(int)
        return torch.from_numpy(np.arange(count)[index].copy())
    except (IndexError, TypeError, ValueError, OverflowError, RuntimeError) as error:
        kind = IndexError if isinstance(error, IndexError) else TypeError
        raise kind(f"index must choose among {count} digits, got {told} ({error}); "
                   "give a number, a slice, a list of positions, or a mask as long as the digits") from error


def _checked(name, values, dtype, shape, most, remedy):
    """Return a copy of a tensor, or of what numpy makes an array of: of this dtype, contiguous, without a gradient."""
    if isinstance(values, torch.Tensor) and values.is_meta:
        raise _no_device(name, "meta")
    try:
        if isinstance(values, torch.Tensor):
            own = values.detach().to_dense().clone()
        else:
            array = np.asarray(values)
            own = torch.from_numpy(np.array(array, dtype=array.dtype.newbyteorder("=")))
    except (TypeError, ValueError, RuntimeError) as error:
        raise TypeError(f"{name} must be numbers, got {type(values).__name__} that is no array; {remedy}") from error
    if own.is_complex() or own.dtype == torch.bool or own.is_floating_point() != dtype.is_floating_point:
        raise TypeError(f"{name} must be {dtype}, got {own.dtype}; {remedy}")
    own = own.to(dtype).contiguous()
    if own.ndim != len(shape) or any(wanted not in ("n", got) for wanted, got in zip(shape, own.shape, strict=True)):
        raise ValueError(f"{name} must have shape [{', '.join(map(str, shape))}], got {list(own.shape)}; {remedy}")
    if len(own) and not (own.min() >= 0 and own.max() <= most):
        raise ValueError(f"{name} must lie in 0..{most}, got values from {own.min():g} to {own.max():g}; {remedy}")
    return own


def _no_device(name, device):
    return ValueError(f'{name} must be on a device of this machine that holds numbers, got {device!r}; "cpu" does')
