"""A machine without an NVIDIA card gets PyTorch without CUDA where PyTorch's index answers; else nothing changes."""

import subprocess
import sys
import threading
import zipfile
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import lean
import pytest

PINNED = lean.pinned("torch", "torchvision")


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture
def index(tmp_path):
    """The address of a package index on loopback: the folder `tmp_path` / "index"."""
    folder = tmp_path / "index"
    folder.mkdir()
    with ThreadingHTTPServer(("127.0.0.1", 0), lambda *given: Quiet(*given, directory=folder)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def add_wheel(folder, name, version):
    """Put an empty package, as a wheel that suits every machine, into an index."""
    (folder / name).mkdir(parents=True, exist_ok=True)
    file, info = f"{name}-{version}-py3-none-any.whl", f"{name}-{version}.dist-info"
    with zipfile.ZipFile(folder / name / file, "w") as wheel:
        wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")


def test_both_packages_without_cuda_give_the_option(tmp_path, index):
    for name, version in PINNED.items():
        add_wheel(tmp_path / "index", name, f"{version}+cpu")
    assert lean.pip_options(index, 10) == f"--extra-index-url {index}"


@pytest.mark.parametrize("there", [{}, {"torch": "+cpu"}, {"torch": "+cpu", "torchvision": ""}])
def test_one_package_or_none_gives_nothing(tmp_path, index, there):
    for name, build in there.items():
        add_wheel(tmp_path / "index", name, PINNED[name] + build)
    assert lean.pip_options(index, 10) == ""


def test_index_that_never_answers_is_given_up(monkeypatch):
    hanging = threading.Event()
    monkeypatch.setattr(lean.urllib.request, "urlopen", lambda *_, **__: hanging.wait())
    assert lean.pip_options("http://127.0.0.1:9", 0.05) == ""
    hanging.set()


def test_index_that_refuses_is_given_up():
    assert lean.pip_options("http://127.0.0.1:9", 10) == ""


def test_pip_prefers_the_build_without_cuda_and_the_constraints_allow_it(tmp_path, index):
    for name, version in PINNED.items():
        add_wheel(tmp_path / "index" / "usual", name, version)
        add_wheel(tmp_path / "index" / "cpu", name, f"{version}+cpu")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--disable-pip-version-check",
               "--constraint", lean.CONSTRAINTS, "--index-url", f"{index}/usual", "--dest", tmp_path / "got",
               *lean.pip_options(f"{index}/cpu", 10).split(), *PINNED]
    run = subprocess.run(command, capture_output=True, text=True, timeout=120, env={"PIP_CONFIG_FILE": "/dev/null"})
    assert run.returncode == 0, run.stderr
    assert sorted(path.name.split("-")[1] for path in (tmp_path / "got").iterdir()) == sorted(
        f"{version}+cpu" for version in PINNED.values())


def test_asked_only_on_linux_without_driver_before_torch_is_there_and_unless_refused(monkeypatch):
    monkeypatch.setattr(lean, "DRIVER", ())
    monkeypatch.setattr(lean.shutil, "which", lambda _: None)
    assert not lean.is_wanted({}, "linux")  # torch is there
    monkeypatch.setattr(lean.importlib.util, "find_spec", lambda _: None)
    assert lean.is_wanted({}, "linux")
    assert not lean.is_wanted({}, "darwin")
    assert not lean.is_wanted({"TORCH": "default"}, "linux")
    assert not lean.is_wanted({"PIP_NO_INDEX": "1"}, "linux")
    monkeypatch.setattr(lean.shutil, "which", lambda _: "/usr/bin/nvidia-smi")
    assert not lean.is_wanted({}, "linux")
    monkeypatch.setattr(lean.shutil, "which", lambda _: None)
    monkeypatch.setattr(lean, "DRIVER", (__file__,))
    assert not lean.is_wanted({}, "linux")
