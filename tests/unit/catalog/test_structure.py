"""A diagram that cannot be read is told so: the element, what is wrong with it, and the remedy."""

import re
from pathlib import Path

import pytest

import handlers
from service.casework.definitions.check import check_whole
from service.catalog import Package, Problem
from service.catalog.catalog import build_catalog
from service.catalog.tree import read_tree

handlers.load()
DATA = Path(__file__).parents[2] / "data" / "desk"
FILES = read_tree(DATA)
DIAGRAM = "processes/testville/prize/application.bpmn"
SOURCE = FILES[DIAGRAM].decode()


def problems(diagram: str) -> list[Problem]:
    package = next(iter(build_catalog({**FILES, DIAGRAM: diagram.encode()}).packages.values()))
    assert isinstance(package, Package)
    return [p for p in check_whole(package) if p.file == DIAGRAM]


def once(pattern: str, new: str) -> str:
    changed, count = re.subn(pattern, new, SOURCE, count=1, flags=re.S)
    assert count == 1, pattern
    return changed


@pytest.mark.parametrize(
    ("pattern", "new", "rule", "word"),
    [
        (r'<bpmn:sequenceFlow id="[^"]*"', "<bpmn:sequenceFlow", "missing_id", "没有编号"),
        (r'<bpmn:process ', '<bpmn:process eventGatewayType="Parallel" ', "ignored_attribute", "eventGatewayType"),
        (r'<bpmn:userTask ', '<bpmn:userTask behavior="One" ', "ignored_attribute", "behavior"),
        (r'(<bpmn:timerEventDefinition)', r'<bpmn:errorEventDefinition id="twice" />\1', "several_definitions", "2 个定义"),
        (r'<spiffworkflow:property ', '<spiffworkflow:propperty ', "unknown_tag", "propperty"),
    ],
)  # fmt: skip
def test_what_would_be_ignored_or_cannot_be_is_refused(pattern: str, new: str, rule: str, word: str) -> None:
    found = problems(once(pattern, new))
    assert found
    assert all(p.remedy.zh and p.remedy.en for p in found)
    assert found[0].rule == rule, found
    assert word in found[0].message.zh


FORK = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="x" id="d">
<bpmn:process id="starved" isExecutable="true">
<bpmn:startEvent id="s"/><bpmn:parallelGateway id="split"/><bpmn:parallelGateway id="join"/><bpmn:endEvent id="e"/>
<bpmn:manualTask id="a" name="甲"/><bpmn:exclusiveGateway id="x" name="问" default="f6"/><bpmn:endEvent id="gone" name="另行结束"/>
<bpmn:sequenceFlow id="f1" sourceRef="s" targetRef="split"/><bpmn:sequenceFlow id="f2" sourceRef="split" targetRef="a"/>
<bpmn:sequenceFlow id="f3" sourceRef="split" targetRef="x"/><bpmn:sequenceFlow id="f4" sourceRef="a" targetRef="join"/>
<bpmn:sequenceFlow id="f5" sourceRef="x" targetRef="gone" name="否"><bpmn:conditionExpression>1 = 2</bpmn:conditionExpression></bpmn:sequenceFlow>
<bpmn:sequenceFlow id="f6" sourceRef="x" targetRef="join" name="是"/><bpmn:sequenceFlow id="f7" sourceRef="join" targetRef="e"/>
</bpmn:process></bpmn:definitions>"""


def test_a_join_that_a_branch_may_never_reach_is_refused() -> None:
    starved = [p for p in problems(FORK) if p.rule == "join_starved"]
    assert [(p.element, "另行结束" in p.message.zh) for p in starved] == [("join", True)]
    fed = FORK.replace('sourceRef="x" targetRef="gone"', 'sourceRef="x" targetRef="a"')
    assert [p for p in problems(fed) if p.rule == "join_starved"] == []


TWICE = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="x" id="d">
<bpmn:process id="twice" isExecutable="true">
<bpmn:startEvent id="s"/><bpmn:parallelGateway id="split"/><bpmn:parallelGateway id="join"/><bpmn:endEvent id="e"/>
<bpmn:manualTask id="a" name="甲"/><bpmn:manualTask id="b" name="乙"/><bpmn:exclusiveGateway id="x" name="问" default="f6"/>
<bpmn:endEvent id="gone" name="另行结束"/><bpmn:parallelGateway id="split2"/><bpmn:parallelGateway id="join2"/>
<bpmn:manualTask id="c" name="丙"/><bpmn:manualTask id="g" name="丁"/>
<bpmn:sequenceFlow id="f1" sourceRef="s" targetRef="split"/><bpmn:sequenceFlow id="f2" sourceRef="split" targetRef="a"/>
<bpmn:sequenceFlow id="f3" sourceRef="split" targetRef="b"/><bpmn:sequenceFlow id="f4" sourceRef="a" targetRef="join"/>
<bpmn:sequenceFlow id="f5" sourceRef="b" targetRef="join"/><bpmn:sequenceFlow id="f7" sourceRef="join" targetRef="x"/>
<bpmn:sequenceFlow id="f8" sourceRef="x" targetRef="gone" name="否"><bpmn:conditionExpression>1 = 2</bpmn:conditionExpression></bpmn:sequenceFlow>
<bpmn:sequenceFlow id="f6" sourceRef="x" targetRef="split2" name="是"/><bpmn:sequenceFlow id="f9" sourceRef="split2" targetRef="c"/>
<bpmn:sequenceFlow id="f10" sourceRef="split2" targetRef="g"/><bpmn:sequenceFlow id="f11" sourceRef="c" targetRef="join2"/>
<bpmn:sequenceFlow id="f12" sourceRef="g" targetRef="join2"/><bpmn:sequenceFlow id="f13" sourceRef="join2" targetRef="e"/>
</bpmn:process></bpmn:definitions>"""


