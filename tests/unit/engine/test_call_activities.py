"""Call activities, work items and interruptions: what goes in, what comes out, what an interruption keeps."""

from __future__ import annotations

import pytest

from service.engine import RESUMED, Instance, Stopped
from tests.unit.engine.diagrams import (
    ERROR,
    ERROR_CAUGHT,
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


def called(*elements: str, outputs: str = "", pid: str = "q") -> str:
    ids = ("qs", "qe")
    return process(pid, el("startEvent", ids[0]), el("endEvent", ids[1]), *elements, outputs=outputs)


def call(eid: str, *inner: str, target: str = "q") -> str:
    return el("callActivity", eid, *inner, calledElement=target)


def test_given_a_call_then_everything_is_visible_inside_and_only_declared_keys_come_out(bench: Bench) -> None:
    inner = called(user("work"), chain("qs", "work", "qe"), outputs="verdict, absent")
    inst = bench.start(process("p", SE, call("c"), user("after"), chain("s", "c", "after", "e")), inner, a=1, verdict=0)
    inst = bench.fresh(inst)
    [task] = inst.person_tasks()
    assert (task.process_id, task.call_path, task.data) == ("q", ("c",), {"a": 1, "verdict": 0})
    complete(inst, "work", a=99, verdict="ok", scratch=True)
    inst = bench.fresh(inst)
    assert inst.person_tasks()[0].data == {"a": 1, "verdict": "ok"}
    complete(inst, "after")
    assert inst.completed
    assert inst.visited()["q", "work"] == 1


def test_given_calls_in_parallel_branches_then_neither_overwrites_the_other_with_its_old_copy(bench: Bench) -> None:
    one = called(user("one"), chain("qs", "one", "qe"), outputs="k", pid="q1")
    two = called(user("two"), chain("qs", "two", "qe"), outputs="other", pid="q2")
    fork = el("parallelGateway", "g") + el("parallelGateway", "j") + call("c1", target="q1") + call("c2", target="q2")
    flows = chain("s", "g", "c1", "j", "after", "e") + chain("g", "c2", "j")
    for order in (("one", "two"), ("two", "one")):
        inst = bench.start(process("p", SE, fork, user("after"), flows), one, two, k=["old", "list"])
        for name in order:
            complete(inst, name, **({"k": ["new"]} if name == "one" else {"other": 1}))
            inst = bench.fresh(inst)
        assert inst.person_tasks()[0].data == {"k": ["new"], "other": 1}


WITHDRAWABLE = (
    MESSAGE,
    process(
        "p",
        SE,
        call("c"),
        boundary("w", "c", message("why")),
        user("closed"),
        el("endEvent", "e2"),
        chain("s", "c", "e"),
        chain("w", "closed", "e2"),
    ),
)


def withdrawable(bench: Bench) -> Instance:
    inner = called(
        el("parallelGateway", "g"),
        user("a"),
        service("b", "work"),
        call("deep", target="r"),
        boundary("t", "a", timer("timeDate", "workdays(3)")),
        el("intermediateCatchEvent", "m", message()),
        chain("qs", "g", "a", "qe"),
        chain("g", "b", "qe"),
        chain("g", "m", "qe"),
        chain("g", "deep", "qe"),
        chain("t", "qe"),
        outputs="verdict",
    )
    deepest = called(
        user("d"),
        boundary("td", "d", timer("timeDate", "workdays(9)")),
        chain("qs", "d", "qe"),
        chain("td", "qe"),
        pid="r",
    )
    return bench.start(*WITHDRAWABLE, inner, deepest)


def test_given_a_boundary_message_on_a_call_when_it_comes_then_the_whole_procedure_ends(bench: Bench) -> None:
    inst = bench.fresh(withdrawable(bench))
    assert len(inst.timers()) == 2
    complete(inst, "d", verdict="lost")
    inst = bench.fresh(inst)
    # the inner catcher has waited as long as the boundary; the boundary was there first
    assert inst.deliver("withdraw", {"by": "applicant"})
    inst = bench.fresh(inst)
    assert waiting(inst) == ["closed"]
    assert inst.person_tasks()[0].data == {"why": {"by": "applicant"}}
    assert (inst.timers(), inst.service_calls(), inst.message_waits()) == ((), (), ())
    complete(inst, "closed")
    assert inst.completed
    assert inst.ends() == ("e2",)
    assert inst.visited()["p", "c"] == 1


VOTERS = ["m1", "m2", "m3"]


def reviewed(*inner: str, attached: str) -> str:
    return process(
        "p",
        SE,
        user("before"),
        *inner,
        attached,
        user("late"),
        user("after"),
        chain("s", "before", "v", "after", "e"),
        chain("t", "late", "e"),
    )


@pytest.mark.parametrize("shape", ["user task", "call activity"])
def test_given_parallel_items_with_a_deadline_when_it_fires_then_the_finished_items_are_kept(
    bench: Bench, shape: str
) -> None:
    loop = multi("voters", "votes", item="voter", result="vote")
    attached = boundary("t", "v", timer("timeDate", "workdays(3)"))
    if shape == "user task":
        roots = (reviewed(el("userTask", "v", loop), attached=attached),)
    else:
        inner = called(
            user("v2"),
            boundary("t2", "v2", timer("timeDate", "workdays(9)"), interrupting=False),
            el("endEvent", "x"),
            chain("qs", "v2", "qe"),
            chain("t2", "x"),
            outputs="vote",
        )
        roots = (reviewed(call("v", loop), attached=attached), inner)
    element = "v" if shape == "user task" else "v2"
    inst = bench.fresh(bench.start(*roots))
    complete(inst, "before", voters=VOTERS)
    inst = bench.fresh(inst)
    assert [t.loop_item for t in inst.person_tasks()] == VOTERS
    complete(inst, element, "m3", vote="yes")
    inst = bench.fresh(inst)
    complete(inst, element, "m1", vote="no")
    inst = bench.fresh(inst)
    assert inst.fire(next(t.id for t in inst.timers() if t.element_id == "t"))
    assert (waiting(inst), inst.timers()) == (["late"], ())
    inst = bench.fresh(inst)
    assert inst.person_tasks()[0].data == {"voters": VOTERS, "votes": ["no", "yes"]}
    complete(inst, "late")
    assert inst.completed


@pytest.mark.parametrize("shape", ["user task", "call activity"])
def test_given_parallel_items_when_all_are_done_then_results_stand_in_the_order_of_the_collection(
    bench: Bench, shape: str
) -> None:
    loop = multi("voters", "votes", item="voter", result="vote")
    attached = boundary("t", "v", timer("timeDate", "workdays(3)"), interrupting=False)
    activity = el("userTask", "v", loop) if shape == "user task" else call("v", loop)
    element = "v" if shape == "user task" else "v2"
    inst = bench.start(
        reviewed(activity, attached=attached), called(user("v2"), chain("qs", "v2", "qe"), outputs="vote")
    )
    complete(inst, "before", voters=VOTERS)
    inst = bench.fresh(inst)
    assert inst.fire(inst.timers()[0].id)
    for voter in ("m2", "m3", "m1"):
        inst = bench.fresh(inst)
        complete(inst, element, voter, vote=f"{voter}!")
    inst = bench.fresh(inst)
    assert waiting(inst) == ["after", "late"]
    [after] = [t for t in inst.person_tasks() if t.element_id == "after"]
    assert after.data == {"voters": VOTERS, "votes": ["m1!", "m2!", "m3!"]}
    assert inst.visited()["p", "v"] == 1
    assert inst.visited()["p", "after"] == 1, "what follows the items directly counts as well"


@pytest.mark.parametrize("sequential", [False, True])
@pytest.mark.parametrize("condition", ["count(votes) = 2", "nrOfCompletedInstances = 2"])
def test_given_a_completion_condition_then_it_sees_the_results_and_the_counters(
    bench: Bench, sequential: bool, condition: str
) -> None:
    loop = multi("voters", "votes", result="vote", condition=condition, sequential=sequential)
    inst = bench.start(
        process("p", SE, el("userTask", "v", loop), user("after"), chain("s", "v", "after", "e")), voters=VOTERS
    )
    complete(inst, "v", "m1", vote=1)
    inst = bench.fresh(inst)
    assert "after" not in waiting(inst)
    complete(inst, "v", "m2", vote=2)
    assert waiting(inst) == ["after"]
    assert inst.person_tasks()[0].data["votes"] == [1, 2]


@pytest.mark.parametrize("sequential", [False, True])
@pytest.mark.parametrize("voters", [[], {}, 0])
def test_given_an_empty_collection_nobody_spoke_of_then_the_step_fails(
    bench: Bench, voters: object, sequential: bool
) -> None:
    loop = multi("voters", "votes", result="vote", sequential=sequential)
    diagram = process("p", SE, el("userTask", "v", loop), user("after"), chain("s", "v", "after", "e"))
    inst = bench.fresh(bench.start(diagram, voters=voters))
    [stopped] = inst.service_calls()
    assert (stopped.element_id, stopped.operation, waiting(inst)) == ("v", RESUMED, [])
    with pytest.raises(Stopped, match="may_be_empty"):
        inst.resume(stopped.id)


def test_given_an_error_end_in_a_called_process_then_only_the_nearest_boundary_catches_it(bench: Bench) -> None:
    inner = called(user("work"), el("endEvent", "bad", ERROR_CAUGHT), chain("qs", "work", "bad"))
    fork = el("parallelGateway", "g") + "".join(
        call(c)
        + boundary(f"b{c}", c, ERROR_CAUGHT)
        + user(f"fix{c}")
        + user(f"ok{c}")
        + chain("g", c, f"ok{c}", "e")
        + chain(f"b{c}", f"fix{c}", "e")
        for c in ("c1", "c2")
    )
    inst = bench.fresh(bench.start(ERROR, process("p", SE, fork, chain("s", "g")), inner))
    [first, _] = inst.person_tasks()
    inst.complete_person(first.id, {})
    inst = bench.fresh(inst)
    assert waiting(inst) == [f"fix{first.call_path[0]}", "work"]
