"""A checkpoint from a stranger runs no code: every attack is first shown to work on an unguarded loader."""

import io
import os
import pickle
import stat
import struct
import tarfile
import zipfile

import pytest
import torch

from pigeon_lessons import CheckpointError, load_checkpoint, save_checkpoint
from tests.checkpointing import digest, make_trainer, sign, trained


class Reduce:
    """Unpickling it calls os.mkdir(marker)."""

    def __init__(self, marker):
        self.marker = str(marker)

    def __reduce__(self):
        return os.mkdir, (self.marker,)


class SetState:
    """Unpickling it builds an object and hands it a state: its own method then acts."""

    def __init__(self, marker):
        self.marker = str(marker)

    def __setstate__(self, state):
        os.mkdir(state["marker"])


class Key(Reduce):
    """It stands as a key."""


def saved_by_torch(state, **options):
    buffer = io.BytesIO()
    torch.save(state, buffer, **options)
    return buffer.getvalue()


def reduce_at_the_top(marker):
    return saved_by_torch(Reduce(marker))


def reduce_deep_inside_a_good_state(marker):
    state = trained(1).state_dict()
    state["history"]["columns"]["val_loss"][0] = Reduce(marker)
    return saved_by_torch(state)


def reduce_as_a_key(marker):
    return saved_by_torch({"model": {Key(marker): 1}})


def set_state(marker):
    return saved_by_torch({"model": SetState(marker)})


def eval_by_hand_written_opcodes(marker):
    command = f"__import__('os').mkdir({str(marker)!r})".encode()
    code = b"\x80\x02cbuiltins\neval\nX" + struct.pack("<I", len(command)) + command + b"\x85R."
    return repacked(saved_by_torch({}), lambda name, content: code if name.endswith("data.pkl") else content)


def compressed_archive(marker):
    return repacked(reduce_at_the_top(marker), lambda name, content: content, compression=zipfile.ZIP_DEFLATED)


def older_format_of_torch(marker):
    return saved_by_torch(Reduce(marker), _use_new_zipfile_serialization=False)


def bare_pickle(marker):
    return pickle.dumps(Reduce(marker))


def repacked(archive, change, compression=zipfile.ZIP_STORED):
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(buffer, "w", compression) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return buffer.getvalue()


ATTACKS = [reduce_at_the_top, reduce_deep_inside_a_good_state, reduce_as_a_key, set_state, eval_by_hand_written_opcodes,
           compressed_archive, older_format_of_torch, bare_pickle]


def refuses(path):
    """Load `path`, see it refused, and see the trainer unchanged."""
    trainer = trained(2)
    before = digest(trainer.state_dict())
    with pytest.raises(CheckpointError, match="use an earlier checkpoint") as caught:
        load_checkpoint(path, trainer)
    assert str(path) in str(caught.value) and digest(trainer.state_dict()) == before
    return True


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_works_elsewhere_and_does_nothing_here(tmp_path, attack, monkeypatch):
    marker, path = tmp_path / "attacked", tmp_path / "stranger.ckpt"
    payload = attack(marker)

    (pickle.loads if attack is bare_pickle else load_unguarded)(payload)
    assert marker.is_dir(), "the attack itself does not work"
    marker.rmdir()

    monkeypatch.setenv("TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD", "1")
    for content in (payload, sign(payload)):  # as a file of torch.save, and with last line and checksum right
        path.write_bytes(content)
        assert refuses(path) and not marker.exists()


def load_unguarded(payload):
    return torch.load(io.BytesIO(payload), weights_only=False)


def test_an_attack_under_a_symbolic_link_does_nothing(tmp_path):
    marker, path = tmp_path / "attacked", tmp_path / "trusted.ckpt"
    (tmp_path / "stranger.ckpt").write_bytes(sign(reduce_at_the_top(marker)))
    path.symlink_to("stranger.ckpt")
    assert refuses(path) and not marker.exists()


def test_a_tar_archive_is_refused_before_torch_sees_it(tmp_path, monkeypatch):
    buffer, path = io.BytesIO(), tmp_path / "stranger.ckpt"
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for name in ("storages", "tensors", "pickle"):
            content = pickle.dumps(Reduce(tmp_path / "attacked"))
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    path.write_bytes(sign(buffer.getvalue()))
    monkeypatch.setattr(torch, "load", lambda *_, **__: pytest.fail("torch.load was called"))
    assert refuses(path) and not (tmp_path / "attacked").exists()


def test_names_in_the_archive_that_lead_out_of_it_lead_nowhere(tmp_path):
    """A good state with extra entries: a path that climbs, an absolute one and a symbolic link."""
    state, buffer = trained(1).state_dict(), io.BytesIO(saved_by_torch(trained(1).state_dict()))
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr("archive/../../climbed", "x")
        archive.writestr(str(tmp_path / "absolute"), "x")
        link = zipfile.ZipInfo("archive/link")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, str(tmp_path / "linked"))
    folder = tmp_path / "one" / "two"
    folder.mkdir(parents=True)
    path = folder / "stranger.ckpt"
    path.write_bytes(sign(buffer.getvalue()))
    trainer = make_trainer()
    try:
        load_checkpoint(path, trainer)
    except CheckpointError:
        pass  # refusing is as good as ignoring
    else:
        assert digest(trainer.state_dict()) == digest(state)
    assert sorted(tmp_path.rglob("*")) == [tmp_path / "one", folder, path]


def test_a_second_pickle_of_the_same_name_is_not_run(tmp_path):
    marker, path = tmp_path / "attacked", tmp_path / "stranger.ckpt"
    buffer = io.BytesIO(saved_by_torch(trained(1).state_dict()))
    with zipfile.ZipFile(buffer, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        name = next(name for name in archive.namelist() if name.endswith("data.pkl"))
        archive.writestr(name, pickle.dumps(Reduce(marker)))
    path.write_bytes(sign(buffer.getvalue()))
    try:
        load_checkpoint(path, make_trainer())
    except CheckpointError as error:
        assert "none of it was run" in str(error)
    assert not marker.exists()


@pytest.mark.parametrize("stranger", [torch.nn.Parameter(torch.zeros(2)), {1, 2}, b"bytes", torch.float32])
def test_what_torch_would_let_pass_but_is_not_plain_is_refused(tmp_path, stranger):
    path, state = tmp_path / "stranger.ckpt", trained(1).state_dict()
    state["settings"]["lr"] = stranger
    path.write_bytes(sign(saved_by_torch(state)))
    assert refuses(path)


def test_a_checkpoint_is_a_plain_pytorch_file_of_tensors_and_builtins(tmp_path):
    def types(value):
        parts = [*value.keys(), *value.values()] if isinstance(value, dict) else value
        return {type(value)}.union(*map(types, parts if isinstance(parts, list) else []))

    path, trainer = tmp_path / "latest.ckpt", trained(2)
    save_checkpoint(path, trainer)
    state = torch.load(path, weights_only=True)
    assert digest(state) == digest(trainer.state_dict())
    assert types(state) == {dict, list, str, int, float, bool, type(None), torch.Tensor}
    assert path.read_bytes() == sign(path.read_bytes().rsplit(b"\npigeon-lessons", 1)[0])
