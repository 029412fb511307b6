"""The optional cells on the full MNIST do what they say when a student writes True, on made files in MNIST's format."""

from pathlib import Path

import jupytext
import numpy as np
import pytest
import torch
from torch.utils.data import DataLoader, Subset

from pigeon_lessons import load_mnist
from tests.chapters.test_claims_09_leaving_the_nest import run

LESSONS = sorted((Path(__file__).parents[2] / "lessons").glob("*.md"))
WITH_A_SWITCH = {path.stem[:2]: cell.source for path in LESSONS for cell in jupytext.read(path).cells
                 if cell.cell_type == "code" and "full_set = False" in cell.source}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with "data" in it, as torchvision leaves it: 60,000 and 250 digits, the sample over and over."""
    folder, sample = tmp_path_factory.mktemp("full"), load_mnist()
    raw = folder / "data" / "MNIST" / "raw"
    raw.mkdir(parents=True)
    pixels = (255 * sample.images).round().to(torch.uint8)[:, 0].numpy()
    for name, count in (("train", 60_000), ("t10k", 250)):
        for kind, array in (("images-idx3", pixels), ("labels-idx1", sample.labels.numpy().astype(np.uint8))):
            array = np.resize(array, (count, *array.shape[1:]))
            header = bytes([0, 0, 8, array.ndim]) + b"".join(size.to_bytes(4, "big") for size in array.shape)
            (raw / f"{name}-{kind}-ubyte").write_bytes(header + array.tobytes())
    return folder


def switched_on(chapter, names):
    exec(WITH_A_SWITCH[chapter].replace("full_set = False", "full_set = True"), names)
    return names


def test_three_chapters_have_such_a_cell():
    assert list(WITH_A_SWITCH) == ["00", "01", "09"]


@pytest.mark.parametrize("chapter, said", [
    ("00", ["60,000 items; one item: image [1, 28, 28], label 0"]),
    ("01", ["60,000 items; one item: image [1, 28, 28], label 0", "one batch: images [32, 1, 28, 28], labels [32]"])])
def test_the_full_set_shows_one_item_and_one_batch(chapter, said, folder, monkeypatch, capsys):
    monkeypatch.chdir(folder)
    switched_on(chapter, {"DataLoader": DataLoader})
    assert capsys.readouterr().out.splitlines() == said


def test_the_loop_of_the_last_chapter_trains_on_the_full_set_and_judges_by_its_test_digits(folder, monkeypatch):
    monkeypatch.chdir(folder)
    before = "digits = load_mnist()", "train, val, test =", "class Reader", "def evaluate", "def train_one_epoch"
    names = run({}, *before)
    switched_on("09", names)
    assert [len(names[part]) for part in ("train", "val", "test")] == [50_000, 10_000, 250]
    assert not set(names["train"].indices) & set(names["val"].indices)
    names["train_loader"] = DataLoader(Subset(names["train"], range(1600)), batch_size=32, shuffle=True)
    names["val_loader"] = names["test_loader"]
    names = run(names, "for epoch in range(1, 31)", "table = torch.zeros(10, 10", "wrong = table.clone()")
    assert names["table"].sum() == 250 and names["accuracy"] > 0.9
