"""After a change only what it touches is looked at again, and what is found is what a fresh check finds."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from time import process_time
from typing import Any, cast

import pytest

from service.casework.definitions.check_package import check_whole
from service.catalog import Package, Problem
from service.catalog.closure import closure
from service.catalog.rules import RULES, Extent
from service.catalog.rules.context import Checked, prepare
from service.catalog.tree import read_tree
from tests.support.rule_examples import EXAMPLES, packages

PROJECT = Path(__file__).parents[3]
CITIES = frozenset(path.parent.name for path in (PROJECT / "processes").glob("*/jurisdiction.yaml"))


def award(files: Mapping[str, bytes]) -> Package:
    city = next(path.split("/")[1] for path in files if path.endswith("/law.yaml"))
    name = next(path.split("/")[2] for path in files if path.endswith("/award.yaml"))
    return Package.from_files(closure(files, city, name))


def check(files: Mapping[str, bytes], memory: dict[object, Any] | None = None) -> tuple[Problem, ...]:
    return check_whole(award(files), memory)


CHANGES = [
    (b'name="role" value="', b'name="role" value="x'),
    (b'name="form" value="', b'name="form" value="x'),
    (b'name="variables" value="', b'name="variables" value="x'),
    (b' default="', b' name2="'),
    (b'calledElement="', b'calledElement="x'),
    (b'resultVariable="', b'resultVariable="x'),
    (b'name="outputs" value="', b'name="outputs" value="x, '),
    (b"param.", b"param.x"),
    (b'id="', b'id="x'),
]


@pytest.mark.parametrize(("old", "new"), CHANGES, ids=lambda value: value.decode()[-14:])
def test_a_change_is_checked_as_if_everything_were(tree: Mapping[str, bytes], old: bytes, new: bytes) -> None:
    memory: dict[object, Any] = {}
    assert check(tree, memory) == ()
    for path in (path for path, content in tree.items() if path.endswith(".bpmn") and old in content):
        changed = {**tree, path: tree[path].replace(old, new, 1)}
        assert check(changed, memory) == check(changed)
    for path in (
        path for path, content in tree.items() if path.endswith((".json", ".dmn", ".yaml")) and b"decide" in content
    ):
        changed = {**tree, path: tree[path].replace(b"decide", b"decided")}
        assert check(changed, memory) == check(changed)
    assert check(tree, memory) == ()


def test_rules_about_pieces_ask_nothing_of_diagrams(tree: Mapping[str, bytes]) -> None:
    """What they find is kept while only diagrams change, so it must not depend on them."""
    whole = award(tree)
    bare = prepare(Package.from_files({path: data for path, data in whole.files.items() if not path.endswith(".bpmn")}))
    for found in (found for found in RULES if found.extent is Extent.PIECES):
        assert [*found.find(bare)] == [*found.find(prepare(whole))], found.rules


def test_rules_about_one_diagram_ask_nothing_else() -> None:
    """What they find is kept for as long as the diagram stays as it is, whatever else changes."""
    of_diagram = [found for found in RULES if found.extent is Extent.DIAGRAM]
    about = {str(rule.id) for found in of_diagram for rule in found.rules}
    nothing = cast("Package", None)
    broken = set()
    for package in (one for rule in about for one in packages(EXAMPLES[rule], "wrong")):
        whole = prepare(package)
        for diagram in whole.diagrams.values():
            bare = Checked(nothing, {diagram.file: diagram}, {}, {}, {}, {})
            for found in of_diagram:
                told = [*found.find(bare)]
                assert told == [*found.find(whole.only(diagram))], found.rules
                broken |= {problem.rule for problem in told}
    assert broken == about


def test_one_changed_diagram_of_a_city_is_checked_in_a_fifth_of_a_second() -> None:
    files = read_tree(PROJECT, CITIES - {"kizilsu"})
    memory: dict[object, Any] = {}
    assert check(files, memory) == ()
    path = "processes/kizilsu/quality_award/decision.bpmn"
    costs = []
    for letter in ("甲", "乙", "丙"):
        changed = {**files, path: files[path].replace(b' name="', f' name="{letter}'.encode(), 1)}
        started = process_time()
        found = check(changed, memory)
        costs.append(process_time() - started)
        assert {problem.file for problem in found} <= {path}
    assert min(costs) < 0.2
