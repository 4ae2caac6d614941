"""Rule 10: moving running instances to another version, only where they cannot notice."""

from __future__ import annotations

import pytest

from service.engine import CannotMove, Instance
from tests.unit.engine.diagrams import (
    SE,
    Bench,
    boundary,
    chain,
    complete,
    doc,
    el,
    multi,
    process,
    timer,
    user,
    waiting,
)

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
