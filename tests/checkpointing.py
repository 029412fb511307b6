"""What the checkpoint tests share: a small run, and exact comparison of states.

`sign` writes down the file format a second time, so that the tests do not trust the code they test.
"""

import hashlib

import torch

from pigeon_lessons import Pigeon, Trainer, load_mnist


def make_trainer(num_hidden=3, *, model_seed=1, num_train=100, **settings):
    """A run of 4 iterations an epoch, the last of them short: 100 images by 32."""
    digits = load_mnist()
    settings = {"lr": 0.05, "batch_size": 32} | settings
    return Trainer(Pigeon(num_hidden, seed=model_seed), digits[:num_train], digits[1000:1050], **settings)


def trained(iterations, **arguments):
    trainer = make_trainer(**arguments)
    advance(trainer, iterations)
    return trainer


def advance(trainer, iterations):
    for _ in trainer.iterations(iterations):
        pass


def differences(one, other, where="state"):
    """Name every place where two states are not equal bit for bit."""
    if isinstance(one, dict) and isinstance(other, dict) and set(one) == set(other):
        return [place for key in one for place in differences(one[key], other[key], f"{where}.{key}")]
    if isinstance(one, torch.Tensor) and isinstance(other, torch.Tensor):
        same = one.dtype == other.dtype and one.shape == other.shape and _bytes(one) == _bytes(other)
    else:
        same = type(one) is type(other) and repr(one) == repr(other)  # repr: exact for floats, and nan equals nan
    return [] if same else [where]


def digest(state):
    """Name a state: equal bit for bit, equal name."""
    sha = hashlib.sha256()

    def add(value):
        if isinstance(value, dict):
            for key, part in value.items():
                sha.update(repr(key).encode())
                add(part)
        else:
            sha.update(_bytes(value) if isinstance(value, torch.Tensor) else repr(value).encode())

    add(state)
    return sha.hexdigest()


def sign(payload, version=2):
    """Make a checkpoint file of what `torch.save` wrote, by the published format."""
    checksum = hashlib.sha256(payload).hexdigest()
    return payload + f"\npigeon-lessons checkpoint {version} sha256 {checksum}\n".encode()


def _bytes(tensor):
    return tensor.numpy().tobytes()
