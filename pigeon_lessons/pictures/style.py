"""The look that all figures share: palette, dashes, the signs of a run, grid, size. It draws no data.

Every color stands out from white by 3 : 1 at least, and goes with a dash or a sign, so that nobody needs color alone.
"""

from matplotlib.figure import Figure

COLORS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#7F3FFF", "#663300")
"""Six colors that stay apart for color-blind readers: four of Okabe and Ito ("Color universal design", 2008), and
violet and brown where their light blue and yellow are too pale for a line."""
DASHES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1)), (0, (1, 1)))  # one for each color
INK = "#111827"  # for what is in the foreground: the run shown, titles
GRAY = "#767676"  # for what is only there to compare with: baselines, ghosts, single seeds

# how a run is drawn, everywhere, as what `ax.plot` takes: its two curves, its best epoch, where it diverged
TRAIN = {"color": COLORS[0], "linestyle": "-", "linewidth": 1.6}
VAL = {"color": COLORS[1], "linestyle": "--", "linewidth": 2.2}
STAR = {"color": INK, "linestyle": "none", "marker": "*", "markersize": 13, "markeredgecolor": "white", "zorder": 4}
CROSS = {"color": "#B3261E", "linestyle": "none", "marker": "X", "markersize": 10, "markeredgecolor": "white",
         "zorder": 4, "clip_on": False}
PINS = tuple({"color": color, "linestyle": dash, "linewidth": 1.8} for color, dash in (
    ("#00795a", "-"), ("#9c3d86", (0, (5, 2))), ("#6b5b00", "-."), ("#b3261e", ":"), ("#4b4fb8", (0, (8, 2))),
    ("#59626e", (0, (3, 2)))))
"""How the runs that are kept to compare with are drawn, apart from the colors of training and validation; chart.css
has the same colors."""
GHOST = {"color": "#838a95", "linewidth": 1.2, "zorder": 2}
"""How the run before is drawn."""


def look(index):
    """Return color and dash of the curve at `index`, as what `ax.plot` takes; the first 36 all differ.

    >>> look(1), look(7)
    ({'color': '#D55E00', 'linestyle': '--'}, {'color': '#D55E00', 'linestyle': '-.'})
    """
    rounds, index = divmod(index, len(COLORS))
    return {"color": COLORS[index], "linestyle": DASHES[(index + rounds) % len(DASHES)]}


def is_dark(ground):
    """Return whether Axes, or a figure, are dark, as `plt.style.use("dark_background")` makes them."""
    *parts, opacity = ground.get_facecolor()
    return opacity > 0.5 and sum(parts) < 1.5


def ink(ground):
    """Return the color for what is in the foreground of Axes or of a figure.

    >>> ink(new_axes())
    '#111827'
    """
    return "white" if is_dark(ground) else INK


def new_axes(width=7.0, height=3.4):
    """Return fresh Axes, `width` × `height` inches, in the shared style; pyplot knows nothing of them.

    >>> new_axes().figure.get_size_inches().tolist()
    [7.0, 3.4]
    """
    return styled(Figure(figsize=(width, height), layout="constrained").add_subplot())


def styled(ax):
    """Give Axes the shared style: a light grid, no box."""
    ax.grid(True, color="#d9d9d9", linewidth=0.6)
    ax.set_axisbelow(True)
    ax.spines[["top", "right"]].set_visible(False)
    return ax
