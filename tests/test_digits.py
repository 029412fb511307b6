"""Claims about Digits: what they take, how a part is chosen, and that no two share memory."""

import copy
import io
import pickle
import re

import numpy as np
import pytest
import torch
from torch.utils.data import DataLoader, random_split

from pigeon_lessons import Digits, load_mnist

DIGITS = load_mnist()[:40]
IS_SEVEN = DIGITS.labels == 7
SEVENS = [place for place, label in enumerate(DIGITS.labels.tolist()) if label == 7]
EVERY_THIRD = list(range(2, 20, 3))


def is_whole(digits, places):
    """Return whether these are Digits with all that the digits at `places` have, in this order."""
    images = torch.stack([DIGITS.images[place] for place in places])
    return (type(digits) is Digits and torch.equal(digits.images, images)
            and digits.labels.tolist() == [DIGITS.labels[place].item() for place in places]
            and digits.targets.tolist() == [[float(label < 3)] for label in digits.labels.tolist()])


@pytest.mark.parametrize("index", [5, -35, np.int64(5), np.uint8(5), np.array(5), torch.tensor(5), torch.tensor(-35)],
                         ids=repr)
def test_an_item_is_an_image_and_a_target_whatever_kind_of_number_asks(index):
    image, target = DIGITS[index]
    assert torch.equal(image, DIGITS.images[5]) and torch.equal(target, DIGITS.targets[5])


@pytest.mark.parametrize(("index", "places"), {
    "slice": (slice(2, 20, 3), EVERY_THIRD),
    "slice of other integers": (slice(np.int64(2), torch.tensor(20), 3), EVERY_THIRD),
    "backwards": (slice(None, None, -1), range(39, -1, -1)),
    "list": (EVERY_THIRD, EVERY_THIRD),
    "list of tensors": ([torch.tensor(3), torch.tensor(1)], [3, 1]),
    "range": (range(2, 20, 3), EVERY_THIRD),
    "tensor": (torch.tensor(EVERY_THIRD), EVERY_THIRD),
    "array": (np.array(EVERY_THIRD, np.uint16), EVERY_THIRD),
    "negative and repeated": ([-1, 0, -1], [39, 0, 39]),
    "one": (torch.tensor([5]), [5]),
    "mask": (IS_SEVEN, SEVENS),
    "mask of bytes, a mask in torch": (IS_SEVEN.byte(), SEVENS),
    "mask as array": (IS_SEVEN.numpy(), SEVENS),
    "mask as list": (IS_SEVEN.tolist(), SEVENS),
    "mask [n, 1]": (IS_SEVEN[:, None], SEVENS),
    "nonzero": (torch.nonzero(IS_SEVEN), SEVENS),
    "nonzero as tuple": (torch.nonzero(IS_SEVEN, as_tuple=True), SEVENS),
    "argwhere": (np.argwhere(IS_SEVEN.numpy()), SEVENS),
}.values())
def test_every_way_to_choose_gives_whole_digits(index, places):
    assert is_whole(DIGITS[index], places)


@pytest.mark.parametrize("index", [[], slice(0), torch.nonzero(IS_SEVEN & ~IS_SEVEN), np.array([]), torch.tensor([]),
                                   torch.zeros(40, dtype=bool)])
def test_nothing_chosen_is_no_digits(index):
    none = DIGITS[index]
    assert type(none) is Digits and len(none) == 0
    assert none.images.shape == (0, 1, 28, 28) and none.targets.shape == (0, 1)


@pytest.mark.parametrize(("index", "error"), [
    (40, IndexError), (-41, IndexError), (2**70, IndexError), (torch.tensor(40), IndexError), ([0, 40], IndexError),
    ([True], IndexError), (torch.ones(39, dtype=bool), IndexError), (torch.tensor([-41]), IndexError),
    ([0.5], IndexError), (["7"], IndexError), (2.0, TypeError), (torch.tensor(2.0), TypeError), (True, TypeError),
    (torch.tensor(True), TypeError), (None, TypeError), (..., TypeError), ("7", TypeError), ((0, 1), TypeError),
    ((slice(3), 0), TypeError), (torch.zeros(2, 2, dtype=int), TypeError), ([[0], [1, 2]], TypeError),
    ({0: 1}, TypeError), (slice("a"), TypeError), (slice(None, None, 0), TypeError), (object(), TypeError),
    (torch.zeros(2, dtype=int, device="meta"), TypeError), (DIGITS.images, TypeError),
])
def test_any_other_index_is_one_error_with_a_remedy(index, error):
    with pytest.raises(error, match=r"^index must .*got (.|\n)*; "):
        DIGITS[index]


