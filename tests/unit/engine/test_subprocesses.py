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


def embedded(*inner: str, first: str) -> str:
    return el("subProcess", "sub", el("startEvent", "is"), el("endEvent", "ie"), *inner, chain("is", first))


def test_given_an_embedded_subprocess_then_it_shares_the_data_and_belongs_to_its_process(bench: Bench) -> None:
    sub = embedded(user("u"), chain("u", "ie"), first="u")
    inst = bench.start(process("p", SE, sub, user("after"), chain("s", "sub", "after", "e")), a=1)
    inst = bench.fresh(inst)
    [task] = inst.person_tasks()
    assert (task.process_id, task.call_path, task.data) == ("p", (), {"a": 1})
    complete(inst, "u", a=2, b=3)
    inst = bench.fresh(inst)
    assert inst.person_tasks()[0].data == {"a": 2, "b": 3}
    assert inst.visited()["p", "u"] == inst.visited()["p", "sub"] == 1


def test_given_an_embedded_subprocess_in_a_parallel_branch_then_its_old_copies_do_not_win(bench: Bench) -> None:
    sub = embedded(user("u"), chain("u", "ie"), first="u")
    fork = el("parallelGateway", "g") + el("parallelGateway", "j") + user("a")
    inst = bench.start(
        process("p", SE, fork, sub, user("last"), chain("s", "g", "sub", "j", "last", "e"), chain("g", "a", "j")),
        k="old",
    )
    complete(inst, "a", k="new")
    complete(inst, "u", mine=1)
    assert bench.fresh(inst).person_tasks()[0].data == {"k": "new", "mine": 1}


def test_given_a_deadline_on_an_embedded_subprocess_then_everything_inside_ends(bench: Bench) -> None:
    sub = embedded(
        user("u"), boundary("ib", "u", timer("timeDate", "workdays(9)")), chain("u", "ie"), chain("ib", "ie"), first="u"
    )
    late = boundary("b", "sub", timer("timeDate", "workdays(2)")) + user("late")
    inst = bench.start(process("p", SE, sub, late, chain("s", "sub", "e"), chain("b", "late", "e")))
    inst = bench.fresh(inst)
    assert inst.fire(next(t.id for t in inst.timers() if t.element_id == "b"))
    inst = bench.fresh(inst)
    assert (waiting(inst), inst.timers()) == (["late"], ())


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


def drawn_at(**heights: int) -> str:
    """Return shapes that lie so far down the canvas."""
    return "".join(
        f'<bpmndi:BPMNShape xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" bpmnElement="{eid}">'
        f'<dc:Bounds xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" x="1" y="{y}" width="1" height="1"/>'
        "</bpmndi:BPMNShape>"
        for eid, y in heights.items()
    )


def test_given_parallel_branches_then_they_begin_in_the_order_of_the_file_wherever_they_are_drawn(bench: Bench) -> None:
    gates = el("parallelGateway", "g") + el("parallelGateway", "j")
    ways = (chain("g", "first", "j"), chain("g", "second", "j"), chain("j", "e"))
    body = process("p", SE, gates, user("first"), user("second"), chain("s", "g"), *ways)
    inst = bench.start(body, drawn_at(first=900, second=100))
    assert [task.element_id for task in inst.person_tasks()] == ["first", "second"]


def test_given_conditions_that_both_hold_then_the_first_in_the_file_decides_wherever_it_is_drawn(bench: Bench) -> None:
    gate = el("exclusiveGateway", "g", default="f_g_e")
    shapes = drawn_at(first=900, second=100, e=1)
    body = process(
        "p",
        SE,
        gate,
        user("first"),
        user("second"),
        chain("s", "g"),
        flow("g", "first", "n > 0"),
        flow("g", "second", "n > 1"),
        flow("g", "e"),
        chain("first", "e"),
        chain("second", "e"),
    )
    assert waiting(bench.start(body, shapes, n=5)) == ["first"]


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


def test_given_a_fork_to_several_ends_then_the_data_of_all_come_together(bench: Bench) -> None:
    body = process(
        "p",
        SE,
        el("endEvent", "e2"),
        el("parallelGateway", "g"),
        user("a"),
        user("b"),
        chain("s", "g", "a", "e"),
        chain("g", "b", "e2"),
    )
    inst = bench.start(body, k="old")
    complete(inst, "b", k="new")
    inst = bench.fresh(inst)
    complete(inst, "a", mine=1)
    assert (inst.data(), inst.ends(), inst.completed) == ({"k": "new", "mine": 1}, ("e2", "e"), True)


def test_given_a_signal_then_everybody_inside_who_waits_for_it_has_it(bench: Bench) -> None:
    definition = '<bpmn:signalEventDefinition signalRef="sig"/>'
    start = el("startEvent", "os", definition, isInterrupting="false")
    handler = el(
        "subProcess",
        "es",
        start,
        user("handle"),
        el("endEvent", "oe"),
        chain("os", "handle", "oe"),
        triggeredByEvent="true",
    )
    inner = process("q", el("startEvent", "qs"), user("work"), el("endEvent", "qe"), handler, chain("qs", "work", "qe"))
    call = el("callActivity", "c", calledElement="q")
    items = (
        el("userTask", "v", multi("[1, 2]", "votes", result="vote")) + boundary("b", "v", definition) + user("stopped")
    )
    throw = user("u") + el("intermediateThrowEvent", "t", definition)
    body = process(
        "p",
        SE,
        el("parallelGateway", "g"),
        call,
        items,
        throw,
        chain("s", "g", "u", "t", "e"),
        chain("g", "c", "e"),
        chain("g", "v", "e"),
        chain("b", "stopped", "e"),
    )
    inst = bench.fresh(bench.start('<bpmn:signal id="sig" name="stop"/>', body, inner))
    complete(inst, "v", 2, vote="x")
    inst = bench.fresh(inst)
    complete(inst, "u")
    inst = bench.fresh(inst)
    assert waiting(inst) == ["handle", "stopped", "work"]
    assert next(t for t in inst.person_tasks() if t.element_id == "stopped").data["votes"] == ["x"]
    for name in ("handle", "stopped", "work"):
        complete(inst, name)
    assert inst.completed
