"""Which index pip is to ask, too, so that a machine without an NVIDIA card is spared 4 GB: options on the first line.

`make` runs it as a script before the first installation. On Linux, PyTorch's default build carries CUDA; PyTorch's
public index has builds without. Where that index does not answer in ten seconds, nothing is said and nothing changes.
Only the standard library is imported; nothing is installed here.
"""

import contextlib
import importlib.util
import os
import re
import shutil
import sys
import threading
import urllib.request
from pathlib import Path

INDEX = "https://download.pytorch.org/whl/cpu"
PATIENCE = 10  # seconds
CONSTRAINTS = Path(__file__).parents[1] / "constraints.txt"
DRIVER = ("/proc/driver/nvidia/version", "/dev/nvidiactl", "/usr/lib/wsl/lib/libcuda.so.1")


def pip_options(index=INDEX, patience=PATIENCE):
    """Return the options for pip as one string: "" unless `index` has, in time, both packages without CUDA.

    Both, since torch and torchvision work together only when they are of one build.
    """
    answers = {}

    def ask():
        with contextlib.suppress(Exception):  # no network, no such page, no text: all mean to go on as without
            for package, version in pinned("torch", "torchvision").items():
                with urllib.request.urlopen(f"{index}/{package}/", timeout=patience) as page:  # noqa: S310  (INDEX)
                    answers[package] = f"{package}-{version}%2Bcpu-" in page.read().decode().replace("+cpu", "%2Bcpu")

    asking = threading.Thread(target=ask, daemon=True)  # a name server may take longer than a timeout
    asking.start()
    asking.join(patience)
    return f"--extra-index-url {index}" if len(answers) == 2 and all(answers.values()) else ""


def pinned(*packages):
    """Return the version of each package that constraints.txt names.

    >>> sorted(pinned("torch", "torchvision"))
    ['torch', 'torchvision']
    """
    text = CONSTRAINTS.read_text(encoding="utf-8")
    return {package: re.search(rf"(?m)^{package}==(\S+)", text)[1] for package in packages}


def is_wanted(environment, platform=sys.platform):
    """Whether to ask at all: on Linux without NVIDIA's driver, before the first installation, unless told otherwise."""
    return (environment.get("TORCH", "") != "default" and not environment.get("PIP_NO_INDEX")
            and platform == "linux" and importlib.util.find_spec("torch") is None
            and not shutil.which("nvidia-smi") and not any(map(os.path.exists, DRIVER)))


def main():
    """Print the options, and to stderr the one line that a student sees."""
    options = pip_options() if is_wanted(os.environ) else ""
    print(options)
    if options:
        print(f"No NVIDIA driver here: PyTorch without CUDA, 4 GB smaller, from {INDEX} (TORCH=default: as usual)",
              file=sys.stderr)


if __name__ == "__main__":
    main()
