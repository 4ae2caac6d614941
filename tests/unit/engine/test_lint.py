"""Every construct that would not run as drawn is refused, with its element and a remedy in both languages.

The first construct of each rule is its example in ``tests/data/rules.yaml``; here are the others of the same rule.
"""

from __future__ import annotations

import pytest

from service.catalog.bpmn.read import read_processes
from service.engine import BadDiagram, Engine, refused
from tests.unit.engine.diagrams import (
    ERROR,
    ERROR_CAUGHT,
    FUNCTIONS,
    MESSAGE,
    SE,
    Bench,
    boundary,
    chain,
    doc,
    el,
    ext,
    flow,
    message,
    multi,
    problems,
    process,
    service,
    timer,
    user,
    waiting,
)

SIGNAL = '<bpmn:signal id="sig" name="stop"/><bpmn:escalation id="esc" name="x" escalationCode="X"/>'
S, E = el("startEvent", "s"), el("endEvent", "e")


def body(*parts: str) -> str:
    return process("p", SE, *parts)


def straight(eid: str, *parts: str) -> str:
    return body(*parts, chain("s", eid, "e"))


def event(tag: str, eid: str, definition: str) -> str:
    return el(tag, eid, f"<bpmn:{definition}EventDefinition/>")


def event_subprocess(definition: str, interrupting: str = "false") -> str:
    start = el("startEvent", "ss", definition, isInterrupting=interrupting)
    inner = (start, user("q"), el("endEvent", "se"), chain("ss", "q", "se"))
    return straight("u", user("u"), el("subProcess", "es", *inner, triggeredByEvent="true"))


def forked(a: str, b: str, *extra: str) -> str:
    return body(el("parallelGateway", "g"), el("parallelGateway", "j"), a, b, *extra)


def loop(*between: str, condition: str) -> str:
    gate = el("exclusiveGateway", "m") + el("exclusiveGateway", "x", default="f_x_e")
    return body(gate, *between, chain("s", "m", "u", "x"), flow("x", "m", condition), flow("x", "e"))


def wait(kind: str, text: str) -> str:
    return straight("t", el("intermediateCatchEvent", "t", timer(kind, text)))


def attached_cycle(text: str) -> str:
    late = boundary("b", "u", timer("timeCycle", text), interrupting=False)
    return straight("u", user("u"), late, el("endEvent", "e2"), chain("b", "e2"))


