"""The calendars by which the program counts: those of the folder, and over them the years taken in here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from service.catalog.calendars.calendar_years import with_year_files
from service.domain.calendar import WorkingCalendar
from service.store import Store, Transaction
from service.store.models import CalendarYearRow

_Files = tuple[tuple[str, int, str], ...]
"""Years that were taken in, each with its layer and the file of the year: what makes a state of the calendars."""

if TYPE_CHECKING:
    from service.casework.desk.desk import Desk

IN_FORCE = "in_force"
"""The state of a year that was taken in and not withdrawn."""

WITHDRAWN = "withdrawn"
"""The state of a year that was taken in once and counts no more."""


class CalendarShelf(Mapping[str, WorkingCalendar]):
    """Calendars by layer as they were when they were last looked up; whoever evaluates sees one state of them."""

    def __init__(self, files: Mapping[str, WorkingCalendar], store: Store) -> None:
        self._files, self._store = dict(files), store
        self._laid_over: tuple[int, ...] = ()
        self._held: Mapping[str, WorkingCalendar] = self._files
        self._past: Mapping[_Files, Mapping[str, WorkingCalendar]] = {}
        """The states of before, as they were read last: each case that is looked at asks for them."""

    def refresh(self) -> None:
        """Look up which years are in force now; an unchanged list changes nothing."""
        with self._store.read() as tx:
            rows = tx.calendar_years.in_state(IN_FORCE)
        found = tuple(row.id for row in rows)
        if found != self._laid_over:
            self._held = with_year_files(self._files, _files(rows))
            self._laid_over = found

    def former(self, tx: Transaction | None = None) -> list[Mapping[str, WorkingCalendar]]:
        """Return the states of the calendars before today's, newest first: what limits that run may have been counted by."""
        if tx is None:
            with self._store.read() as own:
                return self.former(own)
        rows = tx.calendar_years.in_state(IN_FORCE, WITHDRAWN)
        states = _states(rows)
        today = tuple(row.id for row in rows if row.state == IN_FORCE)
        past = [ids for ids in dict.fromkeys(reversed(states)) if ids != today]
        read, found = self._past, dict[_Files, Mapping[str, WorkingCalendar]]()
        for files in (_files(row for row in rows if row.id in ids) for ids in past):
            found[files] = read[files] if files in read else with_year_files(self._files, files)
        self._past = found
        return [*found.values()]

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


def former_calendars(desk: Desk, tx: Transaction | None = None) -> list[Mapping[str, WorkingCalendar]]:
    """Return the calendars as they were before years were taken in and withdrawn, newest first; read in ``tx``, if given."""
    return desk.calendars.former(tx) if isinstance(desk.calendars, CalendarShelf) else []


def differing(
    states: Iterable[Mapping[str, WorkingCalendar]], desk: Desk, key: str
) -> list[Mapping[str, WorkingCalendar]]:
    """Return those of the former ``states`` in which the calendar ``key`` was another one than today's, each once."""
    found: list[Mapping[str, WorkingCalendar]] = []
    for state in states:
        if key in state and all(state[key] != known[key] for known in (desk.calendars, *found)):
            found.append(state)
    return found


def _files(rows: Iterable[CalendarYearRow]) -> _Files:
    return tuple((row.layer, row.year, row.content) for row in rows)


def _states(rows: Sequence[CalendarYearRow]) -> list[tuple[int, ...]]:
    """Return which years were in force, from the beginning on, after each decision and withdrawal."""
    events = []
    for row in rows:
        said = row.details or {}
        events.append((str(said["decided"]["at"]), row.id, True))
        if row.state == WITHDRAWN:
            events.append((str(said["withdrawn"]["at"]), row.id, False))
    held: set[int] = set()
    states: list[tuple[int, ...]] = [()]
    for _, ident, taken in sorted(events):
        held = held | {ident} if taken else held - {ident}
        states.append(tuple(sorted(held)))
    return states
