"""Settings of the HTML edition: `make book` builds it from the committed notebooks, without a kernel or a network.

Sphinx runs from the root of the repository, so that a link in a lesson works on GitHub, in Jupyter and here.
"""

import os
import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]

project = "Pigeon Lessons"
author = "the Pigeon Lessons authors"
copyright = "the Pigeon Lessons authors; lessons CC BY 4.0, code BSD-3-Clause"  # noqa: A001

pigeon_repository = os.environ.get("GITHUB_REPOSITORY", "")
"""Where the book's chapters can be run and read: "owner/name" on GitHub. Without, their pages have no such links."""

extensions = ["myst_nb", "sphinx.ext.autodoc", "mathml", "live_pages"]
root_doc = "book/index"
include_patterns = ["book/**", "notebooks/**"]
exclude_patterns = [".venv", "book/_build", "**.ipynb_checkpoints"]

nb_execution_mode = "off"  # the outputs are the committed ones, which the tests compare
nb_ipywidgets_js = {}
nb_merge_streams = True
myst_enable_extensions = ["dollarmath", "colon_fence", "deflist"]
myst_heading_anchors = 3

default_role = "code"  # in docstrings: `backticks` there mark code

html_theme_path = ["_theme"]
html_theme = "pigeon"
html_title = project
html_math_renderer = "mathml"
html_copy_source = False
html_context = {"beside": [("book/glossary", "Glossary"), ("book/checkpoint_promises", "What our checkpoints promise"),
                           ("book/recipes/optuna", "Adaptive search with Optuna"),
                           ("book/instructor_guide", "Instructor guide"), ("book/reference", "Reference")]}
