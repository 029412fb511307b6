"""What the book's live panels run on, as files: JavaScript, WebAssembly, style sheets, and the digits to train on."""

import gzip
import re
import shutil
from pathlib import Path

import torch
from wasmtime import wat2wasm

from pigeon_lessons import load_mnist, split

SOURCES = (Path(__file__).parent / "live", Path(__file__).parents[1] / "pigeon_lessons" / "front")
"""Where the modules stand: the book's own, and those that notebooks use too. They come to lie side by side."""


def write_assets(folder):
    """Write all that a live page loads into `folder`, which is made if need be."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for source in SOURCES:
        for file in (*source.glob("*.js"), *source.glob("*.css")):
            shutil.copyfile(file, folder / file.name)
    (folder / "digits.bin").write_bytes(packed_digits())
    kernel = SOURCES[0] / "kernel.wat"
    (folder / "kernel.wasm").write_bytes(wat2wasm(kernel.read_text(encoding="utf-8")))


def modules(name="live"):
    """Return the names of a module's file and of all that it imports, which a page can ask for at once."""
    text = next(path for source in SOURCES if (path := source / f"{name}.js").exists()).read_text(encoding="utf-8")
    inner = [modules(one) for one in re.findall(r"^import .* from './(\w+)\.js'", text, flags=re.MULTILINE)]
    return list(dict.fromkeys([f"{name}.js", *(file for files in inner for file in files)]))


def packed_digits():
    """Return the lessons' training and validation digits, packed by gzip: 28 × 28 bytes an image, then the labels.

    The same digits give the same bytes. `Workbench` in live/pigeon.js reads them.
    """
    train, val, _ = split(load_mnist())
    images = torch.cat([train.images, val.images]).mul(255).round().to(torch.uint8)
    labels = torch.cat([train.labels, val.labels]).to(torch.uint8)
    return gzip.compress(images.numpy().tobytes() + labels.numpy().tobytes(), compresslevel=9, mtime=0)
