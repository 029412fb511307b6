"""What the open tab of a panel needs beside the curves: the weights of the run shown, and its worst mistakes."""

import torch

MOST_UNITS = 64
MISTAKES = 16


def details(tab, run, result):
    """Return what `tab`, "Weights" or "Worst mistakes", shows of the run after the last whole epoch; {} for others.

    "weights" [units, 784], left out where there are too many to be seen; "positions" and "chances" of the digits
    that the Pigeon answers worst, worst first.
    """
    if tab == "Weights":
        weights = run.pigeon_at(result.epochs).hidden.weight
        return {"epoch": result.epochs, "weights": weights.tolist() if len(weights) <= MOST_UNITS else None}
    if tab == "Worst mistakes":
        digits = run.train if run.val is None else run.val
        with torch.no_grad():
            chances = run.pigeon_at(result.epochs)(digits.images).sigmoid()
        wrong = (chances - digits.targets).abs().flatten()
        worst = wrong.argsort(descending=True, stable=True)[:MISTAKES]
        return {"epoch": result.epochs, "positions": worst.tolist(), "chances": chances[worst, 0].tolist()}
    return {}
