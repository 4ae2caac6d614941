"""Notes beside cases, how applicants found their handling, and signatures beside tasks (加签, 会签)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from service.store.models import CaseNoteRow, RatingRow, SignAskRow, SignRow, TaskRow
from service.store.models.cases import PASSED_ON, case, case_note, sign_ask, task, task_sign
from service.store.models.people import body, person
from service.store.models.submissions import draft
from service.store.queries.base import Ordered, name_of, row_of, select_sorted_rows, word
from service.store.queries.case_filter import not_about
from service.store.queries.rows import Rows

_COLUMNS: dict[str, tuple[sa.ColumnElement[Any], ...]] = {
    "case": (name_of(case, case_note.c.case_id, "title"),),
    "who": (name_of(person, case_note.c.person_id),),
    "words": (case_note.c.words,),
    "read": (case_note.c.read_at.is_not(None), case_note.c.read_at),
}


class PassedOn(NamedTuple):
    """What somebody did with a task, the task as it stands, who holds it (person and body, "" where nobody does), and whether they typed."""

    note: CaseNoteRow
    task: TaskRow
    holder: str
    body: str
    begun: bool


class NoteRepository(Rows[CaseNoteRow]):
    """Notes, instructions and copies."""

    def get(self, key: int | str) -> CaseNoteRow:
        """Return a note; raises NotFound, also for what says only that a task was passed on."""
        row = self.find(id=key, kind__ne=PASSED_ON)
        if row is None:
            raise self._missing(key)
        return row

    def list_of_case(self, case_id: int) -> list[CaseNoteRow]:
        """Return the notes of a case that were not taken back, newest first."""
        return self._all(CaseNoteRow, _OF_CASE, case_id=case_id)

    def ids_to(self, person_id: int, most: int) -> Sequence[int]:
        """Return the numbers of the newest that are for a person."""
        theirs = sa.select(case_note.c.id).where(case_note.c.to_id == person_id, case_note.c.removed_at.is_(None))
        return self._connection.scalars(theirs.order_by(case_note.c.id.desc()).limit(most)).all()

    def arranged(self, ids: Sequence[int], order: Ordered, most: int) -> list[CaseNoteRow]:
        """Return a page of these in ``order``."""
        return self._all(CaseNoteRow, select_sorted_rows([*case_note.c], case_note.c.id, ids, _COLUMNS, order, most))

    def passed_on(
        self, person_id: int, recused: Collection[int], text: str, before: int | None, most: int
    ) -> list[PassedOn]:
        """Return what a person handed on, sent back or took back, newest first; ``before`` is the last number above.

        Cases about ``recused`` organisations are left out; ``text`` is looked for in titles and names of organisations.
        """
        begun = sa.exists().where(draft.c.task_id == task.c.id, draft.c.person_id == task.c.assignee_id)
        holder = (name_of(person, task.c.assignee_id), name_of(body, task.c.body_id), begun)
        theirs = sa.select(*case_note.c, *task.c, *holder)
        theirs = theirs.join_from(case_note, task, task.c.id == case_note.c.task_id)
        theirs = theirs.where(case_note.c.person_id == person_id, case_note.c.kind.in_(PASSED_ON))
        if recused:
            theirs = theirs.where(_kept(case_note, recused))
        if text:
            matches = (column.contains(text, autoescape=True) for column in (task.c.title, task.c.subject))
            theirs = theirs.where(sa.or_(*matches))
        if before is not None:
            theirs = theirs.where(case_note.c.id < before)
        width = len(case_note.c)
        return [
            PassedOn(row_of(CaseNoteRow, case_note, row[:width]), row_of(TaskRow, task, row[width:-3]), *row[-3:])
            for row in self._connection.execute(theirs.order_by(case_note.c.id.desc()).limit(most))
        ]

    def with_whom(self, cases: Collection[int]) -> list[tuple[int, str, str]]:
        """Return case, role and body ("" for every body with the role) of what waits in these cases, votes and sheets apart."""
        columns = (task.c.case_id, task.c.role, name_of(body, task.c.body_id))
        waiting = (task.c.state == word("open"), task.c.kind != word("ballot"), ~task.c.personal)
        statement = sa.select(*columns).where(task.c.case_id.in_(cases), *waiting).order_by(task.c.id)
        return [(case_id, role, name) for case_id, role, name in self._connection.execute(statement)] if cases else []


class RatingCount(NamedTuple):
    """Ratings of one grade: how many, how many wait for an answer, how many of these beyond its day."""

    grade: int
    given: int
    waiting: int
    late: int


class RatingRepository(Rows[RatingRow]):
    """Ratings, one for each case."""

    def count_waiting(self, places: Sequence[str]) -> tuple[int, date | None]:
        """Return how many wait for an answer, and the day by which the first of them is due."""
        rows = self.select(jurisdiction=places, reply_by__ne=None, answered_at=None)
        return len(rows), min((row.reply_by for row in rows if row.reply_by is not None), default=None)

    def counts(self, places: Sequence[str], since: datetime, today: date) -> list[RatingCount]:
        """Return how often each grade was given since an instant."""
        rows = self.select(jurisdiction=places, at__ge=since)
        grades = Counter(row.grade for row in rows)
        waits = [row for row in rows if row.reply_by is not None and row.answered_at is None]
        waiting = Counter(row.grade for row in waits)
        late = Counter(row.grade for row in waits if row.reply_by is not None and row.reply_by < today)
        return [RatingCount(grade, grades[grade], waiting[grade], late[grade]) for grade in sorted(grades)]


_OF_CASE = NoteRepository.write("-id", case_id=sa.bindparam("case_id"), removed_at=None, kind__ne=PASSED_ON)
_WITH_TASK = task_sign.join(sign_ask, sign_ask.c.id == task_sign.c.ask_id).join(task, task.c.id == sign_ask.c.task_id)
_WAITS = (task_sign.c.state == word("open"), task.c.state == word("open"))


class SignInTask(NamedTuple):
    """One who is asked, what is asked, the task beside which it stands, and the status of its case."""

    sign: SignRow
    ask: SignAskRow
    task: TaskRow
    status: str


class WaitingFor(NamedTuple):
    """How much waits for a person besides tasks: signatures, and what is to be read."""

    signs: int
    unread: int


class SignRepository(Rows[SignRow]):
    """Who was asked to sign beside tasks, and what they said."""

    def ask(self, row: SignAskRow, people: Sequence[int], state: str) -> int:
        """Ask people to sign and return the number of it; each begins in ``state``."""
        number = self._insert(sign_ask, row)
        rows = [SignRow(ask_id=number, case_id=row.case_id, person_id=each, state=state) for each in people]
        self.insert_many(rows)
        return number

    def list_to_sign(self, person_id: int, recused: Collection[int], most: int) -> list[SignInTask]:
        """Return what a person is asked to sign now, oldest first; what is about ``recused`` organisations apart."""
        return self._of_person(person_id, recused, *_WAITS, order=task_sign.c.id, most=most)

    def list_signed(self, person_id: int, recused: Collection[int], most: int) -> list[SignInTask]:
        """Return what a person has signed, newest first; what is about ``recused`` organisations apart."""
        return self._of_person(person_id, recused, task_sign.c.at.is_not(None), order=task_sign.c.id.desc(), most=most)

    def _of_person(
        self, person_id: int, recused: Collection[int], *where: sa.ColumnElement[bool], order: Any, most: int
    ) -> list[SignInTask]:
        mine = sa.select(*task_sign.c, *sign_ask.c, *task.c, case.c.status)
        mine = mine.select_from(_WITH_TASK.join(case, case.c.id == task_sign.c.case_id))
        mine = mine.where(task_sign.c.person_id == person_id, *where, *(not_about(recused) if recused else ()))
        first, second = len(task_sign.c), len(task_sign.c) + len(sign_ask.c)
        return [
            SignInTask(
                row_of(SignRow, task_sign, row[:first]),
                row_of(SignAskRow, sign_ask, row[first:second]),
                row_of(TaskRow, task, row[second:-1]),
                row[-1],
            )
            for row in self._connection.execute(mine.order_by(order).limit(most))
        ]

    def waiting(self, person_id: int, recused: Collection[int] = ()) -> WaitingFor:
        """Return how many signatures and unread notes wait for a person; those of ``recused`` organisations apart."""
        counts = sa.select(*count_waiting_for(recused, recused)) if recused else _WAITING
        return WaitingFor._make(self._connection.execute(counts, {"person_id": person_id}).one())


_SIGNS = sa.select(sa.func.count()).select_from(_WITH_TASK).where(*_WAITS)
_SIGNS = _SIGNS.where(task_sign.c.person_id == sa.bindparam("person_id"))
_NOTES = sa.select(sa.func.count()).where(case_note.c.read_at.is_(None), case_note.c.removed_at.is_(None))
_NOTES = _NOTES.where(case_note.c.to_id == sa.bindparam("person_id"))


def count_waiting_for(signs: Collection[int], notes: Collection[int] = ()) -> tuple[sa.ScalarSelect[int], ...]:
    """Return the counts of the signatures and of the unread notes that wait for the person ``person_id``.

    Signatures about the organisations ``signs``, and notes about the organisations ``notes``, are left out.
    """
    kept_signs = _SIGNS.where(_kept(task_sign, signs)) if signs else _SIGNS
    kept_notes = _NOTES.where(_kept(case_note, notes)) if notes else _NOTES
    return kept_signs.scalar_subquery(), kept_notes.scalar_subquery()


_WAITING = sa.select(*count_waiting_for(()))


def _kept(table: sa.Table, recused: Collection[int]) -> sa.ColumnElement[bool]:
    """Return the condition that the case of a row is about none of these organisations."""
    return sa.exists(sa.select(1).where(case.c.id == table.c.case_id, *not_about(recused)))
