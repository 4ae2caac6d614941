"""What people of offices write beside a case for each other, and how applicants found its handling."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from service.store.models import CaseNoteRow, RatingRow, TaskRow
from service.store.models.cases import PASSED_ON, case, case_note, rating, task
from service.store.models.people import body, person
from service.store.queries.base import Ordered, Repository, among, arranged, is_none_of, name_of, one, row_of, word

_IS_NOTE = case_note.c.kind.not_in([word(kind) for kind in PASSED_ON])
_NOTE = one(case_note, "id").where(_IS_NOTE)
_OF_CASE = (
    sa.select(case_note)
    .where(case_note.c.case_id == sa.bindparam("case"), case_note.c.removed_at.is_(None), _IS_NOTE)
    .order_by(case_note.c.id.desc())
)
_UNREAD = (
    sa.select(case_note)
    .where(case_note.c.to_id == sa.bindparam("person"), case_note.c.read_at.is_(None), case_note.c.removed_at.is_(None))
    .order_by(case_note.c.id.desc())
    .limit(sa.bindparam("most"))
)
READER = "reader"
"""The parameter of `notes_waiting`: whom the notes are for."""
_NOTES_WAITING = (
    sa.select(sa.func.count())
    .select_from(case_note)
    .where(case_note.c.to_id == sa.bindparam(READER), case_note.c.read_at.is_(None), case_note.c.removed_at.is_(None))
    .scalar_subquery()
)
_FOR = (
    sa.select(case_note)
    .where(case_note.c.to_id == sa.bindparam("person"), case_note.c.removed_at.is_(None))
    .limit(sa.bindparam("most"))
)
_TO, _FROM_FIRST = _FOR.order_by(case_note.c.id.desc()), _FOR.order_by(case_note.c.id)
_BEFORE = _TO.where(case_note.c.id < sa.bindparam("before"))
_AFTER = _FROM_FIRST.where(case_note.c.id > sa.bindparam("before"))
_IDS = _TO.with_only_columns(case_note.c.id)

_COLUMNS: dict[str, tuple[sa.ColumnElement[Any], ...]] = {
    "case": (name_of(case, case_note.c.case_id, "title"),),
    "who": (name_of(person, case_note.c.person_id),),
    "words": (case_note.c.words,),
    "read": (case_note.c.read_at.is_not(None), case_note.c.read_at),
}

_BY = (
    sa.select(case_note)
    .where(case_note.c.person_id == sa.bindparam("person"))
    .order_by(case_note.c.id.desc())
    .limit(sa.bindparam("most"))
)
_EARLIER_BY = _BY.where(case_note.c.id < sa.bindparam("before"))
_PASSED_ON = (
    sa.select(*case_note.c, *task.c, person.c.name.label("holder"), body.c.name.label("holds"))
    .select_from(
        case_note.join(task, task.c.id == case_note.c.task_id).outerjoin(person, person.c.id == task.c.assignee_id)
    )
    .outerjoin(body, body.c.id == task.c.body_id)
    .where(
        case_note.c.person_id == sa.bindparam("person"),
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
        among(task.c.case_id, "cases"), task.c.state == word("open"), task.c.kind != word("ballot"), ~task.c.personal
    )
    .order_by(task.c.id)
)
_NEWEST = 2**62


def notes_waiting() -> sa.ScalarSelect[int]:
    """Return the count of the notes that are for `READER` and were not read yet."""
    return _NOTES_WAITING


class PassedOn(NamedTuple):
    """What somebody did with a task, the task as it stands, and who holds it: person and body, "" where nobody does."""

    note: CaseNoteRow
    task: TaskRow
    holder: str
    body: str


class NoteRepository(Repository):
    """Notes, instructions and copies."""

    def add(self, row: CaseNoteRow) -> int:
        """Write a note down and return its number."""
        return self._insert(case_note, row)

    def get(self, note_id: int) -> CaseNoteRow:
        """Return a note; raises NotFound."""
        return self._existing(CaseNoteRow, ("批注", "note"), _NOTE, note_id)

    def of_case(self, case_id: int) -> list[CaseNoteRow]:
        """Return the notes of a case that were not taken back, newest first."""
        return self._all(CaseNoteRow, _OF_CASE, case=case_id)

    def unread(self, person_id: int, most: int) -> list[CaseNoteRow]:
        """Return what is for a person and was not read yet, newest first."""
        return self._all(CaseNoteRow, _UNREAD, person=person_id, most=most)

    def to_person(self, person_id: int, before: int | None, most: int, *, oldest: bool = False) -> list[CaseNoteRow]:
        """Return what is for a person, newest or ``oldest`` first; ``before`` is the number of the last one above."""
        if before is None:
            return self._all(CaseNoteRow, _FROM_FIRST if oldest else _TO, person=person_id, most=most)
        return self._all(CaseNoteRow, _AFTER if oldest else _BEFORE, person=person_id, most=most, before=before)

    def ids_to(self, person_id: int, most: int) -> Sequence[int]:
        """Return the numbers of the newest that are for a person."""
        return [int(ident) for (ident,) in self._told_rows(_IDS, person=person_id, most=most)]

    def arranged(self, ids: Sequence[int], order: Ordered, most: int) -> list[CaseNoteRow]:
        """Return a page of these in ``order``."""
        page = arranged([*case_note.c], case_note.c.id, _COLUMNS[order.by], down=order.down)
        return self._all(CaseNoteRow, page, ids=ids, skip=order.skip, most=most)

    def by_person(self, person_id: int, before: int | None, most: int) -> list[CaseNoteRow]:
        """Return what a person wrote, newest first, taken back or not; ``before`` is the last number above."""
        if before is None:
            return self._all(CaseNoteRow, _BY, person=person_id, most=most)
        return self._all(CaseNoteRow, _EARLIER_BY, person=person_id, most=most, before=before)

    def passed_on(
        self, person_id: int, recused: Collection[int], text: str, before: int | None, most: int
    ) -> list[PassedOn]:
        """Return what a person handed on, sent back or took back, newest first; ``before`` is the last number above.

        Cases about ``recused`` organisations are left out; ``text`` is looked for in titles and names of organisations.
        """
        asked = _PASSED_ON
        if recused:
            kept = sa.or_(case.c.subject_id.is_(None), is_none_of(case.c.subject_id, recused))
            asked = asked.where(sa.exists(sa.select(1).where(case.c.id == case_note.c.case_id, kept)))
        if text:
            found = (column.contains(text, autoescape=True) for column in (task.c.title, task.c.subject))
            asked = asked.where(sa.or_(*found))
        given = {"person": person_id, "before": _NEWEST if before is None else before, "most": most}
        rows = self._connection.execute(asked, given)
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

    def mark(self, note_id: int, **at: datetime) -> None:
        """Note when one was read (``read_at``) or taken back (``removed_at``)."""
        self._alter(case_note, note_id, at)


_RATING = one(rating, "case_id")
_WAITS = (rating.c.reply_by.is_not(None), rating.c.answered_at.is_(None))


class RatingCount(NamedTuple):
    """Ratings of one grade: how many, how many wait for an answer, how many of these beyond its day."""

    grade: int
    given: int
    waiting: int
    late: int


_SINCE = sa.select(rating).where(
    among(rating.c.jurisdiction, "places"), rating.c.at >= sa.bindparam("since", type_=rating.c.at.type)
)
_WAITING = sa.select(rating).where(among(rating.c.jurisdiction, "places"), *_WAITS)
_RATED = sa.select(rating).where(among(rating.c.case_id, "cases"))


class RatingRepository(Repository):
    """Ratings, one for each case."""

    def of_case(self, case_id: int) -> RatingRow | None:
        """Return the rating of a case, None where there is none."""
        return self._first(RatingRow, _RATING, case_id=case_id)

    def rated(self, case_ids: Sequence[int]) -> set[int]:
        """Return which of these cases were rated."""
        return {row.case_id for row in self._all(RatingRow, _RATED, cases=list(case_ids))}

    def add(self, row: RatingRow) -> None:
        """Keep a rating; the case has none yet."""
        self._put(rating, [row])

    def answer(self, case_id: int, words: str, person_id: int, at: datetime) -> None:
        """Keep what the office answered."""
        given = {"answer": words, "answered_by": person_id, "answered_at": at}
        self._change(sa.update(rating).where(rating.c.case_id == case_id).values(given))

    def waiting(self, places: Sequence[str], limit: int, after: tuple[date, int] | None = None) -> list[RatingRow]:
        """Return the bad ones that wait for an answer, soonest first; ``after`` is (reply_by, case_id) of the last above."""
        key = (rating.c.reply_by, rating.c.case_id)
        statement = sa.select(rating).where(rating.c.jurisdiction.in_(places), *_WAITS).order_by(*key)
        if after is not None:
            statement = statement.where(sa.tuple_(*key) > after)
        return self._all(RatingRow, statement.limit(limit))

    def count_waiting(self, places: Sequence[str]) -> tuple[int, date | None]:
        """Return how many wait for an answer, and the day by which the first of them is due."""
        rows = self._all(RatingRow, _WAITING, places=list(places))
        return len(rows), min((row.reply_by for row in rows if row.reply_by is not None), default=None)

    def listed(self, places: Sequence[str], limit: int, before: tuple[datetime, int] | None = None) -> list[RatingRow]:
        """Return ratings newest first; ``before`` is (at, case_id) of the last one of the page above."""
        key = (rating.c.at, rating.c.case_id)
        statement = sa.select(rating).where(rating.c.jurisdiction.in_(places)).order_by(*(each.desc() for each in key))
        if before is not None:
            statement = statement.where(sa.tuple_(*key) < before)
        return self._all(RatingRow, statement.limit(limit))

    def counts(self, places: Sequence[str], since: datetime, today: date) -> list[RatingCount]:
        """Return how often each grade was given since an instant."""
        rows = self._all(RatingRow, _SINCE, places=list(places), since=since)
        given = Counter(row.grade for row in rows)
        waits = [row for row in rows if row.reply_by is not None and row.answered_at is None]
        waiting = Counter(row.grade for row in waits)
        late = Counter(row.grade for row in waits if row.reply_by is not None and row.reply_by < today)
        return [RatingCount(grade, given[grade], waiting[grade], late[grade]) for grade in sorted(given)]
