"""The panel of chapter 04: runs pinned and compared."""

from pigeon_lessons.panels.declare import declared

EXPLORER = declared("training_curves")
