"""The Pigeon trained in the browser has the numbers of `Trainer`, which is the oracle here."""

import random
from math import inf, isfinite

import pytest
import torch

from book.live_assets import write_assets
from pigeon_lessons import Pigeon, Trainer, load_mnist, split
from pigeon_lessons.data import data_order
from pigeon_lessons.history import divergence
from pigeon_lessons.setting import Setting
from tests.browser.pages import served

LOSSES = ("train_loss", "val_loss")
ACCURACIES = ("train_accuracy", "val_accuracy")
MOST_UPDATES = 400
"""Of one run: what Trainer does in a fraction of a second."""


@pytest.fixture(scope="module")
def modules(browser, tmp_path_factory):
    """An empty page beside the modules; `run(code, argument)` evaluates an async function's body on it."""
    folder = tmp_path_factory.mktemp("live")
    write_assets(folder)
    (folder / "index.html").write_text("<!DOCTYPE html><title>modules</title><link rel=icon href='data:,'>")
    with served(folder) as url:
        page = browser.new_page()
        page.goto(url)
        page.evaluate("async () => { window.bench = await (await import('./pigeon.js')).openWorkbench(); }")
        yield lambda code, argument=None: page.evaluate(f"async argument => {{ {code} }}", argument)
        page.close()


def trained(modules, runs):
    """Return what the browser makes of `runs`, dicts of settings with "epochs": columns and batch losses."""
    return modules("""
        const { Training, isWithinRounding } = await import('./training.js');
        const plain = numbers => Array.from(numbers, value => Number.isFinite(value) ? value : String(value));
        return argument.map(settings => {
          const run = new Training(bench, settings);
          while (run.epochsDone < settings.epochs) run.advance();
          const columns = Object.entries(run.columns).map(([name, values]) => [name, plain(values)]);
          return { columns: Object.fromEntries(columns), batch_loss: plain(run.batchLoss),
            diverged: run.diverged && run.diverged.iteration, isWithinRounding: isWithinRounding(settings) };
        });""", runs)


def oracle(run):
    """Return Trainer's history of the same settings."""
    train, val, _ = split(load_mnist())
    trainer = Trainer(Pigeon(run["num_hidden"], seed=run["seed"]), train[:run["train_images"]], val,
                      **{name: run[name] for name in ("lr", "batch_size", "momentum", "decay", "weight_decay", "seed")},
                      evaluate_every=run["evaluate_every"] or None)
    return trainer.fit(run["epochs"])


