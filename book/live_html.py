"""The HTML of what lives on a page: panels and questions, as they stand there before a script takes them over.

They are hidden until then, so that a page without scripts shows the pictures and words of the notebook instead.
"""

import json
from html import escape

UNITS = {"epoch": "epochs", "iteration": "iterations", "images": "images seen", "tau": "learning time τ"}
"""What curves can be drawn over, as in front/axes.js."""


def panel_html(panel):
    """Return a panel, declared as `declared.panel` returns it, with its declaration beside it."""
    controls = looks_of(panel)
    trains = "".join(_control(name, one) for name, one in controls.items() if one["trains"])
    looks = "".join(_control(name, one) for name, one in controls.items() if not one["trains"])
    presets = "".join(_button("preset", one["name"], value=index, title=one["story"], aria_pressed="false")
                      for index, one in enumerate(panel["presets"]))
    declared = {**panel, "controls": controls}
    return f"""<section class="pigeon-panel" aria-label="Live panel: {escape(panel["title"])}" hidden>
<script type="application/json">{as_json(declared)}</script>
<header><h3>{escape(panel["title"])}</h3><p>{escape(panel["intro"])}</p></header>
{_prediction(panel["prediction"])}
<div class="controls">
<div class="presets" role="group" aria-label="Stories to try">{presets}</div>
<div class="sliders">{trains}</div>
<div class="actions">{_button("pin", "Pin this run")} {_button("reset", "Reset")}</div>
</div>
<div><div class="picture">
<p class="summary" aria-live="polite">The Pigeon is trained in your browser …</p>
<div class="progress" aria-hidden="true"><i></i></div>
<div class="curves"></div>
<div class="view"><p class="reckoning"></p>{looks}</div>
</div></div>
<div class="inside">
<div class="weights"><h4>Inside the Pigeon<span class="when"></span></h4>
<p>One image for each hidden unit. <span class="key plus">ink here turns it on</span> <span class="key minus">ink here
keeps it off</span> The bar shows for how many digits it is on: filled, it says “yes”; hollow, “no”.</p>
<div class="units"></div></div>
{DRAWING}
</div>
<div class="more">{_challenges(panel["challenges"])}{BOARD if panel["has_leaderboard"] else ""}
<div><h4>Take it along</h4><p>The address of this page is a link to this run. To go on in the notebook, paste
<code class="line"></code></p></div></div>
</section>"""


def looks_of(panel):
    """Return the controls of a panel, those in addition that every live panel has: the x-axis and the scale."""
    controls = {name: one for name, one in panel["controls"].items() if name not in ("stage", "x", "log")}
    if any(x is None for _, x in panel["charts"]):
        choices = [{"value": value, "text": text, "said": text} for value, text in UNITS.items()]
        controls["x"] = {"label": "over", "kind": "menu", "help": "what the curves are drawn over", "trains": False,
                         "start": "epoch", "choices": choices}
    controls["log"] = {"label": "log loss", "kind": "check", "help": "equal distances for equal ratios",
                       "trains": False, "start": False, "choices": [{"value": False}, {"value": True}]}
    return controls


def question_html(question):
    """Return a question, as `declared.question` returns it: a form, and under it the place for what is said to it."""
    told = f'<script type="application/json">{as_json(question)}</script>'
    name = escape(question["name"])
    if question["kind"] == "reveal":
        return (f'<form class="pigeon-question reveal" hidden>{told}<p class="said" role="status"></p>'
                f'{_button("show", "Show what was measured", type="submit")}</form>')
    title, commit = {"quiz": ("Question", "Check my answer"),
                     "predict": ("Your prediction", "Record my guess")}[question["kind"]]
    if "options" in question:
        answers = "".join(f'<label><input type="radio" name="answer" value="{index}"><span>{marked(option["text"])}'
                          "</span></label>" for index, option in enumerate(question["options"]))
    else:
        answers = (f'<label class="number"><input name="answer" inputmode="decimal" autocomplete="off" size="8" '
                   f'aria-label="Your guess"> {escape(question["unit"])} <span class="range">from '
                   f'{question["low"]:g} to {question["high"]:g}</span></label>')
    return (f'<form class="pigeon-question {question["kind"]}" hidden>{told}<fieldset><legend><b>{title}.</b> '
            f'{marked(question["question"])}</legend>{answers}</fieldset>'
            f'{_button("commit", commit, type="submit", value=name)}<p class="said" role="status"></p></form>')


def marked(text):
    """Return text as HTML, its `backticks` as code."""
    parts = escape(text).split("`")
    return "".join(f"<code>{part}</code>" if index % 2 else part for index, part in enumerate(parts))


def as_json(value):
    """Return JSON that may stand between script tags."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False).replace("<", "\\u003c")


def _control(name, control):
    label, title = escape(control["label"]), escape(control["help"])
    opened = f'<label class="control {control["kind"]} {name}" title="{title}">'
    if control["kind"] == "check":
        return f'{opened}<input type="checkbox" name="{name}"><span>{label}</span></label>'
    if control["kind"] == "menu":
        options = "".join(f"<option>{escape(choice['text'])}</option>" for choice in control["choices"])
        return f'{opened}<span>{label}</span> <select name="{name}">{options}</select></label>'
    return (f'{opened}<span>{label}</span><output></output><input type="range" name="{name}" min="0" '
            f'max="{len(control["choices"]) - 1}" step="1"></label>')


def _button(kind, text, *, type="button", **attributes):
    told = "".join(f' {name.replace("_", "-")}="{escape(str(value))}"' for name, value in attributes.items())
    return f'<button type="{type}" class="{kind}"{told}>{escape(text)}</button>'


def _prediction(prediction):
    if prediction is None:
        return ""
    answers = " ".join(_button("answer", text, value=text, aria_pressed="false") for text in prediction["answers"])
    return (f'<div class="predict" role="group" aria-label="Predict first"><p><b>Predict first.</b> '
            f'{escape(prediction["question"])}</p><p>{answers}</p><p class="outcome" aria-live="polite"></p></div>')


def _challenges(challenges):
    if not challenges:
        return ""
    items = "".join(f'<li data-met="false">{escape(one["text"])}<span class="met"></span></li>' for one in challenges)
    title = "Challenges" if len(challenges) > 1 else "Challenge"
    return f'<div><h4>{title}</h4><ul class="challenges">{items}</ul></div>'


BOARD = '<div><h4>Your best runs</h4><ol class="board"></ol></div>'
DRAWING = """<div class="draw"><h4>Draw a digit</h4>
<p>Is it smaller than 3? Draw with mouse or finger, or with the arrow keys: space sets the pen down, and lifts it.</p>
<div class="pads"><div class="pad" tabindex="0" role="application"
aria-label="Paper for a digit: arrow keys move the pen, space sets it down and lifts it">
<canvas width="280" height="280"></canvas><i class="pen"></i></div>
<div class="heard"><canvas class="seen" width="28" height="28" aria-hidden="true"></canvas>
<small>as it sees it</small><button type="button" class="wipe">Wipe</button></div></div>
<p class="answer" aria-live="polite"></p>
<svg class="course" viewBox="0 0 240 64" aria-hidden="true"></svg></div>"""
