"""The arithmetic of a sweep: Pigeons of one batch size trained in the same batched matrix products.

Nothing here knows settings, histories or time; `sweep` does. Gradients are written out by hand, which for one hidden
layer takes four lines. Three ideas, beyond doing many at once, make it fast:

* **Blocks.** Small batches are done several at a time in the coordinates of the block's own images.
  An update adds a multiple of each image to the first layer's weights, so how it changes the hidden
  sums of the images still to come is known from the images' inner products. The weights of the
  pixels are touched once a block instead of once an update. The result is the same up to rounding.
* **Scaled velocity.** Momentum's velocity is kept multiplied by minus the learning rate, so that a
  learning rate for each Pigeon costs one product an image instead of one pass over the weights.
* **Ink only, and rare pixels apart.** What is white in all images has no part in any sum; what is white
  in most is taken out of the matrix products of an evaluation: see `sweeping.with_ink`.

Hidden layers are padded to one width by units whose weights stay zero; the last unit is always 1
and carries the output's bias, as the first pixel, always 1, carries the hidden biases.

Shapes: s Pigeons, n images, b in a batch, r in a block, h hidden units, p pixels with ink and one more.
"""

from functools import lru_cache
from types import SimpleNamespace

import torch
from torch.nn.functional import binary_cross_entropy_with_logits, embedding_bag

BLOCK_ROWS = 64
"""Images in a block of several batches: enough to spare the weights, few enough for their inner products."""
SMALL_BATCH = 8
"""Up to this size batches are done in blocks; from 16 on, touching the weights each time costs less."""
WIDTH_STEP = 16
"""Hidden layers are padded to a multiple of this many units, which vector instructions like."""
GATHERED_AT_ONCE = 128
"""Images copied into the epoch's order at a time: few enough to be in the cache still when their batch comes."""


