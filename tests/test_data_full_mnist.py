"""Claims about the full MNIST through torchvision, downloaded from a server of our own."""

import gzip
import hashlib
import http.server
import os
import re
import socket
import threading

import numpy as np
import pytest
import torch
from torchvision.datasets import MNIST
from torchvision.transforms import ToTensor

from pigeon_lessons import load_mnist

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
    sums = {name: hashlib.md5(data, usedforsecurity=False).hexdigest() for name, data in files.items()}
    monkeypatch.setattr(MNIST, "resources", list(sums.items()))
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


def test_fingerprints_are_equal_whatever_the_default_dtype_and_device(requests, tmp_path):
    wanted = load_mnist("test", root=tmp_path).fingerprint()
    torch.set_default_dtype(torch.float64)
    try:
        with torch.device("meta"):
            assert load_mnist("test", root=tmp_path).fingerprint() == wanted
    finally:
        torch.set_default_dtype(torch.float32)


def test_a_tilde_is_the_home_folder_and_a_name_may_hold_anything(requests, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path / "hôme of 数字"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "hôme of 数字"))
    digits = load_mnist("test", root="~/my data", yes=(4,))
    assert digits.yes == (4,) and (tmp_path / "hôme of 数字" / "my data" / "MNIST").is_dir()


@pytest.mark.parametrize("root", ["a\0b", "x" * 300, "file", "file/data", "~nobody-of-this-name/data", "\udcff\ud800"])
def test_a_folder_that_cannot_be_is_one_error_with_the_way_on(root, no_network, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(RuntimeError, match=r'could not be read from(.|\n)*Go on with load_mnist\("sample"\)'):
        load_mnist("train", root=root)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_without_a_home_the_tilde_is_one_error_with_the_way_on(no_network, monkeypatch):
    def nobody(uid):
        raise KeyError(uid)

    for name in ("HOME", "USERPROFILE", "HOMEPATH"):
        monkeypatch.delenv(name, raising=False)
    if os.name == "posix":
        monkeypatch.setattr("pwd.getpwuid", nobody)
    with pytest.raises(RuntimeError, match=r"from '~/data'(.|\n)*Go on with load_mnist"):
        load_mnist("train", root="~/data")
