"""An instance from its first wait to its end: people, services, gateways, timers, messages, errors."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from service.engine import BadData
from tests.unit.engine.diagrams import (
    ERROR,
    ERROR_CAUGHT,
    MESSAGE,
    MONDAY,
    SE,
    Bench,
    boundary,
    chain,
    complete,
    el,
    flow,
    message,
    process,
    service,
    timer,
    user,
    waiting,
)


def test_given_a_form_when_it_is_submitted_then_the_gateway_routes_by_it(bench: Bench) -> None:
    gate = el("exclusiveGateway", "g", default="f_g_e") + flow("g", "hi", "score > param.cut") + flow("g", "e")
    bench.variables = {"param": {"cut": 60}}
    inst = bench.start(process("p", SE, user("u"), gate, user("hi"), chain("s", "u", "g"), chain("hi", "e")))
    complete(inst, "u", score=Decimal("60.5"), param={"cut": 99})  # frozen values win over token data
    inst = bench.fresh(inst)
    assert waiting(inst) == ["hi"]
    complete(inst, "hi")
    assert inst.completed
    assert inst.ends() == ("e",)
    assert inst.data()["score"] == 60.5
    assert inst.visited() == {("p", x): 1 for x in ("s", "u", "g", "hi", "e")}


@pytest.mark.parametrize("bad", [{"typename": 1}, {"a": [{"typename": 1}]}, {"a": object()}, {"a": float("nan")}])
def test_given_data_that_cannot_be_kept_when_submitted_then_it_is_refused(bench: Bench, bad: dict[str, object]) -> None:
    inst = bench.start(process("p", SE, user("u"), chain("s", "u", "e")))
    with pytest.raises(BadData):
        complete(inst, "u", **bad)


def test_given_workdays_when_the_timer_starts_then_it_is_due_at_their_end_and_says_why(bench: Bench) -> None:
    wait = el("intermediateCatchEvent", "t", timer("timeDate", "workdays(param.days)"))
    bench.variables = {"param": {"days": 5}}
    inst = bench.start(process("p", SE, wait, user("after"), chain("s", "t", "after", "e")))
    [found] = inst.timers()
    assert found.due == datetime(2026, 3, 9, 16, tzinfo=UTC)  # 24:00 of Monday the 9th in Shanghai
    assert found.window is not None
    assert found.window.ends_at == found.due
    assert found.interrupting is None
    inst = bench.fresh(inst)
    [found] = inst.timers()
    assert (found.due, found.window) == (datetime(2026, 3, 9, 16, tzinfo=UTC), None)
    assert inst.fire(found.id)
    assert waiting(inst) == ["after"]
    assert not inst.fire(found.id)


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ('duration("P10D")', MONDAY + timedelta(days=10)),
        ('duration("P1M")', datetime(2026, 4, 2, 1, tzinfo=UTC)),
        ('date("2026-03-09")', datetime(2026, 3, 9, 16, tzinfo=UTC)),
        ('date and time("2026-03-09T17:00:00")', datetime(2026, 3, 9, 9, tzinfo=UTC)),
        ("when", datetime(2026, 3, 9, 9, tzinfo=UTC)),
    ],
)
def test_given_any_way_to_write_time_then_the_timer_is_due_in_utc(bench: Bench, text: str, due: datetime) -> None:
    wait = el("intermediateCatchEvent", "t", timer("timeDate", text.replace('"', "&quot;")))
    inst = bench.start(process("p", SE, wait, chain("s", "t", "e")), when="2026-03-09T17:00:00+08:00")
    assert [t.due for t in inst.timers()] == [due]


def test_given_a_reminder_on_a_list_of_instants_then_each_comes_once(bench: Bench) -> None:
    attached = boundary("b", "u", timer("timeCycle", "[workdays(5), workdays(2)]"), interrupting=False)
    tail = (user("u"), attached, el("endEvent", "e2"), chain("s", "u", "e"), chain("b", "e2"))
    inst = bench.start(process("p", SE, *tail))
    days = []
    while inst.timers():
        [found] = inst.timers()
        days.append(found.due.day)
        inst.fire(found.id)
    assert days == [4, 9]
    assert waiting(inst) == ["u"]


def event_gateway() -> str:
    events = el("intermediateCatchEvent", "t", timer("timeDate", "workdays(5)"))
    events += el("intermediateCatchEvent", "m", message("answer"))
    tails = user("late") + user("answered") + chain("g", "t", "late", "e") + chain("g", "m", "answered", "e")
    return process("p", SE, el("eventBasedGateway", "g"), flow("s", "g"), events, tails)


def test_given_an_event_gateway_when_its_timer_fires_or_its_message_comes_then_that_branch_goes_on(
    bench: Bench,
) -> None:
    inst = bench.fresh(bench.start(MESSAGE, event_gateway()))
    assert [w.name for w in inst.message_waits()] == ["withdraw"]
    assert inst.fire(inst.timers()[0].id)
    inst = bench.fresh(inst)
    assert waiting(inst) == ["late"]
    inst = bench.fresh(bench.start(MESSAGE, event_gateway()))
    assert inst.deliver("withdraw", {"why": "x"})
    inst = bench.fresh(inst)
    assert waiting(inst) == ["answered"]
    assert inst.person_tasks()[0].data == {"answer": {"why": "x"}}
    assert inst.timers() == ()


def test_given_thrown_messages_then_they_are_drained_once_and_saved_undrained(bench: Bench) -> None:
    throw = el("intermediateThrowEvent", "t", message(payload="{no: 1 + 1, day: date(&quot;2026-03-02&quot;)}"))
    send = el("sendTask", "st", message(payload="{no: 3}"))
    end = el("endEvent", "me", message())
    inst = bench.start(MESSAGE, process("p", el("startEvent", "s"), throw, send, end, chain("s", "t", "st", "me")))
    inst = bench.fresh(inst)
    sent = [(m.name, m.payload, m.element_id) for m in inst.thrown()]
    assert sent == [
        ("withdraw", {"no": 2, "day": "2026-03-02"}, "t"),
        ("withdraw", {"no": 3}, "st"),
        ("withdraw", {}, "me"),
    ]
    assert inst.thrown() == ()
    assert inst.completed


def test_given_a_message_that_somebody_inside_awaits_then_it_stays_inside(bench: Bench) -> None:
    fork = el("parallelGateway", "g") + el("intermediateCatchEvent", "m", message("got"))
    throw = el("intermediateThrowEvent", "t", message(payload="{no: 1}"))
    parts = (fork, throw, user("after"), chain("s", "g", "m", "after", "e"), chain("g", "t", "e"))
    inst = bench.start(MESSAGE, process("p", SE, *parts))
    assert inst.person_tasks()[0].data == {"got": {"no": 1}}
    assert inst.thrown() == ()


def test_given_an_error_boundary_when_a_handler_raises_then_the_nearest_catches_it(bench: Bench) -> None:
    branches = "".join(
        service(x, "work")
        + boundary(f"b{x}", x, ERROR_CAUGHT)
        + user(f"fix{x}")
        + chain("g", x, "e")
        + chain(f"b{x}", f"fix{x}", "e")
        for x in "xy"
    )
    inst = bench.start(ERROR, process("p", SE, el("parallelGateway", "g"), chain("s", "g"), branches))
    inst = bench.fresh(inst)
    [x, y] = sorted(inst.service_calls(), key=lambda call: call.element_id)
    assert not inst.raise_error(x.id, "OTHER")
    assert inst.raise_error(x.id, "REJECTED", {"why": "late"})
    assert waiting(inst) == ["fixx"]
    assert [call.id for call in inst.service_calls()] == [y.id]
