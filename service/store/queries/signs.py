"""Signatures beside tasks (加签, 会签), and how much of such things waits for a person."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from service.store.models import SignAskRow, SignRow, TaskRow
from service.store.models.cases import case, case_note, sign_ask, task, task_sign
from service.store.queries.base import Repository, is_among, is_none_of, one, row_of, word

_ASK, _SIGN = one(sign_ask, "id"), one(task_sign, "id")
_OF_TASK = one(sign_ask, "task_id").order_by(sign_ask.c.id.desc()).limit(sa.bindparam("most"))
_OPEN_OF_TASK = one(sign_ask, "task_id", "state").order_by(sign_ask.c.id.desc()).limit(1)
_OF_ASK = one(task_sign, "ask_id").order_by(task_sign.c.id)
SIGNER = "person"
"""The name under which a statement takes the person who is asked to sign."""
_PERSON: sa.BindParameter[int] = sa.bindparam(SIGNER)
_WITH_TASK = task_sign.join(sign_ask, sign_ask.c.id == task_sign.c.ask_id).join(task, task.c.id == sign_ask.c.task_id)
_MINE = (
    sa.select(*task_sign.c, *sign_ask.c, *task.c, case.c.status.label("case_status"))
    .select_from(_WITH_TASK.join(case, case.c.id == task_sign.c.case_id))
    .where(task_sign.c.person_id == _PERSON)
    .limit(sa.bindparam("most"))
)
_WAITS = (task_sign.c.state == word("open"), task.c.state == word("open"))
_ASKED = _MINE.where(*_WAITS).order_by(task_sign.c.id)
_GIVEN = _MINE.where(task_sign.c.at.is_not(None)).order_by(task_sign.c.id.desc())


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


class SignRepository(Repository):
    """Who was asked to sign beside tasks, and what they said."""

    def ask(self, row: SignAskRow, people: Sequence[int], state: str) -> int:
        """Ask people to sign and return the number of it; each begins in ``state``."""
        number = self._insert(sign_ask, row)
        rows = [SignRow(ask_id=number, case_id=row.case_id, person_id=each, state=state) for each in people]
        self._insert_many(task_sign, rows)
        return number

    def get_ask(self, ask_id: int) -> SignAskRow:
        """Return what was asked; raises NotFound."""
        return self._existing(SignAskRow, ("会签", "request for signatures"), _ASK, ask_id)

    def get(self, sign_id: int) -> SignRow:
        """Return one who is asked; raises NotFound."""
        return self._existing(SignRow, ("会签", "signature"), _SIGN, sign_id)

    def of_task(self, task_id: int, most: int) -> list[SignAskRow]:
        """Return what was asked beside a task, newest first."""
        return self._all(SignAskRow, _OF_TASK, task_id=task_id, most=most)

    def open_of_task(self, task_id: int) -> SignAskRow | None:
        """Return what is asked beside a task now, None without it."""
        return self._first(SignAskRow, _OPEN_OF_TASK, task_id=task_id, state="open")

    def open_beside(self, tasks: Collection[int]) -> list[SignAskRow]:
        """Return what is asked now beside these tasks."""
        chosen = (sign_ask.c.task_id.in_(sorted(tasks)), sign_ask.c.state == word("open"))
        return self._all(SignAskRow, sa.select(sign_ask).where(*chosen).order_by(sign_ask.c.id))

    def asked_beside(self, tasks: Collection[int]) -> list[SignAskRow]:
        """Return what was ever asked beside these tasks, the oldest first."""
        chosen = is_among(sign_ask.c.task_id, tasks)
        return self._all(SignAskRow, sa.select(sign_ask).where(chosen).order_by(sign_ask.c.id)) if tasks else []

    def of_asks(self, asks: Collection[int]) -> list[SignRow]:
        """Return who is asked by any of these requests, in the order of asking."""
        chosen = is_among(task_sign.c.ask_id, asks)
        return self._all(SignRow, sa.select(task_sign).where(chosen).order_by(task_sign.c.id)) if asks else []

    def of_ask(self, ask_id: int) -> list[SignRow]:
        """Return who is asked, in the order of asking."""
        return self._all(SignRow, _OF_ASK, ask_id=ask_id)

    def list_to_sign(self, person_id: int, recused: Collection[int], most: int) -> list[SignInTask]:
        """Return what a person is asked to sign now, oldest first; what is about ``recused`` organisations apart."""
        return self._of_person(_ASKED, person_id, recused, most)

    def list_signed(self, person_id: int, recused: Collection[int], most: int) -> list[SignInTask]:
        """Return what a person has signed, newest first; what is about ``recused`` organisations apart."""
        return self._of_person(_GIVEN, person_id, recused, most)

    def _of_person(
        self, statement: sa.Select[Any], person_id: int, recused: Collection[int], most: int
    ) -> list[SignInTask]:
        kept = statement.where(_not_of(recused)) if recused else statement
        found = self._connection.execute(kept, {"person": person_id, "most": most})
        return [_in_task(row) for row in found]

    def change_ask(self, ask_id: int, **changes: object) -> None:
        """Change a request."""
        self._alter(sign_ask, ask_id, changes)

    def say(self, sign_id: int, state: str, words: str, at: datetime) -> None:
        """Note what one said."""
        self._alter(task_sign, sign_id, {"state": state, "words": words, "at": at})

    def pass_on(self, ask_id: int, before: Collection[str], state: str) -> None:
        """Let all who are asked, and stand in one of the states ``before``, stand in ``state``."""
        chosen = (task_sign.c.ask_id == ask_id, task_sign.c.state.in_(before))
        self._change(sa.update(task_sign).where(*chosen).values(state=state))

    def waiting(self, person_id: int, recused: Collection[int] = ()) -> WaitingFor:
        """Return how many signatures and unread notes wait for a person; those of ``recused`` organisations apart."""
        asked = _waiting(_not_of(recused)) if recused else _WAITING
        return WaitingFor._make(self._read(asked, {"person": person_id})[0])


def signs_waiting(recused: Collection[int]) -> sa.ScalarSelect[int]:
    """Return the count of the signatures that wait for `SIGNER`; those about ``recused`` organisations apart."""
    return _signs(_not_of(recused)) if recused else _SIGNS_WAITING


def _signs(kept: sa.ColumnElement[bool] | None) -> sa.ScalarSelect[int]:
    signs = sa.select(sa.func.count()).select_from(_WITH_TASK).where(task_sign.c.person_id == _PERSON, *_WAITS)
    if kept is not None:
        signs = signs.where(sa.exists(sa.select(1).where(case.c.id == task_sign.c.case_id, kept)))
    return signs.scalar_subquery()


_SIGNS_WAITING = _signs(None)


def _waiting(kept: sa.ColumnElement[bool] | None = None) -> sa.Select[int, int]:
    """Return the statement that counts what waits for a person, in cases that are ``kept``."""
    mine = (case_note.c.to_id == _PERSON, case_note.c.read_at.is_(None), case_note.c.removed_at.is_(None))
    unread = sa.select(sa.func.count()).select_from(case_note).where(*mine)
    if kept is not None:
        unread = unread.where(sa.exists(sa.select(1).where(case.c.id == case_note.c.case_id, kept)))
    return sa.select(_signs(kept), unread.scalar_subquery())


_WAITING = _waiting()


def _not_of(recused: Collection[int]) -> sa.ColumnElement[bool]:
    """Return the condition that a case is about none of these organisations."""
    return sa.or_(case.c.subject_id.is_(None), is_none_of(case.c.subject_id, recused))


def _in_task(row: Sequence[Any]) -> SignInTask:
    first = len(task_sign.c)
    second = first + len(sign_ask.c)
    return SignInTask(
        row_of(SignRow, task_sign, row[:first]),
        row_of(SignAskRow, sign_ask, row[first:second]),
        row_of(TaskRow, task, row[second:-1]),
        str(row[-1]),
    )
