"""The published packages, by jurisdiction: what lists read names, calendars and clauses from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from service.casework.access.actor import Actor
from service.casework.desk.desk import Desk
from service.catalog import Element, Jurisdiction, Package
from service.domain.calendar import WorkingCalendar, local_date
from service.domain.calendar.clock import format_full_day
from service.domain.errors import NotAllowed
from service.domain.text import Text
from service.store import Transaction
from service.store.models import DefinitionRow, PackageEventRow, TaskRow


@dataclass(frozen=True)
class Published:
    """Every current package."""

    packages: tuple[Package, ...]

    @cached_property
    def _of_places(self) -> Mapping[str, tuple[Package, ...]]:
        return {j: tuple(p for p in self.packages if p.jurisdiction.id == j) for j in self.jurisdictions()}

    def of(self, jurisdiction: str) -> tuple[Package, ...]:
        """Return the packages of ``jurisdiction``."""
        return self._of_places.get(jurisdiction, ())

    def holding(self, jurisdiction: str, process_id: str) -> Package | None:
        """Return the package of ``jurisdiction`` that has diagram ``process_id``, or any of that jurisdiction."""
        packages = self.of(jurisdiction)
        return next((p for p in packages if process_id in p.processes), packages[0] if packages else None)

    def element(self, task: TaskRow) -> tuple[Package | None, Element | None]:
        """Return what the current version says of the step a task stands at; an older version may have had others."""
        package = self.holding(task.jurisdiction, task.process_id)
        diagram = package.processes.get(task.process_id) if package else None
        return package, diagram.elements.get(task.element) if diagram else None

    def calendar(self, desk: Desk, jurisdiction: str) -> WorkingCalendar:
        """Return the calendar of ``jurisdiction``; an unpublished one counts by the national calendar."""
        packages = self.of(jurisdiction)
        return desk.calendar(packages[0].jurisdiction.calendar if packages else "cn")

    def jurisdictions(self) -> frozenset[str]:
        """Return the ids of every jurisdiction."""
        return frozenset(p.jurisdiction.id for p in self.packages)


def published(desk: Desk, tx: Transaction) -> Published:
    """Return what is published; one SQL statement, packages are parsed once."""
    return Published(tuple(desk.packages.all_current(tx)))


def calendars_in_use(desk: Desk, tx: Transaction) -> tuple[WorkingCalendar, ...]:
    """Return the calendars by which published packages count; every one that there is where nothing is published."""
    keys = {package.jurisdiction.calendar for package in published(desk, tx).packages} or set(desk.calendars)
    return tuple(desk.calendars[key] for key in sorted(keys) if key in desk.calendars)


def select_overseen_places(actor: Actor, jurisdictions: Iterable[str]) -> tuple[str, ...]:
    """Return those of the ``jurisdictions`` jurisdictions whose every case ``actor`` may look at."""
    return tuple(sorted(j for j in jurisdictions if actor.oversees(j)))


def choose_register(actor: Actor, publications: Published, jurisdiction: str) -> tuple[str, tuple[str, ...]]:
    """Return whose register of experts is asked for, the first without ``jurisdiction``, and all that ``actor`` oversees.

    Raises:
        NotAllowed: there is none, or that one is not theirs to look at.
    """
    places = select_overseen_places(actor, publications.jurisdictions())
    if not places:
        raise NotAllowed(Text("您没有可查看的专家库。", "There is no register of experts for you to look at."))
    if jurisdiction and jurisdiction not in places:
        raise NotAllowed(Text("您不能查看该辖区的专家库。", "This register is not yours to look at."))
    return jurisdiction or places[0], places


def select_rights_places(actor: Actor, jurisdictions: Iterable[str]) -> tuple[str, ...]:
    """Return those of the ``jurisdictions`` jurisdictions where ``actor`` asks for or decides on rights of people."""
    return tuple(sorted(j for j in jurisdictions if actor.rules(j)))


def select_administered_places(actor: Actor, jurisdictions: Iterable[str]) -> tuple[str, ...]:
    """Return those of the ``jurisdictions`` jurisdictions that ``actor`` administers."""
    return tuple(sorted(j for j in jurisdictions if actor.administers(j)))


def version_names(rows: Sequence[DefinitionRow]) -> Mapping[str, Text]:
    """Return the name of each version of one package, by its mark; ``rows`` are all of them."""
    days: dict[str, list[str]] = {}
    names = {}
    for row in sorted(rows, key=lambda row: (row.published_at, row.base is not None)):
        day = format_full_day(local_date(row.published_at))
        days.setdefault(day.zh, []).append(row.version)
        names[row.version] = day
    return {version: _format_version_name(day, days[day.zh], version) for version, day in names.items()}


def version_name(tx: Transaction, package: str, version: str) -> Text:
    """Return how people call ``version`` of ``package``; its mark where nothing is known of it."""
    names = version_names(tx.definitions.of_package(package))
    return names.get(version, Text(f"版本 {version[:8]}", f"version {version[:8]}"))


def _format_version_name(day: Text, same_day: Sequence[str], version: str) -> Text:
    if len(same_day) == 1:
        return Text(f"{day.zh}发布的版本", f"the version of {day.en}")
    number = same_day.index(version) + 1
    return Text(f"{day.zh}发布的第{number}个版本", f"version {number} of {day.en}")


REPUBLISHED = "republished"
"""What the record of a package calls a version that a folder published once more, in the place of the one named."""
_PUBLISHED = ("published", "taken_over", REPUBLISHED)
WITHDRAWN = "withdrawn"
"""What the record of a package calls a version that gave way to the one before."""
BEGUN = "begun"
"""What the record of a package calls a version whose day has come."""


def published_again(rows: Sequence[DefinitionRow], events: Sequence[PackageEventRow]) -> Mapping[str, PackageEventRow]:
    """Return the newest publication of each version that was published more than once, by its mark; ``events`` are in order."""
    first = {row.version: row.published_at for row in rows}
    return {
        version: event
        for version, event in _map_newest_events(events, _PUBLISHED).items()
        if version in first and event.at > first[version]
    }


def map_version_withdrawals(events: Sequence[PackageEventRow]) -> Mapping[str, PackageEventRow]:
    """Return the withdrawal of each version that is withdrawn now, by its mark: not published or brought back since."""
    back: dict[str, datetime] = {version: event.at for version, event in _map_newest_events(events, _PUBLISHED).items()}
    for event in events:
        if event.action == WITHDRAWN and (instead := event.data.get("instead")):
            back[instead] = event.at
    return {
        v: event
        for v, event in _map_newest_events(events, (WITHDRAWN,)).items()
        if v not in back or event.at >= back[v]
    }


def first_days(events: Sequence[PackageEventRow]) -> Mapping[str, date]:
    """Return on which day each version begins, or was to begin, that was published for a later day and did not so far."""
    begun = _map_newest_events(events, (BEGUN, *_PUBLISHED[1:]))
    waiting = {}
    for version, event in _map_newest_events(events, _PUBLISHED[:1]).items():
        day = date.fromisoformat(str(event.data.get("from") or local_date(event.at)))
        if day > local_date(event.at) and (version not in begun or begun[version].at < event.at):
            waiting[version] = day
    return waiting


def _map_newest_events(events: Sequence[PackageEventRow], actions: Sequence[str]) -> dict[str, PackageEventRow]:
    return {
        str(event.data["version"]): event for event in events if event.action in actions and "version" in event.data
    }


def select_round_places(actor: Actor, publications: Published) -> tuple[str, ...]:
    """Return the ids of the published places whose rounds ``actor`` may see: overseen or led, in order."""
    places = {package.jurisdiction.id: package.jurisdiction for package in publications.packages}
    return tuple(sorted(ident for ident, place in places.items() if actor.oversees(ident) or _is_leader(actor, place)))


def _is_leader(actor: Actor, place: Jurisdiction) -> bool:
    return any(
        seat.serves(place.id) and seat.role in place.roles and place.roles[seat.role].leads for seat in actor.seats
    )
