"""The calendars by which the program counts: those of the folder, and over them the years taken in here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from service.casework.desk.jsonable import to_json_value
from service.catalog import DatedValue, Package, Parameter, Unit
from service.catalog.calendars.calendars import with_year_files
from service.catalog.settings.settings import why_refused
from service.catalog.source.freeze import freeze
from service.domain.calendar import WorkingCalendar
from service.store import Store, Transaction
from service.store.models import CalendarYearRow, SettingRow

if TYPE_CHECKING:
    from service.casework.desk.desk import Desk


_Files = tuple[tuple[str, int, str], ...]
"""Years that were taken in, each with its layer and the file of the year: what makes a state of the calendars."""


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
            rows = tx.calendar_years.select(state=(IN_FORCE,))
        row_ids = tuple(row.id for row in rows)
        if row_ids != self._laid_over:
            self._held = with_year_files(self._files, _to_files(rows))
            self._laid_over = row_ids

    def former(self, tx: Transaction | None = None) -> list[Mapping[str, WorkingCalendar]]:
        """Return the states of the calendars before today's, newest first: what limits that run may have been counted by."""
        if tx is None:
            with self._store.read() as transaction:
                return self.former(transaction)
        rows = tx.calendar_years.select(
            state=(
                IN_FORCE,
                WITHDRAWN,
            )
        )
        states = _list_states(rows)
        today = tuple(row.id for row in rows if row.state == IN_FORCE)
        past = [ids for ids in dict.fromkeys(reversed(states)) if ids != today]
        read, past_states = self._past, dict[_Files, Mapping[str, WorkingCalendar]]()
        for files in (_to_files(row for row in rows if row.id in ids) for ids in past):
            past_states[files] = read[files] if files in read else with_year_files(self._files, files)
        self._past = past_states
        return [*past_states.values()]

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


def list_differing_states(
    states: Iterable[Mapping[str, WorkingCalendar]], desk: Desk, key: str
) -> list[Mapping[str, WorkingCalendar]]:
    """Return those of the former ``states`` in which the calendar ``key`` was another one than today's, each once."""
    distinct_states: list[Mapping[str, WorkingCalendar]] = []
    for state in states:
        if key in state and all(state[key] != other[key] for other in (desk.calendars, *distinct_states)):
            distinct_states.append(state)
    return distinct_states


def _to_files(rows: Iterable[CalendarYearRow]) -> _Files:
    return tuple((row.layer, row.year, row.content) for row in rows)


def _list_states(rows: Sequence[CalendarYearRow]) -> list[tuple[int, ...]]:
    """Return which years were in force, from the beginning on, after each decision and withdrawal."""
    events = []
    for row in rows:
        details = row.details or {}
        events.append((str(details["decided"]["at"]), row.id, True))
        if row.state == WITHDRAWN:
            events.append((str(details["withdrawn"]["at"]), row.id, False))
    year_ids: set[int] = set()
    states: list[tuple[int, ...]] = [()]
    for _, ident, taken in sorted(events):
        year_ids = year_ids | {ident} if taken else year_ids - {ident}
        states.append(tuple(sorted(year_ids)))
    return states


def parameters_on(tx: Transaction, package: Package, day: date) -> dict[str, Any]:
    """Return every parameter's value on ``day`` as JSON, for a round to freeze: the city's choice, else the package's."""
    return {ident: to_json_value(p.value_on(day)) for ident, p in effective_parameters(tx, package).items()}


def effective_parameters(tx: Transaction, package: Package) -> Mapping[str, Parameter]:
    """Return the parameters of ``package`` with what the city chose; a choice the law no longer allows does not count."""
    chosen = chosen_values(tx.settings.select(package=package.key), package)
    parameters = package.award.parameters
    return {ident: p.with_set(chosen[ident]) if ident in chosen else p for ident, p in parameters.items()}


def chosen_values(rows: Iterable[SettingRow], package: Package) -> dict[str, tuple[DatedValue, ...]]:
    """Return what the city chose by parameter, in order of the days; the newest change of a day holds."""
    values_by_parameter: dict[str, dict[date, DatedValue]] = {}
    for row in rows:
        parameter = package.award.parameters.get(row.parameter)
        value = stored_value(parameter, row.value["value"]) if parameter else None
        if parameter is not None and why_refused(package, parameter, value) is None:
            values_by_parameter.setdefault(row.parameter, {})[row.since] = DatedValue(row.since, freeze(value))
    return {ident: tuple(by_day[day] for day in sorted(by_day)) for ident, by_day in values_by_parameter.items()}


def stored_value(parameter: Parameter | None, value: Any) -> Any:
    """Return a stored value as the package would hold it: days as days."""
    if parameter is not None and parameter.unit is Unit.DATE and isinstance(value, str):
        return date.fromisoformat(value)
    return value
