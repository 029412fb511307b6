"""Claims about evaluation: it measures the network in use, and changes nothing."""

import random
import re

import numpy as np
import pytest
import torch
from torch import nn

from pigeon_lessons import Pigeon, evaluate, load_mnist
from tests.training import same, spoil_global_random_states


class Mixed(nn.Module):
    """A network with everything that an evaluation could disturb."""

    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(nn.Flatten(), nn.Linear(784, 8), nn.BatchNorm1d(8), nn.Dropout(), nn.Linear(8, 1))

    def forward(self, images):
        torch.rand(1)  # a careless draw from the global stream
        return self.layers(images)


def test_accuracy_is_the_share_of_right_answers(parts):
    digits, pigeon = parts[0], Pigeon(seed=1)
    with torch.no_grad():
        says_yes = pigeon(digits.images).numpy()[:, 0] > 0
    assert evaluate(pigeon, digits)["accuracy"] == np.mean(says_yes == (digits.labels.numpy() < 3))


def test_evaluate_changes_no_weight_gradient_mode_or_random_state(parts):
    model = Mixed().train()
    model.layers[2].eval()
    nn.BCEWithLogitsLoss()(model(parts[0].images), parts[0].targets).backward()
    gradients = [parameter.grad.clone() for parameter in model.parameters()]
    state = {name: value.clone() for name, value in model.state_dict().items()}
    modes = [module.training for module in model.modules()]
    spoil_global_random_states(1)
    before = random.getstate(), np.random.get_state()[1].tolist(), torch.get_rng_state()  # noqa: NPY002
    evaluate(model, parts[1])
    assert before[:2] == (random.getstate(), np.random.get_state()[1].tolist())  # noqa: NPY002
    assert torch.equal(before[2], torch.get_rng_state())
    assert [module.training for module in model.modules()] == modes == [True, True, True, True, False, True, True]
    assert same(state.values(), model.state_dict().values())
    assert same(gradients, [parameter.grad for parameter in model.parameters()])
    assert all(parameter.requires_grad for parameter in model.parameters())


def test_evaluate_answers_as_the_network_in_use_would(parts):
    """Dropout is off, and batch normalization uses what it has learned."""
    model = Mixed().train()
    measured = evaluate(model, parts[1])["loss"]
    with torch.no_grad():
        logits = model.eval()(parts[1].images)
    assert measured == pytest.approx(nn.BCEWithLogitsLoss()(logits, parts[1].targets).item(), abs=1e-6)


def test_a_failed_evaluation_leaves_the_modes_as_they_were(parts):
    model = nn.Sequential(nn.Flatten(), nn.Linear(10, 1), nn.Dropout())
    model[2].eval()
    with pytest.raises(ValueError, match="model must take images"):
        evaluate(model, parts[1])
    assert [module.training for module in model.modules()] == [True, True, True, False]


def test_digits_pass_in_pieces_and_give_what_they_give_at_once():
    digits, sizes = load_mnist()[:2500], []
    model = nn.Sequential(nn.Conv2d(1, 2, 3), nn.Flatten(), nn.Linear(2 * 26 * 26, 1))
    with torch.no_grad():
        loss = nn.BCEWithLogitsLoss()(model(digits.images), digits.targets).item()
    model.register_forward_hook(lambda _, images, logits: sizes.append(len(logits)))
    assert evaluate(model, digits)["loss"] == pytest.approx(loss, abs=1e-6)
    assert sizes == [1024, 1024, 452]
    assert evaluate(model, digits) == evaluate(model, digits)


@pytest.mark.parametrize(("arguments", "error", "words"), [
    ((Pigeon(), "digits"), TypeError, "digits must be Digits, got str; use load_mnist()"),
    ((Pigeon(), load_mnist()[:0]), ValueError, "digits must hold at least one digit, got none; take a longer slice"),
    ((None, load_mnist()[:1]), TypeError, "model must be a torch module, got None; give Pigeon(seed=1)"),
])
def test_evaluate_refuses_bad_arguments(arguments, error, words):
    with pytest.raises(error, match=re.escape(words)):
        evaluate(*arguments)
