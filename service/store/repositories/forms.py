"""Submitted forms, and drafts of them."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from service.store.repositories.base import Repository
from service.store.rows import DraftRow, FormResultRow, Json
from service.store.tables import draft, form_result, task


class Forms(Repository):
    """Forms as submitted are records; drafts are only memory aids."""

    def insert(self, **columns: object) -> int:
        """Record a submission and return its id; see the columns of `FormResultRow`."""
        return self._insert(form_result, columns)

    def of_case(self, case_id: int, form: str | None = None, *, taken_back: bool = False) -> list[FormResultRow]:
        """Return submissions of a case, oldest first; those that were taken back only when asked for."""
        statement = sa.select(form_result).where(form_result.c.case_id == case_id)
        if not taken_back:
            statement = statement.where(form_result.c.taken_back_at.is_(None))
        if form is not None:
            statement = statement.where(form_result.c.form == form)
        return self._all(FormResultRow, statement.order_by(form_result.c.id))

    def mark_taken_back(self, task_id: int, at: datetime) -> int:
        """Let what was submitted for a task no longer count; returns how many submissions that were."""
        where = (form_result.c.task_id == task_id, form_result.c.taken_back_at.is_(None))
        return self._change(sa.update(form_result).where(*where).values(taken_back_at=at))

    def save_draft(self, task_id: int, person_id: int, data: Json, at: datetime) -> None:
        """Keep what somebody has typed so far."""
        new = self._upsert(draft).values(task_id=task_id, person_id=person_id, data=data, saved_at=at)
        key, changed = [draft.c.task_id, draft.c.person_id], {"data": new.excluded.data, "saved_at": at}
        self._connection.execute(new.on_conflict_do_update(index_elements=key, set_=changed))

    def draft(self, task_id: int, person_id: int) -> DraftRow | None:
        """Return what somebody has typed, if they have."""
        where = (draft.c.task_id == task_id, draft.c.person_id == person_id)
        return self._first(DraftRow, sa.select(draft).where(*where))

    def move_draft(self, case_id: int, element: str, person_id: int, to_task: int) -> None:
        """Let what somebody typed into a withdrawn task of an element go on in its successor."""
        where = (task.c.case_id == case_id, task.c.element == element, task.c.state == "cancelled")
        old = sa.select(sa.func.max(task.c.id)).where(*where, task.c.assignee_id == person_id).scalar_subquery()
        mine = (draft.c.task_id == old, draft.c.person_id == person_id)
        self._connection.execute(sa.update(draft).where(*mine).values(task_id=to_task))

    def drop_drafts(self, task_id: int) -> None:
        """Forget everybody's drafts of a task."""
        self._connection.execute(sa.delete(draft).where(draft.c.task_id == task_id))
