"""What a step costs; the bounds are generous, the figures are printed with ``-s``."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from time import perf_counter

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
    process,
    timer,
    user,
    waiting,
)


def median_ms(run: Callable[[], object], rounds: int = 100) -> float:
    samples = []
    for _ in range(rounds):
        started = perf_counter()
        run()
        samples.append((perf_counter() - started) * 1000)
    return statistics.median(samples)


def test_given_eight_nodes_then_a_step_takes_about_a_millisecond_and_a_kilobyte_or_two(bench: Bench) -> None:
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
    blob, env = inst.dump(), bench.env()

    def step() -> None:
        again = bench.engine.restore("v1", blob, env)
        again.complete_person(again.person_tasks()[0].id, {"opinion": "同意"})
        again.dump()

    figures = {
        "restore, complete, dump": median_ms(step),
        "start": median_ms(lambda: bench.engine.start("v1", "p", {}, env)),
        "restore": median_ms(lambda: bench.engine.restore("v1", blob, env)),
        "dump": median_ms(inst.dump),
    }
    print(f"\n{len(blob)} bytes, " + ", ".join(f"{name} {ms:.2f} ms" for name, ms in figures.items()))
    assert len(blob) < 2000
    assert figures["restore, complete, dump"] < 10


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
    started = perf_counter()
    complete(inst, "work", 5, result=5)
    single = (perf_counter() - started) * 1000
    print(f"\n{len(inst.dump())} bytes with 1200 procedures, one step {single:.0f} ms")
    complete(inst, "beside")
    assert len(inst.person_tasks()) == 1196
    inst.terminate()
    assert waiting(inst) == []
    assert bench.fresh(inst).completed
    assert not bench.engine.problems({"a.bpmn": doc(main), "b.bpmn": doc(inner)})
    assert FUNCTIONS.names
