"""Many Pigeons trained at once: every setting gets the history that `Trainer` would give it, only sooner.

Here settings are sorted into stacks of one shape, walked through the epochs and recorded; digits are rearranged
so that a stack, where the arithmetic is, computes only where there is ink. No figure, no file, no other process.
"""

from time import perf_counter

import torch

from pigeon_lessons import checks, words
from pigeon_lessons.data import check_train_and_val, data_order
from pigeon_lessons.history import History
from pigeon_lessons.interrupts import interrupts_held
from pigeon_lessons.model import PIXELS, Pigeon, check_precision
from pigeon_lessons.setting import Setting, pace
from pigeon_lessons.stack import Stack, padded_width

EVALUATED_AT_ONCE = 512
"""Images in one product of an evaluation: their hidden sums take less room than the weights."""
RARE = 0.15
"""A pixel with ink in a smaller part of the images than this is rare; so is half of those with any."""


def sweep(settings, train, val=None, *, epochs=15, evaluate_every=None):
    """Train one Pigeon for each of `settings`, each a `Setting` or a dict of some of its names; return their histories.

    `train`, `val`: `Digits`. `evaluate_every`: None evaluates after each epoch, k after every k-th iteration.

    Each history is that of `Trainer(Pigeon(num_hidden, seed=seed), train, val, …, seed=seed).fit(epochs)`
    up to rounding, which training magnifies, the more the larger its steps. Over 15 epochs every recorded value
    agrees within 1e-4 where lr / (1 - momentum) is at most 1 and at most batch_size / 40, hence up to lr 0.08 for
    batches of 32 at momentum 0.9. Steps so large that the loss jumps about make two runs of either kind
    part. A digit whose logit is 0 up to rounding may be counted differently by the accuracy.

    What stands beside a setting does not change its history by a single bit, also where it diverges to inf and nan.
    Raises TypeError or ValueError, and trains nothing, for a setting or an argument out of its range.

    >>> from pigeon_lessons import load_mnist, split
    >>> train, val, test = split(load_mnist())
    >>> slow, fast = sweep([{"lr": 0.005}, {"lr": 0.05}], train, val, epochs=5)
    >>> round(slow["val_accuracy"][-1], 2), round(fast["val_accuracy"][-1], 2)
    (0.91, 0.96)
    """
    run = Sweep(settings, train, val, evaluate_every=evaluate_every)
    for _ in run.slices(epochs):
        pass
    return run.histories


class Sweep:
    """A sweep that can be walked in small slices, continued, and asked for its networks.

    Arguments as for `sweep`. `.settings` holds each as a complete `Setting`, `.histories` a `History`
    for each, in the same order, growing as training goes on. `inked`: another sweep's `.inked`, of the same
    `train` and `val`, to be shared instead of made anew.

    >>> from pigeon_lessons import load_mnist, split
    >>> train, val, test = split(load_mnist())
    >>> run = Sweep([{"lr": 0.05, "seed": seed} for seed in range(4)], train, val)
    >>> for histories in run.slices(2):
    ...     pass  # draw them
    >>> [history.num_rows for history in histories]
    [3, 3, 3, 3]
    >>> run.pigeon(0)(val.images).shape
    torch.Size([1024, 1])
    """

    @torch.inference_mode(False)  # what is made in there cannot be changed outside
    def __init__(self, settings, train, val=None, *, evaluate_every=None, inked=None):
        check_train_and_val(train, val)
        check_precision()
        evaluate_every = checks.evaluate_every(evaluate_every)
        self.settings = [Setting.of(setting) for setting in checks.list_of("settings", "settings", settings)]
        self.histories = [History() for _ in self.settings]
        sets = {"train": train} if val is None else {"train": train, "val": val}
        self.inked = inked or with_ink(sets.values())
        evaluated = dict(zip(sets, self.inked[1], strict=True))
        by_shape = {}  # equal shapes only: then what stands beside a setting changes no rounding
        for setting, history in zip(self.settings, self.histories, strict=True):
            shape = setting.batch_size, padded_width(setting.num_hidden), setting.weight_decay > 0
            by_shape.setdefault(shape, []).append((setting, history))
        self._runs = [_Run(*zip(*pairs, strict=True), self.inked[0], evaluated, evaluate_every)
                      for pairs in by_shape.values()]

    def __repr__(self):
        done = f", {words.count(min(run.epoch for run in self._runs), 'epoch')} done" if self._runs else ""
        return f"Sweep({words.count(len(self.settings), 'setting')}{done})"

    def slices(self, epochs, *, budget_ms=40):
        """Train until each setting has done `epochs` passes in all; yield `.histories` about every `budget_ms`.

        They are yielded once more at the end, and once if there was nothing left to do. Leave the
        generator at any slice; a later call goes on from there, to the same values.
        """
        budget_ms = checks.real_number("budget_ms", budget_ms, least=0, remedy="40 is usual")
        return self._slices(checks.whole_number("epochs", epochs, least=0), budget_ms / 1000)

    def _slices(self, epochs, seconds):
        check_precision()
        deadline = perf_counter() + seconds
        for epoch in range(1, epochs + 1):  # all stacks, whatever their batch size, go side by side
            for run in self._runs:
                while run.epoch < epoch:
                    run.train(epoch, deadline)
                    if perf_counter() >= deadline:
                        run.record_losses()
                        yield self.histories
                        deadline = perf_counter() + seconds
        yield self.histories

    def pigeon(self, index):
        """Return the network of setting `index` as it stands now, a `Pigeon` of its own.

        Raises IndexError beyond the last setting, TypeError for what is no whole number.
        """
        index = checks.position(index, len(self.settings), "settings", "0 is the first")
        pigeon = Pigeon(self.settings[index].num_hidden, seed=self.settings[index].seed)
        run, place = next((run, place) for run in self._runs
                          for place, history in enumerate(run.histories) if history is self.histories[index])
        run.stack.unload(place, pigeon)
        return pigeon


