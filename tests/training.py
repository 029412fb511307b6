"""What the tests of training share: gradients in closed form, exact comparison, disturbed random states."""

import random

import numpy as np
import torch


def closed_form_gradients(parameters, pixels, targets):
    """Gradients of the mean binary cross-entropy by the chain rule: [W1, b1, W2, b2] like `parameters`.

    pixels float64 [n, 784], targets float64 [n, 1].
    """
    hidden_weight, hidden_bias, output_weight, output_bias = parameters
    sums = pixels @ hidden_weight.T + hidden_bias          # [n, hidden]
    active = np.maximum(sums, 0)
    logits = active @ output_weight.T + output_bias        # [n, 1]
    to_logits = (1 / (1 + np.exp(-logits)) - targets) / len(targets)
    to_sums = (to_logits @ output_weight) * (sums > 0)
    return [to_sums.T @ pixels, to_sums.sum(0), to_logits.T @ active, to_logits.sum(0)]


def weights(model):
    return [parameter.detach().clone() for parameter in model.parameters()]


def same(first, second):
    return all(torch.equal(*pair) for pair in zip(first, second, strict=True))


def spoil_global_random_states(seed):
    random.seed(seed)
    np.random.seed(seed)  # noqa: NPY002 - the global stream is what is to be spoiled
    torch.manual_seed(seed)
