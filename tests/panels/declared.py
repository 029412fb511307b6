"""Every panel that the chapters declare, by name."""

from pigeon_lessons import chapters
from pigeon_lessons.panels.declare import declared

EXPLORERS = {name: declared(name) for name in chapters.PANELS}
