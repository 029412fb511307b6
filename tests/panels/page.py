"""What a student sees and presses on a panel, found as a front end would: by kind of widget, CSS class and text."""

import re
from html import unescape

import ipywidgets as widgets


def parts(widget, kind=widgets.Widget, css=None):
    """Return every widget of a kind, and CSS class if one is said, inside a container, however deep."""
    found = []
    for child in getattr(widget, "children", ()):
        found += parts(child, kind, css)
        if isinstance(child, kind) and (css is None or css in child._dom_classes):
            found.append(child)
    return found


def buttons(panel, name):
    """Return the panel's buttons of one name: "run", "step", "preset", "answer", …"""
    return parts(panel, widgets.Button, f"pigeon-button-{name}")


def press(panel, name, text=None):
    """Press the panel's button of a name, and of a text if there are several."""
    next(button for button in buttons(panel, name) if text in (None, button.description)).click()


def html(panel, css=None):
    """Return the HTML of a panel, all of it or that of one CSS class."""
    return " ".join(part.value for part in parts(panel, widgets.HTML, css))


def words(panel, css=None):
    """Return the words that a student reads there, tags taken off."""
    return unescape(re.sub("<[^>]+>", "", html(panel, css)))


def picture(panel):
    """Return what a panel shows of its scene: the numbers that its charts were sent, or its PNG file."""
    front, = parts(panel, css="pigeon-front") or [None]
    return front.now if front and front.charts else bytes(parts(panel, widgets.Image)[0].value)


def open_tab(panel, title):
    """Open a tab and return the page in it."""
    tabs = parts(panel, widgets.Tab)[0]
    tabs.selected_index = tabs.titles.index(title)
    return tabs.children[tabs.selected_index]


def num_widgets():
    """Return how many widgets there are in this process."""
    return len(widgets.widgets.widget._instances)
