"""The panel of chapter 05: learning against memorizing."""

from pigeon_lessons.panels.declare import declared

EXPLORER = declared("validation")
