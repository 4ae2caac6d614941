"""Call activities, subprocesses and what migrates."""

from __future__ import annotations

import pytest

from service.engine import RESUMED, CannotMove, Instance, Stopped
from tests.unit.engine.diagrams import (
    ERROR,
    ERROR_CAUGHT,
    MESSAGE,
    SE,
    Bench,
    boundary,
    chain,
    complete,
    doc,
    el,
    ext,
    flow,
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


# Embedded subprocesses, terminate ends, error payloads and correlated messages.


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


# Rule 10: moving running instances to another version, only where they cannot notice.


INNER = process("q", el("startEvent", "qs"), user("work"), el("endEvent", "qe"), chain("qs", "work", "qe"), outputs="k")


def review(
    *steps: str, deadline: str = "workdays(10)", voters: str = "voters", inner: str = INNER, extra: str = ""
) -> dict[str, bytes]:
    """s -> u1 -> v (parallel items with a reminder) -> c (call) -> steps -> e."""
    attached = boundary("b", "v", timer("timeDate", deadline), interrupting=False) + user("late") + el("endEvent", "e2")
    loop = el("userTask", "v", multi(voters, "votes", result="vote"))
    body = process(
        "p",
        SE,
        user("u1"),
        loop,
        attached,
        el("callActivity", "c", calledElement="q"),
        extra,
        *(user(step) for step in steps),
        chain("s", "u1", "v", "c", *steps, "e"),
        chain("b", "late", "e2"),
    )
    return {"main.bpmn": doc(body), "inner.bpmn": doc(inner)}


def in_flight(bench: Bench) -> Instance:
    bench.engine.load("old", review("u4", "u5"))
    inst = bench.engine.start("old", "p", {"voters": ["a", "b"]}, bench.env())
    complete(inst, "u1")
    complete(inst, "v", "a", vote=1)
    return inst


@pytest.mark.parametrize("steps", [("u4", "u5"), ("new", "u4", "u5"), ("u5",), ()])
def test_given_changes_ahead_then_the_instance_moves_with_timers_items_and_data(
    bench: Bench, steps: tuple[str, ...]
) -> None:
    inst = in_flight(bench)
    due = inst.timers()[0].due
    longer = INNER.replace(chain("qs", "work", "qe"), user("more") + chain("qs", "work", "more", "qe"))
    bench.engine.load("new", review(*steps, inner=longer))
    assert bench.engine.obstacles("old", "new", inst.dump()) == ()
    moved = bench.engine.restore("new", bench.engine.move("old", "new", inst.dump()), bench.env())
    assert [t.due for t in moved.timers()] == [due]
    complete(moved, "v", "b", vote=2)
    for step in ("work", "more", *steps):
        assert waiting(moved) == [step]
        complete(moved, step, k=1)
    assert moved.completed
    assert moved.data()["votes"] == [1, 2]


@pytest.mark.parametrize(("change", "element"), [
    (review("u4", "u5", deadline="workdays(5)"), "b"),
    (review("u4", "u5", voters="others"), "v"),
    ({"main.bpmn": review("u4", "u5")["main.bpmn"].replace(b'"u1"', b'"u1x"').replace(b"s_u1", b"s_u1x"),
      "inner.bpmn": doc(INNER)}, "u1"),
    (review("u4", "u5", extra=boundary("b2", "v", timer("timeDate", "workdays(1)")) + chain("b2", "e")), "v"),
])  # fmt: skip
def test_given_changes_to_what_was_reached_then_the_move_is_refused_with_the_element(
    bench: Bench, change: dict[str, bytes], element: str
) -> None:
    inst = in_flight(bench)
    bench.engine.load("new", change)
    assert element in {found.element_id for found in bench.engine.obstacles("old", "new", inst.dump())}
    with pytest.raises(CannotMove):
        bench.engine.move("old", "new", inst.dump())


def test_given_an_instance_inside_a_called_process_then_what_lies_ahead_there_may_change(bench: Bench) -> None:
    inst = in_flight(bench)
    complete(inst, "v", "b", vote=2)
    assert waiting(inst) == ["work"]
    longer = INNER.replace(chain("qs", "work", "qe"), user("more") + chain("qs", "work", "more", "qe"))
    bench.engine.load("new", review("u4", "u5", inner=longer))
    moved = bench.engine.restore("new", bench.engine.move("old", "new", inst.dump()), bench.env())
    complete(moved, "work")
    assert waiting(moved) == ["more"]
    bench.engine.load("gone", review("u4", "u5", inner=INNER.replace('"work"', '"other"').replace("s_work", "s_other")))
    assert [o.element_id for o in bench.engine.obstacles("old", "gone", inst.dump())] == ["qs", "work"]


def branched(*branches: tuple[str, ...]) -> dict[str, bytes]:
    """s -> u1 -> the branches, beside each other where there are several -> e."""
    steps = [user(step) for branch in branches for step in branch]
    if len(branches) == 1:
        return {"main.bpmn": doc(process("p", SE, user("u1"), *steps, chain("s", "u1", *branches[0], "e")))}
    gateways = el("parallelGateway", "fork") + el("parallelGateway", "join")
    flows = [chain("fork", *branch, "join") for branch in branches]
    drawn = process("p", SE, user("u1"), *steps, gateways, chain("s", "u1", "fork"), *flows, chain("join", "e"))
    return {"main.bpmn": doc(drawn)}


@pytest.mark.parametrize(("old", "new", "done"), [
    (branched(("u2", "u3")), branched(("u2", "u3"), ("follow",)), ("u1",)),
    (branched(("u2", "u3")), branched(("u2", "u3"), ("follow",)), ("u1", "u2")),
    (branched(("u2",), ("u3",)), branched(("u2",), ("u3",), ("follow",)), ("u1",)),
    (branched(("u2",), ("u3",)), branched(("u2",), ("u3",), ("follow",)), ("u1", "u2")),
])  # fmt: skip
def test_given_a_branch_drawn_beside_where_an_instance_stands_then_it_does_not_move_and_waits_at_no_join(
    bench: Bench, old: dict[str, bytes], new: dict[str, bytes], done: tuple[str, ...]
) -> None:
    bench.engine.load("old", old)
    bench.engine.load("new", new)
    inst = bench.engine.start("old", "p", {}, bench.env())
    assert bench.engine.obstacles("old", "new", inst.dump()) == ()
    for step in done:
        complete(inst, step)
    assert bench.engine.obstacles("old", "new", inst.dump())[0].element_id in {"u1", "fork"}
    with pytest.raises(CannotMove):
        bench.engine.move("old", "new", inst.dump())
