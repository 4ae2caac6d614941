"""Years of the working calendar that were typed here."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from service.store.repositories.base import Repository, one
from service.store.rows import CalendarYearRow
from service.store.rows.calendars import calendar_year

_ONE = one(calendar_year, "id")
_YEAR = ("日历年份", "year of a calendar")


class CalendarYearRepository(Repository):
    """Years by layer: proposed, in force, returned or withdrawn."""

    def insert(self, row: CalendarYearRow) -> int:
        """Keep a new year and return its id."""
        return self._insert(calendar_year, row)

    def get(self, ident: int) -> CalendarYearRow:
        """Return a year; raises NotFound."""
        return self._existing(CalendarYearRow, _YEAR, _ONE, ident)

    def change(self, ident: int, changes: Mapping[str, object]) -> None:
        """Change how a year stands; raises NotFound."""
        self._alter(calendar_year, self.get(ident).id, changes)

    def in_state(self, *states: str) -> list[CalendarYearRow]:
        """Return the years in one of ``states``, oldest first."""
        found = self._all(CalendarYearRow, sa.select(calendar_year).where(calendar_year.c.state.in_(states)))
        return sorted(found, key=lambda row: row.id)
