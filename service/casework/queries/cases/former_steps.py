"""Steps that today's diagrams have no more, at which cases of older versions stand: named by those versions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from service.casework.desk.desk import Desk
from service.casework.reading.published import Published
from service.store import ElementCount, Transaction

_MOST = 50
"""So many of them are looked up, those where most waits: each asks the database once."""


@dataclass(frozen=True, slots=True)
class FormerStep:
    """A step of older versions, what waits there, and a name of its diagram and of itself, of the newest case there first.

    One without a name is told by its id; ``messages`` are those that it sends or catches.
    """

    count: ElementCount
    diagram: str
    names: tuple[str, ...]
    messages: tuple[str, ...] = ()


def former_steps(desk: Desk, tx: Transaction, known: Published, counts: Iterable[ElementCount]) -> Iterator[FormerStep]:
    """Yield those of the places in ``counts`` where something waits and that no published diagram has any more."""
    gone = sorted((c for c in counts if c.here and not _drawn_today(known, c)), key=lambda c: -c.here)
    for count in gone[:_MOST]:
        found, messages = [], []
        for version in tx.search.versions_at(count.jurisdiction, count.process_id, count.element):
            diagram = desk.packages.get(version, tx).processes.get(count.process_id)
            drawn = diagram.elements.get(count.element) if diagram else None
            if diagram and drawn:
                found.append((diagram.name or count.process_id, drawn.name or drawn.id))
                messages += [drawn.message] if drawn.message else []
        if found:
            names = tuple(dict.fromkeys(name for _, name in found))
            yield FormerStep(count, found[0][0], names, tuple(dict.fromkeys(messages)))


def _drawn_today(known: Published, count: ElementCount) -> bool:
    diagrams = (package.processes.get(count.process_id) for package in known.of(count.jurisdiction))
    return any(diagram is not None and count.element in diagram.elements for diagram in diagrams)