def padded_width(num_hidden):
    """Return the columns that `num_hidden` units take: themselves, the constant unit, and padding.

    >>> padded_width(15), padded_width(16), padded_width(30)
    (16, 32, 32)
    """
    return -(-(num_hidden + 1) // WIDTH_STEP) * WIDTH_STEP


class Stack:
    """Pigeons trained side by side.

    `pigeons`: the starting networks, which are only read. `settings`: the `Setting` of each, of equal batch size,
    weight decays all 0 or all above. `ink`, `train`: the pixels that are used, and the digits, as by `with_ink`.
    """

    def __init__(self, pigeons, settings, ink, train):
        self.ink, self.pixels, self.targets = ink, train.pixels, train.targets
        self.batch_size = min(settings[0].batch_size, len(self.pixels))
        self.momenta = tuple(setting.momentum for setting in settings)
        self.momentum = _column(self.momenta).float()
        self.weight_decays = _column([setting.weight_decay for setting in settings])
        self.is_drawn = bool(self.weight_decays.any())
        self._set_rates(_column([setting.lr for setting in settings]))
        count, width = len(pigeons), max(padded_width(pigeon.hidden.out_features) for pigeon in pigeons)
        self.hidden = self.pixels.new_zeros(count, len(ink) + 1, width)  # whatever torch's default device and dtype
        self.output = self.pixels.new_zeros(count, 1, width)
        for index, pigeon in enumerate(pigeons):
            self._load(index, pigeon)
        self.hidden_velocity = torch.zeros_like(self.hidden)
        self.output_velocity = torch.zeros_like(self.output)
        self.blank = self.pixels.new_ones(count, 1, 1)  # what is left of the weights of pixels without ink
        self.blank_velocity = torch.zeros_like(self.blank)
        self.is_trained = self.pixels.new_ones(width)  # 0 for the constant unit, whose own sum must never change
        self.is_trained[-1] = 0

    @torch.no_grad()
    def _load(self, index, pigeon):
        hidden, output, units = self.hidden[index], self.output[index, 0], pigeon.hidden.out_features
        hidden[1:, :units] = pigeon.hidden.weight[:, self.ink].t()
        hidden[0, :units] = pigeon.hidden.bias
        hidden[0, -1] = 1
        output[:units] = pigeon.output.weight[0]
        output[-1] = pigeon.output.bias[0]

    @torch.no_grad()
    def unload(self, index, pigeon):
        """Write the present weights of Pigeon `index` into `pigeon`, a network as this one was at the start."""
        hidden, output, units = self.hidden[index], self.output[index, 0], pigeon.hidden.out_features
        pigeon.hidden.weight *= self.blank[index, 0]
        pigeon.hidden.weight[:, self.ink] = hidden[1:, :units].t()
        pigeon.hidden.bias.copy_(hidden[0, :units])
        pigeon.output.weight.copy_(output[:units].unsqueeze(0))
        pigeon.output.bias.copy_(output[-1:])

    @property
    def batches_in_block(self):
        """How many batches are done at a time."""
        return BLOCK_ROWS // self.batch_size if self.batch_size <= SMALL_BATCH and not self.is_drawn else 1

    def start_epoch(self, orders):
        """Set the order in which the coming epoch visits the images: int64 [s, n], or [1, n] for all alike."""
        self.orders = orders
        self.visited = self.targets[orders]  # [s or 1, n, 1]
        self.logits = self.pixels.new_empty(len(self.hidden), orders.shape[1], 1)
        self.gathered_to = 0

    def slow_down(self, factors):
        """Multiply each Pigeon's learning rate by its factor."""
        factors = _column(factors)
        self._set_rates(self.rates * factors)
        for velocity in (self.hidden_velocity, self.output_velocity, self.blank_velocity):
            velocity.mul_(factors.float())

    def _set_rates(self, rates):
        self.rates, self.steps = rates, {}
        self.draw = (rates * -self.weight_decays).float()  # what weight decay multiplies each weight by, [s, 1, 1]

    @torch.no_grad()
    def train_block(self, start, stop):
        """Train on the images from `start` to `stop` of the epoch: one batch, or several whole ones."""
        size = min(self.batch_size, stop - start)
        images = self._gather(start, stop)
        targets, logits = self.visited[:, start:stop], self.logits[:, start:stop]
        steps = self._steps(size)
        sums = torch.bmm(images, self.hidden)
        if len(sums[0]) == size:
            changes = self._train_batch(sums, targets, logits, steps)
            self.hidden_velocity.mul_(self.momentum).baddbmm_(images.transpose(1, 2), changes)
            self._move(self.hidden, self.hidden_velocity, self.is_trained)
            if self.is_drawn:
                self._move(self.blank, self.blank_velocity.mul_(self.momentum))
        else:
            self._train_batches(images, sums, targets, logits, size, steps)
        if stop == self.orders.shape[1]:
            self.gathered = None  # a stack may be kept for long, and the next epoch has another order

    def _steps(self, size):
        """Return what a batch of this size multiplies its summed gradients by, [s, 1, 1]."""
        if size not in self.steps:
            self.steps[size] = (self.rates / -size).float()
        return self.steps[size]

    def _gather(self, start, stop):
        """Return the pixels of a block's images, [s, r, p]; in memory only once if all Pigeons see the same."""
        if stop > self.gathered_to:
            orders = self.orders[:, start:max(stop, start + GATHERED_AT_ONCE)]
            self.gathered = self.pixels.index_select(0, orders.reshape(-1)).view(*orders.shape, -1)
            self.gathered_from, self.gathered_to = start, start + orders.shape[1]
        images = self.gathered[:, start - self.gathered_from:stop - self.gathered_from]
        return images.expand(len(self.hidden), -1, -1)

    def _train_batches(self, images, sums, targets, logits, size, steps):
        """Do several batches while the first layer's weights stand still, then move these once."""
        rows = images.shape[1]
        carry = _carried(self.momenta, rows, size)
        sums.addcmul_(torch.bmm(images, self.hidden_velocity), carry.velocity)
        products = torch.bmm(images, images.transpose(1, 2)).mul_(carry.change)
        changes = torch.empty_like(sums)
        parts = (part.split(size, dim=1) for part in (sums, products, targets, logits))
        for first, (here, product, target, logit) in zip(range(0, rows, size), zip(*parts, strict=True), strict=True):
            if first:
                here = torch.baddbmm(here, product[..., :first], changes[:, :first])
            changes[:, first:first + size] = self._train_batch(here, target, logit, steps)
        self.hidden.addcmul_(self.hidden_velocity, carry.velocity_at_end)
        self.hidden.baddbmm_(images.transpose(1, 2), changes * carry.change_at_end)
        self.hidden_velocity.mul_(carry.fade).baddbmm_(images.transpose(1, 2), changes * carry.fade_of_change)

    def _train_batch(self, sums, targets, logits, steps):
        """Given hidden sums [s, b, h], do all of an update but the first layer's; return what that needs.

        It is, for each sum, minus the learning rate times the gradient of the mean loss. `logits` are filled in.
        """
        active = sums.relu_()
        torch.sum(active * self.output, -1, keepdim=True, out=logits)
        errors = logits.sigmoid().sub_(targets).mul_(steps)
        changes = errors * (self.output * self.is_trained)
        torch.ops.aten.threshold_backward.grad_input(changes, active, 0, grad_input=changes)
        self.output_velocity.mul_(self.momentum).add_((active * errors).sum(1, keepdim=True))
        self._move(self.output, self.output_velocity)
        return changes

    def _move(self, weights, velocity, share=1):
        """Add a velocity to weights, and before that weight decay, times `share`, to the velocity."""
        if self.is_drawn:
            velocity.addcmul_(weights, self.draw * share)
        weights += velocity

    def batch_losses(self, start, stop):
        """Return the loss of each batch from `start` to `stop` of the epoch, [s, batches]."""
        losses = _losses(self.logits[:, start:stop, 0], self.visited[:, start:stop, 0])
        whole = losses.shape[1] - losses.shape[1] % self.batch_size
        means = losses[:, :whole].view(len(losses), -1, self.batch_size).mean(-1)
        if whole == losses.shape[1]:
            return means
        return torch.cat([means, losses[:, whole:].mean(-1, keepdim=True)], dim=1)  # the last batch is shorter

    @torch.no_grad()
    def evaluate(self, digits):
        """Return the mean loss [s] and the accuracy [s] on digits given as `Inked`."""
        rare_weights = self.hidden[:, digits.num_common:].transpose(0, 1).flatten(1)  # [rare pixels, s·h]
        logits = torch.cat([self._predict(rare_weights, *piece) for piece in digits.pieces], dim=1)
        targets = digits.targets[:, 0]
        is_right = (logits > 0) == (targets > 0.5)
        return _losses(logits, targets).mean(-1), is_right.double().mean(-1)

    def _predict(self, rare_weights, common, places, ink, starts):
        count, num_common = len(self.hidden), common.shape[1]
        sums = torch.bmm(common.expand(count, -1, -1), self.hidden[:, :num_common])
        if len(places):
            rare_sums = embedding_bag(places, rare_weights, starts, mode="sum", per_sample_weights=ink)
            sums += rare_sums.view(len(common), count, -1).transpose(0, 1)
        return torch.sum(sums.relu_() * self.output, -1)


def _column(numbers):
    """Return one number for each Pigeon, shaped to multiply [s, rows, columns]."""
    return torch.tensor(numbers, dtype=torch.float64, device="cpu").view(-1, 1, 1)


def _losses(logits, targets):
    """Return the cross-entropy of each logit in nats; in float64, so that its place changes no rounding."""
    logits = logits.double()
    return binary_cross_entropy_with_logits(logits, targets.double().expand(logits.shape), reduction="none")


@lru_cache(maxsize=64)
def _carried(momenta, rows, size):
    """Return how far old velocity and new changes have moved the weights, within a block and at its end.

    After k updates a velocity has moved them by m + m² + … + mᵏ times itself, and a change made
    j updates ago by 1 + m + … + mʲ⁻¹ times itself. Each is shaped to multiply [s, rows, columns].
    """
    m = _column(momenta)
    batch = torch.arange(rows, dtype=torch.float64, device="cpu").view(-1, 1) // size
    count = rows // size

    def series(terms):
        return (1 - m ** terms) / (1 - m)

    return SimpleNamespace(
        velocity=(m * series(batch)).float(),
        change=series((batch - batch.t()).clamp_(min=0)).float(),
        velocity_at_end=(m * series(count)).float(),
        change_at_end=series(count - batch).float(),
        fade=(m ** count).float(),
        fade_of_change=(m ** (count - 1 - batch)).float())
