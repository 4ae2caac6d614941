"""Save a draft of a task's form, unchecked, until it is submitted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson

from service.casework.access.actor import Actor
from service.casework.access.case_access import demand_open, demand_task, demand_task_case
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.tasks.keep_unsent import keep_unsent
from service.domain.errors import Conflict, Invalid, NotAllowed
from service.domain.text import Text

MAX_DRAFT_BYTES = 2_000_000
"""More than any form holds; keeps the table from being filled by accident."""


@guarded("task.draft")
def save_draft(desk: Desk, actor: Actor, task_id: int, data: Mapping[str, Any]) -> datetime:
    """Keep ``data`` as the person's draft of the task; returns when it was kept.

    Raises Conflict where another was faster: what was typed is kept all the same.
    """
    if len(orjson.dumps(data)) > MAX_DRAFT_BYTES:
        raise Invalid(
            Text("草稿内容过大，请将长文作为附件上传。", "The draft is too large: upload long texts as files.")
        )
    if actor.person_id is None:
        raise NotAllowed(Text("请先登录。", "Sign in first."))
    try:
        return _saved(desk, actor, actor.person_id, task_id, data)
    except Conflict:
        overtaken = keep_unsent(desk, actor, task_id, data)
        if overtaken is not None:
            raise Conflict(overtaken) from None
        raise


def _saved(desk: Desk, actor: Actor, person_id: int, task_id: int, data: Mapping[str, Any]) -> datetime:
    with desk.store.write() as tx:
        task = tx.tasks.lock(task_id)  # who completes it meanwhile waits, and finds this draft
        demand_task(actor, task)
        demand_task_case(actor, task, tx)
        demand_open(task)
        now = desk.clock.now()
        tx.forms.save_draft(task_id, person_id, dict(data), now)
        return now
