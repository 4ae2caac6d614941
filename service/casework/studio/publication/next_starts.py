"""What comes after a publication: which kinds of cases begin a round by the new version, and who starts them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from service.casework.access.actor import Actor
from service.catalog import Package
from service.domain.text import Text


@dataclass(frozen=True, slots=True)
class NextStart:
    """A kind of case that stands below no other, started by ``roles``; ``href`` leads there for who may start it."""

    process: str
    name: Text
    roles: tuple[Text, ...]
    may: bool
    href: str


def next_starts(actor: Actor, package: Package) -> Iterator[NextStart]:
    """Yield the kinds of cases with which everything else begins: rounds, before all."""
    place = package.jurisdiction
    for info in package.award.processes.values():
        if info.parent is None and not info.public and info.started_by:
            roles = tuple(place.roles[role].text for role in info.started_by if role in place.roles)
            may = any(actor.holds(place.id, role) is not None for role in info.started_by)
            yield NextStart(info.key, info.text, roles, may, f"/start/{package.key}/{info.key}")
