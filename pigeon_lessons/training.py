"""How the Pigeon is trained: the update loop of chapter 0, with its records kept.

Read `Trainer` from the bottom up: `_step` is the five lines that students write, `_batches` is one
pass over the data, `epochs`, `iterations` and `fit` repeat them. No figure, no file, no callback.
"""

import copy
from functools import cached_property
from itertools import islice

import torch
from torch import nn

from pigeon_lessons import checks
from pigeon_lessons.data import check_digits, check_train_and_val, data_order
from pigeon_lessons.history import History
from pigeon_lessons.interrupts import interrupts_held
from pigeon_lessons.model import check_logits, check_model
from pigeon_lessons.resuming import check_state
from pigeon_lessons.setting import DEFAULTS, Setting, pace


@torch.no_grad()
def evaluate(model, digits):
    """Return {"loss": mean binary cross-entropy in nats, "accuracy": right answers, 0..1} on `digits`.

    `model` maps images [n, 1, 28, 28] to logits [n, 1]; an answer is "yes" when its logit is above 0,
    that is, when its probability is above one half. Nothing changes: neither weights nor gradients,
    nor whether each layer is in training mode, nor any random state.

    Raises TypeError if `model` is not a torch module or `digits` are not Digits, ValueError if there
    are no digits or the logits have another shape.

    >>> from pigeon_lessons import Pigeon, load_mnist
    >>> {name: round(value, 2) for name, value in evaluate(Pigeon(seed=1), load_mnist()).items()}
    {'loss': 0.69, 'accuracy': 0.52}
    """
    check_model(model)
    check_digits("digits", digits)
    modes = {module: module.training for module in model.modules()}
    try:
        with torch.random.fork_rng(devices=[]):
            logits = model.eval()(digits.images)
    finally:
        for module, was_training in modes.items():
            module.training = was_training
    check_logits(logits, digits.targets)
    loss = nn.functional.binary_cross_entropy_with_logits(logits, digits.targets)
    is_right = (logits > 0) == (digits.targets > 0.5)
    return {"loss": loss.item(), "accuracy": is_right.sum().item() / len(digits)}