def drawn(count, seed, longest=1.0):
    """Yield settings from sweep's documented domain: lr / (1 - momentum) at most 1 and at most batch_size / 40.

    `longest` is how far beyond it they may go, as a factor.
    """
    draw = random.Random(seed)
    for _ in range(count):
        size = draw.choice((1, 2, 3, 8, 17, 32, 50, 64, 100, 256, 999, 1024))
        images = draw.choice((97, 128, 500, 1000, 1024)) if size > 2 else draw.choice((64, 150, 400))
        epochs = min(draw.choice((1, 3, 8, 15)), max(1, MOST_UPDATES // -(-images // size)))
        momentum = draw.choice((0.0, 0.5, 0.9, 0.97))
        step = min(1, size / 40) * longest * draw.choice((1, 0.5, 0.1, 0.01))
        setting = Setting(lr=step * (1 - momentum), batch_size=size, momentum=momentum,
                          decay=draw.choice((1.0, 0.9, 0.5)), weight_decay=draw.choice((0.0, 0.0, 1e-4, 0.01)),
                          num_hidden=draw.choice((1, 2, 5, 11, 30, 120)), seed=draw.choice((0, 1, 2, 77, 2**32 - 1)))
        yield {**setting.as_dict(),
               "train_images": images, "evaluate_every": draw.choice((0, 0, 0, 7)), "epochs": epochs}


def test_sixty_settings_have_the_numbers_of_trainer(modules):
    runs = list(drawn(60, seed=14))
    assert {run["train_images"] % run["batch_size"] > 0 for run in runs} == {True, False}
    for run, found in zip(runs, trained(modules, runs), strict=True):
        expected = oracle(run)
        assert found["isWithinRounding"]
        assert found["columns"]["iteration"] == expected["iteration"], run
        assert found["columns"]["epoch"] == pytest.approx(expected["epoch"], abs=1e-12)
        for name in LOSSES:
            assert found["columns"][name] == pytest.approx(expected[name], abs=1e-4), (name, run)
        for name, count in zip(ACCURACIES, (run["train_images"], 1024), strict=True):
            one_digit = 1.001 / count  # one with a logit of 0, up to rounding, may be counted as right or as wrong
            assert found["columns"][name] == pytest.approx(expected[name], abs=one_digit), (name, run)
        assert found["batch_loss"] == pytest.approx(expected.batch_loss, abs=1e-4), run
        assert found["diverged"] is None


def test_tau_is_the_sum_of_the_rates_over_one_minus_momentum(modules):
    run = next(drawn(1, seed=3)) | {"lr": 0.01, "decay": 0.5, "momentum": 0.9, "batch_size": 100, "train_images": 1000,
                                    "epochs": 2, "evaluate_every": 5}
    found, = trained(modules, [run])
    assert found["columns"]["tau"] == pytest.approx([0, 0.5, 1, 1.25, 1.5])  # ten updates an epoch: 0.1 each, then 0.05


def test_beyond_the_domain_a_run_is_finite_or_diverges_where_trainer_does(modules):
    runs = [run | {"decay": 1.0} for run in drawn(24, seed=15, longest=60.0)]
    for run, found in zip(runs, trained(modules, runs), strict=True):
        diverged = divergence(oracle(run).batch_loss, run["batch_size"])
        assert (found["diverged"] is None) == (diverged is None), run
        if diverged is None:
            assert all(isfinite(float(loss)) for loss in found["columns"]["train_loss"])


def test_the_divergence_rule_is_that_of_python(modules):
    draw = random.Random(4)
    for size in (1, 3, 32, 100):
        losses = [draw.choice((0.5, 9.9, 12.0, 30.0)) for _ in range(40)] + [inf]
        found = modules("""
            const { Training } = await import('./training.js');
            const run = new Training(bench, argument.settings);
            for (const loss of argument.losses) run._count(Number(loss), 0);
            return [run.diverged.iteration, String(run.diverged.loss)];""",
            {"settings": next(drawn(1, seed=1)) | {"batch_size": size}, "losses": [str(loss).replace("inf", "Infinity")
                                                                                   for loss in losses]})
        expected = divergence(losses, size)
        assert (found[0], float(found[1])) == pytest.approx(expected)


@pytest.mark.parametrize("num_hidden", [1, 7, 30, 61])
def test_starting_weights_are_those_of_torch(modules, num_hidden):
    for seed in (0, 1, 4242, 2**32 - 1):
        layers = modules("""
            const { startingWeights } = await import('./random.js');
            return startingWeights(784, ...argument).map(layer => [[...layer.weight], [...layer.bias]]);""",
            [num_hidden, seed])
        pigeon = Pigeon(num_hidden, seed=seed)
        for (weight, bias), layer in zip(layers, (pigeon.hidden, pigeon.output), strict=True):
            for found, expected in ((weight, layer.weight.flatten()), (bias, layer.bias)):
                last_bit = 2.0**-24 * expected.abs().max().item()  # some machines round product and sum apart
                assert torch.allclose(torch.tensor(found), expected, rtol=0, atol=last_bit)


def test_data_order_is_that_of_numpy(modules):
    for count, seed, epoch in [(1, 1, 0), (2, 0, 0), (100, 0, 3), (1000, 77, 199), (1024, 2**32 - 1, 14)]:
        order = modules("return [...(await import('./random.js')).dataOrder(...argument)];", [count, seed, epoch])
        assert order == data_order(count, seed=seed, epoch=epoch).tolist()


def test_training_left_at_any_slice_goes_on_to_the_same_numbers(modules):
    runs = [run | {"epochs": 3} for run in drawn(6, seed=8)]
    assert modules("""
        const { Training } = await import('./training.js');
        return argument.every(settings => {
          const whole = new Training(bench, settings), other = { ...settings, seed: 5 };
          while (whole.epochsDone < settings.epochs) whole.advance();
          const left = new Training(bench, settings), between = new Training(bench, other);
          while (left.epochsDone < settings.epochs) { left.advance(); between.advance(); }
          return JSON.stringify([whole.columns, whole.batchLoss]) === JSON.stringify([left.columns, left.batchLoss]);
        });""", runs)
