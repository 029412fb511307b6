"""Claims about digits: the sample in the package, the full MNIST through torchvision, Digits, split."""

import gzip
import hashlib
import http.server
import pickle
import re
import socket
import threading
from importlib import resources
from pathlib import Path

import numpy as np
import pytest
import torch
from torch.utils.data import DataLoader
from torchvision.datasets import MNIST
from torchvision.transforms import ToTensor

from pigeon_lessons import Digits, Pigeon, Trainer, evaluate, load_mnist, split
from pigeon_lessons.authoring.make_sample import make_sample

CARD = resources.files("pigeon_lessons") / "mnist_sample"
FULL_SET = Path(__file__).parents[1] / "data"


# ---- the sample inside the package ----

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


# ---- the full set, through torchvision, from a server of our own ----

SIZES = {"train": 60, "t10k": 20}


@pytest.fixture
def archive(monkeypatch):
    """A small MNIST in MNIST's own format, as torchvision expects to find it: {file name: bytes}."""
    random = np.random.default_rng(0)
    files = {}
    for part, count in SIZES.items():
        images, labels = random.integers(0, 256, (count, 28, 28), np.uint8), random.integers(0, 10, count, np.uint8)
        for kind, array in (("images-idx3", images), ("labels-idx1", labels)):
            header = bytes([0, 0, 8, array.ndim]) + b"".join(size.to_bytes(4, "big") for size in array.shape)
            files[f"{part}-{kind}-ubyte.gz"] = gzip.compress(header + array.tobytes(), mtime=0)
    monkeypatch.setattr(MNIST, "resources", [(name, hashlib.md5(data).hexdigest()) for name, data in files.items()])
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    return files


@pytest.fixture
def requests(archive, monkeypatch):
    """Serve the archive on the loopback interface; what is asked for is listed here."""
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            name = self.path.strip("/")
            asked.append(name)
            self.send_response(200)
            self.send_header("Content-Length", str(len(archive[name])))
            self.end_headers()
            self.wfile.write(archive[name])

        def log_message(self, *args):
            """Keep the tests' output quiet."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        monkeypatch.setattr(MNIST, "mirrors", [f"http://127.0.0.1:{server.server_port}/"])
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield asked
        server.shutdown()
        thread.join()


@pytest.fixture
def no_network(archive, monkeypatch):
    """A mirror that refuses every connection: a loopback port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    monkeypatch.setattr(MNIST, "mirrors", [f"http://127.0.0.1:{port}/"])


@pytest.mark.parametrize(("source", "part"), [("train", "train"), ("test", "t10k")])
def test_the_full_set_is_downloaded_and_read(source, part, archive, requests, tmp_path):
    digits = load_mnist(source, root=tmp_path)
    assert set(requests) == set(archive)
    pixels = np.frombuffer(gzip.decompress(archive[f"{part}-images-idx3-ubyte.gz"])[16:], np.uint8)
    labels = np.frombuffer(gzip.decompress(archive[f"{part}-labels-idx1-ubyte.gz"])[8:], np.uint8)
    assert torch.equal(digits.images, torch.tensor(pixels).reshape(SIZES[part], 1, 28, 28) / 255)
    assert digits.labels.tolist() == labels.tolist()


def test_every_image_of_the_full_set_equals_torchvisions_own(requests, tmp_path):
    digits = load_mnist("train", root=tmp_path)
    theirs = MNIST(tmp_path, train=True, transform=ToTensor())
    assert len(theirs) == len(digits)
    for index, (image, label) in enumerate(theirs):
        assert torch.equal(digits.images[index], image) and digits.labels[index] == label


def test_a_set_that_is_there_is_read_without_a_network(requests, tmp_path, monkeypatch):
    first = load_mnist("test", root=tmp_path)
    requests.clear()
    monkeypatch.setattr(MNIST, "mirrors", ["http://127.0.0.1:1/"])
    assert load_mnist("test", root=tmp_path).fingerprint() == first.fingerprint()
    assert load_mnist("test", root=str(tmp_path), download=False).fingerprint() == first.fingerprint()
    assert requests == []


def test_without_a_network_the_error_says_how_to_go_on(no_network, tmp_path):
    with pytest.raises(RuntimeError, match=r'"train".*or downloaded(.|\n)*load_mnist\("sample"\)') as error:
        load_mnist("train", root=tmp_path)
    assert str(tmp_path) in str(error.value)


def test_without_leave_to_download_nothing_is_asked_for(requests, tmp_path):
    with pytest.raises(RuntimeError, match=r'download=False.*\n.*load_mnist\("sample"\)'):
        load_mnist("test", root=tmp_path, download=False)
    assert requests == [] and not list(tmp_path.iterdir())


def test_a_download_that_arrives_damaged_is_refused_and_can_be_repeated(archive, requests, tmp_path):
    name = "train-images-idx3-ubyte.gz"
    whole, archive[name] = archive[name], archive[name][:-9] + b"spoiled.."
    with pytest.raises(RuntimeError, match=r"corrupted(.|\n)*load_mnist\(\"sample\"\)"):
        load_mnist("train", root=tmp_path)
    archive[name] = whole
    assert len(load_mnist("train", root=tmp_path)) == SIZES["train"]


@pytest.mark.parametrize("damage", [lambda data: data[:100], lambda data: b"", lambda data: data[:8] + b"\xff" * 20],
                         ids=["cut short", "empty", "labels beyond 9"])
def test_a_stored_file_that_is_damaged_is_named_with_the_remedy(damage, requests, tmp_path):
    load_mnist("test", root=tmp_path)
    kind = "labels-idx1" if b"\xff" in damage(bytes(30)) else "images-idx3"
    file = tmp_path / "MNIST" / "raw" / f"t10k-{kind}-ubyte"
    file.write_bytes(damage(file.read_bytes()))
    with pytest.raises(RuntimeError, match=re.escape(str(tmp_path / "MNIST")) + ".*damaged, delete that folder"):
        load_mnist("test", root=tmp_path)


@pytest.mark.parametrize("source", ["validation", "", None, 3])
def test_an_unknown_source_is_refused(source):
    with pytest.raises(ValueError, match=f"source must be.*got {source!r};"):
        load_mnist(source)


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
