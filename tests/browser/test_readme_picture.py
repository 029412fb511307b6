"""The picture that README opens with is of the live panel as it is today."""

import numpy as np
import pytest
from PIL import Image

from book.readme_picture import FOLDER, taken

CELLS = (40, 25)
"""What pictures are compared by: large enough that another font makes no difference."""


def coarse(picture):
    return np.asarray(picture.convert("L").resize(CELLS, Image.Resampling.BOX), dtype=float)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_picture_shows_and_says_what_the_panel_does(browser, scheme):
    kept = Image.open(FOLDER / f"panel-{scheme}.png")
    picture, words = taken(browser, scheme)
    assert kept.info["Description"] == words, "say python -m book.readme_picture"
    assert kept.width == picture.width and kept.height == pytest.approx(picture.height, rel=0.05)
    assert abs(coarse(kept) - coarse(picture)).mean() < 4
