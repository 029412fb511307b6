"""The small parts a panel is made of: rows, buttons, and the HTML of its words, tables and lists."""

import traceback
from html import escape

import ipywidgets as widgets

from pigeon_lessons.panels.controls import CONTROLS, written
from pigeon_lessons.panels.summary import LETTERS
from pigeon_lessons.panels.summary import table as table_of
from pigeon_lessons.pictures.style import COLORS
from pigeon_lessons.words import percent

STATES = {"idle": "ready", "training": "training …", "paused": "paused", "done": "done",
          "diverged": "✕ diverged", "failed": "failed"}


def note(kind, text=""):
    """Return a piece of HTML of CSS class `kind`."""
    widget = widgets.HTML(text)
    return widget.add_class(kind) if kind else widget


def row(children, kind):
    """Return a row of widgets that wraps where the window is narrow."""
    return widgets.Box(list(children)).add_class("pigeon-row").add_class(kind)


def column(children, kind):
    """Return a column of widgets."""
    return widgets.VBox(list(children)).add_class(kind)


def button(name, text, tip, on_click):
    """Return a button that calls `on_click(button)`; `button.name` says which it is."""
    made = widgets.Button(description=text, tooltip=tip).add_class(f"pigeon-button-{name}")
    made.name = name
    made.on_click(on_click)
    return made


def unpin_button(slot, unpin):
    """Return the button that removes the pinned run in `slot`."""
    made = button("unpin", f"Remove {LETTERS[slot]}", f"forget pinned run {LETTERS[slot]}", lambda _: unpin(slot))
    made.slot = slot
    return made


def words(text):
    """Return the summary as HTML that a screen reader announces when it changes."""
    return f'<p role="status" aria-live="polite">{escape(text)}</p>'


def state(name, num_runs):
    """Return the state as HTML; `data-state` and `data-runs` are for whoever waits for it."""
    return f'<span class="pigeon-state" data-state="{name}" data-runs="{num_runs}">{STATES[name]}</span>'


def table(scene):
    """Return the table of the run shown and the pinned runs as HTML, each pinned run with its color."""
    head, *rows = table_of(scene)
    body = "".join(f"<tr><th scope='row'>{swatch(title)}{title}</th>{cells(rest)}</tr>" for title, *rest in rows)
    return f"<table><thead><tr>{''.join(f'<th>{escape(name)}</th>' for name in head)}</tr></thead>{body}</table>"


def cells(values):
    """Return table cells."""
    return "".join(f"<td>{escape(value)}</td>" for value in values)


def swatch(title):
    """Return a small square in the color of a pinned run."""
    if title not in LETTERS:
        return ""
    return f'<span style="color: {COLORS[LETTERS.index(title)]}" aria-hidden="true">■ </span>'


def challenges(declared, met):
    """Return the challenges as a list, those that were met ticked."""
    items = "".join(f'<li data-met="{str(index in met).lower()}">{"✔" if index in met else "○"} {escape(one.text)}</li>'
                    for index, one in enumerate(declared))
    return f'<b>Challenges</b><ul style="list-style: none; margin: 0; padding: 0">{items}</ul>' if declared else ""


def leaderboard(best_runs, names):
    """Return the student's best runs as a table, ranked by mean final validation accuracy."""
    head = "".join(f"<th>{name}</th>" for name in ("rank", "validation accuracy", *(CONTROLS[n].label for n in names)))
    body = "".join(f"<tr><td>{rank}</td><td>{percent(accuracy)}</td>{cells(written(settings[n]) for n in names)}</tr>"
                   for rank, (accuracy, settings) in enumerate(best_runs, 1))
    return f"<b>Your best runs</b><table><thead><tr>{head}</tr></thead>{body}</table>"


def failure(error):
    """Return our own mistake as HTML: what it says, its details, and what to do."""
    details = escape("".join(traceback.format_exception(error)))
    return (f'<p role="alert"><b>This run failed: {escape(str(error) or type(error).__name__)}</b> '
            "The mistake is ours, not yours. Press “Try again”, or move a slider.</p>"
            f"<details><summary>Details to report</summary><pre>{details}</pre></details>")


def close(widget):
    """Close a widget with its layout and its style, which ipywidgets would keep for ever."""
    for part in (getattr(widget, "style", None), widget.layout, widget):
        if part is not None:
            part.close()


def descendants(widget):
    """Return every widget inside a container, however deep, with their layouts and styles."""
    found = []
    for child in getattr(widget, "children", ()):
        found += [*descendants(child), child]
    return found
