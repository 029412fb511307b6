"""What stands in the place of a panel where no kernel runs: its preset runs as pictures, each with its words."""

from dataclasses import replace
from html import escape
from statistics import mean

from pigeon_lessons.panels.canvas import Canvas
from pigeon_lessons.panels.summary import name_settings, summarize
from pigeon_lessons.pictures.picture import figure_html


def preset_words(explorer, names, settings):
    """Return where the controls stand and then each preset with its story, one a line.

    `names` are the settings to name. The words name no measured number, so that they are the same on every machine.
    """
    lines = [f"{explorer.title}. {explorer.intro}"]
    for name, story, changes in _stations(explorer):
        lines.append(" ".join(filter(None, [f"{name}:", story, f"({name_settings({**settings, **changes}, names)})"])))
    return "\n".join(lines)


def preset_grid(explorer, session, settings):
    """Return the same as HTML, each with its picture and its run in words.

    The runs come from the session's cache and go there, so a preset that is clicked later is there at once.
    """
    canvas, figures = Canvas(explorer.picture), []
    stations = _stations(explorer)
    scenes = [session.scene_of({**settings, **changes}, {**explorer.controls, **changes}) for *_, changes in stations]
    visited = tuple(_visits(scenes))
    for (name, story, _), scene in zip(stations, scenes, strict=True):
        scene = replace(scene, visited=visited)
        canvas.picture.start_anew()
        canvas.picture.draw(scene)
        words = " ".join(filter(None, [summarize(scene.now, scene.names), canvas.picture.words(scene)]))
        figures.append(figure_html(canvas.png(colors=128), f"{explorer.title}: {name}", f"{story} {words}".lstrip(),
                                   lead=f"{name}."))
    canvas.close()
    return (f"<h3>{escape(explorer.title)}</h3><p>{escape(explorer.intro)}</p>"
            f'<div style="display: grid; grid-template-columns: repeat(auto-fit, minmax(min(440px, 100%), 1fr)); '
            f'gap: 14px">{"".join(figures)}</div>')


def _visits(scenes):
    """Yield (mean final validation accuracy, settings) of every run that did not diverge: a map shows them all."""
    for result in (scene.now for scene in scenes):
        if result.diverged_at is None and "val_accuracy" in result.history:
            yield mean(result.ends("val_accuracy")), result.settings


def _stations(explorer):
    """Return (name, story, changed settings) of where the panel starts and of each preset."""
    return [("As set", "", {}), *((preset.name, preset.story, preset.settings) for preset in explorer.presets)]
