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


def test_what_is_said_otherwise_is_told_under_the_names_of_the_left(city: Files) -> None:
    right = renamed(city)
    path = f"{FOLDER}/call.bpmn"
    right[path] = (
        right[path]
        .replace("申报截止日期：".encode(), "截止日期：".encode(), 1)
        .replace("发布通告".encode(), "张贴通告".encode())
    )
    said = in_words(city, right)
    assert list(said) == ["call.bpmn"]
    assert said["call.bpmn"][0].startswith("自动办理“拟定通告”：")
    assert "截止日期：{open_round.deadline}" in said["call.bpmn"][0]
    assert said["call.bpmn"][1:] == ["自动办理“张贴通告”：名称 发布通告→张贴通告"]


def test_a_step_that_is_missing_is_told_with_its_flows(city: Files) -> None:
    right = renamed(city)
    root = etree.fromstring(right[f"{FOLDER}/call.bpmn"])
    [gone] = [node for node in root.iter("{*}serviceTask") if node.get("name") == "结束通告"]
    into, out = (
        next(f for f in root.iter("{*}sequenceFlow") if f.get(end) == gone.get("id"))
        for end in ("targetRef", "sourceRef")
    )
    into.set("targetRef", out.get("targetRef"))
    for node in (gone, out):
        node.getparent().remove(node)
    for ref in [r for r in root.iter("{*}incoming") if r.text == out.get("id")]:
        ref.text = into.get("id")
    right[f"{FOLDER}/call.bpmn"] = etree.tostring(root)
    said = in_words(city, right)["call.bpmn"]
    assert any(line.startswith("自动办理“结束通告”") for line in said)
    assert len(said) <= 4


def test_the_order_in_which_ways_are_asked_is_meaning(city: Files) -> None:
    right = renamed(city)
    root = etree.fromstring(right[f"{FOLDER}/round.bpmn"])
    flows = {f.get("name"): f for f in root.iter("{*}sequenceFlow")}
    flows["不再授奖"].getparent().append(flows["不再授奖"])
    right[f"{FOLDER}/round.bpmn"] = etree.tostring(root)
    said = in_words(city, right)
    assert list(said) == ["round.bpmn"]
    assert said["round.bpmn"] == ["判断“审定结果”：判断的先后 退回、不再授奖、无人可报→退回、无人可报、不再授奖"]


def test_clauses_are_known_by_what_they_say_and_forms_by_their_keys(city: Files) -> None:
    right = {path: data.replace(b"SL-", b"SM-") for path, data in renamed(city).items()}
    form = f"{FOLDER}/forms/apply.json"
    right[form] = right[form].replace(b'"id": "field_', b'"id": "Field_x')
    right[f"{FOLDER}/forms/open_round.json"] = right[f"{FOLDER}/forms/open_round.json"].replace(
        "届次名称".encode(), "届名".encode()
    )
    assert list(in_words(city, right)) in ([], ["open_round.json"])


def test_a_file_of_another_name_is_the_one_with_the_same_title(city: Files) -> None:
    right = renamed(city)
    for old, new in (
        (f"{FOLDER}/call.bpmn", f"{FOLDER}/notice.bpmn"),
        (f"{FOLDER}/scenarios/withdrawn.yaml", f"{FOLDER}/scenarios/s1.yaml"),
    ):
        right[new] = right.pop(old)
    assert in_words(city, right) == {}
    del right[f"{FOLDER}/scenarios/s1.yaml"]
    assert list(in_words(city, right)) == ["withdrawn.yaml"]
