"""Two folders that mean the same, built elsewhere: under other ids, drawn otherwise."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from service.catalog.meaning import counterparts, differences_in_meaning
from service.catalog.tree import Files
from tests.support.tree import PROJECT

CITY = PROJECT / "tests" / "data" / "example_city"
KEY = "example_city/quality_award"
FOLDER = f"processes/{KEY}"
_KEPT = {"process", "parameter", "serviceTaskOperator", "decision"}
_VALUES = {"property", "parameter", "serviceTaskOperator"}


def read(root: Path) -> dict[str, bytes]:
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in sorted(root.rglob("*")) if p.is_file()}


@pytest.fixture(scope="module")
def city() -> Files:
    return read(CITY)


def elsewhere(content: bytes, word: str = "Thing") -> bytes:
    """Return a diagram or table under other ids, its elements in another order, drawn elsewhere."""
    root = etree.fromstring(content)
    nodes = [node for node in root.iter("{*}*") if node.get("id") and etree.QName(node).localname not in _KEPT]
    names = {node.get("id"): f"{word}_{place:x}" for place, node in enumerate(reversed(nodes), 1000)}
    for node in root.iter("{*}*"):
        for name, value in node.attrib.items():
            if etree.QName(node).localname not in _VALUES and name != "name":
                node.set(name, names.get(value, value))
        if etree.QName(node).localname in ("flowNodeRef", "incoming", "outgoing"):
            node.text = names[node.text]
        if "x" in node.attrib:
            node.set("x", "7")
    for process in root.iter("{*}process"):
        steps = [node for node in process if etree.QName(node).localname.endswith(("Task", "Event"))]
        process.extend(steps)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def renamed(city: Files) -> dict[str, bytes]:
    words = {path: f"Thing_{place}" for place, path in enumerate(city)}
    return {p: elsewhere(data, words[p]) if p.endswith((".bpmn", ".dmn")) else data for p, data in city.items()}


def in_words(left: Files, right: Files) -> dict[str, list[str]]:
    moved = counterparts(left, right, (KEY, KEY))
    right = {moved.get(path, path): data for path, data in right.items()}
    return {
        each.path.rpartition("/")[2]: [
            f"{record.subject.zh}：" + "；".join(f"{f.label.zh} {f.left}→{f.right}" for f in record.fields)
            for record in each.records
        ]
        for each in differences_in_meaning(left, right)
    }


def test_other_ids_another_order_and_another_drawing_mean_nothing(city: Files) -> None:
    assert in_words(city, renamed(city)) == {}


def test_scenarios_may_name_the_elements_by_their_new_ids(city: Files) -> None:
    right = renamed(city)
    tree = etree.fromstring(right[f"{FOLDER}/qualification.bpmn"])
    ident = next(node.get("id") for node in tree.iter("{*}userTask"))
    for path in [path for path in right if "/scenarios/" in path]:
        right[path] = right[path].replace(b"decide_acceptance", ident.encode())
    assert in_words(city, right) == {}
