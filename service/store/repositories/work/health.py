"""Limits that an installation is watched by, and alarms."""

from __future__ import annotations

import sqlalchemy as sa

from service.store.repositories.base import one, values_of
from service.store.repositories.choices import SealingRows
from service.store.repositories.readable_rows import ReadableRows
from service.store.rows.health import AlarmRow, HealthLimitsRow, alarm, health_limits
from service.store.seals.choice_seals import ALARMS, LIMITS
from service.store.seals.row_seals import mark_of

_CHOSEN = one(health_limits, "id")
_ONE_TELLS = sa.select(sa.func.pg_advisory_xact_lock(0x4C_41_55_58))
"""Waits for PostgreSQL's advisory lock of whoever changes alarms; the unit of work gives it back."""


class HealthRepository(SealingRows, ReadableRows):
    """What an administrator wants to be told of, and what they were told."""

    def limits(self) -> HealthLimitsRow | None:
        """Return the limits in force; None where nobody chose any in this installation, or they cannot be read."""
        return next(iter(self._that_hold(LIMITS, self._readable(HealthLimitsRow, health_limits, _CHOSEN, id=1))), None)

    def choose(self, row: HealthLimitsRow) -> None:
        """Let other limits hold from now on; the seal of those before is taken back."""
        before = self._readable(HealthLimitsRow, health_limits, _CHOSEN, id=1)
        self.withdrawn += [mark_of(one.seal) for one in before if self.seals is not None and one.seal]
        values = values_of(row)
        kept = self._upsert(health_limits).on_conflict_do_update(index_elements=["id"], set_=values)
        self._change(kept, **values)
        self._seal_new(LIMITS, row, {"id": 1})

    def alarms(self) -> list[AlarmRow]:
        """Return what every check found last, by name; rows that others wrote are left out, so that people are told anew."""
        return self._that_hold(ALARMS, self._readable(AlarmRow, alarm, sa.select(alarm).order_by(alarm.c.name)))

    def lock_alarms(self) -> list[AlarmRow]:
        """Return the same and keep others from telling people of them until the end of the unit of work.

        On PostgreSQL a lock of rows does not hold what has no row yet, which the first alarm of a check is.
        """
        if self._connection.dialect.name == "postgresql":
            self._connection.execute(_ONE_TELLS)
        found = self._readable(AlarmRow, alarm, sa.select(alarm).order_by(alarm.c.name).with_for_update())
        return self._that_hold(ALARMS, found)

    def note(self, row: AlarmRow) -> None:
        """Keep what a check found, and what people were told of it; ``row`` bears the seal of what it said before, if any.

        That seal is taken back, so that nobody silences a later fault by what was told of an earlier one.
        """
        if self.seals is not None and row.seal:
            if not ALARMS.rows.lacks(self.seals, row):
                return  # nothing of it changed
            self.used.append(mark_of(row.seal))  # after the commit: a folder of keys that is away is told of, too
        values = values_of(ALARMS.rows.sealed(self.seals, row))
        kept = self._upsert(alarm).on_conflict_do_update(index_elements=["name"], set_=values)
        self._change(kept, **values)
