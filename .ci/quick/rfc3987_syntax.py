"""Stands in the place of a package that the tests do without; `conftest.py` puts this folder on the path.

Where jsonschema finds the package, and all of Jupyter imports jsonschema, it compiles a grammar of web addresses:
seconds in each of many processes, for what no notebook asks.
"""

raise ImportError("left out of the tests")
