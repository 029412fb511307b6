"""A damaged file is one clear error, whatever the damage, and the trainer is as it was."""

import os
import random

import pytest

from pigeon_lessons import CheckpointError, load_checkpoint, save_checkpoint
from tests.checkpointing import digest, sign, trained

MUTATIONS = int(os.environ.get("PIGEON_MUTATIONS", 1_600))  # 10,000 in `make stress`
SIGNED_MUTATIONS = MUTATIONS // 8


class Recorder:
    """Stands in for a trainer where only one thing matters: what is handed to it."""

    def __init__(self):
        self.loaded = None

    def state_dict(self):
        return self.loaded

    def load_state_dict(self, state):
        self.loaded = state


@pytest.fixture
def saved(tmp_path):
    trainer, path = trained(9), tmp_path / "latest.ckpt"
    save_checkpoint(path, trainer)
    return path, path.read_bytes(), digest(trainer.state_dict())


def flip_a_bit(content, chance):
    position = chance.randrange(len(content))
    return content[:position] + bytes([content[position] ^ 1 << chance.randrange(8)]) + content[position + 1:]


def overwrite(content, chance):
    position, length = chance.randrange(len(content)), chance.randint(1, 64)
    return content[:position] + chance.randbytes(length) + content[position + length:]


def blank_a_block(content, chance):
    position, length = chance.randrange(len(content)), chance.choice([1, 16, 512, 4096])
    kept = content[position + length:]
    return content[:position] + bytes(len(content) - position - len(kept)) + kept


def insert(content, chance):
    position = chance.randint(0, len(content))
    return content[:position] + chance.randbytes(chance.randint(1, 64)) + content[position:]


def delete(content, chance):
    position = chance.randrange(len(content))
    return content[:position] + content[position + chance.randint(1, 64):]


def swap_blocks(content, chance):
    first, second, third = sorted(chance.sample(range(len(content) + 1), 3))
    return content[:first] + content[second:third] + content[first:second] + content[third:]


def cut_short(content, chance):
    return content[:chance.randrange(len(content))]


def append(content, chance):
    return content + chance.choice([b"\n", bytes(100), content, chance.randbytes(9)])


DAMAGES = [flip_a_bit, overwrite, blank_a_block, insert, delete, swap_blocks, cut_short, append]


def test_each_of_many_mutations_gives_the_identical_state_or_one_clear_error(saved):
    path, content, state = saved
    chance, recorder, refused = random.Random(1), Recorder(), 0
    for number in range(MUTATIONS):
        damage = DAMAGES[number % len(DAMAGES)]
        mutant = damage(content, chance)
        path.write_bytes(mutant)
        try:
            load_checkpoint(path, recorder)
        except CheckpointError as error:
            refused += 1
            assert str(path) in str(error) and "use " in str(error), f"mutation {number}: no path or no remedy"
            assert recorder.loaded is None, f"mutation {number} ({damage.__name__}) reached the trainer"
        else:
            assert mutant == content and digest(recorder.loaded) == state, f"mutation {number} ({damage.__name__})"
            recorder.loaded = None
    assert refused > 0.98 * MUTATIONS, "the mutations hardly change the file"


def test_a_file_cut_at_every_percent_is_one_clear_error(saved):
    path, content, state = saved
    trainer = trained(2)
    before = digest(trainer.state_dict())
    cuts = [len(content) * percent // 100 for percent in range(100)] + list(range(len(content) - 120, len(content)))
    for cut in cuts:
        path.write_bytes(content[:cut])
        with pytest.raises(CheckpointError, match="cut short|checksum is wrong"):
            load_checkpoint(path, trainer)
    assert digest(trainer.state_dict()) == before
    path.write_bytes(content)
    load_checkpoint(path, trainer)
    assert digest(trainer.state_dict()) == state


def test_a_mutation_with_a_right_checksum_never_gives_another_exception_or_half_a_state(saved):
    """The checksum stops accidents; a hostile or faulty writer can compute it, and gets no further."""
    path, content, _ = saved
    payload = content.rsplit(b"\npigeon-lessons checkpoint", 1)[0]
    chance, trainer, refused = random.Random(2), trained(2), 0
    home = trainer.state_dict()
    before = digest(home)
    for number in range(SIGNED_MUTATIONS):
        path.write_bytes(sign(DAMAGES[number % len(DAMAGES)](payload, chance)))
        try:
            load_checkpoint(path, trainer)
        except CheckpointError as error:
            refused += 1
            assert str(path) in str(error)
            assert digest(trainer.state_dict()) == before, f"mutation {number} left the trainer changed"
        else:
            next(trainer.iterations(1))  # what was let in is a state that trains
            trainer.load_state_dict(home)
    assert 0 < refused < SIGNED_MUTATIONS


def test_files_that_never_were_checkpoints_are_refused(saved):
    path, _, _ = saved
    for content in (b"", b"\n", b"hello", b"PK\x03\x04", b"\npigeon-lessons checkpoint ", sign(b""), sign(b"PK")):
        path.write_bytes(content)
        with pytest.raises(CheckpointError, match="use an earlier checkpoint"):
            load_checkpoint(path, trained(0))


def test_a_checkpoint_of_another_format_version_shows_both_versions(saved):
    path, content, _ = saved
    path.write_bytes(sign(content.rsplit(b"\npigeon-lessons checkpoint", 1)[0], version=1))
    with pytest.raises(CheckpointError, match="it is of format 1, this pigeon_lessons reads format 2"):
        load_checkpoint(path, trained(0))
