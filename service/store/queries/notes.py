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
from service.store.queries.base import Ordered, match_any_of, name_of, row_of, select_sorted_rows, word
from service.store.queries.case_filter import not_about
from service.store.queries.rows import Rows

PERSON = "person"
"""The name under which a statement takes the person for whom something waits."""
_PERSON: sa.BindParameter[int] = sa.bindparam(PERSON)
_COLUMNS: dict[str, tuple[sa.ColumnElement[Any], ...]] = {
    "case": (name_of(case, case_note.c.case_id, "title"),),
    "who": (name_of(person, case_note.c.person_id),),
    "words": (case_note.c.words,),
    "read": (case_note.c.read_at.is_not(None), case_note.c.read_at),
}

_PASSED_ON = (
    sa.select(*case_note.c, *task.c, person.c.name.label("holder"), body.c.name.label("holds"))
    .select_from(
        case_note.join(task, task.c.id == case_note.c.task_id).outerjoin(person, person.c.id == task.c.assignee_id)
    )
    .outerjoin(body, body.c.id == task.c.body_id)
    .where(
        case_note.c.person_id == _PERSON,
        case_note.c.kind.in_([word(kind) for kind in PASSED_ON]),
        case_note.c.id < sa.bindparam("before"),
    )
    .order_by(case_note.c.id.desc())
    .limit(sa.bindparam("most"))
)
_WITH_WHOM = (
    sa.select(task.c.case_id, task.c.role, body.c.name)
    .select_from(task.outerjoin(body, body.c.id == task.c.body_id))
    .where(
        match_any_of(task.c.case_id, "cases"),
        task.c.state == word("open"),
        task.c.kind != word("ballot"),
        ~task.c.personal,
    )
    .order_by(task.c.id)
)
_NEWEST = 2**62


class PassedOn(NamedTuple):
    """What somebody did with a task, the task as it stands, and who holds it: person and body, "" where nobody does."""

    note: CaseNoteRow
    task: TaskRow
    holder: str
    body: str


class NoteRepository(Rows[CaseNoteRow]):
    """Notes, instructions and copies."""

    kind = CaseNoteRow

    def get(self, key: int | str) -> CaseNoteRow:
        """Return a note; raises NotFound, also for what says only that a task was passed on."""
        row = self.find(id=key, kind__ne=PASSED_ON)
        if row is None:
            raise self._missing(key)
        return row

    def list_of_case(self, case_id: int) -> list[CaseNoteRow]:
        """Return the notes of a case that were not taken back, newest first."""
        return self.select("-id", case_id=case_id, removed_at=None, kind__ne=PASSED_ON)

    def ids_to(self, person_id: int, most: int) -> Sequence[int]:
        """Return the numbers of the newest that are for a person."""
        theirs = sa.select(case_note.c.id).where(case_note.c.to_id == person_id, case_note.c.removed_at.is_(None))
        return self._connection.scalars(theirs.order_by(case_note.c.id.desc()).limit(most)).all()

    def arranged(self, ids: Sequence[int], order: Ordered, most: int) -> list[CaseNoteRow]:
        """Return a page of these in ``order``."""
        page = select_sorted_rows([*case_note.c], case_note.c.id, _COLUMNS[order.by], down=order.down)
        return self._all(CaseNoteRow, page, ids=ids, skip=order.skip, most=most)

    def passed_on(
        self, person_id: int, recused: Collection[int], text: str, before: int | None, most: int
    ) -> list[PassedOn]:
        """Return what a person handed on, sent back or took back, newest first; ``before`` is the last number above.

        Cases about ``recused`` organisations are left out; ``text`` is looked for in titles and names of organisations.
        """
        statement = _PASSED_ON
        if recused:
            statement = statement.where(_kept(case_note, recused))
        if text:
            matches = (column.contains(text, autoescape=True) for column in (task.c.title, task.c.subject))
            statement = statement.where(sa.or_(*matches))
        parameters = {"person": person_id, "before": _NEWEST if before is None else before, "most": most}
        rows = self._connection.execute(statement, parameters)
        width = len(case_note.c)
        return [
            PassedOn(
                row_of(CaseNoteRow, case_note, row[:width]),
                row_of(TaskRow, task, row[width:-2]),
                row[-2] or "",
                row[-1] or "",
            )
            for row in rows
        ]

    def with_whom(self, cases: Collection[int]) -> list[tuple[int, str, str]]:
        """Return case, role and body ("" for every body with the role) of what waits in these cases, votes and sheets apart."""
        rows = self._read(_WITH_WHOM, {"cases": sorted(cases)}) if cases else ()
        return [(int(case_id), str(role), name or "") for case_id, role, name in rows]


