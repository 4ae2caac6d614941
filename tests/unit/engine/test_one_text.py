"""What the engine carries out is the text that was checked, whatever remarks stand in it, and refused in our words."""

from __future__ import annotations

import pytest

from service.catalog.bpmn.read import read_processes
from service.engine import BadDiagram, Engine, refused
from tests.unit.engine.diagrams import FUNCTIONS, SE, Bench, boundary, chain, doc, el, flow, process, user, waiting

YES, NO = user("yes"), user("no")


def asking(condition: str) -> str:
    gate = el("exclusiveGateway", "x", default="f_x_no")
    way = el("sequenceFlow", "f_x_yes", f"<bpmn:conditionExpression>{condition}</bpmn:conditionExpression>",
             sourceRef="x", targetRef="yes")  # fmt: skip
    return process("p", SE, gate, YES, NO, way, chain("s", "x", "no", "e"), flow("yes", "e"))


@pytest.mark.parametrize(
    "condition",
    [
        'decision<!-- 受理 --> = "accept"',
        '<!-- 受理 -->decision = "accept"',
        'decision <?x y?>= "accept"<!-- 完 -->',
        '<![CDATA[decision]]><!-- 受理 --><![CDATA[ = "accept"]]>',
        "decision &#61; &quot;accept&quot;",
    ],
)
def test_given_remarks_in_a_condition_when_it_decides_then_all_of_it_does(bench: Bench, condition: str) -> None:
    drawn = asking(condition)
    [diagram] = read_processes(doc(drawn), "a.bpmn")
    assert diagram.flows["f_x_yes"].condition == 'decision = "accept"'
    assert waiting(bench.start(drawn, decision="accept")) == ["yes"]
    assert waiting(bench.start(drawn, decision="refuse")) == ["no"]


@pytest.mark.parametrize(
    "drawn",
    [
        process("p", SE, user("u"), boundary("b", "u"), chain("s", "u", "e"), flow("b", "e")),
        process("p", SE, user("u"), boundary("b", "u", "<bpmn:timerEventDefinition/>"), chain("s", "u", "e"), flow("b", "e")),
        process("p", SE, user("u"), boundary("b", "u", '<bpmn:messageEventDefinition messageRef="nosuch"/>'),
                chain("s", "u", "e"), flow("b", "e")),
        process("p", SE, el("catchAll", "u"), chain("s", "u", "e")),
        el("process", "p", SE, user("u"), chain("s", "u", "e"), isExecutable="false"),
    ],
)  # fmt: skip
def test_given_what_the_library_refuses_when_it_is_loaded_then_nothing_of_its_own_words_is_shown(drawn: str) -> None:
    [problem] = refused({"a.bpmn": doc(drawn)})
    with pytest.raises(BadDiagram) as raised:
        Engine(FUNCTIONS).load("v1", {"a.bpmn": doc(drawn)})
    for text in (problem.message, raised.value.message):
        assert "“" in text.zh
        for word in ("Error", "not executable", "bpmn:", "Specification", "Parser", "no support"):
            assert word not in text.zh + text.en
