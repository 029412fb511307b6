"""The chapters: one room for each, the only places where a chapter is known.

In a room: `asked.toml` (quizzes, predictions, and the words of exercises) with `questions` (what judges them), and
`explorer.toml` (the declaration of its panel) with `explorer` (its picture and its run, where they are its own). The
engines below find a room by name, see `rooms`.
"""

CHAPTERS = ("meet_the_pigeon", "batching", "epochs", "learning_rate", "training_curves", "validation",
            "hyperparameters", "checkpointing", "playground", "leaving_the_nest")
"""In the order of the book."""
PANELS = {"update_loop": "meet_the_pigeon",
          **{name: name for name in CHAPTERS if name not in ("meet_the_pigeon", "leaving_the_nest")}}
"""The name of each panel, for `explore`, and the room where it is declared; one chapter has none."""
