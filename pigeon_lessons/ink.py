"""Which pixels have ink: digits rearranged so that a sweep computes only where there is some. Nothing here trains.

* **Ink only.** A pixel that is 0 in every image has no part in any sum, and no gradient moves its
  weights, so it is left out: about a fifth of them in a thousand digits.
* **Rare pixels apart.** Half of the others have ink in few images. An evaluation, which has half of
  the work, takes them out of the matrix product and adds their weights up only where there is ink.
"""

import torch

from pigeon_lessons.model import PIXELS

EVALUATED_AT_ONCE = 512
"""Images in one product of an evaluation: their hidden sums take less room than the weights."""
RARE = 0.15
"""A pixel with ink in a smaller part of the images than this is rare."""


def with_ink(digit_sets):
    """Return the positions of the pixels with ink in any of `digit_sets`, rare ones last, and each set as `Inked`."""
    images = [digits.images.cpu().reshape(-1, PIXELS) for digits in digit_sets]  # a sweep computes on the CPU
    share = sum((one > 0).sum(0) for one in images) / sum(len(one) for one in images)
    ink = share.argsort(descending=True, stable=True)[:(share > 0).sum()]
    num_common = 1 + int((share >= RARE).sum())
    pixels = [torch.cat([one.new_ones(len(one), 1), one.index_select(1, ink)], dim=1) for one in images]
    return ink, [Inked(one, digits.targets.cpu(), num_common) for one, digits in zip(pixels, digit_sets, strict=True)]


class Inked:
    """A set of digits as a stack reads it: `.pixels` [n, p], the first always 1, and `.targets` [n, 1].

    `.pieces` are for evaluation: of each 512 images the common pixels [r, c], and of the rare ones
    where there is ink, how much, and at which of these entries each image begins.
    """

    def __init__(self, pixels, targets, num_common):
        self.pixels, self.targets, self.num_common = pixels, targets, num_common
        self.pieces = [self._piece(part) for part in pixels.split(EVALUATED_AT_ONCE)]

    def _piece(self, pixels):
        common, rare = pixels.tensor_split([self.num_common], dim=1)
        images, places = rare.nonzero(as_tuple=True)
        per_image = images.bincount(minlength=len(pixels))
        return common, places, rare[images, places], per_image.cumsum(0) - per_image
