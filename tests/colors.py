"""How far apart two colors are to the eye, for tests of pages and pictures."""

import numpy as np
from matplotlib.colors import to_rgb


def linear(color):
    """Return a color's red, green and blue as shares of light, 0 to 1, without sRGB's curve."""
    channels = np.array(to_rgb(color))
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def contrast(one, other):
    """Return the contrast of two colors as WCAG 2.2 defines it, from 1 to 21; colors as matplotlib takes them."""
    dark, light = sorted(linear(color) @ (0.2126, 0.7152, 0.0722) for color in (one, other))
    return (light + 0.05) / (dark + 0.05)
