"""Chapter 09: what its prose says of numbers, measured again by the lesson's own cells, over several seeds."""

from math import e, log, sqrt
from pathlib import Path

import jupytext
import pytest
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from tests.chapters.claims import stands

LESSON = Path(__file__).parents[2] / "lessons" / "09_leaving_the_nest.md"
CELLS = [cell.source for cell in jupytext.read(LESSON).cells if cell.cell_type == "code"]
QUESTIONS = ("quiz(", "predict(", "reveal(")
SEEDS = (1, 2, 3)


def run(names, *parts, seed=1):
    """Run the lesson's cells that hold `parts`, one each, with `seed` in place of the lesson's; return the names."""
    for part in parts:
        (source,) = [cell for cell in CELLS if part in cell]
        lines = [line for line in source.splitlines() if not line.startswith(QUESTIONS)]
        exec("\n".join(lines).replace("torch.manual_seed(1)", f"torch.manual_seed({seed})"), names)
    return names


@pytest.fixture(scope="module")
def lesson():
    """Return the names that the lesson has made before its loop."""
    return run({}, "digits = load_mnist()", "train, val, test =", "class Reader", "def evaluate", "def train_one_epoch")


def trained(lesson, seed):
    return run(dict(lesson), "for epoch in range(1, 31)", seed=seed)


@pytest.mark.parametrize("seed", range(1, 6))
def test_an_untrained_network_has_a_loss_near_ln_10(lesson, seed):
    torch.manual_seed(seed)
    loss, accuracy = lesson["evaluate"](lesson["Reader"](), lesson["val_loader"])
    assert loss == pytest.approx(log(10), abs=0.03) and accuracy < 0.2


@pytest.mark.parametrize("seed", SEEDS)
def test_over_90_percent_of_the_test_digits_are_read_and_the_best_epoch_is_kept(lesson, seed):
    names = trained(lesson, seed)
    assert names["evaluate"](names["model"], names["test_loader"])[1] > 0.91
    assert names["evaluate"](names["model"], names["val_loader"])[0] == pytest.approx(min(names["validation"]))
    assert names["epoch"] - names["best_epoch"] == 4
    after = names["training"][names["best_epoch"] - 1:]
    assert after[-1] < 0.7 * after[0]  # the training loss falls on, where the validation loss goes flat
    assert names["validation"][-1] < 1.3 * min(names["validation"])


@pytest.mark.parametrize("seed", SEEDS)
def test_a_run_resumes_exactly_with_its_random_state_and_only_with_it(lesson, seed):
    names = run(dict(lesson), "def fresh_run", "torch.save({", "def resumed", seed=seed)
    assert names["resumed"](True) == names["in_one_go"] != names["resumed"](False)


@pytest.mark.parametrize("seed", SEEDS)
def test_two_softmaxes_stay_above_the_loss_of_a_perfect_answer_and_learn_more_slowly(lesson, seed):
    names = run(dict(lesson), "class TwoSoftmaxes", seed=seed)
    twice = names["loss"], names["accuracy"]
    run(names, "once = Reader()", seed=seed)
    assert twice[0] > log((e + 9) / e) == pytest.approx(1.46, abs=0.005)
    assert names["loss"] < 0.1 and twice[1] < names["accuracy"] - 0.03


@pytest.mark.parametrize("seed", SEEDS)
def test_through_two_softmaxes_comes_a_tenth_of_the_gradient_and_twice_the_rate_is_ahead_at_first(lesson, seed):
    names = dict(lesson)
    exec(next(cell for cell in CELLS if "class TwoSoftmaxes" in cell).partition("torch.manual_seed")[0], names)
    images, labels = lesson["data"][lesson["train"].indices]
    lengths = []
    for network in (names["Reader"], names["TwoSoftmaxes"]):
        torch.manual_seed(seed)
        model = network().eval()
        slopes = torch.autograd.grad(nn.functional.cross_entropy(model(images), labels), list(model.parameters()))
        lengths.append(torch.cat([slope.flatten() for slope in slopes]).norm().item())
    stands("09", "at the start it is about a tenth as long", tenth=lengths[1] / lengths[0])
    ends = []
    for lr in (0.05, 0.1):
        torch.manual_seed(seed)
        model = names["TwoSoftmaxes"]()
        optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=0.9)
        for _ in range(2):
            names["train_one_epoch"](model, optimizer)
        ends.append(names["evaluate"](model, lesson["train_loader"])[0])
    assert 1.46 < ends[1] < ends[0]


@pytest.mark.parametrize("seed", SEEDS)
def test_without_train_the_training_loss_looks_better_and_the_score_hardly_changes(lesson, seed):
    names, ends = dict(lesson), []
    run(names, "def colleague", seed=seed)
    for mended in (False, True):
        torch.manual_seed(seed)
        model = names["Reader"]()
        modes, loss = names["colleague"](model, mended)
        assert modes == ["train"] + ["train" if mended else "eval"] * 5
        ends.append((loss, names["evaluate"](model, names["val_loader"])[1]))
    (loss, score), (mended_loss, mended_score) = ends
    assert loss < 0.6 * mended_loss
    assert score == pytest.approx(mended_score, abs=0.02)


def test_the_stories_of_explore_can_be_found(lesson):
    names = run(dict(lesson), "def try_out")
    try_out, usual = names["try_out"], names["try_out"]()
    assert try_out(num_hidden=4) < 0.75 < usual
    slower = try_out(momentum=0.0)
    assert slower < usual - 0.02
    assert max(try_out(lr=lr, momentum=0.0) for lr in (0.1, 0.15, 0.2)) > (slower + usual) / 2
    assert try_out(lr=1.0, epochs=2) < 0.15


@pytest.mark.parametrize("seed", SEEDS)
def test_moved_copies_reach_the_95_percent_of_the_challenge(lesson, seed):
    images, labels = (torch.stack(part) for part in zip(*[lesson["train"][i] for i in range(3000)], strict=True))
    moved = [torch.roll(images, shift, dims=(2, 3)) for shift in ((0, 0), (1, 0), (-1, 0), (0, 1), (0, -1))]
    names = dict(lesson)
    torch.manual_seed(seed)
    names["train_loader"] = DataLoader(TensorDataset(torch.cat(moved), labels.repeat(5)), batch_size=32, shuffle=True)
    run(names, "def train_one_epoch")
    model = names["Reader"](128)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
    scores = []
    for _ in range(6):
        names["train_one_epoch"](model, optimizer)
        scores.append(names["evaluate"](model, names["val_loader"])[1])
    assert max(scores) >= 0.95


def test_twelve_digits_more_are_one_standard_error_of_the_difference():
    wrong, total = 77, 1000
    error = sqrt(wrong * (total - wrong) / total)
    low, high = (100 * (total - wrong + side * 2 * error) / total for side in (-1, 1))
    stands("09", "it gets 12 test digits more right", sqrt(2) * error)
    stands("09", "it names 90.6 to 94.0 % rightly", low, high / 100)


def test_the_slope_of_each_logit_is_its_probability_minus_its_target():
    logits = torch.randn(5, 10, generator=torch.Generator().manual_seed(1), dtype=torch.float64, requires_grad=True)
    labels = torch.tensor([0, 3, 9, 9, 5])
    nn.functional.cross_entropy(logits, labels, reduction="sum").backward()
    exponentials = logits.detach().exp()
    by_hand = exponentials / exponentials.sum(dim=1, keepdim=True)
    by_hand[range(5), labels] -= 1
    assert torch.allclose(logits.grad, by_hand)
