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

    are_made = None

    @contextmanager
    def of(self, model, *, seed, iteration):
        """Let the block draw what belongs to this update; leave global random state as it was."""
        if self.are_made is False:
            yield
            return
        with draws_kept(model) as generators:
            for generator in generators:
                generator.manual_seed((2_654_435_761 * seed + iteration) % 2**32)  # odd: no two seeds fall together
            fresh = _states(generators)
            yield
            self.are_made = self.are_made or not all(map(torch.equal, fresh, _states(generators)))


@contextmanager
def draws_kept(model):
    """Leave torch's random state, on the CPU and the model's device, as it was; the block is given the generators."""
    devices = {parameter.device for parameter in model.parameters() if parameter.is_cuda}
    generators = [torch.default_generator, *(torch.cuda.default_generators[device.index] for device in devices)]
    states = _states(generators)
    try:
        yield generators
    finally:
        for generator, state in zip(generators, states, strict=True):
            generator.set_state(state)


def _states(generators):
    return [generator.get_state() for generator in generators]
