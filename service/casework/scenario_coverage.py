"""Which elements of which diagrams the scenarios of a jurisdiction pass through."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from service.casework.simulate import Played
from service.catalog import Element, Package
from service.domain.errors import NotFound
from service.store import Store

Visited = frozenset[tuple[str, str]]
"""Elements as (process id, element id)."""


@dataclass(frozen=True, slots=True)
class Season:
    """One scenario played: ``visited`` is what its cases passed, ``passed`` whether all it expects came true."""

    scenario: str
    title: str
    passed: bool
    expectations: int
    visited: Visited
    unmet: tuple[str, ...]

    @property
    def asserts(self) -> bool:
        """Whether it proves anything: it expects something, and that came true."""
        return self.passed and self.expectations > 0


@dataclass(frozen=True, slots=True)
class DiagramReach:
    """A diagram: ``reached`` maps each element to the scenarios that pass it and assert, ``unreached`` has none."""

    package: str
    process: str
    file: str
    name: str
    reached: Mapping[str, tuple[str, ...]]
    unreached: tuple[Element, ...]


def season_of(name: str, played: Played, store: Store) -> Season:
    """Return what a scenario just played on ``store`` passed through."""
    expecting = len(played.scenario.expect) + sum(move.verb == "expect" for move in played.scenario.moves)
    unmet = tuple(f"{u.where} {u.message.zh}" for u in played.unmet)
    return Season(name, played.scenario.title, played.passed, expecting, frozenset(_visits(store)), unmet)


def reach(package: Package, seasons: Iterable[Season]) -> tuple[DiagramReach, ...]:
    """Return for every diagram of ``package`` (shared ones that it uses included) what is reached and what is not.

    Text annotations and the like are no elements; what a called diagram does counts for that diagram.
    """
    proving = [season for season in seasons if season.asserts]
    found = []
    for path, diagram in package.diagrams.items():
        by = {
            e.id: tuple(s.scenario for s in proving if (diagram.process_id, e.id) in s.visited)
            for e in diagram.elements.values()
        }
        unreached = tuple(e for e in diagram.elements.values() if not by[e.id])
        reached = {ident: names for ident, names in by.items() if names}
        found.append(DiagramReach(package.key, diagram.process_id, path, diagram.name, reached, unreached))
    return tuple(found)


def _visits(store: Store) -> Iterator[tuple[str, str]]:
    with store.read() as tx:
        ident = 0
        while True:
            ident += 1
            try:
                tx.cases.get(ident)
            except NotFound:
                return
            yield from ((visit.process_id, visit.element) for visit in tx.cases.visits(ident))
