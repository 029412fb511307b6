"""The book's page of promises and the tests that keep them: each names the other."""

import ast
import re
from pathlib import Path

TESTS = Path(__file__).parent
PAGE = (TESTS.parent / "book" / "checkpoint_promises.md").read_text(encoding="utf-8")


def checkpoint_tests():
    files = TESTS.glob("test_checkpoint_*.py")
    nodes = [node for path in files if path != Path(__file__) for node in ast.parse(path.read_text("utf-8")).body]
    return {node.name for node in nodes if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


def test_every_test_that_the_page_names_exists():
    named = re.findall(r"`(test_\w+)`", PAGE)
    assert set(named) <= checkpoint_tests()
    assert len(named) == len(set(named)) > 40


def test_every_checkpoint_test_keeps_a_promise_on_the_page():
    assert checkpoint_tests() <= set(re.findall(r"`(test_\w+)`", PAGE))


def test_every_section_of_the_page_names_a_test():
    sections = PAGE.split("\n## ")[1:]
    assert len(sections) == 8 and all("`test_" in section for section in sections)
