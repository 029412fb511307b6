"""The sentences of chapter 00 that state a number or compare, measured; over several seeds where they generalize."""

import math
import re
from functools import cache

import numpy as np
import pytest
import torch
from torch import nn

from pigeon_lessons import Pigeon, evaluate, explore, load_mnist, split
from tests.chapters.claims import stands

SEEDS = range(1, 11)
train, val, test = split(load_mnist())


@cache
def trained(seed, mistake=None):
    """Return (Pigeon, losses) after the chapter's loop: 1,000 images, one at a time."""
    pigeon, losses = Pigeon(seed=seed), []
    optimizer = torch.optim.SGD(pigeon.parameters(), lr=0.005, momentum=0.9)
    for i in range(1000):
        logit = pigeon(train.images[i:i + 1])
        if mistake == "sigmoid":
            logit = torch.sigmoid(logit)
        loss = nn.functional.binary_cross_entropy_with_logits(logit, train.targets[i:i + 1])
        loss.backward()
        optimizer.step()
        if mistake != "no zero_grad":
            optimizer.zero_grad()
        losses.append(loss.item())
    return pigeon, losses


def says_yes(pigeon):
    return (pigeon(val.images) > 0).float().mean().item()


def test_three_in_ten_digits_are_smaller_than_3_so_always_no_is_right_on_about_70_percent():
    assert load_mnist().targets.mean() == pytest.approx(0.3)
    always_no = 1 - val.targets.mean().item()
    stands("00", "about 70 % of the time", always_no)
    stands("00", "The baseline is 71 %", always_no)
    stands("00", "Here it is about 70 %", always_no)
    stands("00", 'right for about 70 % of the digits', always_no)


def test_the_pigeon_has_23581_parameters():
    assert sum(parameter.numel() for parameter in Pigeon().parameters()) == 784 * 30 + 30 + 30 + 1 == 23_581


def test_being_sure_and_wrong_costs_sixty_times_as_much_as_being_sure_and_right():
    logit = 3
    p = 1 / (1 + math.exp(-logit))
    stands("00", 'A logit of 3 gives "yes" 95 %. If "yes" is right, that costs 0.05 nats. If "no" is right, it costs '
                 "3.05 nats", logit, p, -math.log(p), -math.log(1 - p))
    assert 58 < math.log(1 - p) / math.log(p) < 65


@pytest.mark.parametrize("seed", SEEDS)
def test_an_untrained_pigeon_gives_every_digit_a_probability_near_one_half(seed):
    probabilities = torch.sigmoid(Pigeon(seed=seed)(val.images))
    assert (probabilities - 0.5).abs().max() < 0.1
    if seed == 1:  # as shown
        stands("00", "every probability is near 0.5", probabilities[16:32])
    assert evaluate(Pigeon(seed=seed), val)["loss"] == pytest.approx(0.693, abs=0.035)


def test_accuracy_of_untrained_pigeons_goes_from_29_to_71_percent():
    accuracies = [evaluate(Pigeon(seed=seed), val)["accuracy"] for seed in SEEDS]
    stands("00", "it can be 29 % or 71 %", min(accuracies), max(accuracies))


@pytest.mark.parametrize("t", [0.0, 1.0])
@pytest.mark.parametrize("z", [-4.0, -0.3, 0.0, 2.5])
def test_slope_of_the_loss_at_the_logit_is_probability_minus_target(z, t):
    def loss(z):
        p = 1 / (1 + math.exp(-z))
        return -math.log(p if t else 1 - p)

    slope = (loss(z + 1e-5) - loss(z - 1e-5)) / 2e-5
    assert slope == pytest.approx(1 / (1 + math.exp(-z)) - t, abs=1e-7)


