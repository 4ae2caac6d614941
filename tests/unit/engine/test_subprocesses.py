"""Embedded subprocesses, terminate ends, error payloads and correlated messages."""

from __future__ import annotations

import pytest

from tests.unit.engine.diagrams import (
    ERROR,
    MESSAGE,
    SE,
    Bench,
    boundary,
    chain,
    complete,
    el,
    ext,
    flow,
    multi,
    process,
    service,
    timer,
    user,
    waiting,
)


def test_given_a_terminate_end_in_a_called_process_then_only_that_process_ends(bench: Bench) -> None:
    stop = el("endEvent", "stop", "<bpmn:terminateEventDefinition/>")
    inner = process(
        "q",
        el("startEvent", "qs"),
        el("parallelGateway", "g"),
        user("a"),
        user("b"),
        stop,
        boundary("t", "a", timer("timeDate", "workdays(1)")),
        el("endEvent", "qe"),
        chain("qs", "g", "a", "qe"),
        chain("g", "b", "stop"),
        chain("t", "qe"),
        outputs="verdict",
    )
    call = el("callActivity", "c", calledElement="q")
    inst = bench.start(process("p", SE, call, user("after"), chain("s", "c", "after", "e")), inner)
    inst = bench.fresh(inst)
    complete(inst, "b", verdict="stopped")
    inst = bench.fresh(inst)
    assert (waiting(inst), inst.timers()) == (["after"], ())
    assert inst.person_tasks()[0].data == {"verdict": "stopped"}
    complete(inst, "after")
    assert inst.completed


def test_given_an_error_with_a_variable_then_its_payload_is_in_the_data(bench: Bench) -> None:
    kept = (
        ERROR.replace("/>", ">") + ext("<spiffworkflow:variableName>why</spiffworkflow:variableName>") + "</bpmn:error>"
    )
    caught = boundary("b", "c", '<bpmn:errorEventDefinition errorRef="err"/>') + user("fix")
    inner = process("q", el("startEvent", "qs"), service("x", "work"), el("endEvent", "qe"), chain("qs", "x", "qe"))
    call = el("callActivity", "c", calledElement="q")
    inst = bench.start(kept, process("p", SE, call, caught, chain("s", "c", "e"), chain("b", "fix", "e")), inner)
    inst = bench.fresh(inst)
    assert inst.raise_error(inst.service_calls()[0].id, "REJECTED", {"reason": "late"})
    inst = bench.fresh(inst)
    assert (waiting(inst), inst.service_calls()) == (["fix"], ())
    assert inst.person_tasks()[0].data == {"why": {"reason": "late"}}


@pytest.mark.parametrize(
    ("units", "others", "its_own"),
    [
        ('["甲", "乙"]', "丙", "乙"),
        ("[1, 2]", 3, 2),
        ("[0.5, 2.5]", 1.5, 2.5),
        ('[date("2026-05-01"), date("2026-05-02")]', "2026-05-03", "2026-05-02"),
        ("[{no: 1}, {no: 2}]", {"no": 3}, {"no": 2}),
    ],
)
def test_given_correlated_catchers_then_each_message_reaches_its_own(
    bench: Bench, units: str, others: object, its_own: object
) -> None:
    keys = (
        '<bpmn:collaboration id="c"><bpmn:correlationKey id="ck" name="unit"><bpmn:correlationPropertyRef>unit_no'
        "</bpmn:correlationPropertyRef></bpmn:correlationKey></bpmn:collaboration>"
        '<bpmn:correlationProperty id="unit_no" name="unit_no"><bpmn:correlationPropertyRetrievalExpression'
        ' messageRef="msg"><bpmn:formalExpression>unit</bpmn:formalExpression>'
        "</bpmn:correlationPropertyRetrievalExpression></bpmn:correlationProperty>"
    )
    awaited = "<spiffworkflow:messageVariable>answer</spiffworkflow:messageVariable>" + (
        "<spiffworkflow:processVariableCorrelation><spiffworkflow:propertyId>unit_no</spiffworkflow:propertyId>"
        "<spiffworkflow:expression>item</spiffworkflow:expression></spiffworkflow:processVariableCorrelation>"
    )
    catch = el(
        "intermediateCatchEvent",
        "m",
        f'<bpmn:messageEventDefinition messageRef="msg">{ext(awaited)}</bpmn:messageEventDefinition>',
    )
    inner = process("q", el("startEvent", "qs"), catch, user("u"), el("endEvent", "qe"), chain("qs", "m", "u", "qe"))
    call = el("callActivity", "c", multi(units), calledElement="q")
    inst = bench.start(MESSAGE, keys, process("p", SE, call, chain("s", "c", "e")), inner)
    inst = bench.fresh(inst)
    assert not inst.deliver("withdraw", {"unit": others})
    assert inst.deliver("withdraw", {"unit": its_own})
    inst = bench.fresh(inst)
    [task] = inst.person_tasks()
    assert (task.loop_item, task.data["answer"]) == (its_own, {"unit": its_own})
    assert not inst.deliver("withdraw", {"unit": its_own})


def test_given_an_inclusive_gateway_then_every_branch_that_holds_runs_and_the_join_waits_for_those(
    bench: Bench,
) -> None:
    gates = el("inclusiveGateway", "g", default="f_g_c") + el("inclusiveGateway", "j")
    body = process(
        "p",
        SE,
        gates,
        user("a"),
        user("b"),
        user("c"),
        user("last"),
        chain("s", "g"),
        flow("g", "a", "x"),
        flow("g", "b", "y"),
        flow("g", "c"),
        chain("a", "j", "last", "e"),
        chain("b", "j"),
        chain("c", "j"),
    )
    inst = bench.fresh(bench.start(body, x=True, y=True, k="old"))
    assert waiting(inst) == ["a", "b"]
    complete(inst, "a", k="new")
    inst = bench.fresh(inst)
    complete(inst, "b")
    assert waiting(inst) == ["last"]
    assert inst.person_tasks()[0].data["k"] == "new"
    assert waiting(bench.start(body, x=False, y=False)) == ["c"]
