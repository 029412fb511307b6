"""Random numbers that a network draws itself, for dropout say. Nothing here knows what they are for.

Left to torch's global state they would depend on whatever ran before, and nobody could resume a run exactly.
"""

from contextlib import contextmanager

import torch


class Draws:
    """torch's random numbers for the updates of one run: each update's follow from a seed and its number alone.

    Most networks draw none. The first update shows it, and from then on global random state is not touched.

    >>> draws, dropout = Draws(), torch.nn.Dropout()
    >>> with draws.of(dropout, seed=1, iteration=7):
    ...     first = dropout(torch.ones(100))
    >>> with draws.of(dropout, seed=1, iteration=7):
    ...     torch.equal(dropout(torch.ones(100)), first)
    True
    """

    def __init__(self):
        self.are_made = None

    @contextmanager
    def of(self, model, *, seed, iteration):
        """Let the block draw what belongs to this update; leave global random state as it was."""
        if self.are_made is False:
            yield
            return
        generators = _generators(model)
        with draws_kept(model):
            for generator in generators:
                generator.manual_seed((2_654_435_761 * seed + iteration) % 2**32)  # odd: no two seeds fall together
            fresh = [generator.get_state() for generator in generators]
            yield
            drawn = any(not torch.equal(state, generator.get_state())
                        for state, generator in zip(fresh, generators, strict=True))
            self.are_made = self.are_made or drawn


@contextmanager
def draws_kept(model):
    """Leave torch's random state as it was, on the CPU and on the model's device."""
    generators = _generators(model)
    states = [generator.get_state() for generator in generators]
    try:
        yield
    finally:
        for generator, state in zip(generators, states, strict=True):
            generator.set_state(state)


def _generators(model):
    devices = {parameter.device for parameter in model.parameters() if parameter.is_cuda}
    return [torch.default_generator, *(torch.cuda.default_generators[device.index] for device in devices)]
