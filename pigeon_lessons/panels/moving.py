"""What moves in a picture and what stands still: the pixels of what stands still are kept, see `canvas`."""

from pigeon_lessons.pictures.style import INK


def moving(*artists):
    """Mark artists as those that are drawn anew for every picture."""
    for artist in artists:
        artist.set_animated(True)


def moving_title(ax):
    """Return an empty text over `ax`, as a title, whose words may change with every picture."""
    title = ax.text(0.5, 1.02, "", transform=ax.transAxes, ha="center", va="bottom", fontsize=10, color=INK)
    moving(title)
    return title


def hold(artist, **properties):
    """Set properties of Axes only if they are others: setting one, even to the same, has all drawn anew."""
    for name, value in properties.items():
        if getattr(artist, f"get_{name}")() != value:
            getattr(artist, f"set_{name}")(value)
