"""Explorers: panels of sliders that re-train the Pigeon and redraw its curves at once.

`explore` makes the panel of a chapter, which declares it in the words of `declare`.
Without a widget: `runs`, `cache`, `runner`, `session` (what is trained, and what a student does with
it), `scene`, `summary` (what is to be seen, in words and numbers), `curves`, `static` (on paper). With widgets:
`panel`, put together from `controls`, `live`, `tabs` and `html`.
"""

from pigeon_lessons.panels.exploring import explore

__all__ = ["explore"]