def test_a_join_waits_for_the_branches_of_its_own_split_alone() -> None:
    def starved(drawn: str) -> list[tuple[str, bool]]:
        return [(p.element, "另行结束" in p.message.zh) for p in problems(drawn) if p.rule == "join_starved"]

    assert starved(TWICE) == []  # whoever leaves between the two leaves as one
    early = TWICE.replace('id="f4" sourceRef="a" targetRef="join"', 'id="f4" sourceRef="a" targetRef="x"').replace(
        'id="f7" sourceRef="join" targetRef="x"', 'id="f7" sourceRef="join" targetRef="split2"'
    )
    drawn = early.replace('id="f6" sourceRef="x" targetRef="split2"', 'id="f6" sourceRef="x" targetRef="join"')
    assert starved(drawn) == [("join", True)]  # one of the two may be gone before they meet
    both = drawn.replace('id="f11" sourceRef="c" targetRef="join2"', 'id="f11" sourceRef="c" targetRef="y"').replace(
        '<bpmn:manualTask id="c" name="丙"/>',
        '<bpmn:manualTask id="c" name="丙"/><bpmn:exclusiveGateway id="y" name="问" default="f14"/>'
        '<bpmn:sequenceFlow id="f14" sourceRef="y" targetRef="join2" name="是"/>'
        '<bpmn:sequenceFlow id="f15" sourceRef="y" targetRef="gone" name="否"><bpmn:conditionExpression>1 = 2'
        "</bpmn:conditionExpression></bpmn:sequenceFlow>",
    )
    assert sorted(starved(both)) == [("join", True), ("join2", True)]


def test_a_bound_that_is_no_number_is_refused() -> None:
    drawn = FORK.replace(
        "</bpmn:definitions>",
        """<d:BPMNDiagram xmlns:d="http://www.omg.org/spec/BPMN/20100524/DI"
    xmlns:c="http://www.omg.org/spec/DD/20100524/DC" id="dia"><d:BPMNPlane id="plane" bpmnElement="starved"><d:BPMNShape id="sh"
    bpmnElement="a"><c:Bounds x="left" y="1" width="2" height="nan"/></d:BPMNShape></d:BPMNPlane></d:BPMNDiagram></bpmn:definitions>""",
    )
    assert [p.rule for p in problems(drawn)] == ["bad_number", "bad_number"]
    assert "“a”" in problems(drawn)[0].message.zh
