"""What stands in the place of a panel where no kernel runs: its preset runs as pictures, each with its words.

`stations` are (name, story, settings) of where the panel stands and of each preset.
"""

import base64

from pigeon_lessons.panels.canvas import Canvas
from pigeon_lessons.panels.html import close, head
from pigeon_lessons.panels.summary import name_settings
from pigeon_lessons.pictures.picture import figure_html


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
    canvas = Canvas(explorer.picture, train)
    for (name, story, _), scene in zip(stations, session.scenes_of([one[2] for one in stations]), strict=True):
        canvas.picture.start_anew()
        canvas.picture.draw(scene)
        pngs.append(canvas.png(colors=128))
        figures.append(figure_html(pngs[-1], f"{explorer.title}: {name}",
                                   f"{story} {scene.summary}".lstrip(), lead=f"{name}."))
    close(canvas.widget)
    grid = (f'{head(explorer)}<div style="display: grid; gap: 14px; '
            f'grid-template-columns: repeat(auto-fit, minmax(min(440px, 100%), 1fr))">{"".join(figures)}</div>')
    return grid, base64.b64encode(pngs[0]).decode()