def test_a_loop_over_digits_ends():
    assert len(list(DIGITS[:7])) == 7


@pytest.mark.parametrize("workers", [0, 1])
def test_a_loader_makes_batches_of_digits_the_last_one_shorter(workers):
    batches = list(DataLoader(load_mnist()[:70], 32, num_workers=workers))
    assert torch.equal(torch.cat([images for images, _ in batches]), load_mnist()[:70].images)
    assert [list(targets.shape) for _, targets in batches] == [[32, 1], [32, 1], [6, 1]]


def test_torch_splits_digits_at_random():
    parts = random_split(DIGITS, [30, 10])
    assert next(iter(DataLoader(parts[1], 10)))[0].shape == (10, 1, 28, 28)


# ---- what they are made of ----

IMAGES, LABELS = torch.rand(4, 1, 28, 28, generator=torch.Generator().manual_seed(1)), torch.tensor([0, 1, 2, 9])
READ_ONLY = IMAGES.numpy().copy()
READ_ONLY.setflags(write=False)


@pytest.mark.parametrize(("images", "labels"), {
    "arrays": (IMAGES.numpy(), LABELS.numpy()),
    "float64": (IMAGES.double(), LABELS.int()),
    "float64 arrays": (IMAGES.double().numpy(), LABELS.numpy().astype(np.uint8)),
    "big-endian": (IMAGES.numpy().astype(">f4"), LABELS.numpy().astype(">i8")),
    "read-only": (READ_ONLY, [0, 1, 2, 9]),
    "a gradient": (IMAGES.clone().requires_grad_(), LABELS),
    "transposed twice": (IMAGES.transpose(2, 3).contiguous().transpose(2, 3), torch.stack([LABELS, LABELS], 1)[:, 0]),
    "backwards twice": (IMAGES.numpy()[::-1].copy()[::-1], LABELS.numpy()[::-1].copy()[::-1]),
    "a list": (IMAGES.tolist(), LABELS.tolist()),
}.values())
def test_tensors_and_arrays_of_every_kind_give_the_same_digits(images, labels):
    digits = Digits(images, labels)
    assert digits == Digits(IMAGES, LABELS)
    assert digits.images.dtype == torch.float32 and digits.labels.dtype == torch.int64
    assert digits.images.is_contiguous() and not digits.images.requires_grad


@pytest.mark.parametrize(("images", "labels", "error", "words"), [
    ("images", LABELS, TypeError, "images must be numbers, got str that is no array; give floats"),
    (None, LABELS, TypeError, "images must be numbers, got NoneType that is no array; give floats"),
    ([[0.0], [0.0, 1.0]], LABELS, TypeError, "images must be numbers, got list that is no array; give floats"),
    (IMAGES.byte(), LABELS, TypeError, "images must be torch.float32, got torch.uint8; give floats"),
    (IMAGES.to(torch.complex64), LABELS, TypeError, "images must be torch.float32, got torch.complex64; give floats"),
    (IMAGES[:, 0], LABELS, ValueError, "images must have shape [n, 1, 28, 28], got [4, 28, 28]; give"),
    (IMAGES.reshape(4, 784), LABELS, ValueError, "images must have shape [n, 1, 28, 28], got [4, 784]; give"),
    (IMAGES[..., :27], LABELS, ValueError, "images must have shape [n, 1, 28, 28], got [4, 1, 28, 27]; give"),
    (0 * IMAGES + 255, LABELS, ValueError, "images must lie in 0..1, got values from 255 to 255; give"),
    (0 * IMAGES - 0.1, LABELS, ValueError, "images must lie in 0..1, got values from -0.1"),
    (IMAGES + float("nan"), LABELS, ValueError, "images must lie in 0..1, got values from nan"),
    (IMAGES.double() * 1e300, LABELS, ValueError, "to inf; give floats"),
    (IMAGES.to("meta"), LABELS, ValueError, "images must be on a device of this machine that holds"),
    (IMAGES, LABELS.float(), TypeError, "labels must be torch.int64, got torch.float32; give"),
    (IMAGES, LABELS > 2, TypeError, "labels must be torch.int64, got torch.bool; give"),
    (IMAGES, LABELS[:3], ValueError, "labels must have shape [4], got [3]; give whole numbers from 0 to 9, one"),
    (IMAGES, LABELS[:, None], ValueError, "labels must have shape [4], got [4, 1]; give"),
    (IMAGES, LABELS + 1, ValueError, "labels must lie in 0..9, got values from 1 to 10; give"),
    (IMAGES, LABELS - 1, ValueError, "labels must lie in 0..9, got values from -1 to 8; give"),
])
def test_digits_refuse_what_is_no_digit(images, labels, error, words):
    with pytest.raises(error, match=re.escape(words)):
        Digits(images, labels)


