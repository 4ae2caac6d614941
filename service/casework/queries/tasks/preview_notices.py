"""Notices that a submission would post, shown before it is sent; nothing is written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.queries.public.portal import NoticeView, notices_as_posted
from service.casework.reading.published import published
from service.casework.tasks.complete import complete_within


class _Tried(Exception):  # no error: it takes back what was tried
    def __init__(self, posted: tuple[NoticeView, ...]) -> None:
        super().__init__()
        self.posted = posted


@guarded("task.complete")
def preview_notices(
    desk: Desk, actor: Actor, task_id: int, version: int | None, submission: Mapping[str, Any]
) -> tuple[NoticeView, ...]:
    """Return the notices that completing ``task_id`` with ``submission`` would post, as they would stand.

    The task is completed in a unit of work that is rolled back. Raises what ``complete_task`` raises.
    """
    with desk.store.read() as tx:
        case = tx.tasks.get(task_id).case_id
        before = {row.id for row in tx.notices.of_case(case)}
    try:
        with desk.store.write() as tx:
            complete_within(desk, tx, actor, task_id, version, lambda _first: submission)
            rows = [row for row in tx.notices.of_case(case) if row.id not in before]
            raise _Tried(notices_as_posted(desk, tx, published(desk, tx), rows))
    except _Tried as tried:
        return tried.posted
