"""The panel of chapter 08: all controls, and the challenges."""

from pigeon_lessons.panels.declare import declared

EXPLORER = declared("playground")
