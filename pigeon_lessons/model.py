"""The Pigeon: one small network, 784–30–1, that every lesson trains.

It holds no loss, no optimizer and no data; it only turns images into logits.
"""

import math

import torch
from torch import nn

from pigeon_lessons.setting import checked

SIDE = 28
PIXELS = SIDE * SIDE


class Pigeon(nn.Module):
    """784 pixels → `num_hidden` ReLU units → 1 logit: "is this digit smaller than 3?"

    Called with images, float32 of shape [n, 1, 28, 28], it returns logits, float32 of shape [n, 1].
    A logit above 0 means "yes"; its sigmoid is the probability that the Pigeon gives to "yes".

    `num_hidden`: hidden units, 1 to 100,000. `seed`: the starting weights are those that follow
    `torch.manual_seed(seed)`, and global random state is left as it was; without one they are drawn from it.
    Raises TypeError or ValueError for other values.
    Source: named after the pigeons of Levenson et al., "Pigeons as trainable observers of pathology
    and radiology breast cancer images", PLOS ONE 10(11), 2015.

    >>> pigeon = Pigeon(seed=1)
    >>> sum(parameter.numel() for parameter in pigeon.parameters())  # 784·30 + 30 + 30 + 1
    23581
    >>> pigeon(torch.zeros(5, 1, 28, 28)).shape
    torch.Size([5, 1])
    """

    def __init__(self, num_hidden=30, *, seed=None):
        super().__init__()
        num_hidden = checked("num_hidden", num_hidden)
        # a generator of its own: threads that make Pigeons at the same time must not draw each other's numbers
        generator = None if seed is None else torch.Generator().manual_seed(checked("seed", seed))
        self.hidden = _linear(PIXELS, num_hidden, generator)
        self.output = _linear(num_hidden, 1, generator)

    def forward(self, images):
        pixels = images.flatten(start_dim=1)
        return self.output(torch.relu(self.hidden(pixels)))


class _Undrawn(nn.Linear):
    """A layer without starting weights. `nn.utils.skip_init` gives one too, but loads sympy: 34 MB, and a second."""

    def reset_parameters(self):
        pass


def _linear(inputs, outputs, generator):
    """Return `nn.Linear(inputs, outputs)` with the weights it would draw from this generator, if it took one."""
    layer = _Undrawn(inputs, outputs, device="cpu", dtype=torch.float32)
    layer.__class__ = nn.Linear
    nn.init.kaiming_uniform_(layer.weight, a=math.sqrt(5), generator=generator)
    bound = 1 / math.sqrt(inputs)
    nn.init.uniform_(layer.bias, -bound, bound, generator=generator)
    return layer


def check_model(model):
    """Raise TypeError unless `model` is a torch module."""
    if not isinstance(model, nn.Module):
        raise TypeError(f"model must be a torch module, got {model!r}; give Pigeon(seed=1)")


def check_learns(model):
    """Raise ValueError unless gradients are worked out, here and for some of the model's parameters."""
    learning = [one for one in model.parameters() if one.requires_grad and not one.is_inference()]
    if not (torch.is_grad_enabled() and learning):
        raise ValueError("model must have parameters that learn, got none with a gradient here; train outside of "
                         "torch.no_grad(), make it outside of torch.inference_mode(), and set requires_grad = True "
                         "where a layer was frozen")


def check_precision(device="cpu"):
    """Raise ValueError inside `torch.autocast`, which computes in half precision what is promised in single."""
    if torch.is_autocast_enabled(torch.device(device).type):
        raise ValueError("model must work in float32, got torch.autocast here; leave that block")


def check_logits(logits, targets):
    """Raise ValueError unless there is one logit for each target, both of shape [n, 1].

    The accuracy of logits [n] against targets [n, 1] would silently be that of an n × n table.
    """
    shape = list(getattr(logits, "shape", ()))
    if shape != list(targets.shape):
        raise ValueError(f"model must return logits of shape {list(targets.shape)} for {len(targets)} images, got "
                         f"{shape or type(logits).__name__}; end it with nn.Linear(…, 1) and do not squeeze")
