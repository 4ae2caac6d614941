"""What cannot be decided or computed waits at its element with the reason, and goes on once it can be."""

from __future__ import annotations

import pytest

from service.engine import RESUMED, Instance, Stopped, timers
from tests.unit.engine.diagrams import (
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
    timer,
    user,
    waiting,
)

MAY_BE_UNKNOWN = ext(
    '<spiffworkflow:properties><spiffworkflow:property name="unknown" value="default"/></spiffworkflow:properties>'
)


def asking(condition: str, *inner: str, tag: str = "exclusiveGateway") -> str:
    gate = el(tag, "g", *inner, default="f_g_e") + flow("g", "hi", condition) + flow("g", "e")
    return process("p", SE, user("u"), gate, user("hi"), chain("s", "u", "g"), chain("hi", "e"))


def stopped(inst: Instance) -> tuple[str, str]:
    """Return where the only stop is, and what is said when it is tried again."""
    [call] = inst.service_calls()
    assert call.operation == RESUMED
    with pytest.raises(Stopped) as caught:
        inst.resume(call.id)
    return call.element_id, caught.value.message.zh


@pytest.mark.parametrize("tag", ["exclusiveGateway", "inclusiveGateway"])
@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ('"accept"', ['“"accept"”', "得到“accept”"]),
        ("count([1, 2])", ["“count([1, 2])”", "得到“2”"]),
        ("score > 60", ["“score > 60”", "“score”没有值"]),
        ("score != 60", ["“score != 60”", "“score”没有值"]),
        ('1 < "a"', ["种类不同"]),
        ("[1..3]", ["得到“[1..3]”"]),
    ],
)
def test_given_a_condition_that_is_neither_true_nor_false_then_the_gateway_waits_and_says_why(
    bench: Bench, tag: str, condition: str, words: list[str]
) -> None:
    inst = bench.start(asking(condition, tag=tag))
    complete(inst, "u")
    inst = bench.fresh(inst)
    element, said = stopped(inst)
    assert (element, inst.completed, waiting(inst)) == ("g", False, [])
    assert [word for word in words if word not in said] == []


@pytest.mark.parametrize("tag", ["exclusiveGateway", "inclusiveGateway"])
def test_given_the_gateway_says_so_then_null_alone_takes_the_default(bench: Bench, tag: str) -> None:
    for condition in ("score > 60", "score != 60"):
        inst = bench.start(asking(condition, MAY_BE_UNKNOWN, tag=tag))
        complete(inst, "u")
        assert inst.completed
    inst = bench.start(asking('"x"', MAY_BE_UNKNOWN, tag=tag))
    complete(inst, "u")
    assert stopped(inst)[0] == "g"


@pytest.mark.parametrize("sequential", [False, True])
@pytest.mark.parametrize(
    ("collection", "words"),
    [("[1..3]", "得到“[1..3]”，不是列表"), ('"abc"', "得到“abc”，不是列表"), ("nobody", "没有值"), ("-1", "不是列表"),
     ("[[1..3]]", "不是列表")],
)  # fmt: skip
def test_given_work_over_what_is_no_list_then_that_step_waits_and_says_so(
    bench: Bench, collection: str, words: str, sequential: bool
) -> None:
    many = el("userTask", "many", multi(collection, sequential=sequential))
    inst = bench.start(process("p", SE, user("u"), many, chain("s", "u", "many", "e")))
    complete(inst, "u")
    element, said = stopped(bench.fresh(inst))
    assert element == "many"
    assert words in said


def test_given_a_completion_condition_that_is_unknown_then_items_go_on_and_the_stop_is_told(bench: Bench) -> None:
    many = el("userTask", "many", multi('["a", "b", "c"]', condition="nrOfCompletedInstances &gt;= param.enough"))
    inst = bench.start(process("p", SE, many, chain("s", "many", "e")))
    complete(inst, "many", "a")
    inst = bench.fresh(inst)
    element, said = stopped(inst)
    assert (element, waiting(inst)) == ("many", ["many", "many"])
    assert "“param.enough”没有值" in said
    bench.variables = {"param": {"enough": 1}}
    inst = bench.fresh(inst)
    inst.resume(inst.service_calls()[0].id)
    assert inst.completed


@pytest.mark.parametrize(
    ("kind", "text", "words"),
    [
        ("timeDate", "null", "没有得出时刻"),
        ("timeDate", "unknown", "所用的日期或者天数还没有"),
        ("timeDate", '"2026年3月31日"', "得到“2026年3月31日”"),
        ("timeDuration", "5", "得到“5”"),
        ("timeCycle", '"0 0 9 * * MON-FRI"', "间隔至少1小时"),
        ("timeCycle", '"R3/2026-01-31T10:00:00+08:00/P1M"', "间隔至少1小时"),
        ("timeCycle", '"R0/P1D"', "至少1次"),
        ("timeCycle", '"R/PT0S"', "间隔至少1小时"),
        ("timeCycle", '"R/PT1S"', "间隔至少1小时"),
    ],
)
def test_given_a_timer_that_is_no_time_then_the_task_can_be_done_and_the_stop_is_told(
    bench: Bench, kind: str, text: str, words: str
) -> None:
    attached = boundary("b", "u", timer(kind, text), interrupting=False) + user("late")
    drawn = process("p", SE, user("u"), attached, chain("s", "u", "e"), chain("b", "late", "e"))
    inst = bench.fresh(bench.start(drawn))
    element, said = stopped(inst)
    assert (element, waiting(inst), inst.timers()) == ("b", ["u"], ())
    assert words in said
    complete(inst, "u")
    assert inst.completed


def test_given_a_timer_that_repeats_for_ever_then_it_pauses_and_says_so(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timers, "MOST_FIRED", 20)
    attached = boundary("b", "u", timer("timeCycle", '"R/PT1H"'), interrupting=False) + el("endEvent", "e2")
    inst = bench.start(process("p", SE, user("u"), attached, chain("s", "u", "e"), chain("b", "e2")))
    fired = 0
    while due := inst.timers():
        inst.fire(due[0].id)
        fired += 1
    assert fired == 20
    [call] = inst.service_calls()
    assert (call.element_id, waiting(inst)) == ("b", ["u"])
    inst.resume(call.id)
    assert len(inst.timers()) == 1
