"""The parts a panel is made of: rows, buttons, and the HTML of its words, tables, lists. Every text is escaped here."""

from html import escape

import ipywidgets as widgets

from pigeon_lessons.front_end import FRONT
from pigeon_lessons.panels.controls import CONTROLS, written
from pigeon_lessons.panels.summary import LETTERS
from pigeon_lessons.panels.summary import table as table_of
from pigeon_lessons.pictures.style import PINS
from pigeon_lessons.words import percent

STATES = {"idle": "ready", "training": "training …", "paused": "paused", "done": "done",
          "diverged": "✕ diverged", "failed": "failed"}


def part(kind, html=""):
    """Return a piece of HTML of CSS class `kind`."""
    widget = widgets.HTML(html)
    return widget.add_class(kind) if kind else widget


def row(children, kind):
    """Return a row of widgets that wraps where the window is narrow."""
    return widgets.Box(list(children)).add_class("pigeon-row").add_class(kind)


def column(children, kind):
    """Return a column of widgets."""
    return widgets.VBox(list(children)).add_class(kind)


def button(name, text, tip, on_click):
    """Return a button that calls `on_click()`."""
    made = widgets.Button(description=text, tooltip=tip).add_class(f"pigeon-button-{name}")
    made.on_click(lambda _: on_click())
    return made


def style_sheet():
    """Return the looks of panels and charts as HTML."""
    return f"<style>{''.join((FRONT / name).read_text('utf-8') for name in ('chart.css', 'notebook.css'))}</style>"


def head(explorer):
    """Return what a panel is called and about."""
    return f"<h3>{escape(explorer.title)}</h3><p>{escape(explorer.intro)}</p>"


def question(prediction):
    """Return the question to commit to before the run."""
    return f"<b>Predict first.</b> {escape(prediction.question)}" if prediction else ""


def outcome(prediction):
    """Return guess and outcome side by side, once there is one."""
    if not prediction or not prediction["outcome"]:
        return ""
    guess, came = prediction["guess"], prediction["outcome"]
    verdict = "As you said" if came == guess else f"You said “{guess}”; it came out otherwise"
    return note(f"{escape(verdict)}: <b>{escape(came)}</b>. {escape(prediction['answers'][came])}")


def note(html):
    """Return a remark set apart; none for nothing."""
    return html and f'<div class="pigeon-note">{html}</div>'


def words(text):
    """Return what changed as HTML that a screen reader announces."""
    return f'<p role="status" aria-live="polite">{escape(text)}</p>'


def state(scene):
    """Return the state as HTML; `data-state` and `data-runs` are for whoever waits for it."""
    done, all_of_it = (scene.now.iterations, scene.now.end("iteration")) if scene.now else (0, 1)
    progress = f'<progress value="{done}" max="{all_of_it}" aria-label="updates done"></progress>' if (
        scene.state in ("training", "paused")) else ""
    return (f'<span class="pigeon-state" data-state="{scene.state}" data-runs="{scene.num_runs}">'
            f"{STATES[scene.state]}</span>{progress}")


def table(scene):
    """Return the table of the run shown and the pinned runs as HTML, each pinned run with its color."""
    head, *rows = table_of(scene)
    body = "".join(f"<tr><th scope='row'>{swatch(title)}{title}</th>{cells(rest)}</tr>" for title, *rest in rows)
    return f"<table><thead><tr>{cells(head, 'th')}</tr></thead>{body}</table>"


def cells(values, kind="td"):
    """Return table cells."""
    return "".join(f"<{kind}>{escape(value)}</{kind}>" for value in values)


def swatch(title):
    """Return a small square in the color of a pinned run."""
    if title not in LETTERS:
        return ""
    return f'<span style="color: {PINS[LETTERS.index(title)]["color"]}" aria-hidden="true">■ </span>'


def challenges(declared):
    """Return the challenges as a list, those that were met ticked."""
    items = "".join(f'<li data-met="{str(one["is_met"]).lower()}">{"✔" if one["is_met"] else "○"} '
                    f'{escape(one["text"])}</li>' for one in declared)
    return f'<b>Challenges</b><ul style="list-style: none; margin: 0; padding: 0">{items}</ul>' if declared else ""


def leaderboard(best_runs, names):
    """Return the student's best runs as a table, ranked by mean final validation accuracy."""
    head = cells(("rank", "validation accuracy", *(CONTROLS[name].label for name in names)), "th")
    rows = "".join(f"<tr>{cells((str(rank), percent(one['accuracy'])))}"
                   f"{cells(written(one['settings'][name]) for name in names)}</tr>"
                   for rank, one in enumerate(best_runs, 1))
    return f"<b>Your best runs</b><table><thead><tr>{head}</tr></thead>{rows}</table>" if best_runs else ""


def failure(error):
    """Return our own mistake as HTML: what it says, its details, and what to do."""
    return (f'<p role="alert"><b>This run failed: {escape(error["words"])}</b> '
            "The mistake is ours, not yours. Press “Try again”, or move a slider.</p>"
            f"<details><summary>Details to report</summary><pre>{escape(error['details'])}</pre></details>")

