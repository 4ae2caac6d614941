"""A loop through a barrier that stays open ends in a sentence, and nothing of the step is kept."""

from __future__ import annotations

import pytest

from service.casework.definitions.publish import publish_package
from service.catalog import build_catalog
from service.engine import StepFailed
from service.store import CaseFilter, Store
from tests.support.lakeside import make_lakeside
from tests.support.rule_examples import TREE

DIAGRAM = "processes/lakeside/star_award/application.bpmn"
FLOW = '<bpmn:sequenceFlow id="to_examine" sourceRef="applied" targetRef="examine" />'
LOOP = """<bpmn:intermediateCatchEvent id="settled" name="已经办结"><bpmn:extensionElements><spiffworkflow:properties>
  <spiffworkflow:property name="barrier" value="1 = 1" /></spiffworkflow:properties></bpmn:extensionElements>
  <bpmn:messageEventDefinition id="settled_message" messageRef="message_settled" /></bpmn:intermediateCatchEvent>
<bpmn:exclusiveGateway id="again" name="再看一次" default="round_again" />
<bpmn:sequenceFlow id="to_settled" sourceRef="applied" targetRef="settled" />
<bpmn:sequenceFlow id="to_again" sourceRef="settled" targetRef="again" />
<bpmn:sequenceFlow id="round_again" name="是" sourceRef="again" targetRef="settled" />
<bpmn:sequenceFlow id="to_examine" name="否" sourceRef="again" targetRef="examine">
  <bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">1 = 2</bpmn:conditionExpression></bpmn:sequenceFlow>"""


def test_a_loop_through_an_open_barrier_is_refused(store: Store) -> None:
    diagram = TREE[DIAGRAM].decode().replace(FLOW, LOOP)
    start = diagram.index("<bpmn:process ")
    diagram = f'{diagram[:start]}<bpmn:message id="message_settled" name="settled" />{diagram[start:]}'
    town = make_lakeside(store)
    package = build_catalog({**TREE, DIAGRAM: diagram.encode()}).package("lakeside/star_award")
    with store.write() as tx:  # past the check, which asks for a drawing
        publish_package(tx, package, town.desk.clock.now(), "test")
    with pytest.raises(StepFailed, match="循环不止"):
        town.start()
    with store.read() as tx:
        assert tx.cases.search(CaseFilter(["lakeside"]), limit=5) == []