# ---- whose memory it is ----

@pytest.mark.parametrize("take", [lambda digits: digits[:20], lambda digits: digits[list(range(20))],
                                  lambda digits: Digits(digits.images, digits.labels)[:20], copy.copy, copy.deepcopy,
                                  lambda digits: digits.to("cpu"), lambda digits: pickle.loads(pickle.dumps(digits))],
                         ids=["slice", "list", "made anew", "copy", "deepcopy", "to", "pickle"])
def test_a_change_in_place_is_followed_by_the_targets_and_reaches_nobody_else(take):
    parent = load_mnist()[:20]
    before, own = parent.fingerprint(), take(parent)
    assert own == parent and (own != parent) is False
    own.labels[:] = 9 - own.labels
    own.images[3].fill_(0.5)
    assert torch.equal(own.targets[:, 0] == 1, own.labels < 3) and own.targets.sum() != parent.targets.sum()
    assert own[3][1].item() == float(own.labels[3] < 3) and own[3][0].unique().tolist() == [0.5]
    assert own != parent and parent.fingerprint() == before != own.fingerprint()


def test_an_item_changed_in_place_does_not_reach_the_digits():
    digits = load_mnist()[:3]
    digits[0][0].fill_(1)
    assert digits == load_mnist()[:3]


def test_digits_do_not_change_with_what_they_were_made_of():
    images, labels = IMAGES.numpy().copy(), LABELS.clone()
    digits = Digits(images, labels)
    images[:], labels[:] = 0, 5
    assert digits == Digits(IMAGES, LABELS)


@pytest.mark.parametrize("name", ["images", "labels", "targets", "yes"])
def test_a_part_is_changed_in_place_or_not_at_all(name):
    with pytest.raises(AttributeError, match=f"{name} cannot be replaced, got Tensor; make new Digits"):
        setattr(DIGITS[:3], name, torch.zeros(3))


def test_a_saved_slice_is_as_large_as_its_own_content():
    few, file = load_mnist()[100:110], io.BytesIO()
    torch.save(few, file)
    content = 10 * (784 * 4 + 8)
    assert content < len(pickle.dumps(few)) < content + 2000 and content < file.tell() < content + 4000
    assert content / 10 < len(pickle.dumps(few[0])) < content / 10 + 2000


def test_equality_is_that_of_content():
    twin = Digits(IMAGES, LABELS)
    assert twin == Digits(IMAGES, LABELS) and (twin != Digits(IMAGES, LABELS)) is False
    others = [twin[:3], twin[[1, 0, 2, 3]], Digits(IMAGES / 2, LABELS), Digits(IMAGES, 9 - LABELS),
              Digits(IMAGES, LABELS, yes=(1,)), IMAGES, None, 4]
    assert all(twin != other and (twin == other) is False for other in others)
    with pytest.raises(TypeError, match="unhashable"):  # what can change in place is no key
        hash(twin)


def test_digits_go_to_a_device_that_is_there():
    there = DIGITS.to(torch.device("cpu"))
    assert there == DIGITS and there.fingerprint() == DIGITS.fingerprint() and there.yes == DIGITS.yes


@pytest.mark.parametrize("device", ["meta", "abacus", "cuda:99", None, 2.5, torch.float64], ids=repr)
def test_a_device_that_is_not_there_is_refused(device):
    with pytest.raises(ValueError, match=r'device must be on a device.*got .*; "cpu" does'):
        DIGITS.to(device)


def test_the_fingerprint_follows_content_and_order_alone():
    first = DIGITS.fingerprint()
    assert re.fullmatch("[0-9a-f]{16}", first)
    assert Digits(DIGITS.images.clone(), DIGITS.labels.clone()).fingerprint() == first
    others = [DIGITS[:39], DIGITS[::-1], Digits(DIGITS.images, (DIGITS.labels + 1) % 10),
              Digits(DIGITS.images / 2, DIGITS.labels), Digits(DIGITS.images, DIGITS.labels, yes=(0, 1))]
    assert first not in {other.fingerprint() for other in others}


def test_the_fingerprint_of_the_usual_question_is_that_of_earlier_versions():
    assert load_mnist()[:10].fingerprint() == "8b7367d581d3800a"
