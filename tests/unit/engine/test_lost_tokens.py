"""Which tokens were lost after a service task that opens something: what they would have come to, nobody comes to any more."""

from __future__ import annotations

import pytest

from service.engine import Instance
from tests.unit.engine.diagrams import (
    MESSAGE,
    SE,
    Bench,
    boundary,
    chain,
    complete,
    el,
    message,
    multi,
    process,
    service,
    timer,
    user,
    waiting,
)

OPEN = service("open", "ballot.open", "vote")
EVERY = OPEN.replace("</bpmn:serviceTask>", multi("units") + "</bpmn:serviceTask>")
CALLED = (
    MESSAGE,
    process(
        "p",
        SE,
        el("callActivity", "c", calledElement="q"),
        boundary("b", "c", message()),
        user("after"),
        chain("s", "c", "after", "e"),
        chain("b", "after"),
    ),
)
"""A process that calls q, which a message interrupts, and goes on."""


def called(*elements: str) -> tuple[str, ...]:
    return (*CALLED, process("q", el("startEvent", "qs"), el("endEvent", "qe"), *elements))


def serve(bench: Bench, inst: Instance) -> Instance:
    """Let each service task give the next number."""
    for number, call in enumerate(inst.service_calls(), 1):
        inst.complete_service(call.id, {"ballot": number})
    return bench.fresh(inst)


def lost(inst: Instance) -> list[object]:
    return sorted(str(each) for each in inst.results_of_lost({("q", "open")}))


ONE = ["{'ballot': 1}"]


def test_a_token_that_others_overtook_at_a_join_is_not_lost_until_theirs_is(bench: Bench) -> None:
    fork, join = el("parallelGateway", "g"), el("parallelGateway", "j")
    beside = (user("x"), user("y"), user("last"))
    flows = (chain("qs", "g", "open", "j", "last", "qe"), chain("g", "x", "j"), chain("g", "y", "j"))
    inst = serve(bench, bench.start(*called(OPEN, fork, join, *beside, *flows)))
    assert lost(inst) == []
    for element in ("x", "y"):
        complete(inst, element)
        inst = bench.fresh(inst)
        assert lost(inst) == []
    assert waiting(inst) == ["last"]
    inst.deliver("withdraw")
    inst = bench.fresh(inst)
    assert (waiting(inst), lost(inst)) == (["after"], ONE)


def test_a_token_that_came_to_its_end_before_others_is_not_lost(bench: Bench) -> None:
    flows = (chain("qs", "g", "open", "qe"), chain("g", "x", "qe"), chain("g", "y", "qe"))
    inst = serve(bench, bench.start(*called(OPEN, el("parallelGateway", "g"), user("x"), user("y"), *flows)))
    for element in ("x", "y"):
        complete(inst, element)
        inst = bench.fresh(inst)
        assert lost(inst) == []
    assert waiting(inst) == ["after"]


def test_each_item_of_a_loop_is_lost_with_what_follows_the_loop(bench: Bench) -> None:
    inst = serve(bench, bench.start(*called(EVERY, user("last"), chain("qs", "open", "last", "qe")), units=[1, 2]))
    assert (waiting(inst), lost(inst)) == (["last"], [])
    inst.deliver("withdraw")
    inst = bench.fresh(inst)
    assert lost(inst) == [*ONE, "{'ballot': 2}"]


@pytest.mark.parametrize(
    "between",
    [
        (user("u"), boundary("t", "u", timer("timeDate", "workdays(9)")), chain("t", "qe")),
        (el("userTask", "u", multi("units")),),
    ],
    ids=["a step with a boundary event", "a loop"],
)
def test_what_the_library_keeps_beside_a_step_is_no_token_of_its_own(bench: Bench, between: tuple[str, ...]) -> None:
    stop = el("endEvent", "stop", "<bpmn:terminateEventDefinition/>")
    flows = (chain("qs", "g", "open", "u", "last", "qe"), chain("g", "b2", "stop"))
    fork = el("parallelGateway", "g")
    inst = bench.start(*called(OPEN, fork, user("last"), user("b2"), stop, *between, *flows), units=[1])
    inst = serve(bench, inst)
    complete(inst, "u")
    inst = bench.fresh(inst)
    assert (waiting(inst), lost(inst)) == (["b2", "last"], [])
    complete(inst, "b2")
    inst = bench.fresh(inst)
    assert (waiting(inst), lost(inst)) == (["after"], ONE)
