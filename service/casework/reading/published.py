"""The published packages, by jurisdiction: what lists read names, calendars and clauses from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from service.casework.access.actor import Actor
from service.casework.desk.desk import Desk
from service.catalog import Element, Package
from service.domain.calendar import WorkingCalendar
from service.store import Transaction
from service.store.models import TaskRow


@dataclass(frozen=True, slots=True)
class Published:
    """Every current package."""

    packages: tuple[Package, ...]

    def of(self, jurisdiction: str) -> tuple[Package, ...]:
        """Return the packages of ``jurisdiction``."""
        return tuple(p for p in self.packages if p.jurisdiction.id == jurisdiction)

    def holding(self, jurisdiction: str, process_id: str) -> Package | None:
        """Return the package of ``jurisdiction`` that has diagram ``process_id``, or any of that jurisdiction."""
        known = self.of(jurisdiction)
        return next((p for p in known if process_id in p.processes), known[0] if known else None)

    def element(self, task: TaskRow) -> tuple[Package | None, Element | None]:
        """Return what the current version says of the step a task stands at; an older version may have had others."""
        package = self.holding(task.jurisdiction, task.process_id)
        diagram = package.processes.get(task.process_id) if package else None
        return package, diagram.elements.get(task.element) if diagram else None

    def calendar(self, desk: Desk, jurisdiction: str) -> WorkingCalendar:
        """Return the calendar of ``jurisdiction``; an unpublished one counts by the national calendar."""
        known = self.of(jurisdiction)
        return desk.calendar(known[0].jurisdiction.calendar if known else "cn")

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


def overseen(actor: Actor, known: Iterable[str]) -> tuple[str, ...]:
    """Return those of the ``known`` jurisdictions whose every case ``actor`` may look at."""
    return tuple(sorted(j for j in known if actor.oversees(j)))


def ruled(actor: Actor, known: Iterable[str]) -> tuple[str, ...]:
    """Return those of the ``known`` jurisdictions where ``actor`` asks for or decides on rights of people."""
    return tuple(sorted(j for j in known if actor.rules(j)))


def administered(actor: Actor, known: Iterable[str]) -> tuple[str, ...]:
    """Return those of the ``known`` jurisdictions that ``actor`` administers."""
    return tuple(sorted(j for j in known if actor.administers(j)))
