"""Finds what a chapter's room holds, by name: the engines that ask and show know no chapter. Nothing is kept here."""

from importlib import import_module, resources


def chapters():
    """Return the names of all chapters, in the order of the book."""
    return import_module("pigeon_lessons.chapters").CHAPTERS


def panels():
    """Return the name of each panel and the chapter that declares it, a dict."""
    return import_module("pigeon_lessons.chapters").PANELS


def module(chapter, name):
    """Return the module `name` in a chapter's room, such as "questions"."""
    return import_module(f"pigeon_lessons.chapters.{chapter}.{name}")


def text(chapter, name):
    """Return what the file `name` in a chapter's room says, "" if this edition comes without it."""
    file = resources.files(f"pigeon_lessons.chapters.{chapter}") / name
    return file.read_text(encoding="utf-8") if file.is_file() else ""
