"""The task list with a million open tasks against one with a thousand."""

from __future__ import annotations

import time
from pathlib import Path
from statistics import median

import sqlalchemy as sa

from service.casework.queries.tasks.task_list import TaskQuery, list_tasks
from service.casework.simulate.stage.stage import PlayState
from service.store.models.cases import task
from tests.bench.measures import Measure, p95
from tests.bench.season import prepare

FEW, MANY, RUNS = 1_000, 1_000_000, 80


def measure(folder: Path) -> list[Measure]:
    """Return the ratio; the same page of the same person, first with few, then with many open tasks."""
    stage, _ = prepare(folder, 2)
    _multiply(stage, FEW)
    few = _times(stage)
    _multiply(stage, MANY - FEW)
    many = _times(stage)
    work = f"task list with {MANY} open tasks (with {FEW})"
    return [Measure(work, median(many), p95(many), median(few), 1.3, unit="ms of CPU")]


def _times(stage: PlayState) -> list[float]:
    actor, query, found = stage.cast.actor("office"), TaskQuery(scope="visible"), []
    assert list_tasks(stage.desk, actor, query, "zh").after, "the list holds what was multiplied"
    for _ in range(RUNS + 10):
        start = time.process_time()
        list_tasks(stage.desk, actor, query, "zh", choosing=True)
        found.append((time.process_time() - start) * 1000)
    return found[10:]


def _multiply(stage: PlayState, count: int) -> None:
    """Copy an open task by SQL, each due some minutes later than the one before."""
    with stage.desk.store.write() as tx:
        [model, *_] = [t for case in stage.cases.values() for t in tx.tasks.open_of_case(case) if t.body_id is not None]
        names = ", ".join(column.name for column in task.c if column.name != "id")
        values = names.replace("due_at", "strftime('%Y-%m-%d %H:%M:%S', created_at, n || ' minutes') || '.000000'")
        counted = "WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < :count)"
        copied = f"INSERT INTO task ({names}) {counted} SELECT {values} FROM s JOIN task ON task.id = :model"
        tx._connection.execute(sa.text(copied), {"count": count, "model": model.id})
