"""Checkpoints: a training run in a file, from which it goes on later and elsewhere.

Nothing here knows how a network is trained. A trainer is whatever has `state_dict()` and `load_state_dict(state)`,
and its state is made of tensors and plain Python values. When to save is a matter of lines, not of options:

    for epoch in trainer.epochs(15):
        if trainer.history.is_best("val_loss"):
            save_checkpoint("best.ckpt", trainer)

A file is what `torch.save` writes, then one line of text: format, version, SHA-256 of all before it.
"""

import hashlib
import io

import numpy as np
import torch

from pigeon_lessons import checks, files
from pigeon_lessons.interrupts import interrupts_held

VERSION = 2
_LAST_LINE = b"\npigeon-lessons checkpoint "  # then: version, " sha256 ", 64 hexadecimal digits, newline


class CheckpointError(Exception):
    """A checkpoint that could not be written, read or used; the message names path, cause and remedy."""


def save_checkpoint(path, trainer):
    """Write the state of `trainer` to the file `path`, in the place of what was there before.

    All or nothing, in a power cut too: `path` holds either the old checkpoint or the new one, whole (see
    `files.replace`). "~" is the home folder. Ctrl-C waits for the end.

    Raises CheckpointError if the disk refuses or the state holds more than tensors and plain values
    (the old file is then as it was), TypeError or ValueError if `path` is no path or `trainer` no trainer.

    >>> from pigeon_lessons import Pigeon, Trainer, load_mnist
    >>> import tempfile
    >>> path = tempfile.mkdtemp() + "/latest.ckpt"
    >>> trainer = Trainer(Pigeon(seed=1), load_mnist()[:320])
    >>> for iteration in trainer.iterations(7):
    ...     save_checkpoint(path, trainer)
    >>> resumed = Trainer(Pigeon(seed=2), load_mnist()[:320])
    >>> load_checkpoint(path, resumed)
    >>> resumed.iteration
    7
    """
    path = _checked(path, trainer)
    content = _pack(path, trainer.state_dict())
    try:
        with interrupts_held():
            files.replace(path, content)
    except OSError as error:
        raise CheckpointError(f"cannot save checkpoint {str(path)!r}: {error.strerror or error}; an earlier one there "
                              "is still whole. Choose a folder that exists, has room and may be written to") from error


def load_checkpoint(path, trainer):
    """Give `trainer` the state in the file `path`, so that it goes on where that run was saved.

    No code in the file is run: it is read by `torch.load(weights_only=True)`, once its checksum is right.

    Raises CheckpointError, and leaves the trainer as it was, if the file is damaged, holds more than
    tensors and plain values, or belongs to a run of other settings, data or layers (both values are
    shown); FileNotFoundError if there is none; TypeError or ValueError if `path` is no path or `trainer` no trainer.

    >>> load_checkpoint("no-such.ckpt", trainer=None)
    Traceback (most recent call last):
    TypeError: trainer must have state_dict() and load_state_dict(), got None; give a Trainer
    """
    path = _checked(path, trainer)
    try:
        content = files.content(path)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise CheckpointError(f"cannot load checkpoint {str(path)!r}: {error.strerror or error}; give a file that "
                              "save_checkpoint wrote and that you may read") from error
    state = _unpack(path, content)
    try:
        trainer.load_state_dict(state)
    except Exception as error:  # whatever a trainer may dislike about a state, it is the file that does not fit
        raise CheckpointError(f"checkpoint {str(path)!r} does not fit this trainer, which is unchanged: "
                              f"{error}") from error


def _checked(path, trainer):
    path = checks.file_path("path", path, such_as="latest.ckpt")
    if not all(callable(getattr(trainer, name, None)) for name in ("state_dict", "load_state_dict")):
        raise TypeError(f"trainer must have state_dict() and load_state_dict(), got {trainer!r}; give a Trainer")
    return path


def _pack(path, state):
    buffer = io.BytesIO()
    try:
        torch.save(_plain(state), buffer)
    except ValueError as error:
        raise CheckpointError(f"cannot save checkpoint {str(path)!r}: {error}; keep only tensors and plain values "
                              "in the state") from None
    payload = buffer.getvalue()
    return payload + _LAST_LINE + b"%d sha256 %s" % (VERSION, _checksum(payload))


def _unpack(path, content):
    payload, found, line = content.rpartition(_LAST_LINE)
    version, _, checksum = line.partition(b" sha256 ")
    if not found:
        raise _unreadable(path, "its last line is missing, so it was cut short or written by another program")
    if checksum != _checksum(payload):
        raise _unreadable(path, "its checksum is wrong, so it was damaged after it had been saved")
    if version != b"%d" % VERSION:
        raise CheckpointError(f"cannot load checkpoint {str(path)!r}: it is of format "
                              f"{version.decode(errors='replace')}, this pigeon_lessons reads format {VERSION}; "
                              "use the version that wrote it")
    try:
        if not payload.startswith(b"PK"):  # torch.save's archive; torch.load would also try older, weaker formats
            raise ValueError("it is no torch.save archive")
        state = torch.load(io.BytesIO(payload), map_location="cpu", weights_only=True)
        _plain(state)
    except Exception as error:  # a hostile file chooses what fails; torch's own advice is to trust it, so say less
        raise _unreadable(path, f"it holds more than tensors and plain values, and none of it was run "
                                f"({type(error).__name__})") from None
    return state


def _checksum(payload):
    return hashlib.sha256(payload).hexdigest().encode() + b"\n"


def _unreadable(path, cause):
    return CheckpointError(f"cannot load checkpoint {str(path)!r}: {cause}; use an earlier checkpoint or a sound copy")


def _plain(value, where="state"):
    """Return this, numpy's scalars as Python's own; ValueError if it is not of tensors, scalars, lists, dicts only."""
    if type(value) is dict:
        return {_scalar(key, f"{where} has a key"): _plain(part, f"{where}[{key!r}]") for key, part in value.items()}
    if type(value) in (list, tuple):
        return type(value)(_plain(part, f"{where}[{index}]") for index, part in enumerate(value))
    return value if type(value) is torch.Tensor else _scalar(value, f"{where} is")


def _scalar(value, subject):
    value = value.item() if isinstance(value, np.generic) else value  # a schedule made by numpy leaves such numbers
    if type(value) not in (type(None), bool, int, float, str):
        raise ValueError(f"{subject} of type {type(value).__name__}")
    return value
