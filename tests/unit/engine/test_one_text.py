"""What the engine carries out is the text that was checked, whatever remarks stand in it, and refused in our words."""

from __future__ import annotations

import pytest

from service.catalog.bpmn.read import read_processes
from service.catalog.source.format_xml import format_diagram
from service.engine import BadDiagram, Engine, refused
from service.engine.definition import load_definition
from tests.unit.engine.diagrams import (
    FUNCTIONS,
    SE,
    Bench,
    boundary,
    chain,
    doc,
    el,
    flow,
    multi,
    process,
    timer,
    user,
    waiting,
)

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


def test_given_remarks_in_a_formula_when_it_is_formatted_then_nothing_of_it_is_lost() -> None:
    written = format_diagram(doc(asking('decision<!-- 受理 --> = "accept"')), "a.bpmn")
    assert read_processes(written, "a.bpmn")[0].flows["f_x_yes"].condition == 'decision = "accept"'
    assert "<!-- 受理 -->".encode() in written
    assert format_diagram(written, "a.bpmn") == written


def test_given_remarks_in_timers_and_collections_when_they_run_then_all_of_the_text_does(bench: Bench) -> None:
    drawn = process(
        "p", SE, user("u", multi('["a"<!-- 甲 -->, "b"]')), boundary("b", "u", timer("timeDuration", '"P1<!-- 一 -->0D"')),
        user("late"), chain("s", "u", "e"), chain("b", "late", "e"),
    )  # fmt: skip
    instance = bench.start(drawn)
    assert waiting(instance) == ["u", "u"]
    assert [t.due.isoformat()[:10] for t in instance.timers()] == ["2026-03-12"]


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


def test_given_a_diagram_that_cannot_be_read_when_it_is_asked_for_again_then_it_is_refused_again() -> None:
    drawn = doc(process("p", SE, YES, boundary("late", "yes", "<bpmn:timerEventDefinition/>"), chain("s", "yes", "e")))
    definition = load_definition({"a.bpmn": drawn}, FUNCTIONS, late=True)
    for _ in range(2):
        with pytest.raises(BadDiagram):
            definition.process("p")
