"""The task list with a hundred thousand open tasks against one with a thousand."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from statistics import median

from service.casework.queries.list_tasks import TaskQuery, list_tasks
from service.casework.simulate.stage import PlayState
from service.store.rows import TaskRow
from tests.bench.measures import Measure, p95
from tests.bench.season import AUDITOR, prepare

FEW, MANY, RUNS = 1_000, 100_000, 80


def measure(folder: Path) -> list[Measure]:
    """Return the ratio; the same page of the same person, first with few, then with many open tasks."""
    stage, _ = prepare(folder, 2)
    _multiply(stage, FEW)
    few = _times(_page(stage))
    _multiply(stage, MANY - FEW)
    many = _times(_page(stage))
    return [Measure(f"task list with {MANY} open tasks (floor: {FEW})", median(many), p95(many), median(few), 1.5)]


def _page(stage: PlayState) -> Callable[[], object]:
    actor, query = stage.cast.actor(AUDITOR), TaskQuery(scope="body")
    return lambda: list_tasks(stage.desk, actor, query, "zh")


def _times(work: Callable[[], object]) -> list[float]:
    found = []
    for _ in range(RUNS + 10):
        start = time.perf_counter()
        work()
        found.append((time.perf_counter() - start) * 1000)
    return found[10:]


def _multiply(stage: PlayState, count: int) -> None:
    with stage.desk.store.read() as tx:
        [model, *_] = [t for case in stage.cases.values() for t in tx.tasks.open_of_case(case) if t.body_id is not None]
    for begin in range(0, count, 5_000):
        with stage.desk.store.write() as tx:
            tx.tasks.insert_many([_copy(model, begin + n) for n in range(min(5_000, count - begin))])


def _copy(model: TaskRow, number: int) -> TaskRow:
    return replace(model, id=0, due_at=model.created_at + timedelta(minutes=number))
