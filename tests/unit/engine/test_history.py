"""Going back: taking back what was sent and sending back what came."""

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
    flow,
    message,
    multi,
    process,
    service,
    timer,
    user,
    waiting,
)

XOR = el("exclusiveGateway", "g", default="f_g_v")


NOTHING = frozenset[str]().__contains__


def previous(inst: Instance, element: str) -> str | None:
    [task] = [t for t in inst.person_tasks() if t.element_id == element]
    return inst.previous_person_task(task.id)


def in_the_way(inst: Instance, element: str) -> str | None:
    [task] = [t for t in inst.person_tasks() if t.element_id == element]
    found = inst.in_the_way(task.id, NOTHING)
    return found.element_id if found is not None else None


def test_given_only_a_gateway_between_then_the_task_before_waits_again_with_its_timers_started_anew(
    bench: Bench,
) -> None:
    attached = boundary("b", "u", timer("timeDate", "workdays(5)"), interrupting=False) + user("late")
    inst = bench.start(
        process(
            "p",
            SE,
            user("u"),
            attached,
            XOR,
            user("v"),
            chain("s", "u", "g"),
            flow("g", "v"),
            flow("g", "e", "skip"),
            chain("v", "e"),
            chain("b", "late", "e"),
        ),
        old=1,
        skip=False,
    )
    complete(inst, "u", a=1)
    inst = bench.fresh(inst)
    assert (waiting(inst), inst.timers()) == (["v"], ())
    inst.rewind(previous(inst, "v") or "")
    inst = bench.fresh(inst)
    assert waiting(inst) == ["u"]
    assert inst.person_tasks()[0].data == {"old": 1, "skip": False}
    assert len(inst.timers()) == 1
    complete(inst, "u", a=2)
    complete(inst, "v")
    assert inst.completed
    assert inst.data() == {"old": 1, "skip": False, "a": 2}


@pytest.mark.parametrize(
    "between",
    [
        service("x", "work"),
        el("intermediateCatchEvent", "x", timer("timeDate", "workdays(1)")),
        el("intermediateThrowEvent", "x", message()),
    ],
)
def test_given_anything_that_has_happened_between_then_there_is_no_way_back(bench: Bench, between: str) -> None:
    inst = bench.start(MESSAGE, process("p", SE, user("u"), between, user("v"), chain("s", "u", "x", "v", "e")))
    complete(inst, "u")
    for call in inst.service_calls():
        inst.complete_service(call.id, None)
    for found in inst.timers():
        inst.fire(found.id)
    assert previous(inst, "v") is None
    assert in_the_way(inst, "v") == "x"


def test_given_operations_that_can_be_undone_then_it_goes_back_over_them(bench: Bench) -> None:
    parts = (user("u"), service("x", "count"), service("y", "work"), user("v"))
    inst = bench.start(MESSAGE, process("p", SE, *parts, chain("s", "u", "x", "y", "v", "e")), old=1)
    complete(inst, "u", a=1)
    for _ in range(2):
        for call in inst.service_calls():
            inst.complete_service(call.id, None)
    [task] = inst.person_tasks()
    assert inst.earlier_person_tasks(task.id, {"count"}.__contains__) == ()
    found = inst.in_the_way(task.id, {"count"}.__contains__)
    assert found is not None
    assert found.element_id == "y"
    both = {"count", "work"}.__contains__
    [before] = inst.earlier_person_tasks(task.id, both)
    assert [call.element_id for call in inst.passed(task.id, before.id, both)] == ["y", "x"]
    assert previous(inst, "v") is None  # what was submitted is taken back only while nothing has happened
    inst.rewind(before.id)
    inst = bench.fresh(inst)
    assert (waiting(inst), inst.service_calls()) == (["u"], ())
    complete(inst, "u", a=2)
    assert [call.element_id for call in inst.service_calls()] == ["x"]


def called(pid: str, task: str, outputs: str = "") -> str:
    return process(
        pid, el("startEvent", "qs"), user(task), el("endEvent", "qe"), chain("qs", task, "qe"), outputs=outputs
    )


def test_given_the_task_before_lies_in_the_procedure_before_then_that_one_runs_again(bench: Bench) -> None:
    calls = el("callActivity", "c1", calledElement="q") + el("callActivity", "c2", calledElement="r")
    withdraw = boundary("w", "c1", message()) + user("gone")
    main = process("p", SE, calls, withdraw, chain("s", "c1", "c2", "e"), chain("w", "gone", "e"))
    inst = bench.start(MESSAGE, main, called("q", "work", "k"), called("r", "check"))
    complete(inst, "work", k=1)
    inst = bench.fresh(inst)
    assert inst.message_waits() == ()
    inst.rewind(previous(inst, "check") or "")
    inst = bench.fresh(inst)
    assert [(t.element_id, t.call_path) for t in inst.person_tasks()] == [("work", ("c1",))]
    assert inst.deliver("withdraw") is True
    assert waiting(inst) == ["gone"]
    inst = bench.start(MESSAGE, main, called("q", "work", "k"), called("r", "check"))
    for _ in range(2):
        complete(inst, "work", k=2)
        inst = bench.fresh(inst)
        found = previous(inst, "check")
        assert found is not None
        inst.rewind(found)
    complete(inst, "work", k=3)
    assert inst.person_tasks()[0].data == {"k": 3}
    complete(inst, "check")
    assert inst.completed


def test_given_items_done_at_the_same_time_then_one_waits_again_until_the_last_is_done(bench: Bench) -> None:
    loop = el("userTask", "v", multi("voters", "votes", item="voter", result="vote"))
    inst = bench.start(process("p", SE, loop, user("w"), chain("s", "v", "w", "e")), voters=["a", "b", "c"])
    first, second, third = inst.person_tasks()
    inst.complete_person(first.id, {"vote": 1})
    inst.complete_person(second.id, {"vote": 2})
    assert inst.is_item_under_way(first.id)
    inst = bench.fresh(inst)
    inst.rewind(first.id)
    inst = bench.fresh(inst)
    assert [task.id for task in inst.person_tasks()] == [first.id, third.id]
    assert inst.person_tasks()[0].data == {"voters": ["a", "b", "c"], "voter": "a", "votes": [2]}
    assert not inst.is_item_under_way(first.id), "what waits needs not be taken back"
    inst.complete_person(first.id, {"vote": 4})
    inst.complete_person(third.id, {"vote": 3})
    assert not inst.is_item_under_way(first.id), "all have answered"
    complete(inst, "w")
    assert inst.data()["votes"] == [4, 2, 3]
