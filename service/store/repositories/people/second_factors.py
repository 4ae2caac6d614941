"""Second factors of sign-in: each code is taken once, whoever asks at the same moment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from service.store.repositories.base import Repository, one
from service.store.rows import RecoveryCodeRow, SecondFactorRow
from service.store.rows.second_factors import recovery_code, second_factor

_ONE = one(second_factor, "person_id")
_LOCKED = _ONE.with_for_update()
_LEFT = sa.select(sa.func.count()).select_from(recovery_code).where(recovery_code.c.person_id == sa.bindparam("person"))


class SecondFactorRepository(Repository):
    """One-time codes and recovery codes of people."""

    def of(self, person_id: int) -> SecondFactorRow | None:
        """Return what a person has, be it only offered; None for nothing."""
        return self._first(SecondFactorRow, _ONE, person_id=person_id)

    def offer(self, person_id: int, secret: bytes) -> None:
        """Note a secret that is shown to a person; what is in force stays so until it is confirmed."""
        mine = second_factor.c.person_id == person_id
        if not self._change(sa.update(second_factor).where(mine).values(offered=secret)):
            self._put(second_factor, [SecondFactorRow(person_id=person_id, offered=secret)])

    def confirm(self, person_id: int, secret: bytes, step: int, at: datetime, marks: Sequence[str]) -> bool:
        """Put the offered ``secret`` in force with fresh recovery codes; False where it is offered no more."""
        row = self._first(SecondFactorRow, _LOCKED, person_id=person_id)
        if row is None or row.offered != secret:
            return False
        fresh = {"secret": secret, "offered": None, "since": at, "last_step": step}
        self._change(sa.update(second_factor).where(second_factor.c.person_id == person_id).values(fresh))
        self.renew_recovery(person_id, marks)
        return True

    def renew_recovery(self, person_id: int, marks: Sequence[str]) -> None:
        """Let ``marks`` be the only recovery codes of a person."""
        self._forget_recovery(recovery_code.c.person_id == person_id)
        self._put(recovery_code, [RecoveryCodeRow(mark=mark, person_id=person_id) for mark in marks])

    def take_step(self, person_id: int, secret: bytes, step: int) -> bool:
        """Note that the code of a period was taken; False where it, or a later one, was taken before."""
        row = self._first(SecondFactorRow, _LOCKED, person_id=person_id)
        if row is None or row.secret != secret or row.last_step >= step:
            return False
        self._change(sa.update(second_factor).where(second_factor.c.person_id == person_id).values(last_step=step))
        return True

    def take_recovery(self, person_id: int, mark: str) -> bool:
        """Use up a recovery code; False where there is none."""
        return self._forget_recovery(recovery_code.c.person_id == person_id, recovery_code.c.mark == mark) == 1

    def recovery_left(self, person_id: int) -> int:
        """Return how many recovery codes a person has left."""
        return int(self._scalar(_LEFT, person=person_id))

    def remove(self, person_id: int) -> bool:
        """Forget everything; False where there was nothing in force."""
        self._forget_recovery(recovery_code.c.person_id == person_id)
        had = self.of(person_id)
        self._change(sa.delete(second_factor).where(second_factor.c.person_id == person_id))
        return had is not None and had.secret is not None

    def _forget_recovery(self, *which: sa.ColumnElement[bool]) -> int:
        """Forget recovery codes; returns how many there were."""
        return self._change(sa.delete(recovery_code).where(*which))
