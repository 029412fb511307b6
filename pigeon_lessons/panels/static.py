"""What stands in the place of a panel where no kernel runs: its runs as pictures, each with its words.

`stations` are (name, story, settings) of where the panel stands and of each preset.
"""

import base64
import io

import numpy as np
from matplotlib import style
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from pigeon_lessons.panels.html import head
from pigeon_lessons.panels.summary import name_settings
from pigeon_lessons.pictures.picture import figure_html

DOTS_PER_INCH = 110
LIVE = "<p><i>A picture of the panel. Run this cell in Jupyter, or “Run All Cells”, and the sliders are live.</i></p>"


def png(draw, *shown, size, colors=None):
    """Return what `draw(figure, *shown)` draws, whatever the look of others' figures, as the bytes of a PNG file.

    Quickly, or with few `colors` in a quarter of the bytes.
    """
    with style.context(["default", {"font.size": 9}]):
        figure, file = Figure(figsize=size, dpi=DOTS_PER_INCH), io.BytesIO()
        canvas = FigureCanvasAgg(figure)
        draw(figure, *shown)
        canvas.draw()
    picture = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
    if colors is None:
        picture.save(file, "PNG", compress_level=1)
    else:
        picture.quantize(colors).save(file, "PNG", optimize=True)
    return file.getvalue()


def whole(picture, scene, train, *, colors=None):
    """Return the whole picture of a scene as a PNG file."""
    return png(picture.draw, scene, train, size=picture.size, colors=colors)


def aside(picture, scene):
    """Return the picture beside the charts that the front end draws as a PNG file."""
    def draw(figure):
        figure.subplots_adjust(left=0.15, right=0.97, top=0.91, bottom=0.19)
        picture.aside(figure.subplots(), scene)
    return png(draw, size=(picture.size[0] / 2, picture.size[1]))


def preset_words(explorer, names, stations):
    """Return each station with its story and its settings `names`, one a line.

    The words name no measured number, so that they are the same on every machine.
    """
    lines = [f"{explorer.title}. {explorer.intro}"]
    for name, story, settings in stations:
        lines.append(" ".join(filter(None, [f"{name}:", story, f"({name_settings(settings, names)})"])))
    return "\n".join(lines)


def preset_grid(session, train, stations):
    """Return the same as HTML, each with its picture and its run in words; and the first picture as base64, for LaTeX.

    The runs come from the session's cache and go there, so a preset that is clicked later is there at once.
    """
    explorer, figures, pngs = session.explorer, [], []
    for (name, story, _), scene in zip(stations, session.scenes_of([one[2] for one in stations]), strict=True):
        pngs.append(whole(explorer.picture, scene, train, colors=128))
        figures.append(figure_html(pngs[-1], f"{explorer.title}: {name}",
                                   f"{story} {scene.summary}".lstrip(), lead=f"{name}."))
    grid = (f'{head(explorer)}{LIVE}<div style="display: grid; gap: 14px; '
            f'grid-template-columns: repeat(auto-fit, minmax(min(440px, 100%), 1fr))">{"".join(figures)}</div>')
    return grid, base64.b64encode(pngs[0]).decode()


def last_picture(explorer, scene, train):
    """Return what a panel shows now as HTML, for a notebook that is saved."""
    figure = figure_html(whole(explorer.picture, scene, train, colors=128), explorer.title, scene.summary, width=700)
    return f"{head(explorer)}{LIVE}{figure}"
