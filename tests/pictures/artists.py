"""What the tests of figures share: how to find an artist by what a reader sees of it."""


def line(ax, label):
    return next(line for line in ax.lines if line.get_label() == label)


def points(line):
    """Return the points of a line as (xs, ys), two lists."""
    return list(line.get_xdata()), list(line.get_ydata())


def legend(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]
