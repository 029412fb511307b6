"""What the tests of figures share: how to find an artist by what a reader sees of it."""

from matplotlib.colors import to_rgb


def line(ax, label):
    return next(line for line in ax.lines if line.get_label() == label)


def points(line):
    """Return the points of a line as (xs, ys), two lists."""
    return list(line.get_xdata()), list(line.get_ydata())


def legend(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


def luminance(color):
    """Relative luminance as the Web Content Accessibility Guidelines 2.2 define it."""
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in to_rgb(color))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
