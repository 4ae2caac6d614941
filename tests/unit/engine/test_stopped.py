"""What cannot be decided or computed waits at its element with the reason, and goes on once it can be."""

from __future__ import annotations

import pytest
from SpiffWorkflow.bpmn.specs.control import BoundaryEventJoin

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
def test_given_what_was_unknown_is_supplied_then_the_gateway_goes_on_when_tried_again(bench: Bench, tag: str) -> None:
    inst = bench.start(asking("param.score > 60", tag=tag), n=1)
    complete(inst, "u")
    bench.variables = {"param": {"score": 70}}
    inst = bench.fresh(inst)
    [call] = inst.service_calls()
    inst.resume(call.id)
    assert (waiting(inst), inst.service_calls(), inst.person_tasks()[0].data) == (["hi"], (), {"n": 1})


@pytest.mark.parametrize("tag", ["exclusiveGateway", "inclusiveGateway"])
def test_given_the_gateway_says_so_then_null_alone_takes_the_default(bench: Bench, tag: str) -> None:
    inst = bench.start(asking("score > 60", MAY_BE_UNKNOWN, tag=tag))
    complete(inst, "u")
    assert inst.completed
    inst = bench.start(asking('"x"', MAY_BE_UNKNOWN, tag=tag))
    complete(inst, "u")
    assert stopped(inst)[0] == "g"


def test_given_no_condition_holds_and_no_default_then_our_words_say_so(bench: Bench) -> None:
    gate = el("exclusiveGateway", "g") + flow("g", "e", "1 = 2") + flow("g", "u", "1 = 3")
    inst = bench.start(process("p", SE, gate, user("u"), chain("s", "g"), chain("u", "e")))
    assert stopped(inst) == ("g", "没有一个条件成立，也没有默认分支")


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


def test_given_the_list_is_supplied_then_its_items_begin_when_tried_again(bench: Bench) -> None:
    inst = bench.start(process("p", SE, el("userTask", "many", multi("param.list")), chain("s", "many", "e")))
    bench.variables = {"param": {"list": ["a", "b"]}}
    inst = bench.fresh(inst)
    [call] = inst.service_calls()
    inst.resume(call.id)
    complete(inst, "many", "a")
    complete(inst, "many", "b")
    assert inst.completed


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


def test_given_the_day_is_supplied_then_the_timer_runs_when_tried_again(bench: Bench) -> None:
    wait = el("intermediateCatchEvent", "t", timer("timeDate", "param.day"))
    inst = bench.start(process("p", SE, wait, chain("s", "t", "e")))
    bench.variables = {"param": {"day": "2026-03-09"}}
    inst = bench.fresh(inst)
    inst.resume(inst.service_calls()[0].id)
    assert [t.due.isoformat() for t in inst.timers()] == ["2026-03-09T16:00:00+00:00"]


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


def test_given_a_loop_through_a_timer_that_nothing_ends_then_it_pauses_and_says_so(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timers, "MOST_FIRED", 20)
    catch = el("intermediateCatchEvent", "t", timer("timeDuration", 'duration("PT1S")'))
    gate = el("exclusiveGateway", "g", default="f_g_t") + flow("g", "e", "done = true") + flow("g", "t")
    inst = bench.start(process("p", SE, catch, gate, chain("s", "t", "g")))
    fired = 0
    while due := inst.timers():
        inst.fire(due[0].id)
        inst = bench.fresh(inst)
        fired += 1
    assert fired == 20
    [call] = inst.service_calls()
    assert call.element_id == "t"
    inst.resume(call.id)
    assert len(inst.timers()) == 1


def test_given_hundreds_of_occurrences_of_one_timer_then_each_fires_at_once(bench: Bench) -> None:
    attached = boundary("b", "u", timer("timeCycle", '"R/PT1H"'), interrupting=False) + el("endEvent", "e2")
    inst = bench.start(process("p", SE, user("u"), attached, chain("s", "u", "e"), chain("b", "e2")))
    checks = 0
    threshold = BoundaryEventJoin._check_threshold_structured

    def counted(spec: BoundaryEventJoin, task: object) -> object:
        nonlocal checks
        checks += 1
        return threshold(spec, task)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BoundaryEventJoin, "_check_threshold_structured", counted)
        for _ in range(100):
            inst.fire(inst.timers()[0].id)
    assert checks < 1000
    complete(inst, "u")
    assert inst.completed