XOR = el("exclusiveGateway", "g", default="f_g_b") + user("a") + user("b") + chain("s", "g") + chain("a", "e")
CASES: dict[str, tuple[str, ...]] = {
    "compensation|unsupported_event|c": (straight("c", event("intermediateThrowEvent", "c", "compensate")),),
    "conditional|unsupported_event|c": (straight("c", event("intermediateCatchEvent", "c", "conditional")),),
    "compensating task|ignored_attribute|u": (straight("u", el("userTask", "u", isForCompensation="true")),),
    "complex gateway|unsupported|h": (straight("h", el("complexGateway", "h")),),
    "escalation end|uncaught_end|e": (SIGNAL, process(
        "p", S, el("endEvent", "e", '<bpmn:escalationEventDefinition escalationRef="esc"/>'), chain("s", "e"))),
    "condition after a fork|ignored_condition|g": (forked(user("a"), user("b"), flow("s", "g"), flow("g", "a", "x"),
                                                          flow("g", "b"), chain("a", "j", "e"), chain("b", "j")),),
    "condition on the only flow|missing_default|g": (body(el("exclusiveGateway", "g"), flow("s", "g"),
                                                          flow("g", "e", "a = 1")),),
    "message start|start_event|p": (MESSAGE, process("p", el("startEvent", "s", message()), E, chain("s", "e"))),
    "two flows out of a start|fork_without_gateway|s": (body(user("a"), user("b"), chain("s", "a", "e"),
                                                             chain("s", "b", "e")),),
    "loop into a join|join_never_complete|j": (body(el("parallelGateway", "j"), el("exclusiveGateway", "x", default="f_x_e"),
                                                    user("u"), chain("s", "j", "u", "x", "e"), flow("x", "j", "n < 3")),),
    "what may never begin into a join|join_never_complete|j": (MESSAGE, body(
        user("u"), boundary("b", "u", message(), interrupting=False), user("n"), el("parallelGateway", "j"),
        chain("s", "u", "j", "e"), chain("b", "n", "j"))),
    "data association|data_flow|u": (straight("u", el("userTask", "u", el(
        "dataInputAssociation", "", "<bpmn:sourceRef>r</bpmn:sourceRef>").replace(' id=""', ""))),),
    "script|script|x": (straight("x", el("scriptTask", "x", "<bpmn:script>y = 1</bpmn:script>")),),
    "post-script|script|u": (straight("u", user("u", ext("<spiffworkflow:postScript>y = 1</spiffworkflow:postScript>"))),),
    "timer event subprocess|event_subprocess_start|es": (event_subprocess(timer("timeDate", "workdays(1)")),),
    "duplicate ids|duplicate_id|u": (straight("u", user("u"), user("u")),),
    "unknown call|unknown_process|c": (straight("c", el("callActivity", "c", calledElement="zz")),),
    "year cycle|month_cycle|b": (attached_cycle("&quot;R3/P1Y2M&quot;"),),
    "bare date|raw_iso|t": (wait("timeDate", "2026-03-09"),),
    "broken condition|feel_syntax|f_g_a": (body(XOR, flow("g", "a", "score >"), flow("g", "b"), flow("b", "e")),),
    "broken parameter|feel_syntax|x": (straight("x", service("x", "work", n="1 +")),),
    "broken collection|feel_syntax|u": (straight("u", user("u", multi("[1,"))),),
    "broken payload|feel_syntax|m": (MESSAGE, straight("m", el("intermediateThrowEvent", "m", message(payload="{")))),
    "broken completion condition|feel_syntax|u": (straight("u", user("u", multi("x", condition="count("))),),
    "no decision|no_operation|x": (straight("x", el("businessRuleTask", "x")),),
    "nameless message|no_message|m": (MESSAGE.replace(' name="withdraw"', ""),
                                      straight("m", el("intermediateCatchEvent", "m", message()))),
    "silent send task|no_message|m": (straight("m", el("sendTask", "m")),),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_given_a_construct_that_would_not_run_as_drawn_then_it_is_refused(case: str) -> None:
    _, rule, element = case.split("|")
    found = problems({"a.bpmn": doc(*CASES[case])})
    assert [(problem.rule, problem.element) for problem in found] == [(rule, element)], "one fault, one message"
    for problem in found:
        assert problem.file == "a.bpmn"
        assert all((problem.message.zh, problem.message.en, problem.remedy.zh, problem.remedy.en))
        assert "{" not in problem.remedy.en


GOOD: dict[str, tuple[str, ...]] = {
    "fork and join": (forked(service("a", "one", "x"), service("b", "two", "y"), chain("s", "g", "a", "j", "e"),
                             chain("g", "b", "j")),),
    "a branch that begins with its own loop": (forked(
        service("a", "one", "x"), user("m"), el("exclusiveGateway", "h"), el("exclusiveGateway", "again", default="f_again_j"),
        service("count", "one", "n"), chain("s", "g", "a", "j", "e"), chain("g", "h", "m", "count", "again", "j"),
        flow("again", "h", "n.count < 5")),),
    "bounded loop": (loop(user("u"), condition='answer = "again" and tries.count < 5'),),
    "reminder": (attached_cycle("&quot;R3/P7D&quot;"),),
    "event subprocess": (MESSAGE, event_subprocess(message())),
    "terminate end": (process("p", S, event("endEvent", "e", "terminate"), chain("s", "e")),),
    "error end of a subprocess": (ERROR, body(
        el("subProcess", "sub", el("startEvent", "is"), el("endEvent", "ie", ERROR_CAUGHT), chain("is", "ie")),
        boundary("b", "sub", ERROR_CAUGHT), user("fix"), chain("s", "sub", "e"), chain("b", "fix", "e"))),
    "work items": (straight("u", user("u", multi("case.members", "votes", condition="count(votes) > 2"))),),
    "alternatives into one task": (body(XOR.replace(chain("a", "e"), ""), user("u"), flow("g", "a", "x > 1"),
                                        flow("g", "b"), chain("a", "u", "e"), chain("b", "u")),),
}  # fmt: skip


@pytest.mark.parametrize("case", GOOD)
def test_given_a_sound_diagram_then_nothing_is_refused_and_it_loads(case: str) -> None:
    engine, diagrams = Engine(FUNCTIONS), {"a.bpmn": doc(*GOOD[case])}
    assert problems(diagrams) == []
    assert refused(diagrams) == ()
    engine.load("v1", diagrams)


def test_given_a_file_that_is_no_xml_then_it_is_named_alone() -> None:
    diagrams = {"bad.bpmn": b"<oops", "good.bpmn": doc(straight("x", el("task", "x")))}
    found = problems(diagrams)
    assert [(p.file, p.rule) for p in found] == [("bad.bpmn", "xml")]


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"<a>" * 300 + b"</a>" * 300, "nested deeper than 60"),
        (b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', "entities are not allowed"),
        (
            '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a SYSTEM "a.dtd"><a/>'.encode("utf-16"),
            "entities are not allowed",
        ),
    ],
)
def test_given_a_file_with_entities_or_too_deep_then_neither_checked_nor_loaded(content: bytes, word: str) -> None:
    engine = Engine(FUNCTIONS)
    [problem] = problems({"bad.bpmn": content})
    assert (problem.file, problem.rule) == ("bad.bpmn", "xml")
    assert word in problem.message.en
    with pytest.raises(BadDiagram) as refusal:
        engine.load("v1", {"bad.bpmn": content})
    assert word in refusal.value.message.en


def test_given_diagrams_then_every_expression_is_listed_with_what_uses_it() -> None:
    loop_text = multi("case.members", "votes", condition="count(votes) > 2")
    roots = (
        MESSAGE,
        straight(
            "u",
            user("u", loop_text),
            boundary("b", "u", timer("timeDate", "workdays(param.d)")),
            chain("b", "e"),
            el("userTask", "z"),
        ),
    )
    read = read_processes(doc(*roots, process("q", service("x", "work", n="k + 1"))), "a.bpmn")
    assert {(element, *stated) for diagram in read for element, stated in diagram.stated()} == {
        ("u", "loop", "case.members"),
        ("u", "loop", "count(votes) > 2"),
        ("b", "timer", "workdays(param.d)"),
        ("x", "parameter", "k + 1"),
    }


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
