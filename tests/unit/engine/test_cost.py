"""What an instance costs to keep, and that many at once are none too many."""

from __future__ import annotations

import gc
import logging
import weakref

import pytest

from service.engine.engine import CACHE_SIZE
from tests.unit.engine.diagrams import (
    FUNCTIONS,
    SE,
    Bench,
    boundary,
    chain,
    complete,
    doc,
    el,
    flow,
    multi,
    problems,
    process,
    timer,
    user,
    waiting,
)


def test_given_eight_nodes_then_a_step_is_kept_in_less_than_two_kilobytes(bench: Bench) -> None:
    gate = el("exclusiveGateway", "g", default="f_g_u3") + el("exclusiveGateway", "m")
    late = boundary("b", "u2", timer("timeDate", "workdays(10)"))
    inst = bench.start(
        process(
            "p",
            SE,
            *(user(f"u{n}") for n in range(1, 5)),
            gate,
            late,
            chain("s", "u1", "u2", "g"),
            flow("g", "u3"),
            flow("g", "m", "skip"),
            chain("u3", "m", "u4", "e"),
            chain("b", "e"),
        )
    )
    complete(inst, "u1", skip=False, applicant={"name": "张三", "unit": "某某单位", "score": 87.5})
    assert len(inst.dump()) < 2000


def test_given_hundreds_of_called_procedures_at_once_then_none_is_lost(bench: Bench) -> None:
    call = el("callActivity", "c", multi("ids", "results", item="id"), calledElement="q")
    inner = process(
        "q", el("startEvent", "qs"), user("work"), el("endEvent", "qe"), chain("qs", "work", "qe"), outputs="result"
    )
    main = process(
        "p",
        SE,
        el("parallelGateway", "f"),
        el("parallelGateway", "j"),
        call,
        user("beside"),
        user("after"),
        chain("s", "f", "c", "j", "after", "e"),
        chain("f", "beside", "j"),
    )
    ids = list(range(1200))
    inst = bench.start(main, inner, ids=ids)
    for number in (0, 1199, 600):
        complete(inst, "work", number, result=-number)
    inst = bench.fresh(inst)
    complete(inst, "work", 5, result=5)
    complete(inst, "beside")
    assert len(inst.person_tasks()) == 1196
    inst.terminate()
    assert waiting(inst) == []
    assert bench.fresh(inst).completed
    assert not problems({"a.bpmn": doc(main), "b.bpmn": doc(inner)})
    assert FUNCTIONS.names


def test_given_a_full_cache_then_what_falls_out_is_freed_at_once(bench: Bench) -> None:
    """Tokens and their processes hold each other: a server kept thousands of them until its collector looked that far."""
    inside = process("q", el("startEvent", "qs"), user("w"), el("endEvent", "qe"), chain("qs", "w", "qe"))
    call = el("callActivity", "c", calledElement="q")
    first = bench.start(process("p", SE, user("u"), call, chain("s", "u", "c", "e")), inside)
    complete(first, "u")
    first.evaluate("1 + 1", {})
    states = [first.dump()]
    held = [weakref.ref(workflow) for workflow in (first._workflow, *first._workflow.subprocesses.values())]
    gc.disable()
    try:
        bench.engine.cache("v1", states[0], first)
        del first
        for number in range(CACHE_SIZE):
            later = bench.engine.start("v1", "p", {"number": number}, bench.env())
            bench.engine.cache("v1", later.dump(), later)
        assert [workflow() for workflow in held] == [None, None]
    finally:
        gc.enable()
    assert waiting(bench.engine.restore_cached("v1", states[0], bench.env())) == ["w"]


def test_what_an_instance_was_evaluated_in_is_freed_at_once(bench: Bench) -> None:
    instance = bench.start(process("p", SE, user("u"), chain("s", "u", "e")))
    before = weakref.ref(instance._scripts)
    gc.disable()
    try:
        instance.resume_in(bench.env())
        assert before() is None
    finally:
        gc.enable()


def test_no_lines_are_put_together_for_the_log_of_the_library(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    inside = process("q", el("startEvent", "qs"), user("w"), el("endEvent", "qe"), chain("qs", "w", "qe"))
    call = el("callActivity", "c", calledElement="q")
    instance = bench.start(process("p", SE, user("u"), call, chain("s", "u", "c", "e")), inside)
    with caplog.at_level(logging.INFO, logger="spiff.task"):
        complete(instance, "u")
        complete(bench.fresh(instance), "w")
    assert not caplog.records
