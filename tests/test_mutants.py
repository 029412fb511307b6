"""The mutants keep pace with the source; what they show takes minutes and is run by `make mutants`."""

import ast

import pytest

from tests.mutants import MUTANTS, ROOT


@pytest.mark.parametrize("name", MUTANTS)
def test_each_mutant_changes_todays_source_in_exactly_one_place_and_leaves_it_python(name):
    source = (ROOT / "pigeon_lessons" / MUTANTS[name].file).read_text(encoding="utf-8")
    assert ast.dump(ast.parse(MUTANTS[name].applied_to(source))) != ast.dump(ast.parse(source))


def test_a_mutant_whose_text_is_gone_says_so():
    with pytest.raises(ValueError, match="0 times, not once, .*bring the mutant up to date"):
        MUTANTS["best"].applied_to("")


@pytest.mark.parametrize("watcher", sorted({watcher for mutant in MUTANTS.values() for watcher in mutant.watchers}))
def test_each_watcher_exists(watcher):
    file, _, test = watcher.partition("::")
    text = (ROOT / file).read_text(encoding="utf-8")
    assert not test or f"\ndef {test}(" in text
