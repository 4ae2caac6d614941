"""Limits that an installation is watched by, and alarms."""

from __future__ import annotations

import sqlalchemy as sa

from service.store.repositories.base import Repository, one, values_of
from service.store.rows.health import AlarmRow, HealthLimitsRow, alarm, health_limits

_CHOSEN = one(health_limits, "id")
_ONE_TELLS = sa.select(sa.func.pg_advisory_xact_lock(0x4C_41_55_58))
"""Waits for PostgreSQL's advisory lock of whoever changes alarms; the unit of work gives it back."""


class HealthRepository(Repository):
    """What an administrator wants to be told of, and what they were told."""

    def limits(self) -> HealthLimitsRow | None:
        """Return the limits in force; None where nobody chose any in this installation."""
        return self._first(HealthLimitsRow, _CHOSEN, id=1)

    def choose(self, row: HealthLimitsRow) -> None:
        """Let other limits hold from now on."""
        values = values_of(row)
        kept = self._upsert(health_limits).on_conflict_do_update(index_elements=["id"], set_=values)
        self._change(kept, **values)

    def alarms(self) -> list[AlarmRow]:
        """Return what every check found last, by name."""
        return self._all(AlarmRow, sa.select(alarm).order_by(alarm.c.name))

    def lock_alarms(self) -> list[AlarmRow]:
        """Return the same and keep others from telling people of them until the end of the unit of work.

        On PostgreSQL a lock of rows does not hold what has no row yet, which the first alarm of a check is.
        """
        if self._connection.dialect.name == "postgresql":
            self._connection.execute(_ONE_TELLS)
        return self._all(AlarmRow, sa.select(alarm).order_by(alarm.c.name).with_for_update())

    def note(self, row: AlarmRow) -> None:
        """Keep what a check found, and what people were told of it."""
        values = values_of(row)
        self._change(self._upsert(alarm).on_conflict_do_update(index_elements=["name"], set_=values), **values)
