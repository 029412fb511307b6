"""Settings of the HTML edition: `make book` builds it from the committed notebooks, without a kernel or a network.

Sphinx runs from the root of the repository, so that a link in a lesson works on GitHub, in Jupyter and here.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

project = "Pigeon Lessons"
author = "the Pigeon Lessons authors"
copyright = "the Pigeon Lessons authors; lessons CC BY 4.0, code BSD-3-Clause"  # noqa: A001

extensions = ["myst_nb", "sphinx-mathjax-offline", "replay"]
root_doc = "book/index"
include_patterns = ["book/**", "notebooks/**"]
exclude_patterns = ["book/_build", "book/playground_app.ipynb", "**.ipynb_checkpoints"]

nb_execution_mode = "off"  # the outputs are the committed ones, which the tests compare
nb_ipywidgets_js = {}
nb_merge_streams = True
myst_enable_extensions = ["dollarmath", "colon_fence", "deflist"]
myst_heading_anchors = 3

html_theme = "sphinx_book_theme"
html_title = project
html_theme_options = {"use_download_button": False, "show_toc_level": 2}
html_static_path = ["_static"]
html_css_files = ["pigeon.css"]
html_show_sphinx = False
