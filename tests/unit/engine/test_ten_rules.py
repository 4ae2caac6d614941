"""The ten rules for living with SpiffWorkflow 3.2.0, each proved on our adapter."""

from __future__ import annotations

import zlib
from concurrent.futures import ThreadPoolExecutor

import orjson
import pytest

from service.engine import DEPTH_ALARM, StepFailed
from tests.unit.engine.diagrams import (
    FUNCTIONS,
    MESSAGE,
    SE,
    Bench,
    boundary,
    chain,
    complete,
    doc,
    el,
    flow,
    message,
    multi,
    problems,
    process,
    service,
    timer,
    user,
    waiting,
)


def test_rule_1_given_a_broken_expression_when_loaded_or_checked_then_it_is_found_before_any_token_arrives(
    bench: Bench,
) -> None:
    gate = el("exclusiveGateway", "g", default="f_g_e") + flow("g", "u", "score >") + flow("g", "e")
    broken = process("p", SE, gate, user("u"), chain("s", "g"), chain("u", "e"))
    [problem] = problems({"a.bpmn": doc(broken)})
    assert (problem.file, problem.element, problem.rule) == ("a.bpmn", "f_g_u", "feel_syntax")
    with pytest.raises(Exception, match="表达式"):
        bench.start(broken)


def test_rule_2_given_a_saved_instance_then_its_bytes_hold_no_diagram_and_parents_come_first(bench: Bench) -> None:
    inst = bench.start(process("p", SE, user("u1"), user("u2"), chain("s", "u1", "u2", "e")), who="张三")
    complete(inst, "u1", amount=5)
    blob = inst.dump()
    rows = orjson.loads(zlib.decompress(blob))["top"]["rows"]
    seen: set[object] = {None}
    for row in rows:
        assert row[1] in seen
        seen.add(row[0])
    assert len(blob) < 1000
    assert bench.fresh(inst).person_tasks()[0].data == {"who": "张三", "amount": 5}


def test_rule_3_given_one_definition_then_many_threads_run_their_instances_on_it(bench: Bench) -> None:
    loop = el("userTask", "v", multi("voters", "votes", item="voter", result="vote"))
    bench.start(process("p", SE, user("u"), loop, user("w"), chain("s", "u", "v", "w", "e")))

    def run(number: int) -> bool:
        inst = bench.engine.start("v1", "p", {}, bench.env())
        complete(inst, "u", voters=[number, number + 1])
        for item in (number, number + 1):
            inst = bench.engine.restore("v1", inst.dump(), bench.env())
            complete(inst, "v", item, vote=item)
        complete(inst, "w")
        return inst.completed and inst.data()["votes"] == [number, number + 1]

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(run, range(1, 200, 3)))


def test_rule_4_given_a_form_then_it_replaces_whole_values_and_history_keeps_its_own(bench: Bench) -> None:
    inst = bench.start(
        process("p", SE, user("u"), user("v"), chain("s", "u", "v", "e")),
        winners=["A", "B", "C"],
        unit={"name": "甲", "tier": 1},
    )
    complete(inst, "u", winners=["C"], unit={"name": "甲"})
    inst = bench.fresh(inst)
    [task] = inst.person_tasks()
    assert task.data == {"winners": ["C"], "unit": {"name": "甲"}}


def fork(*extra: str) -> str:
    return process(
        "p",
        SE,
        el("parallelGateway", "g"),
        el("parallelGateway", "j"),
        user("a"),
        user("b"),
        user("last"),
        *extra,
        chain("s", "g", "a", "j", "last", "e"),
        chain("g", "b", "j"),
    )


@pytest.mark.parametrize("order", ["ab", "ba"])
def test_rule_5_given_a_key_updated_in_one_branch_then_the_other_branch_does_not_bring_the_old_one_back(
    bench: Bench, order: str
) -> None:
    inst = bench.start(fork(), k="old", listed=[1, 2, 3], gone=1)
    for name in order:
        complete(inst, name, **({"k": "new", "listed": [3]} if name == "a" else {"b_key": 1}))
        inst = bench.fresh(inst)
    assert inst.person_tasks()[0].data == {"k": "new", "listed": [3], "gone": 1, "b_key": 1}


def test_rule_5_given_a_loop_around_a_fork_then_the_second_round_starts_from_the_first(bench: Bench) -> None:
    gate = el("exclusiveGateway", "m") + el("exclusiveGateway", "x", default="f_x_e") + flow("x", "m", "n < 2")
    body = process(
        "p",
        SE,
        gate,
        el("parallelGateway", "g"),
        el("parallelGateway", "j"),
        user("a"),
        user("b"),
        user("c"),
        chain("s", "m", "g", "a", "j", "c", "x", "e"),
        chain("g", "b", "j"),
    )
    inst = bench.start(body)
    for n in (1, 2):
        for name in ("a", "b") if n == 1 else ("b", "a"):
            complete(inst, name, **{f"{name}_key": n})
            inst = bench.fresh(inst)
            assert len(waiting(inst)) == 1
        assert waiting(inst) == ["c"]
        assert inst.person_tasks()[0].data["a_key"] == inst.person_tasks()[0].data["b_key"] == n
        complete(inst, "c", n=n)
    assert inst.completed


