"""Finds what a chapter's room holds, by name: the engines that ask and show know no chapter. Nothing is kept here."""

from importlib import import_module, resources

from pigeon_lessons import checks


def chapters():
    """Return the names of all chapters, in the order of the book."""
    return import_module("pigeon_lessons.chapters").CHAPTERS


def questions(chapter):
    """Return the module in which a chapter's questions stand."""
    return import_module(f"pigeon_lessons.chapters.{chapter}.questions")


def text(chapter, name):
    """Return what the file `name` in a chapter's room says, "" if this edition comes without it."""
    file = resources.files(f"pigeon_lessons.chapters.{chapter}") / name
    return file.read_text(encoding="utf-8") if file.is_file() else ""


def explorer(name):
    """Return the declaration of the panel `name`; ValueError, listing the panels, if there is none.

    >>> explorer("batching").title
    'Batching'
    """
    panels = import_module("pigeon_lessons.chapters").PANELS
    checks.one_of("name", name, tuple(panels))
    return explorer_of(panels[name])


def explorer_of(chapter):
    """Return the declaration of a chapter's panel, None if it has none."""
    if chapter in import_module("pigeon_lessons.chapters").PANELS.values():
        return import_module(f"pigeon_lessons.chapters.{chapter}.explorer").EXPLORER
    return None
