"""Submitted forms, drafts of them, and receipts of what was lodged without account."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from secrets import token_urlsafe

import sqlalchemy as sa

from service.store.models import AttemptRow, DraftRow, FormResultRow, Json, ReceiptRow
from service.store.models.cases import task
from service.store.models.submissions import attempt, draft, form_result, receipt
from service.store.queries.base import Repository, one, values_of

_EVERY = one(form_result, "case_id").order_by(form_result.c.id)
_NOT_TAKEN_BACK = form_result.c.taken_back_at.is_(None)
_OF_FORM = form_result.c.form == sa.bindparam("form")
_OF_CASE, _VALID = _EVERY, _EVERY.where(_NOT_TAKEN_BACK)
_ALL_OF_FORM, _VALID_OF_FORM = _EVERY.where(_OF_FORM), _EVERY.where(_NOT_TAKEN_BACK, _OF_FORM)
_OF_PERSON = (
    sa.select(form_result)
    .where(form_result.c.person_id == sa.bindparam("person"))
    .order_by(form_result.c.id.desc())
    .limit(sa.bindparam("most", type_=sa.Integer))
)
_EARLIER_OF_PERSON = _OF_PERSON.where(form_result.c.id < sa.bindparam("before"))
_OF_PERSON_BY_FORM = (
    sa.select(form_result)
    .where(form_result.c.person_id == sa.bindparam("person"), _OF_FORM, _NOT_TAKEN_BACK)
    .order_by(form_result.c.id.desc())
    .limit(sa.bindparam("most", type_=sa.Integer))
)
_FOR_TASKS = (
    sa.select(form_result.c.task_id, sa.func.max(form_result.c.id))
    .where(form_result.c.task_id.in_(sa.bindparam("tasks", expanding=True)), _NOT_TAKEN_BACK)
    .group_by(form_result.c.task_id)
)
_WITHDRAWN = (
    sa.select(sa.func.max(task.c.id))
    .where(task.c.case_id == sa.bindparam("case"), task.c.element == sa.bindparam("place"))
    .where(task.c.state == "cancelled", task.c.assignee_id == sa.bindparam("person"))
    .scalar_subquery()
)
_TO_MOVE = sa.select(draft).where(draft.c.task_id == _WITHDRAWN, draft.c.person_id == sa.bindparam("person"))
_DRAFT, _DRAFTS = one(draft, "task_id", "person_id"), one(draft, "task_id").order_by(draft.c.person_id)
_DROPPED = sa.delete(draft).where(draft.c.task_id == sa.bindparam("task"), draft.c.person_id == sa.bindparam("person"))


class FormRepository(Repository):
    """Forms as submitted are records; drafts are only memory aids."""

    def __init__(self, connection: sa.Connection) -> None:
        super().__init__(connection)
        self._at_hand: tuple[int, list[FormResultRow]] | None = None

    def insert(self, row: FormResultRow) -> int:
        """Record a submission and return its id."""
        self._at_hand = None
        return self._insert(form_result, row)

    def keep_at_hand(self, case_id: int, rows: list[FormResultRow] | None) -> None:
        """Keep what was read with a locked case, for who asks next for its submissions; nothing of it is kept once any changes."""
        self._at_hand = None if rows is None else (case_id, rows)

    def of_case(self, case_id: int, form: str | None = None, *, taken_back: bool = False) -> list[FormResultRow]:
        """Return submissions of a case, oldest first; those that were taken back only when asked for."""
        if self._at_hand is not None and self._at_hand[0] == case_id and not taken_back:
            return [row for row in self._at_hand[1] if form in (None, row.form)]
        if form is None:
            return self._all(FormResultRow, _OF_CASE if taken_back else _VALID, case_id=case_id)
        return self._all(FormResultRow, _ALL_OF_FORM if taken_back else _VALID_OF_FORM, case_id=case_id, form=form)

    def of_person(self, person_id: int, before: int | None, most: int) -> list[FormResultRow]:
        """Return what a person submitted, newest first, taken back or not; ``before`` is the last number above."""
        if before is None:
            return self._all(FormResultRow, _OF_PERSON, person=person_id, most=most)
        return self._all(FormResultRow, _EARLIER_OF_PERSON, person=person_id, most=most, before=before)

    def of_person_by_form(self, person_id: int, form: str, most: int) -> list[FormResultRow]:
        """Return what a person submitted in one form and did not take back, newest first."""
        return self._all(FormResultRow, _OF_PERSON_BY_FORM, person=person_id, form=form, most=most)

    def for_tasks(self, task_ids: Collection[int]) -> dict[int, int]:
        """Return task → number of what was submitted for it, of those for which anything still counts."""
        rows = self._read(_FOR_TASKS, {"tasks": list(task_ids)}) if task_ids else ()
        return {int(row[0]): int(row[1]) for row in rows}

    def mark_taken_back(self, task_id: int, at: datetime) -> int:
        """Let what was submitted for a task no longer count; returns how many submissions that were."""
        self._at_hand = None
        where = (form_result.c.task_id == task_id, form_result.c.taken_back_at.is_(None))
        return self._change(sa.update(form_result).where(*where).values(taken_back_at=at))

    def save_draft(self, task_id: int, person_id: int, data: Json, at: datetime, page: str = "") -> None:
        """Save the draft of a person; without a ``page`` under a name that no page has."""
        page = page or token_urlsafe(12)
        row = DraftRow(task_id=task_id, person_id=person_id, data=data, saved_at=at, page=page)
        new = self._upsert(draft).values(values_of(row))
        key = [draft.c.task_id, draft.c.person_id]
        changed = {"data": new.excluded.data, "saved_at": at, "page": page}
        self._connection.execute(new.on_conflict_do_update(index_elements=key, set_=changed))

    def draft(self, task_id: int, person_id: int) -> DraftRow | None:
        """Return the draft of a person, None without one."""
        return self._first(DraftRow, _DRAFT, task_id=task_id, person_id=person_id)

    def drafts(self, task_id: int) -> list[DraftRow]:
        """Return what everybody typed for a task and has not submitted."""
        return self._all(DraftRow, _DRAFTS, task_id=task_id)

    def move_draft(self, case_id: int, element: str, person_id: int, to_task: int) -> None:
        """Move the draft of a withdrawn task of an element to its successor."""
        row = self._first(DraftRow, _TO_MOVE, case=case_id, place=element, person=person_id)
        if row is not None:
            where = (draft.c.task_id == row.task_id, draft.c.person_id == person_id)
            changes = {"task_id": to_task}
            self._change(sa.update(draft).where(*where).values(changes))

    def drop_draft(self, task_id: int, person_id: int) -> None:
        """Forget the draft of a person."""
        self._change(_DROPPED, task=task_id, person=person_id)


class ReceiptRepository(Repository):
    """What objectors hold in hand."""

    def insert(self, row: ReceiptRow) -> None:
        """Record a receipt."""
        self._put(receipt, [row])

    def by_code(self, code_hash: str) -> ReceiptRow | None:
        """Return the receipt with this hash of its code."""
        return self._first(ReceiptRow, sa.select(receipt).where(receipt.c.code_hash == code_hash))

    def of_case(self, case_id: int) -> ReceiptRow | None:
        """Return the receipt of a case, None when it was not lodged by the public."""
        return self._first(ReceiptRow, sa.select(receipt).where(receipt.c.case_id == case_id))

    def count_attempts(self, kind: str, origin: str, since: datetime) -> int:
        """Return how often ``origin`` tried ``kind`` since then."""
        where = (attempt.c.origin == origin, attempt.c.kind == kind, attempt.c.at > since)
        return int(self._scalar(sa.select(sa.func.count()).select_from(attempt).where(*where)) or 0)

    def bytes_sent(self, kind: str, origin: str, since: datetime) -> int:
        """Return how many bytes ``origin`` sent with ``kind`` since then."""
        where = (attempt.c.origin == origin, attempt.c.kind == kind, attempt.c.at > since)
        return int(self._scalar(sa.select(sa.func.sum(attempt.c.bytes)).where(*where)) or 0)

    def note_attempt(
        self, kind: str, origin: str, at: datetime, forget_before: datetime, size: int | None = None
    ) -> None:
        """Write an attempt down and forget those of this origin from before ``forget_before``."""
        old = (attempt.c.origin == origin, attempt.c.kind == kind, attempt.c.at < forget_before)
        self._connection.execute(sa.delete(attempt).where(*old))
        self._insert(attempt, AttemptRow(kind=kind, origin=origin, at=at, bytes=size))
