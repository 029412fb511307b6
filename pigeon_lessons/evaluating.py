"""How well a network answers: mean loss and accuracy on digits, measured without a trace. Nothing here trains."""

import torch
from torch import nn

from pigeon_lessons.data import check_digits
from pigeon_lessons.draws import draws_kept
from pigeon_lessons.model import check_logits, check_model, check_precision

AT_ONCE = 1024
"""Images in one pass: more gain no time, and the layers of a larger network would need much memory."""


@torch.no_grad()
def evaluate(model, digits):
    """Return {"loss": mean binary cross-entropy in nats, "accuracy": right answers, 0..1} on `digits`.

    `model` maps images [n, 1, 28, 28] to logits [n, 1]; an answer is "yes" when its logit is above 0,
    that is, when its probability is above one half. Both are on the device of the digits. Nothing changes: neither
    weights nor gradients, nor whether each layer is in training mode, nor any random state.

    Raises TypeError if `model` is not a torch module, does not work in float32, or `digits` are not Digits,
    ValueError if there are no digits, the devices differ, the logits have another shape or `torch.autocast` is on.

    >>> from pigeon_lessons import Pigeon, load_mnist
    >>> {name: round(value, 2) for name, value in evaluate(Pigeon(seed=1), load_mnist()).items()}
    {'loss': 0.69, 'accuracy': 0.52}
    """
    check_model(model)
    check_digits("digits", digits)
    check_precision(digits.images.device)
    targets = digits.targets
    modes = {module: module.training for module in model.modules()}
    try:
        with draws_kept(model):
            model.eval()
            logits = torch.cat([_logits(model, *piece)
                                for piece in zip(digits.images.split(AT_ONCE), targets.split(AT_ONCE), strict=True)])
    finally:
        for module, was_training in modes.items():
            module.training = was_training
    loss = nn.functional.binary_cross_entropy_with_logits(logits, targets)
    is_right = (logits > 0) == (targets > 0.5)
    return {"loss": loss.item(), "accuracy": is_right.sum().item() / len(digits)}


def _logits(model, images, targets):
    try:
        logits = model(images)
    except RuntimeError as error:
        _check_kind(model, images)
        raise ValueError(f"model must take images of shape {list(images.shape)}, but its forward() does not ({error}); "
                         "begin it with nn.Flatten(), or read the traceback above") from error
    check_logits(logits, targets)
    return logits


def _check_kind(model, images):
    """Raise unless the parameters are of the images' device and dtype: what torch says of that helps nobody."""
    for name, parameter in model.named_parameters():
        if parameter.device != images.device:
            raise ValueError(f"model must be on the device of the digits, {images.device}, got {name} on "
                             f"{parameter.device}; move one to the device of the other, as in "
                             f'model.to("{images.device}")')
        if parameter.dtype != images.dtype:
            raise TypeError(f"model must work in float32, as the digits do, got {name} in {parameter.dtype}; "
                            "give model.float(), or convert images in its forward()")