class RatingCount(NamedTuple):
    """Ratings of one grade: how many, how many wait for an answer, how many of these beyond its day."""

    grade: int
    given: int
    waiting: int
    late: int


class RatingRepository(Rows[RatingRow]):
    """Ratings, one for each case."""

    kind = RatingRow

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


_WITH_TASK = task_sign.join(sign_ask, sign_ask.c.id == task_sign.c.ask_id).join(task, task.c.id == sign_ask.c.task_id)
_MINE = (
    sa.select(*task_sign.c, *sign_ask.c, *task.c, case.c.status.label("case_status"))
    .select_from(_WITH_TASK.join(case, case.c.id == task_sign.c.case_id))
    .where(task_sign.c.person_id == _PERSON)
    .limit(sa.bindparam("most"))
)
_WAITS = (task_sign.c.state == word("open"), task.c.state == word("open"))
_ASKED = _MINE.where(*_WAITS).order_by(task_sign.c.id)
_SIGNED_REQUESTS = _MINE.where(task_sign.c.at.is_not(None)).order_by(task_sign.c.id.desc())


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

    kind = SignRow

    def ask(self, row: SignAskRow, people: Sequence[int], state: str) -> int:
        """Ask people to sign and return the number of it; each begins in ``state``."""
        number = self._insert(sign_ask, row)
        rows = [SignRow(ask_id=number, case_id=row.case_id, person_id=each, state=state) for each in people]
        self.insert_many(rows)
        return number

    def list_requests_beside(self, tasks: Collection[int]) -> list[SignAskRow]:
        """Return what was ever asked beside these tasks, the oldest first."""
        statement = sa.select(sign_ask).where(sign_ask.c.task_id.in_(tasks)).order_by(sign_ask.c.id)
        return self._all(SignAskRow, statement) if tasks else []

    def of_asks(self, asks: Collection[int]) -> list[SignRow]:
        """Return who is asked by any of these requests, in the order of asking."""
        return self.select(ask_id=asks)

    def list_to_sign(self, person_id: int, recused: Collection[int], most: int) -> list[SignInTask]:
        """Return what a person is asked to sign now, oldest first; what is about ``recused`` organisations apart."""
        return self._of_person(_ASKED, person_id, recused, most)

    def list_signed(self, person_id: int, recused: Collection[int], most: int) -> list[SignInTask]:
        """Return what a person has signed, newest first; what is about ``recused`` organisations apart."""
        return self._of_person(_SIGNED_REQUESTS, person_id, recused, most)

    def _of_person(
        self, statement: sa.Select[Any], person_id: int, recused: Collection[int], most: int
    ) -> list[SignInTask]:
        query = statement.where(*not_about(recused)) if recused else statement
        rows = self._connection.execute(query, {"person": person_id, "most": most})
        return [_in_task(row) for row in rows]

    def waiting(self, person_id: int, recused: Collection[int] = ()) -> WaitingFor:
        """Return how many signatures and unread notes wait for a person; those of ``recused`` organisations apart."""
        query = sa.select(signs_waiting(recused), notes_waiting(recused))
        return WaitingFor._make(self._read(query, {PERSON: person_id})[0])


def signs_waiting(recused: Collection[int]) -> sa.ScalarSelect[int]:
    """Return the count of the signatures that wait for `PERSON`; those about ``recused`` organisations apart."""
    signs = sa.select(sa.func.count()).select_from(_WITH_TASK).where(task_sign.c.person_id == _PERSON, *_WAITS)
    return (signs.where(_kept(task_sign, recused)) if recused else signs).scalar_subquery()


def notes_waiting(recused: Collection[int] = ()) -> sa.ScalarSelect[int]:
    """Return the count of the notes that are for `PERSON` and were not read yet; those about ``recused`` organisations apart."""
    mine = (case_note.c.to_id == _PERSON, case_note.c.read_at.is_(None), case_note.c.removed_at.is_(None))
    notes = sa.select(sa.func.count()).select_from(case_note).where(*mine)
    return (notes.where(_kept(case_note, recused)) if recused else notes).scalar_subquery()


def _kept(table: sa.Table, recused: Collection[int]) -> sa.ColumnElement[bool]:
    """Return the condition that the case of a row is about none of these organisations."""
    return sa.exists(sa.select(1).where(case.c.id == table.c.case_id, *not_about(recused)))


def _in_task(row: Sequence[Any]) -> SignInTask:
    first = len(task_sign.c)
    second = first + len(sign_ask.c)
    return SignInTask(
        row_of(SignRow, task_sign, row[:first]),
        row_of(SignAskRow, sign_ask, row[first:second]),
        row_of(TaskRow, task, row[second:-1]),
        str(row[-1]),
    )
