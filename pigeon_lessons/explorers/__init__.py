"""Explorers: panels of sliders that re-train the Pigeon and redraw its curves at once.

`explore` makes the panel of a chapter. `catalog` declares the panels in the words of `declare`;
`panel` puts them together from controls, a runner (`runner`, `runs`, `cache`), a picture (`canvas`,
`curves`, …) and words (`summary`). Only `panel`, `controls` and `canvas` know widgets.
"""

from pigeon_lessons.explorers.catalog import explore

__all__ = ["explore"]