def test_rule_6_given_a_service_task_then_engine_steps_never_call_out_and_failing_is_retrying(bench: Bench) -> None:
    inst = bench.start(
        process("p", SE, user("u"), service("svc", "work", "r"), user("v"), chain("s", "u", "svc", "v", "e"))
    )
    complete(inst, "u")
    for _ in range(2):  # a handler that failed leaves it as it was
        inst = bench.fresh(inst)
        [call] = inst.service_calls()
    inst.complete_service(call.id, 1)
    assert waiting(inst) == ["v"]


def test_rule_8_given_two_due_timers_when_one_fires_then_exactly_that_one_and_everything_automatic_runs(
    bench: Bench,
) -> None:
    waits = el("intermediateCatchEvent", "t1", timer("timeDate", "date(&quot;2026-01-01&quot;)"))
    waits += el("intermediateCatchEvent", "t2", timer("timeDate", "date(&quot;2026-01-02&quot;)"))
    gate = el("exclusiveGateway", "x")
    inst = bench.start(
        process(
            "p",
            SE,
            el("parallelGateway", "g"),
            waits,
            gate,
            user("u1"),
            user("u2"),
            chain("s", "g", "t1", "x", "u1", "e"),
            chain("g", "t2", "u2", "e"),
        )
    )
    assert waiting(inst) == []  # nothing fires by itself, however late it is
    first, second = sorted(inst.timers(), key=lambda t: t.due)
    assert inst.fire(second.id)
    assert waiting(inst) == ["u2"]
    assert inst.fire(first.id)
    assert waiting(inst) == ["u1", "u2"]


def test_rule_9_given_events_nobody_catches_then_messages_come_out_and_the_rest_leaves_no_trace(bench: Bench) -> None:
    signal = '<bpmn:signal id="sig" name="stop"/>'
    throw = el("intermediateThrowEvent", "t", '<bpmn:signalEventDefinition signalRef="sig"/>')
    send = el("intermediateThrowEvent", "m", message())
    inst = bench.start(signal, MESSAGE, process("p", SE, throw, send, user("u"), chain("s", "t", "m", "u", "e")))
    assert [m.name for m in inst.thrown()] == ["withdraw"]
    assert inst.thrown() == ()


def loop_of(*between: str, limit: int) -> str:
    gate = el("exclusiveGateway", "m") + el("exclusiveGateway", "x", default="f_x_e")
    return process("p", SE, gate, *between, chain("s", "m"), flow("x", "m", f"n < {limit}"), flow("x", "e"))


def test_rule_10_given_a_long_loop_then_depth_says_so_long_before_tokens_get_lost(bench: Bench) -> None:
    inst = bench.start(loop_of(user("u"), chain("m", "u", "x"), limit=50))
    for n in range(1, 51):
        complete(inst, "u", n=n)
    assert inst.completed
    assert 150 < inst.depth < DEPTH_ALARM


def test_rule_10_given_an_automatic_loop_then_it_is_refused_and_stopped(bench: Bench) -> None:
    body = loop_of(el("intermediateThrowEvent", "z"), chain("m", "z", "x"), limit=5)
    assert "endless_loop" in {p.rule for p in problems({"a.bpmn": doc(body)})}
    with pytest.raises(StepFailed):
        bench.start(body, n=1)


def test_rule_10_given_another_version_then_an_instance_is_not_restored_on_it_by_accident(bench: Bench) -> None:
    inst = bench.start(process("p", SE, user("u"), user("v"), chain("s", "u", "v", "e")))
    blob = inst.dump()
    bench.start(process("p", SE, user("u"), user("w"), chain("s", "u", "w", "e")))
    with pytest.raises(StepFailed):  # moving is a procedure of its own
        bench.engine.restore("v1", blob, bench.env())


def test_given_a_non_interrupting_message_then_every_one_of_them_starts_its_branch_and_outlives_the_task(
    bench: Bench,
) -> None:
    asked = boundary("b", "u", message("question"), interrupting=False) + user("answer") + el("endEvent", "e2")
    inst = bench.start(MESSAGE, process("p", SE, user("u"), asked, chain("s", "u", "e"), chain("b", "answer", "e2")))
    for number in (1, 2, 3):
        assert inst.deliver("withdraw", {"no": number})
        inst = bench.fresh(inst)
    complete(inst, "u")
    inst = bench.fresh(inst)
    assert not inst.deliver("withdraw")
    assert [t.data["question"]["no"] for t in inst.person_tasks()] == [1, 2, 3]
    for _ in range(3):
        complete(inst, "answer")
    assert inst.completed
    assert FUNCTIONS.names >= {"workdays", "caldays", "years"}
