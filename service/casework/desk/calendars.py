"""The calendars by which the program counts: those of the folder, and over them the years taken in here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from service.catalog.calendar_years import with_year_files
from service.domain.calendar import WorkingCalendar
from service.store import Store

if TYPE_CHECKING:
    from service.casework.desk.desk import Desk

IN_FORCE = "in_force"
"""The state of a year that was taken in and not withdrawn."""


class CalendarShelf(Mapping[str, WorkingCalendar]):
    """Calendars by layer as they were when they were last looked up; whoever evaluates sees one state of them."""

    def __init__(self, files: Mapping[str, WorkingCalendar], store: Store) -> None:
        self._files, self._store = dict(files), store
        self._laid_over: tuple[int, ...] = ()
        self._held: Mapping[str, WorkingCalendar] = self._files

    def refresh(self) -> None:
        """Look up which years are in force now; an unchanged list changes nothing."""
        with self._store.read() as tx:
            rows = tx.calendar_years.in_state(IN_FORCE)
        found = tuple(row.id for row in rows)
        if found != self._laid_over:
            self._held = with_year_files(self._files, ((row.layer, row.year, row.content) for row in rows))
            self._laid_over = found

    def __getitem__(self, layer: str) -> WorkingCalendar:
        return self._held[layer]

    def __iter__(self) -> Iterator[str]:
        return iter(self._held)

    def __len__(self) -> int:
        return len(self._held)


def refresh_calendars(desk: Desk) -> None:
    """Let ``desk`` count by the years that are in force now, wherever they were taken in."""
    if isinstance(desk.calendars, CalendarShelf):
        desk.calendars.refresh()
