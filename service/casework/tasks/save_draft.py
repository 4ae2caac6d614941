"""Save a draft of a task's form, unchecked, until it is submitted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from service.casework.access.actor import Actor
from service.casework.access.case_access import require_open, require_task, require_task_case
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.desk.jsonable import to_json_value
from service.casework.tasks.keep_unsent import keep_unsent
from service.domain.calendar import CHINA
from service.domain.errors import Conflict, Invalid
from service.domain.text import Text
from service.domain.values.bounds import Inside, Submission
from service.store.models import DraftRow

MAX_DRAFT_BYTES = 2_000_000
"""More than any form holds; keeps the table from being filled by accident."""


@dataclass(frozen=True, slots=True)
class DraftPage:
    """A page with the form of a task, by a ``name`` of its own; ``shown`` is the one that saved the draft it began with.

    ``asks``: who submits it is asked about conditions that what they entered stands against; ``reason`` is why they send
    what stands against their own findings all the same.
    """

    name: str
    shown: str
    asks: bool = False
    reason: str = ""


class OtherPage(Conflict):
    """The same person saved a draft of the task from another page meanwhile."""

    code = "other_page"


@guarded("task.draft")
def save_draft(
    desk: Desk, actor: Actor, task_id: int, data: Submission, page: Inside[DraftPage | None] = None
) -> datetime:
    """Keep what is typed as the person's draft of the task, unchecked until it is submitted; returns when it was kept.

    Raises:
        OtherPage: it would replace what the same person typed on another page than ``page``.
        Conflict: another was faster; what was typed is kept all the same.
    """
    if len(orjson.dumps(data)) > MAX_DRAFT_BYTES:
        raise Invalid(
            Text("草稿内容过大，请将长文作为附件上传。", "The draft is too large: upload long texts as files.")
        )
    try:
        return _save_data(desk, actor, actor.signed_in_id, task_id, data, page)
    except OtherPage:
        raise
    except Conflict:
        overtaken = keep_unsent(desk, actor, task_id, data)
        if overtaken is not None:
            raise overtaken from None
        raise


def require_same_page(draft: DraftRow | None, page: DraftPage | None, data: Mapping[str, Any]) -> None:
    """Raise OtherPage where ``draft`` was saved from neither ``page`` nor the one that it began with, and says other than ``data``."""
    if (
        draft is None
        or page is None
        or draft.page in (page.name, page.shown)
        or draft.data == to_json_value(dict(data))
    ):
        return
    at = draft.saved_at.astimezone(CHINA)
    raise OtherPage(
        Text(
            f"您于{at.month}月{at.day}日 {at:%H:%M} 在另一个窗口（或者另一台设备）填写并暂存过这份表单，本页没有覆盖那份内容。按“提交”可以对照两份内容再定。",
            f"You filled in this form in another window (or on another device) on {at:%d %B at %H:%M}; this page did not"
            " replace it. Press “Submit” to see both, then decide.",
        )
    )


def _save_data(
    desk: Desk, actor: Actor, person_id: int, task_id: int, data: Mapping[str, Any], page: DraftPage | None
) -> datetime:
    with desk.store.write() as tx:
        task = tx.tasks.lock(task_id)  # who completes it meanwhile waits, and finds this draft
        require_task(actor, task)
        require_task_case(actor, task, tx)
        require_open(task)
        require_same_page(tx.drafts.find(task_id=task_id, person_id=person_id) if page else None, page, data)
        now = desk.clock.now()
        tx.drafts.save(task_id, person_id, dict(data), now, page.name if page else "")
        return now
