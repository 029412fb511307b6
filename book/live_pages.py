"""A Sphinx extension: panels and questions of the notebooks come alive on the book's pages, beside what is printed.

What is printed stays in the page, for readers without scripts and for paper.
"""

import ast
import re
from pathlib import Path

from chapters import launch_links, lessons, opening_html
from declared import LIVE, panel, question
from docutils import nodes
from docutils.parsers.rst import Directive
from live_assets import modules, write_assets
from live_html import panel_html, question_html

PRINTED = {"quiz": re.compile(r"Question: "), "predict": re.compile(r"Your prediction: "),
           "reveal": re.compile(r"[Mm]easured: (.+?)\.(?= No guess| As you| What did|$)"), "explore": re.compile("")}
"""How what each of our functions left in a notebook begins, or, of a reveal, where it says what was measured."""


def setup(app):
    app.add_config_value("pigeon_repository", "", "html", str)
    app.add_directive("live-panel", LivePanel)
    app.connect("doctree-read", enliven)
    app.connect("doctree-read", open_chapter)
    app.connect("html-page-context", tell_page)
    app.connect("autodoc-process-docstring", as_restructured)
    app.connect("build-finished", lambda app, error: error or write_assets(Path(app.outdir) / "_static" / "live"))
    return {"parallel_read_safe": True, "parallel_write_safe": True}


class LivePanel(Directive):
    """`{live-panel} name` puts a panel on a page; its content, in MyST, stands there for readers without scripts."""

    required_arguments = 1
    has_content = True

    def run(self):
        printed = nodes.container(classes=["printed"])
        self.state.nested_parse(self.content, self.content_offset, printed)
        return [raw(panel_html(panel(self.arguments[0]))), printed]


def enliven(app, doctree):
    """Put a live panel or question before each output that one of our functions left in a notebook's cell."""
    for cell in doctree.findall(lambda node: isinstance(node, nodes.container) and "cell" in node["classes"]):
        parts = {name: part for part in cell.children for name in part["classes"]}
        if not {"cell_input", "cell_output"} <= set(parts):
            continue
        calls = list(calls_in(parts["cell_input"].astext()))
        outputs = [node for node in parts["cell_output"].children if node.get("nb_element") == "mime_bundle"]
        for kind, name, starts in calls:
            output = next((one for one in outputs if PRINTED[kind].search(plain_text(one))), None)
            html = output and live_html(kind, name, starts, plain_text(output))
            if not html:
                continue
            outputs.remove(output)
            output.replace_self([raw(html), nodes.container("", output.deepcopy(), classes=["printed"])])
        if calls and all(kind in ("quiz", "predict") for kind, *_ in calls):
            cell.remove(parts["cell_input"])  # the call is no news to a reader


def live_html(kind, name, starts, printed):
    """Return the HTML of what a call asks for; "" where it does not live on a page."""
    if kind == "explore":
        return panel_html(panel(name, **starts)) if name in LIVE else ""
    measured = PRINTED["reveal"].search(printed)[1] if kind == "reveal" else None
    return question_html(question(kind, name, measured))


def calls_in(source):
    """Yield (function, its first argument, its constant keywords) for each call of ours at the top of a cell.

    >>> list(calls_in('panel = explore("epochs", train, val, lr=0.05)'))
    [('explore', 'epochs', {'lr': 0.05})]
    """
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return  # a magic of IPython's
    for statement in tree.body:
        call = getattr(statement, "value", None)
        if isinstance(call, ast.Call) and getattr(call.func, "id", None) in PRINTED and call.args:
            starts = {word.arg: word.value.value for word in call.keywords if isinstance(word.value, ast.Constant)}
            yield call.func.id, call.args[0].value, starts


def open_chapter(app, doctree):
    """Put the questions and objectives of a chapter under its title."""
    lesson = lessons().get(app.env.docname)
    title = next(doctree.findall(nodes.title), None)
    if lesson and title:
        title.parent.insert(1, raw(opening_html(lesson)))


def tell_page(app, pagename, templatename, context, doctree):
    """Give the page's template the contents of the book, and what is to be said of this chapter."""
    repository = app.config.pigeon_repository
    context["lessons"] = lessons().values()
    context["lesson"] = lesson = lessons().get(pagename)
    context["launches"] = launch_links(lesson, repository) if lesson else []
    context["modules"] = modules() if "pigeon-" in context.get("body", "") else []


def as_restructured(app, what, name, thing, options, lines):
    """Let a word that ends in an underscore stand in a docstring: to reStructuredText it would be a link."""
    lines[:] = [line if ">>>" in line else re.sub(r"(?<=\w)_(?=\W|$)", r"\\_", line) for line in lines]


def plain_text(bundle):
    """Return the plain text of an output, "" if it has none."""
    return next((part.astext() for part in bundle.children if part.get("mime_type") == "text/plain"), "")


def raw(html):
    return nodes.raw("", html, format="html")
