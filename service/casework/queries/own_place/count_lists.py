"""How many tasks several lists hold: the views that a person keeps."""

from __future__ import annotations

from collections.abc import Sequence

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.queries.tasks.list_tasks import TaskQuery, task_filter
from service.casework.reading.published import published


@guarded("task.list")
def count_lists(desk: Desk, actor: Actor, queries: Sequence[TaskQuery]) -> Sequence[int]:
    """Return how many tasks each list holds, in one statement; counting stops at 1000."""
    if not queries:
        return ()
    now = desk.clock.now()
    with desk.store.read() as tx:
        known = published(desk, tx)
        return tx.tasks.count_each([task_filter(actor, known, query, now) for query in queries])
