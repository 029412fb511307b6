"""A small Sphinx extension: `{replay}` puts a chart with sliders on a page, fed by runs made while the book is built.

The page needs no kernel and no network: the runs are few hundred numbers, and the JavaScript that
moves them is inside the page (Vega-Altair; Satyanarayan et al., "Vega-Lite", IEEE TVCG 23(1), 2017).
"""

from functools import cache

import altair
from docutils import nodes
from docutils.parsers.rst import Directive

from pigeon_lessons import load_mnist, split, sweep

LEARNING_RATES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3)
BATCH_SIZES = (8, 32, 128)
EPOCHS = 15
CURVES = {"train_loss": "training", "val_loss": "validation"}


@cache
def replay_html():
    """Return the chart as one piece of HTML: two sliders, two curves."""
    step = altair.binding_range(min=0, max=len(LEARNING_RATES) - 1, step=1,
                                name="learning rate: 0.001 · 0.003 · 0.01 · 0.03 · 0.1 · 0.3 ")
    size = altair.binding_radio(options=list(BATCH_SIZES), name="batch size: ")
    rate_choice = altair.param(name="step", value=2, bind=step)
    size_choice = altair.param(name="size", value=32, bind=size)
    chart = (
        altair.Chart(altair.Data(values=_rows()))
        .mark_line(point=True)
        .encode(
            x=altair.X("epoch:Q", title="epochs"),
            y=altair.Y("loss:Q", title="loss (nats)", scale=altair.Scale(domain=[0, 0.8], clamp=True)),
            color=altair.Color("curve:N", title=None, scale=altair.Scale(range=["#0072B2", "#D55E00"])),
            strokeDash=altair.StrokeDash("curve:N", title=None),
            tooltip=["epoch:Q", "curve:N", altair.Tooltip("loss:Q", format=".3f")],
        )
        .add_params(rate_choice, size_choice)
        .transform_filter("datum.step == step && datum.size == size")
        .properties(width=560, height=280, description="Training and validation loss over 15 epochs, "
                    "for the learning rate and batch size that the sliders choose.")
    )
    return f'<div class="pigeon-replay">{chart.to_html(inline=True, fullhtml=False)}</div>'


def _rows():
    train, val, _ = split(load_mnist())
    settings = [{"lr": lr, "batch_size": size} for lr in LEARNING_RATES for size in BATCH_SIZES]
    histories = sweep(settings, train, val, epochs=EPOCHS)
    return [
        {"step": LEARNING_RATES.index(setting["lr"]), "size": setting["batch_size"], "curve": CURVES[name],
         "epoch": epoch, "loss": round(loss, 4)}
        for setting, history in zip(settings, histories, strict=True)
        for name in CURVES
        for epoch, loss in zip(history["epoch"], history[name], strict=True)
    ]


class Replay(Directive):
    """`{replay}` takes no arguments."""

    def run(self):
        return [nodes.raw("", replay_html(), format="html")]


def setup(app):
    app.add_directive("replay", Replay)
    return {"parallel_read_safe": True}
