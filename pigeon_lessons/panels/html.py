"""What a panel says, as HTML: every text is escaped here. And its rows and buttons."""

import re
from html import escape

import ipywidgets as widgets

from pigeon_lessons.front_end import FRONT
from pigeon_lessons.panels.controls import CONTROLS, written
from pigeon_lessons.panels.summary import LETTERS, changed
from pigeon_lessons.pictures.style import PINS
from pigeon_lessons.words import percent

STATES = {"idle": "ready", "training": "training …", "paused": "paused", "done": "done",
          "diverged": "✕ diverged", "failed": "failed"}
PARTS = ("pigeon-answer", "pigeon-story", "pigeon-status", "pigeon-summary", "pigeon-challenges", "pigeon-leaderboard")
"""The CSS classes of the parts whose words follow the scene."""


def row(children, kind):
    """Return a row of widgets that wraps where the window is narrow."""
    return widgets.Box(list(children)).add_class("pigeon-row").add_class(kind)


def button(name, text, tip, on_click):
    """Return a button that calls `on_click()`."""
    made = widgets.Button(description=text, tooltip=tip).add_class(f"pigeon-button-{name}")
    made.on_click(lambda _: on_click())
    return made


def head(explorer):
    """Return what a panel is called and about."""
    return f"<h3>{escape(explorer.title)}</h3><p>{escape(explorer.intro)}</p>"


def sentences(text):
    """Return a text as HTML in which no line begins with a percent sign.

    >>> sentences("right on 93.5 %")
    'right on <span style="white-space: nowrap">93.5 %</span>'
    """
    return re.sub(r"[\d.]+ %", r'<span style="white-space: nowrap">\g<0></span>', escape(text))


def style_sheet():
    """Return the looks of panels and charts."""
    return f"<style>{''.join((FRONT / name).read_text('utf-8') for name in ('chart.css', 'notebook.css'))}</style>"


def told(scene):
    """Return what the PARTS say of a scene; the state comes last, so that who sees it can rely on the rest.

    While a run is under way, the words about the run before it stay.
    """
    said = {"pigeon-story": note(escape(scene.note))}
    if scene.error is not None:
        said["pigeon-summary"] = (
            f'<p role="alert"><b>This run failed: {escape(scene.error["words"])}</b> '
            "The mistake is ours, not yours. Press “Try again”, or move a slider.</p><details>"
            f"<summary>Details to report</summary><pre>{escape(scene.error['details'])}</pre></details>")
    elif scene.state != "training":
        said["pigeon-summary"] = f'<p role="status" aria-live="polite">{sentences(changed(scene))}</p>'
        said["pigeon-answer"] = outcome(scene.prediction)
        said["pigeon-challenges"] = challenges(scene.challenges)
        said["pigeon-leaderboard"] = leaderboard(scene)
    return {**said, "pigeon-status": state(scene)}


def note(html):
    """Return a remark set apart; none for nothing."""
    return html and f'<div class="pigeon-note">{html}</div>'


def outcome(prediction):
    """Return guess and outcome side by side, once there is one."""
    if not prediction or not prediction["outcome"]:
        return ""
    guess, came = prediction["guess"], prediction["outcome"]
    verdict = "As you said" if came == guess else f"You said “{guess}”; it came out otherwise"
    return note(f"{escape(verdict)}: <b>{escape(came)}</b>. {escape(prediction['answers'][came])}")


def challenges(declared):
    """Return the challenges as a list, those that were met ticked."""
    items = "".join(f'<li data-met="{str(one["is_met"]).lower()}">{"✔" if one["is_met"] else "○"} '
                    f'{sentences(one["text"])}</li>' for one in declared)
    return f'<b>Challenges</b><ul style="list-style: none; margin: 0; padding: 0">{items}</ul>' if declared else ""


def leaderboard(scene):
    """Return the student's best runs, ranked by mean final validation accuracy."""
    rows = [(str(rank), percent(one["accuracy"]), *(written(one["settings"][name]) for name in scene.names))
            for rank, one in enumerate(scene.leaderboard, 1)]
    labels = (CONTROLS[name].label for name in scene.names)
    return f"<b>Your best runs</b>{table([('rank', 'validation accuracy', *labels), *rows])}" if rows else ""


def state(scene):
    """Return the state and how far the run is; `data-state` and `data-runs` are for whoever waits for it."""
    done, all_of_it = (scene.now.iterations, scene.now.end("iteration")) if scene.now else (0, 1)
    progress = f'<progress value="{done}" max="{all_of_it}" aria-label="updates done"></progress>' if (
        scene.state in ("training", "paused")) else ""
    return (f'<span class="pigeon-state" data-state="{scene.state}" data-runs="{scene.num_runs}">'
            f"{STATES[scene.state]}</span>{progress}")


def table(rows):
    """Return rows of texts, a head first, as a table; the letter of a pinned run has the run's color beside it."""
    swatches = {letter: f'<span style="color: {pin["color"]}" aria-hidden="true">■ </span>'
                for letter, pin in zip(LETTERS, PINS, strict=True)}
    head, *body = ([escape(text) for text in row] for row in rows)
    lines = (f"<tr><th scope='row'>{swatches.get(first, '')}{first}</th><td>{'</td><td>'.join(rest)}</td></tr>"
             for first, *rest in body)
    return f"<table><thead><tr><th>{'</th><th>'.join(head)}</th></tr></thead>{''.join(lines)}</table>"
