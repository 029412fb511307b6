"""When a run counts as diverged. It knows only losses: no run, no network, no figure."""

import numpy as np

BOUND = 10.0
"""A mean loss above this many nats counts as diverged: guessing costs 0.693, so it is fourteen times as wrong."""
FEWEST = 32
"""The mean is taken over the last so many images, or over one batch if it has more."""


def divergence(losses, batch_size):
    """Return (update, loss) where mini-batch losses left all bounds first, counting from 1; None if they never did.

    Out of bounds is a loss that is not finite, or a mean over the last FEWEST images above BOUND: of a
    smaller batch, one confident mistake would be enough, and is no divergence.

    >>> divergence([0.7, 0.4, float("nan")], 32), divergence([0.7, 12.5], 32), divergence([0.7, 12.5], 1)
    ((3, nan), (2, 12.5), None)
    """
    window = -(-FEWEST // batch_size)
    sums = np.concatenate([np.zeros(window), np.cumsum(losses, dtype=float)])
    with np.errstate(invalid="ignore"):  # inf - inf is nan, which is out of bounds as well
        means = (sums[window:] - sums[:-window]) / window
    bad = np.flatnonzero(~(means <= BOUND))  # nan is not below anything
    return (int(bad[0]) + 1, float(means[bad[0]])) if len(bad) else None