class _Run:
    """One stack on its way through the epochs: settings of one batch size, their position and their records."""

    def __init__(self, settings, histories, ink, evaluated, evaluate_every):
        self.histories, self.evaluated = histories, evaluated
        self.num_images, self.batch_size = len(evaluated["train"].pixels), settings[0].batch_size
        self.seeds = [setting.seed for setting in settings]
        self.decays = [setting.decay for setting in settings]
        self.paces, self.taus = [pace(setting.lr, setting.momentum) for setting in settings], [0.0] * len(settings)
        self.stack = Stack([Pigeon(setting.num_hidden, seed=setting.seed) for setting in settings], settings, ink,
                           evaluated["train"])
        self.iterations_per_epoch = -(-self.num_images // self.batch_size)
        self.evaluate_every = evaluate_every or self.iterations_per_epoch
        self.iteration = self.num_recorded = 0
        self._record()

    @property
    def epoch(self):
        return self.iteration // self.iterations_per_epoch

    def train(self, epoch, deadline):
        """Train until `epoch` passes are done in all, or until `deadline`; Ctrl-C is let through between two blocks."""
        with interrupts_held() as held:
            while self.epoch < epoch:
                self._train_block()
                held.let_through()
                if perf_counter() >= deadline:
                    break

    def _train_block(self):
        """Do as many iterations as fit into a block, to the next evaluation or the end of the epoch at most."""
        epoch, done = divmod(self.iteration, self.iterations_per_epoch)
        whole = max(1, self.num_images // self.batch_size - done)  # a short last batch is a block of its own
        count = min(self.stack.batches_in_block, whole, self.evaluate_every - self.iteration % self.evaluate_every)
        if done == 0:
            self._start_epoch(epoch)
        self.stack.train_block(*self._rows(done, done + count))
        self.iteration += count
        self.taus = [tau + count * each for tau, each in zip(self.taus, self.paces, strict=True)]
        if self.iteration % self.iterations_per_epoch == 0:
            self.record_losses()
        if self.iteration % self.evaluate_every == 0:
            self._record()

    def _start_epoch(self, epoch):
        """Draw the data order of each seed once, and decay the learning rates after every epoch but the last."""
        orders = {seed: data_order(self.num_images, seed=seed, epoch=epoch) for seed in dict.fromkeys(self.seeds)}
        seeds = self.seeds if len(orders) > 1 else orders
        self.stack.start_epoch(torch.stack([orders[seed] for seed in seeds]))
        if epoch and set(self.decays) != {1.0}:
            self.stack.slow_down(self.decays)
            self.paces = [each * decay for each, decay in zip(self.paces, self.decays, strict=True)]

    def _rows(self, first, last):
        """Return where iterations `first` to `last` of an epoch start and stop in its order of images."""
        return first * self.batch_size, min(last * self.batch_size, self.num_images)

    def record_losses(self):
        """Append to the histories the mini-batch losses of the iterations that they lack."""
        first = self.num_recorded % self.iterations_per_epoch
        count = self.iteration - self.num_recorded
        if count:
            losses = self.stack.batch_losses(*self._rows(first, first + count)).tolist()
            for history, values in zip(self.histories, losses, strict=True):
                history.batch_loss.extend(values)
            self.num_recorded = self.iteration

    def _record(self):
        whole, rest = divmod(self.iteration, self.iterations_per_epoch)
        columns = {"tau": [float(f"{tau:.12g}") for tau in self.taus]}
        for name, digits in self.evaluated.items():
            losses, accuracies = self.stack.evaluate(digits)
            columns |= {f"{name}_loss": losses.tolist(), f"{name}_accuracy": accuracies.tolist()}
        for place, history in enumerate(self.histories):
            history.add(iteration=self.iteration, epoch=whole + rest * self.batch_size / self.num_images,
                        **{name: values[place] for name, values in columns.items()})


def with_ink(digit_sets):
    """Return the positions of the pixels with ink in any of `digit_sets`, rare ones last, and each set as `Inked`.

    A pixel that is 0 in every image, about a fifth of them in a thousand digits, has no part in any sum, and no
    gradient moves its weights.
    """
    images = [digits.images.cpu().reshape(-1, PIXELS) for digits in digit_sets]  # a sweep computes on the CPU
    share = sum((one > 0).sum(0) for one in images) / sum(len(one) for one in images)
    ink = share.argsort(descending=True, stable=True)[:(share > 0).sum()]
    num_common = 1 + int((share >= RARE).sum())
    pixels = [torch.cat([one.new_ones(len(one), 1), one.index_select(1, ink)], dim=1) for one in images]
    return ink, [Inked(one, digits.targets.cpu(), num_common) for one, digits in zip(pixels, digit_sets, strict=True)]


class Inked:
    """A set of digits as a stack reads it: `.pixels` [n, p], the first always 1, and `.targets` [n, 1].

    `.pieces` are for evaluation, which has half of the work: of each 512 images the common pixels [r, c], for a
    matrix product, and of the rare ones, whose weights are added up only where there is ink, where that is, how
    much, and at which of these entries each image begins.
    """

    def __init__(self, pixels, targets, num_common):
        self.pixels, self.targets, self.num_common = pixels, targets, num_common
        self.pieces = [self._piece(part) for part in pixels.split(EVALUATED_AT_ONCE)]

    def _piece(self, pixels):
        common, rare = pixels.tensor_split([self.num_common], dim=1)
        images, places = rare.nonzero(as_tuple=True)
        per_image = images.bincount(minlength=len(pixels))
        return common, places, rare[images, places], per_image.cumsum(0) - per_image
