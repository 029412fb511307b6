"""How much a quantity scatters between batches, against the size of the batches."""

import numpy as np

from pigeon_lessons.pictures.picture import Picture
from pigeon_lessons.pictures.style import COLORS, GRAY, new_axes
from pigeon_lessons.words import number


def plot_spread(spreads, *, ylabel="spread of the gradient", ax=None):
    """Draw measured spreads over batch size, with the law spread(n) = spread(1) / √n, both axes logarithmic.

    `spreads` maps batch sizes n to spreads; the line of the law starts at the smallest n.
    Raises ValueError unless there are at least two sizes, all sizes and spreads above 0.

    >>> plot_spread({1: 2.0, 4: 1.0, 16: 0.6}).words
    'Spread of the gradient: 2 at n = 1, 1 at n = 4, 0.6 at n = 16. The law 1/√n gives 2, 1, 0.5.'
    """
    sizes, measured = list(spreads), list(spreads.values())
    if len(sizes) < 2 or min(sizes) <= 0 or not min(measured) > 0:
        raise ValueError(f"spreads must map at least two batch sizes to spreads, all above 0, got {spreads!r}; "
                         "a batch of the whole set has spread 0: leave it out")
    smallest = min(sizes)
    law = [spreads[smallest] * np.sqrt(smallest / size) for size in sizes]
    ax = ax or new_axes()
    ax.plot(sizes, law, color=GRAY, linestyle="--", linewidth=1.2, label="the law 1/√n")
    ax.plot(sizes, measured, color=COLORS[0], linestyle="none", marker="o", markersize=7, label="measured")
    ax.set(xscale="log", yscale="log", xlabel="batch size n", ylabel=ylabel)
    ax.set_xticks(sizes, [str(size) for size in sizes])
    ax.set_yticks(measured, [number(value) for value in measured])
    ax.minorticks_off()
    ax.legend(frameon=False)
    listed = ", ".join(f"{number(value)} at n = {size}" for size, value in zip(sizes, measured, strict=True))
    words = f"{ylabel.capitalize()}: {listed}. The law 1/√n gives {', '.join(map(number, law))}."
    return Picture(ax, f"{ylabel.capitalize()} over the batch size", words)
