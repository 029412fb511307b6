"""How the Pigeon is trained: the update loop of chapter 0, with its records kept.

Read `Trainer` from the bottom up: `_step` is the five lines that students write, `_batches` is one
pass over the data, `epochs`, `iterations` and `fit` repeat them. No figure, no file, no callback.
"""

import copy
from itertools import islice

import torch
from torch import nn

from pigeon_lessons import checks
from pigeon_lessons.bar import progress_bar
from pigeon_lessons.data import check_train_and_val, data_order
from pigeon_lessons.draws import Draws
from pigeon_lessons.evaluating import evaluate
from pigeon_lessons.history import History
from pigeon_lessons.interrupts import Interrupted, interrupts_held
from pigeon_lessons.model import check_learns, check_model, check_precision
from pigeon_lessons.resuming import check_optimizer, what_fits
from pigeon_lessons.setting import DEFAULTS, Setting, pace


class Trainer:
    """Trains `model` on `train` by stochastic gradient descent and keeps a `History` of it.

    `model` maps images [n, 1, 28, 28] to logits [n, 1]. `train` and `val` are `Digits`. All are on one
    device: `Trainer(model.to("cuda"), train.to("cuda"), val.to("cuda"))` trains there.
    `lr`, `batch_size`, `momentum`, `decay`, `weight_decay`, `seed`: as in `Setting`; the last batch of an epoch may be
    shorter. `shuffle=False` keeps the stored order. `evaluate_every`: None evaluates both data sets after every
    epoch, k after every k-th iteration.

    `.iteration` and `.epoch` count the updates and whole passes done. `.tau`, the training clock, adds up
    `setting.pace` of each update, by the optimizer's learning rate and momentum, 0 where it has none.
    `.optimizer` is `torch.optim.SGD`; before training another may be put in its place:
    `trainer.optimizer = torch.optim.Adam(trainer.model.parameters(), lr=0.001)`.

    Same arguments, same results, whatever ran before; what the model draws itself, for dropout say, follows
    from `seed` too. Raises TypeError or ValueError, and changes nothing, for any other argument.
    Source: Robbins & Monro 1951 (stochastic approximation); Polyak 1964 (momentum), as `torch.optim.SGD` has it.

    >>> from pigeon_lessons import Pigeon, load_mnist, split
    >>> train, val, test = split(load_mnist())
    >>> trainer = Trainer(Pigeon(seed=1), train, val, lr=0.05)
    >>> history = trainer.fit(5)
    >>> trainer.epoch, trainer.iteration
    (5, 160)
    >>> round(history["val_accuracy"][-1], 2)
    0.96
    """

    def __init__(self, model, train, val=None, *, lr=DEFAULTS["lr"], batch_size=DEFAULTS["batch_size"],
                 momentum=DEFAULTS["momentum"], decay=DEFAULTS["decay"], weight_decay=DEFAULTS["weight_decay"],
                 seed=DEFAULTS["seed"], shuffle=True, evaluate_every=None):
        check_model(model)
        check_learns(model)
        check_train_and_val(train, val)
        setting = Setting(lr=lr, batch_size=batch_size, momentum=momentum, decay=decay, weight_decay=weight_decay,
                          seed=seed).as_dict()
        del setting["num_hidden"]  # the model's own
        self.settings = {**setting, "shuffle": checks.yes_or_no("shuffle", shuffle),
                         "evaluate_every": checks.evaluate_every(evaluate_every)}
        self.model, self.train, self.val = model, train, val
        self.loss_function = nn.BCEWithLogitsLoss()  # the mean over the batch: never divide by its size again
        self.iteration, self.tau = 0, 0.0
        self.history = History()
        self._draws = Draws()
        self._record()
        self.optimizer = torch.optim.SGD(model.parameters(), lr=self.settings["lr"],
                                         momentum=self.settings["momentum"],
                                         weight_decay=self.settings["weight_decay"])

    def __repr__(self):
        settings = ", ".join(f"{name}={value!r}" for name, value in self.settings.items())
        images = f"{len(self.train):,} training" + (f", {len(self.val):,} validation" if self.val is not None else "")
        return (f"Trainer({type(self.model).__name__}, {images} images, {type(self.optimizer).__name__}, {settings}; "
                f"epoch {self.epoch}, iteration {self.iteration:,})")

    @property
    def optimizer(self):
        """What takes the steps. Raises TypeError or ValueError for one that cannot train this model."""
        return self._optimizer

    @optimizer.setter
    def optimizer(self, optimizer):
        check_optimizer(optimizer, self.model)
        self._optimizer = optimizer

    @property
    def iterations_per_epoch(self):
        """Updates in one pass over the training data, the last, shorter batch included."""
        return -(-len(self.train) // self.settings["batch_size"])

    @property
    def epoch(self):
        """Whole passes done."""
        return self.iteration // self.iterations_per_epoch

    def fit(self, epochs):
        """Train for `epochs` more epochs and return the history."""
        epochs = checks.whole_number("epochs", epochs, least=0)
        try:
            with progress_bar("epochs", total=epochs) as advance:
                for _ in self._epochs(epochs):
                    advance(1)
        except KeyboardInterrupt:
            raise Interrupted(f"stopped after iteration {self.iteration:,}; train on, and nothing is lost") from None
        return self.history

    def epochs(self, n):
        """Train for `n` more epochs, one a step of this generator, which yields their numbers.

        An epoch that was left half done is finished first, and counts as the first of the `n`. At each step the
        newest row of the history is of the weights that are there: where `evaluate_every` makes none, this does.
        """
        return self._epochs(checks.whole_number("epochs", n, least=0), are_recorded=True)

    def iterations(self, n):
        """Train for `n` more iterations, one a step of this generator, which yields their numbers."""
        return self._iterations(checks.whole_number("iterations", n, least=0))

    def state_dict(self):
        """Return all that going on needs, as tensors and plain values: a snapshot that further training leaves alone.

        "data" names both data sets by their fingerprints, "model" and "optimizer" are what their `state_dict` gives,
        "iteration" and "tau" the position, inside an epoch too. Random state is not among it: the data order is
        a function of seed and epoch, and what the model draws one of seed and iteration.
        """
        return copy.deepcopy({
            "settings": self.settings,
            "data": {"train": self.train.fingerprint(), "val": self.val and self.val.fingerprint()},
            "model": dict(self.model.state_dict()),
            "optimizer": {"name": type(self.optimizer).__name__, **self.optimizer.state_dict()},
            "iteration": self.iteration,
            "tau": self.tau,
            "history": {"columns": dict(self.history), "batch_loss": self.history.batch_loss},
        })

    @torch.inference_mode(False)  # what is copied in there could not be trained later
    def load_state_dict(self, state):
        """Go on from `state`, which `state_dict()` returned: then all is as if this trainer had got there itself.

        Raises ValueError or TypeError, shows both values and changes nothing, if the state is of other
        settings, data, layers or another optimizer, or not whole.
        """
        optimizer, history = what_fits(state, self.state_dict(), self.optimizer)
        with interrupts_held():
            self.optimizer.load_state_dict(optimizer)
            self.model.load_state_dict(state["model"])
            self.iteration, self.tau, self.history = state["iteration"], state["tau"], history

    def _epochs(self, n, *, are_recorded=False):
        for _ in range(n):
            with interrupts_held() as held:
                for images, targets in self._batches():
                    self._update(images, targets)
                    held.let_through()
            if are_recorded and self.history["iteration"][-1] != self.iteration:
                self._record()
            yield self.epoch

    def _iterations(self, n):
        while n > 0:
            for images, targets in islice(self._batches(), n):
                with interrupts_held():
                    self._update(images, targets)
                n -= 1
                yield self.iteration

    def _batches(self):
        """Yield the mini-batches that are left of the present epoch: images [b, 1, 28, 28], targets [b, 1]."""
        epoch, images, targets = self.epoch, self.train.images, self.train.targets
        check_precision(images.device)
        order = data_order(len(images), seed=self.settings["seed"], epoch=epoch, shuffle=self.settings["shuffle"])
        batches = order.to(images.device).split(min(self.settings["batch_size"], len(images)))
        while self.epoch == epoch:  # the position is read anew: someone else may have trained in between
            chosen = batches[self.iteration % self.iterations_per_epoch]
            yield images.index_select(0, chosen), targets.index_select(0, chosen)

    def _update(self, images, targets):
        """Do one iteration, to be called where a Ctrl-C waits: it happens whole or not at all."""
        groups = self.optimizer.param_groups
        if any(one.grad is not None for group in groups for one in group["params"]):
            self.optimizer.zero_grad()  # what someone else has left there is no part of this update
        try:
            with self._draws.of(self.model, seed=self.settings["seed"], iteration=self.iteration):
                loss = self._step(images, targets)
        except (RuntimeError, ValueError) as error:
            check_learns(self.model)
            if len(images) > 1:
                raise
            raise ValueError(f"batch_size must leave no batch of one image, got {self.settings['batch_size']} for "
                             f"{len(self.train)} ({error}); take another size, or one image less") from error
        self.history.batch_loss.append(loss)
        self.iteration += 1
        self.tau += pace(float(groups[0]["lr"]), groups[0].get("momentum", 0))
        if self.settings["decay"] != 1 and self.iteration % self.iterations_per_epoch == 0:
            for group in groups:
                group["lr"] = group["lr"] * self.settings["decay"]  # two groups may share one tensor
        every = self.settings["evaluate_every"] or self.iterations_per_epoch
        if self.iteration % every == 0:
            self._record()

    def _step(self, images, targets):
        """Change the weights once; return the loss of this mini-batch before the change."""
        logits = self.model(images)                 # predict
        loss = self.loss_function(logits, targets)  # how wrong?
        loss.backward()                             # which way is downhill?
        self.optimizer.step()                       # take a step
        self.optimizer.zero_grad()                  # forget the gradient
        return loss.item()

    def _record(self):
        whole, rest = divmod(self.iteration, self.iterations_per_epoch)
        row = {"iteration": self.iteration,
               "epoch": whole + rest * self.settings["batch_size"] / len(self.train),
               "tau": float(f"{self.tau:.12g}")}
        for name, digits in (("train", self.train), ("val", self.val)):
            if digits is not None:
                row |= {f"{name}_{metric}": value for metric, value in evaluate(self.model, digits).items()}
        self.history.add(**row)
