"""Names of cities and roles, from the published packages; looked up again once a minute, and where a city is not known yet."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import cast

from flask import current_app

from service.casework.access.actor import BUILT_IN, Seat
from service.casework.people.rights.seats import BUILT_IN_ROLES
from service.catalog import Package
from service.domain.text import Text
from service.store.errors import Unreachable
from service.web.frame.requests.current import say, the_desk

_KEY, _SECONDS = "laurel.names", 60.0
_AGAIN = 1.0
"""Seconds after which names that lack a city are read again: it may have been published since."""

_BUILT_IN = {
    **BUILT_IN_ROLES,
    "applicant": Text("申报组织", "Applicant"),
}


@dataclass(frozen=True, slots=True)
class PackageNames:
    """What the published packages call things; ``until`` is when to look again (monotonic seconds)."""

    until: float
    cities: Mapping[str, Text]
    roles: Mapping[tuple[str, str], Text]
    packages: tuple[Package, ...]


def published() -> PackageNames:
    """Return the names of everything published, those read before while the database is away; raises Unreachable."""
    kept = cast("PackageNames | None", current_app.extensions.get(_KEY))
    if kept is None or kept.until < time.monotonic():
        try:
            kept = current_app.extensions[_KEY] = _read()
        except Unreachable:
            if kept is None:
                raise
    return kept


def city_name(jurisdiction: str) -> str:
    """Return the name of a jurisdiction, its id when it is not published."""
    name = _knowing(jurisdiction).cities.get(jurisdiction)
    return say(name) if name else jurisdiction


def element_name(process_id: str, element: str) -> str:
    """Return the name of an element in the current version of its diagram, its id where it has none."""
    diagrams = (p.processes[process_id] for p in published().packages if process_id in p.processes)
    return next((say(d.elements[element].name) for d in diagrams if element in d.elements), "") or element


def kind_name(jurisdiction: str, kind: str) -> str:
    """Return the name of a kind of case in a jurisdiction (any when empty), its id when no package names it."""
    packages = (p for p in published().packages if jurisdiction in ("", p.jurisdiction.id))
    return next((say(p.award.processes[kind].text) for p in packages if kind in p.award.processes), kind)


def award_name(jurisdiction: str, award: str) -> str:
    """Return the name of an award of a jurisdiction (any when empty), its id when no package names it."""
    packages = (p for p in published().packages if jurisdiction in ("", p.jurisdiction.id))
    return next((say(p.award.text) for p in packages if p.award.id == award), award)


def role_title(jurisdiction: str, role: str) -> str:
    """Return the name of ``role`` in ``jurisdiction``, its id when no package names it."""
    roles = _knowing(jurisdiction).roles
    named = roles.get((jurisdiction, role)) or next((n for (_, r), n in roles.items() if r == role), None)
    return say(named or _BUILT_IN.get(role)) or role


def role_name(seat: Seat) -> str:
    """Return the name of the role that a seat holds."""
    return say(BUILT_IN_ROLES[seat.role]) if seat.role in BUILT_IN else role_title(seat.jurisdiction, seat.role)


def _knowing(jurisdiction: str) -> PackageNames:
    """Return the names, read again where they lack a city that was published a moment ago."""
    names = published()
    read = names.until - _SECONDS
    if jurisdiction in ("", "*") or jurisdiction in names.cities or read + _AGAIN > time.monotonic():
        return names
    current_app.extensions[_KEY] = replace(names, until=0.0)
    return published()


def _read() -> PackageNames:
    desk = the_desk()
    with desk.store.read() as tx:
        packages = tuple(desk.packages.all_current(tx))
    return PackageNames(
        time.monotonic() + _SECONDS,
        {p.jurisdiction.id: p.jurisdiction.text for p in packages},
        {(p.jurisdiction.id, role.id): role.text for p in packages for role in p.jurisdiction.roles.values()},
        packages,
    )
