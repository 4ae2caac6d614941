from __future__ import annotations

import re

from service.catalog.bpmn.mainpath import main_path
from service.catalog.bpmn.read import read_diagram
from tests.unit.catalog.diagrams import Sketch


def path_of(sketch: Sketch) -> tuple[str, ...]:
    return main_path(read_diagram(sketch.bpmn(), "x"))


def decision(good: str, bad: str, *, good_end: str = "结束", bad_end: str = "结束") -> Sketch:
    s = Sketch()
    s.node("start", "startEvent")
    s.node("ask", "exclusiveGateway", "是否推荐")
    s.node("bad", "callActivity", bad)
    s.node("bad_end", "endEvent", bad_end)
    s.node("good", "serviceTask", good)
    s.node("good_end", "endEvent", good_end)
    s.path("start", "ask")
    s.path("ask", "bad", "bad_end")
    s.path("ask", "good", "good_end")
    return s


def test_it_leads_to_an_end_that_is_no_setback_however_short_the_way() -> None:
    sketch = decision("出具推荐意见", "处理退件", good_end="已推荐", bad_end="不予推荐")
    assert path_of(sketch) == ("start", "ask", "good", "good_end")


def test_between_good_ends_the_way_through_more_stages_wins() -> None:
    assert path_of(decision("记录", "专家评审")) == ("start", "ask", "bad", "bad_end")


def test_the_flow_that_is_marked_goes_before_all_that_names_tell() -> None:
    sketch = decision("出具推荐意见", "处理退件", good_end="已推荐", bad_end="不予推荐")
    plain = sketch.bpmn().decode()
    flow = re.search(r'<bpmn:sequenceFlow [^>]*sourceRef="ask" targetRef="bad" />', plain)
    assert flow is not None
    marked = flow[0].removesuffix(" />") + (
        "><bpmn:extensionElements><spiffworkflow:properties>"
        '<spiffworkflow:property name="main" value="yes" />'
        "</spiffworkflow:properties></bpmn:extensionElements></bpmn:sequenceFlow>"
    )
    assert main_path(read_diagram(plain.replace(flow[0], marked).encode(), "x")) == ("start", "ask", "bad", "bad_end")
