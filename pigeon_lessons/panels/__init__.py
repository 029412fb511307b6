"""Explorers: panels of sliders that re-train the Pigeon and redraw its curves at once.

`explore` makes the panel of a chapter. `catalog` declares the panels in the words of `declare`.
Without a widget: `runs`, `cache`, `runner`, `session` (what is trained, and what a student does with
it), `scene`, `summary` (what is to be seen, in words and numbers). With widgets: `panel`, put together
from `controls`, `canvas`, `predicting`, `tabs` and `html`. Pictures: `curves`, `traces`.
"""

from pigeon_lessons.panels.exploring import explore

__all__ = ["explore"]
