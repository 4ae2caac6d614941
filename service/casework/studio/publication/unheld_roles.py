"""The roles that a version names and nobody holds: their tasks would wait for ever."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from service.casework.people.rights.seats import EVERYWHERE
from service.casework.reading.published import Published
from service.catalog import Package
from service.catalog.award import PUBLIC
from service.catalog.jurisdiction import Body, Role
from service.store import Transaction


@dataclass(frozen=True, slots=True)
class UnheldRole:
    """A role without a holder, and the bodies in which it may be held; ``begins`` with the version: until then nobody gets it."""

    role: Role
    bodies: tuple[Body, ...]
    begins: bool


def unheld_roles(tx: Transaction, package: Package, known: Published, now: datetime) -> tuple[UnheldRole, ...]:
    """Return the roles that act in ``package`` and that nobody holds at ``now``, in the order in which it declares them.

    Whoever manages people can give the roles that the place has by what is ``known``, the current packages.

    Roles of applicants are held by whoever applies; a person whom the package names gets an account with it.
    """
    place = package.jurisdiction
    acting = set(_acting(package))
    named = {role for body in place.bodies for member in body.members for role in member.roles}
    given = {role for current in known.of(place.id)[:1] for role in current.jurisdiction.roles}
    return tuple(
        UnheldRole(role, place.bodies_with(role.id), role.id not in given)
        for role in place.roles.values()
        if role.id in acting and not role.subject and role.id not in named and not _held(tx, place.id, role.id, now)
    )


def _acting(package: Package) -> Iterator[str]:
    for diagram in package.diagrams.values():
        yield from (package.role_of(element) for element in diagram.elements.values() if element.role)
    for kind in package.award.processes.values():
        yield from (package.jurisdiction.bind(role) for role in kind.started_by if role != PUBLIC)


def _held(tx: Transaction, place: str, role: str, now: datetime) -> bool:
    return any(tx.people.people_with(where, role, None, now) for where in (place, EVERYWHERE))