class Trainer:
    """Trains `model` on `train` by stochastic gradient descent and keeps a `History` of it.

    `model` maps images [n, 1, 28, 28] to logits [n, 1]. `train` and `val` are `Digits`.
    `lr`, `batch_size`, `momentum`, `decay`, `weight_decay`: as in `Setting`, whose defaults they have; the last
    batch of an epoch is shorter when the division leaves a rest.
    `seed`: fixes the data order of every epoch. `shuffle=False` keeps the stored order.
    `evaluate_every`: None evaluates both data sets after every epoch, k after every k-th iteration.

    `.iteration` and `.epoch` count the updates and whole passes done. `.tau`, the training clock, adds up
    `setting.pace` of each update, with the learning rate and the momentum that the optimizer had; one without
    "momentum", such as Adam, whose steps do not grow by it, counts with 0.

    Same arguments, same results, whatever ran before. Raises TypeError or ValueError, and changes
    nothing, for any other argument.
    Source: Robbins & Monro 1951 (stochastic approximation); Polyak 1964 (momentum), in the form of
    `torch.optim.SGD`.

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
        check_train_and_val(train, val)
        setting = Setting(lr=lr, batch_size=batch_size, momentum=momentum, decay=decay, weight_decay=weight_decay,
                          seed=seed).as_dict()
        del setting["num_hidden"]  # the model's own
        self.settings = {**setting, "shuffle": checks.yes_or_no("shuffle", shuffle),
                         "evaluate_every": checks.evaluate_every(evaluate_every)}
        self.model, self.train, self.val = model, train, val
        self.loss_function = nn.BCEWithLogitsLoss()  # the mean over the batch: never divide by its size again
        self.optimizer = torch.optim.SGD(model.parameters(), lr=self.settings["lr"],
                                         momentum=self.settings["momentum"],
                                         weight_decay=self.settings["weight_decay"])
        self.iteration, self.tau = 0, 0.0
        self.history = History()
        self._record()
        self.optimizer.zero_grad()  # a gradient left over from before is no part of the first update

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
        for _ in self.epochs(epochs):
            pass
        return self.history

    def epochs(self, n):
        """Train for `n` more epochs, one a step of this generator, which yields their numbers.

        An epoch that was left half done is finished first, and counts as the first of the `n`.
        """
        return self._epochs(checks.whole_number("epochs", n, least=0))

    def iterations(self, n):
        """Train for `n` more iterations, one a step of this generator, which yields their numbers."""
        return self._iterations(checks.whole_number("iterations", n, least=0))

    def state_dict(self):
        """Return all that going on needs, as tensors and plain values: a snapshot that further training leaves alone.

        Its parts: "settings"; "data", the fingerprints of both data sets; "model" and "optimizer", their
        own `state_dict()`; "iteration" and "tau", the position, inside an epoch too; "history". Random state
        is not among them, since the data order is a function of seed and epoch. (A model that draws
        random numbers itself, with dropout say, goes on with other draws.)
        """
        return copy.deepcopy({
            "settings": self.settings,
            "data": self._fingerprints,
            "model": dict(self.model.state_dict()),
            "optimizer": self.optimizer.state_dict(),
            "iteration": self.iteration,
            "tau": self.tau,
            "history": {"columns": dict(self.history), "batch_loss": self.history.batch_loss},
        })

    def load_state_dict(self, state):
        """Go on from `state`, which `state_dict()` returned: then all is as if this trainer had got there itself.

        Raises ValueError or TypeError, shows both values and changes nothing, if the state is of other
        settings, data or layers, or not whole.

        >>> from pigeon_lessons import Pigeon, load_mnist
        >>> trainer = Trainer(Pigeon(seed=1), load_mnist()[:320])
        >>> history = trainer.fit(1)
        >>> resumed = Trainer(Pigeon(seed=2), load_mnist()[:320])
        >>> resumed.load_state_dict(trainer.state_dict())
        >>> resumed.fit(2) == trainer.fit(2)
        True
        """
        own = self.state_dict()
        check_state(state, own, list(self.model.parameters()))
        state = copy.deepcopy(state)
        groups = [group | {name: saved[name] for name in ("lr", "momentum")} for group, saved
                  in zip(own["optimizer"]["param_groups"], state["optimizer"]["param_groups"], strict=True)]
        history = History(**state["history"])
        with interrupts_held():
            self.optimizer.load_state_dict({"state": state["optimizer"]["state"], "param_groups": groups})
            self.model.load_state_dict(state["model"])
            self.iteration, self.tau, self.history = state["iteration"], state["tau"], history

    @cached_property
    def _fingerprints(self):
        return {"train": self.train.fingerprint(), "val": self.val.fingerprint() if self.val is not None else None}

    def _epochs(self, n):
        for _ in range(n):
            with interrupts_held() as held:
                for images, targets in self._batches():
                    self._update(images, targets)
                    held.let_through()
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
        epoch = self.epoch
        if self.settings["decay"] != 1:
            for group in self.optimizer.param_groups:
                group["lr"] = self.settings["lr"] * self.settings["decay"] ** epoch
        order = data_order(len(self.train), seed=self.settings["seed"], epoch=epoch, shuffle=self.settings["shuffle"])
        batches, targets = order.split(self.settings["batch_size"]), self.train.targets
        while self.epoch == epoch:  # the position is read anew: someone else may have trained in between
            chosen = batches[self.iteration % self.iterations_per_epoch]
            yield self.train.images[chosen], targets[chosen]

    def _update(self, images, targets):
        """Do one iteration, to be called where a Ctrl-C waits: it happens whole or not at all."""
        group = self.optimizer.param_groups[0]
        self.history.batch_loss.append(self._step(images, targets))
        self.iteration += 1
        self.tau += pace(float(group["lr"]), group.get("momentum", 0))
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
