"""Going back: taking back what was sent and sending back what came."""

from __future__ import annotations

import pytest

from service.engine import Instance, NotWaiting
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


def test_given_a_split_with_other_work_then_there_is_no_way_back(bench: Bench) -> None:
    parts = (user("u"), el("parallelGateway", "g"), user("a"), user("b"), el("parallelGateway", "j"), user("c"))
    inst = bench.start(process("p", SE, *parts, chain("s", "u", "g", "a", "j", "c", "e"), chain("g", "b", "j")))
    complete(inst, "u")
    assert (previous(inst, "a"), in_the_way(inst, "a")) == (None, "a")
    complete(inst, "a")
    assert previous(inst, "b") is None
    complete(inst, "b")
    assert previous(inst, "c") is None


def test_given_the_first_task_or_work_items_then_there_is_no_way_back(bench: Bench) -> None:
    loop = el("userTask", "v", multi("[1, 2]"))
    inst = bench.start(process("p", SE, user("u"), loop, chain("s", "u", "v", "e")))
    assert (previous(inst, "u"), in_the_way(inst, "u")) == (None, None)
    complete(inst, "u")
    assert {inst.previous_person_task(t.id) for t in inst.person_tasks()} == {None}


def test_given_an_attached_event_that_has_happened_then_there_is_no_way_back(bench: Bench) -> None:
    attached = boundary("b", "u", timer("timeDate", "workdays(5)"), interrupting=False) + user("late")
    inst = bench.start(
        process("p", SE, user("u"), attached, user("v"), chain("s", "u", "v", "e"), chain("b", "late", "e"))
    )
    inst.fire(inst.timers()[0].id)
    complete(inst, "u")
    assert previous(inst, "v") is None


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


def test_given_a_task_inside_a_call_then_the_way_back_leads_out_to_the_caller(bench: Bench) -> None:
    main = process("p", SE, user("u"), el("callActivity", "c", calledElement="q"), chain("s", "u", "c", "e"))
    inst = bench.start(main, called("q", "work"))
    complete(inst, "u", n=1)
    inst = bench.fresh(inst)
    inst.rewind(previous(inst, "work") or "")
    inst = bench.fresh(inst)
    assert waiting(inst) == ["u"]
    complete(inst, "u", n=2)
    assert inst.person_tasks()[0].data == {"n": 2}
    complete(inst, "work")
    assert inst.completed


def test_given_a_task_that_is_not_completed_then_it_cannot_wait_again(bench: Bench) -> None:
    inst = bench.start(process("p", SE, user("u"), chain("s", "u", "e")))
    with pytest.raises(NotWaiting):
        inst.rewind(inst.person_tasks()[0].id)


def earlier(inst: Instance, element: str) -> list[str]:
    [task] = [t for t in inst.person_tasks() if t.element_id == element]
    return [t.element_id for t in inst.earlier_person_tasks(task.id, NOTHING)]


def test_given_several_tasks_in_a_row_then_each_may_wait_again_and_drops_those_behind_it(bench: Bench) -> None:
    attached = boundary("b", "u", timer("timeDate", "workdays(5)"), interrupting=False) + user("late")
    parts = (user("u"), attached, user("v"), user("w"), chain("s", "u", "v", "w", "e"), chain("b", "late", "e"))
    inst = bench.start(process("p", SE, *parts))
    complete(inst, "u", a=1)
    complete(inst, "v", b=1)
    inst = bench.fresh(inst)
    assert earlier(inst, "w") == ["v", "u"]
    [task] = inst.person_tasks()
    inst.rewind(inst.earlier_person_tasks(task.id, NOTHING)[1].id)
    inst = bench.fresh(inst)
    assert (waiting(inst), len(inst.timers())) == (["u"], 1)
    assert inst.person_tasks()[0].data == {}
    complete(inst, "u", a=2)
    assert earlier(inst, "v") == ["u"]
    complete(inst, "v")
    complete(inst, "w")
    assert inst.completed
    assert inst.data() == {"a": 2}


def test_given_work_of_the_program_further_back_then_the_way_ends_before_it(bench: Bench) -> None:
    parts = (user("t"), service("x", "work"), user("u"), user("v"), chain("s", "t", "x", "u", "v", "e"))
    inst = bench.start(process("p", SE, *parts))
    complete(inst, "t")
    for call in inst.service_calls():
        inst.complete_service(call.id, None)
    complete(inst, "u")
    assert earlier(inst, "v") == ["u"]


def test_given_an_event_that_happened_beside_an_earlier_task_then_the_way_ends_before_it(bench: Bench) -> None:
    attached = boundary("b", "u", timer("timeDate", "workdays(5)"), interrupting=False) + user("late")
    parts = (user("u"), attached, user("v"), user("w"), chain("s", "u", "v", "w", "e"), chain("b", "late", "e"))
    inst = bench.start(process("p", SE, *parts))
    inst.fire(inst.timers()[0].id)
    complete(inst, "u")
    complete(inst, "v")
    assert earlier(inst, "w") == ["v"]
