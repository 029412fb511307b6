"""How pytest treats the notebooks: nbval runs each cell again and compares what it gives with what is committed.

nbval comes with every plain `pytest` (see pyproject.toml). Here its comparison is made to fit the lessons:
numbers may differ in their last digits, what cannot be compared as text is left out, and a cell that was
never run, which nbval lets pass, fails.
"""

import os
import re
import sys
import tempfile
from decimal import Decimal
from pathlib import Path

import pytest
from nbval.plugin import IPyNbFile

os.environ.setdefault("OMP_NUM_THREADS", "1")  # as when the outputs were made; and tests run side by side
os.environ["PIGEON_LESSONS_HOME"] = tempfile.mkdtemp()  # a student without a past; nobody's answers are touched
sys.path.insert(0, str(Path(__file__).parent / ".ci" / "quick"))  # for the workers, and for all that tests start:
os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [sys.path[0], os.environ.get("PYTHONPATH")]))

OUTPUT_TIMEOUT = 60  # seconds until a cell's output has to arrive; nbval's own 5 are too few on a busy machine
TOLERANCE = Decimal("1e-3")
FLOAT = re.compile(r"(?<![\w.])[-+−]?(?:\d[\d,]*)?\.\d+(?:[eE][-+]?\d+)?|(?<![\w.])[-+−]?\d+[eE][-+]?\d+")


class Text(str):
    """A text that equals another when the words and whole numbers agree exactly and the floats nearly.

    Floats agree when they may be what is printed of two values within TOLERANCE of each other: a value
    near a rounding boundary is printed one last digit higher on one processor and lower on another.
    nbval compares the texts that `sanitize` returns by `==`, so this is where a tolerance has its place.

    >>> Text("loss 0.6931 after 32 steps") == Text("loss 0.6935 after 32 steps")
    True
    >>> Text("loss 0.6931 after 32 steps") == Text("loss 0.6931 after 33 steps")
    False
    >>> Text("93.1 %") == Text("93.2 %"), Text("93.1 %") == Text("93.4 %")
    (True, False)
    """

    __hash__ = str.__hash__

    def __eq__(self, other):
        if FLOAT.sub("#", self) != FLOAT.sub("#", other):
            return False
        pairs = zip(FLOAT.findall(self), FLOAT.findall(other), strict=True)
        return all(_agree(one, two) for one, two in pairs)

    def __ne__(self, other):
        return not self == other


def _agree(one, two):
    one, two = (Decimal(text.replace(",", "").replace("−", "-")) for text in (one, two))
    last_digit = Decimal(1).scaleb(max(one.as_tuple().exponent, two.as_tuple().exponent))
    return abs(one - two) <= last_digit + TOLERANCE * max(abs(one), abs(two))


def sanitize(output):
    """Return an output so that nbval compares it with a tolerance."""
    return Text(output) if isinstance(output, str) else output


def pytest_collectstart(collector):
    if _is_notebook(collector):
        # what a picture shows stands in its text/plain as words; warnings and progress bars come and go
        collector.skip_compare = (*collector.skip_compare, "text/html", "stderr")


def pytest_itemcollected(item):
    if _is_notebook(item.parent):
        item.output_timeout = OUTPUT_TIMEOUT
        item.sanitize = sanitize


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_call(item):
    if _is_notebook(item.parent) and item.cell.execution_count is None and not item.options["skip"]:
        if not any(label.split()[0] == item.cell.get("id") for label in item.parent.nb.metadata.get("agreed", ())):
            pytest.fail("this cell was never run; run `pigeon-lessons refresh` and commit the outputs", pytrace=False)
        item.cell.execution_count = 1  # refresh ran it and left the number out; nbval does not compare without one


def _is_notebook(collector):
    return isinstance(collector, IPyNbFile)