def test_first_step_lowers_the_loss_of_its_image_and_moves_what_had_a_part_in_it_the_bias_by_lr_times_its_slope():
    pigeon = Pigeon(seed=1)
    optimizer = torch.optim.SGD(pigeon.parameters(), lr=0.005, momentum=0.9)
    bias = pigeon.output.bias.item()
    loss = nn.functional.binary_cross_entropy_with_logits(pigeon(train.images[:1]), train.targets[:1])
    loss.backward()
    slope = pigeon.output.bias.grad.item()
    ink = (train.images[0] > 0).sum().item()
    on = (pigeon.hidden(train.images[:1].flatten(1)) > 0).sum().item()
    slopes = torch.cat([parameter.grad.flatten() for parameter in pigeon.parameters()])
    assert (slopes != 0).sum().item() == on * ink + on + on + 1
    stands("00", "3,456 other parameters", on * ink + on + on)
    optimizer.step()
    after = nn.functional.binary_cross_entropy_with_logits(pigeon(train.images[:1]), train.targets[:1])
    assert slope < 0 and after < loss
    stands("00", "raises the bias, by 0.005 · 0.4909 = 0.00245", optimizer.param_groups[0]["lr"], slope,
           pigeon.output.bias.item() - bias)


class TheClassOfTheLesson(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden, self.output = nn.Linear(784, 30), nn.Linear(30, 1)

    def forward(self, images):
        return self.output(nn.functional.relu(self.hidden(images.flatten(1))))


@pytest.mark.parametrize("seed", SEEDS[:3])
def test_the_class_that_students_type_is_the_pigeon_with_its_weights(seed):
    torch.manual_seed(seed)
    assert torch.equal(TheClassOfTheLesson()(val.images), Pigeon(seed=seed)(val.images))


@pytest.mark.parametrize("seed, number", [(1, 0), (2, 7), (3, 100)])
def test_every_slope_is_the_product_of_the_factors_in_the_table(seed, number):
    pigeon, image, target = Pigeon(seed=seed), train.images[number:number + 1], train.targets[number].item()
    loss = nn.functional.binary_cross_entropy_with_logits(pigeon(image), train.targets[number:number + 1])
    loss.backward()
    W, b = pigeon.hidden.weight.detach().double().numpy(), pigeon.hidden.bias.detach().double().numpy()
    w, c = pigeon.output.weight.detach().double().numpy()[0], pigeon.output.bias.item()
    x = image.double().numpy().ravel()
    sums = W @ x + b
    h, on = np.maximum(sums, 0), sums > 0
    slope = 1 / (1 + math.exp(-(w @ h + c))) - target
    assert pigeon.output.bias.grad.item() == pytest.approx(slope, rel=1e-4)
    assert pigeon.output.weight.grad[0].numpy() == pytest.approx(slope * h, abs=1e-6)
    assert pigeon.hidden.bias.grad.numpy() == pytest.approx(slope * w * on, abs=1e-6)
    assert pigeon.hidden.weight.grad.numpy() == pytest.approx(np.outer(slope * w * on, x), abs=1e-6)


def test_after_a_thousand_updates_it_is_right_on_92_to_94_percent_whatever_the_start():
    accuracies = [evaluate(trained(seed)[0], val)["accuracy"] for seed in SEEDS[:5]]
    stands("00", "ended between 92 % and 94 %", min(accuracies), max(accuracies))


def test_at_the_end_some_losses_are_near_0_and_some_far_above_1():
    last = trained(1)[1][-100:]
    assert sum(loss < 0.05 for loss in last) > 20
    stands("00", "some are near 0 and some far above 1", min(last), max(last))
    stands("01", "The loss jumped from near 0 to nearly 10", min(last), max(last))


def test_the_curve_jumps_since_each_point_is_another_image_and_the_loss_of_the_same_images_does_not():
    pigeon, single, same = Pigeon(seed=1), [], []
    optimizer = torch.optim.SGD(pigeon.parameters(), lr=0.005, momentum=0.9)
    for i in range(1000):
        loss = nn.functional.binary_cross_entropy_with_logits(pigeon(train.images[i:i + 1]), train.targets[i:i + 1])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        single.append(loss.item())
        if i >= 900:
            same.append(evaluate(pigeon, val)["loss"])
    assert np.std(same) < 0.1 * np.std(single[900:])


def test_the_surer_a_right_answer_the_smaller_its_slope():
    logits, target = torch.tensor([0.0, math.log(99)], requires_grad=True), torch.ones(2)
    nn.functional.binary_cross_entropy_with_logits(logits, target, reduction="sum").backward()
    (undecided, sure), (steep, flat) = torch.sigmoid(logits), logits.grad
    stands("00", "It gave 0.5 and the target is 1: the slope is −0.5.", undecided, target[0], steep)
    stands("00", "It gave 0.99 and the target is 1: the slope is −0.01", sure, target[1], flat)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_without_zero_grad_the_pigeon_ends_saying_no_to_everything(seed):
    assert says_yes(trained(seed, "no zero_grad")[0]) < 0.002


@cache
def output_biases(seed, *, is_cleared, momentum=0.9):
    """Return the output bias after each of 1,000 updates, the gradient forgotten after each of them or never."""
    pigeon, biases = Pigeon(seed=seed), []
    optimizer = torch.optim.SGD(pigeon.parameters(), lr=0.005, momentum=momentum)
    for i in range(1000):
        nn.functional.binary_cross_entropy_with_logits(pigeon(train.images[i:i + 1]), train.targets[i:i + 1]).backward()
        optimizer.step()
        if is_cleared:
            optimizer.zero_grad()
        biases.append(pigeon.output.bias.item())
    return biases


@pytest.mark.parametrize("seed", [1, 2, 3, 4, 5])
def test_without_zero_grad_the_output_bias_swings_wider_and_wider_and_with_it_hardly_moves(seed):
    biases, calm = output_biases(seed, is_cleared=False), output_biases(seed, is_cleared=True)
    extent = [max(part) - min(part) for part in (biases[:250], biases[250:500], biases[500:])]
    assert extent[0] < extent[1] < extent[2]
    assert max(calm) - min(calm) < 0.05 * extent[0]
    turns = sum((b - a) * (c - b) < 0 for a, b, c in zip(biases[::50], biases[50::50], biases[100::50], strict=False))
    assert turns >= 3  # to and fro


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_without_momentum_the_swings_without_zero_grad_hardly_grow(seed):
    with_it, without = (output_biases(seed, is_cleared=False, momentum=momentum) for momentum in (0.9, 0))
    assert max(map(abs, without)) < max(map(abs, with_it)) / 10


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_with_the_sigmoid_twice_it_learns_but_less_well(seed):
    with_mistake = evaluate(trained(seed, "sigmoid")[0], val)["accuracy"]
    assert 0.75 < with_mistake < evaluate(trained(seed)[0], val)["accuracy"] - 0.03


def test_with_the_sigmoid_twice_the_loss_of_a_no_never_falls_below_that_of_a_coin_toss():
    logits = torch.linspace(-50, 50, 101).unsqueeze(1)
    losses = [nn.functional.binary_cross_entropy_with_logits(logit, torch.zeros(1)) for logit in torch.sigmoid(logits)]
    assert min(losses).item() == pytest.approx(math.log(2))


@cache
def panel():
    return explore("update_loop", train, val)


@pytest.mark.parametrize("momentum, gets_worse", [(0.9, True), (0.0, False)])
def test_update_50_answers_its_own_image_worse_with_momentum_and_better_without(momentum, gets_worse):
    panel().controls["momentum"].value = momentum
    panel().controls["update"].value = 50
    assert "Update 50 shows a 5" in panel().summary  # so the right answer is "no"
    before, after = map(float, re.search(r"probability ([\d.]+), .* after it ([\d.]+\d)", panel().summary).groups())
    assert (after > before) == gets_worse


def test_with_momentum_the_pigeon_is_ahead_after_1024_images():
    accuracies = []
    for momentum in (0.0, 0.9):
        panel().controls["momentum"].value = momentum
        accuracies.append(panel().history["val_accuracy"][-1])
    assert accuracies[1] > accuracies[0] + 0.02
