"""Every panel that the chapters declare, by name."""

from pigeon_lessons import chapters, rooms

EXPLORERS = {name: rooms.explorer(name) for name in chapters.PANELS}
