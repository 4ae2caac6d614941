"""What the task list can be narrowed by: the steps that a person may meet, and the rounds under way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.reading.published import Published, overseen, published
from service.catalog import Kind
from service.store import CaseFilter, Transaction


class Choices(NamedTuple):
    """Steps as ("process/element", name), and rounds as (number, title), newest first."""

    steps: Sequence[tuple[str, str]]
    rounds: Sequence[tuple[int, str]]


NO_CHOICES = Choices((), ())


@guarded("task.list")
def steps_of(desk: Desk, actor: Actor) -> Sequence[tuple[str, str]]:
    """Return the steps ``actor`` may meet in the list, as ("process/element", name)."""
    with desk.store.read() as tx:
        return _steps(actor, published(desk, tx))


def choices_of(tx: Transaction, actor: Actor, known: Published) -> Choices:
    """Return everything that the list can be narrowed by."""
    return Choices(_steps(actor, known), _rounds(tx, actor, known))


def _steps(actor: Actor, known: Published) -> Sequence[tuple[str, str]]:
    """Return the steps by name; equal names say where they belong."""
    names: dict[str, str] = {}
    places: dict[str, list[str]] = {}
    for package in known.packages:
        place = package.jurisdiction
        roles = {role for role in place.roles if actor.holds(place.id, role)}
        wide = actor.oversees(place.id)
        if not roles and not wide:
            continue
        for diagram in package.processes.values():
            for element in diagram.of(Kind.USER_TASK):
                if wide or package.role_of(element) in roles:
                    key = f"{diagram.process_id}/{element.id}"
                    names.setdefault(key, element.name)
                    places.setdefault(key, [diagram.name]).append(place.name)
    alike = Counter(names.values())
    labels = {key: name if alike[name] == 1 else f"{name}（{_belongs(*places[key])}）" for key, name in names.items()}
    return sorted(labels.items(), key=lambda item: item[1])


def _belongs(diagram: str, *places: str) -> str:
    return diagram if len(set(places)) > 1 else f"{places[0]} · {diagram}"


def _rounds(tx: Transaction, actor: Actor, known: Published) -> Sequence[tuple[int, str]]:
    kinds = {
        i.parent
        for p in known.packages
        for i in p.award.processes.values()
        if i.parent and p.award.processes[i.parent].parent is None
    }
    places = overseen(actor, known.jurisdictions()) or tuple({s.jurisdiction for s in actor.seats} - {"*"})
    if not places:
        return ()
    found = [r for kind in sorted(kinds) for r in tx.cases.search(CaseFilter(places, kind), limit=20)]
    return [(row.id, row.title) for row in sorted(found, key=lambda r: r.id, reverse=True)]
