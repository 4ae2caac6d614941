"""Coverage of diagrams by scenarios: which elements a jurisdiction's scenarios pass through."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from service.casework.simulate import Played
from service.catalog import Package
from service.domain.errors import NotFound
from service.store import Store, Transaction

Visited = frozenset[tuple[str, str]]
"""Elements as (process id, element id)."""


@dataclass(frozen=True, slots=True)
class Season:
    """One scenario played: ``passed`` says whether all it expects came true.

    ``visited`` is what its cases passed of which it expects something: a case itself, its parent or a child.
    """

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
class UnreachedElement:
    """An element that no scenario passes."""

    id: str
    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class DiagramReach:
    """A diagram: ``reached`` maps each element to the scenarios that pass it and assert, ``unreached`` has none."""

    package: str
    process: str
    file: str
    name: str
    reached: Mapping[str, tuple[str, ...]]
    unreached: tuple[UnreachedElement, ...]


def season_of(name: str, played: Played, store: Store) -> Season:
    """Return what a scenario just played on ``store`` passed through."""
    rows = [*played.scenario.expect, *(move.value for move in played.scenario.moves if move.verb == "expect")]
    asserted = {played.cases[str(row.get("case"))] for row in rows if str(row.get("case")) in played.cases}
    unmet = tuple(f"{u.where} {u.message.zh}" for u in played.unmet)
    return Season(
        name, played.scenario.title, played.passed, len(rows), frozenset(_iterate_visits(store, asserted)), unmet
    )


def reach(package: Package, seasons: Iterable[Season]) -> tuple[DiagramReach, ...]:
    """Return for every diagram of ``package`` (shared ones that it uses included) what is reached and what is not.

    Text annotations and the like are no elements; what a called diagram does counts for that diagram.
    """
    proving = [season for season in seasons if season.asserts]
    reaches = []
    for path, diagram in package.diagrams.items():
        by = {
            e.id: tuple(s.scenario for s in proving if (diagram.process_id, e.id) in s.visited)
            for e in diagram.elements.values()
        }
        unreached = tuple(
            UnreachedElement(e.id, e.kind.value, e.name) for e in diagram.elements.values() if not by[e.id]
        )
        reached = {ident: names for ident, names in by.items() if names}
        reaches.append(DiagramReach(package.key, diagram.process_id, path, diagram.name, reached, unreached))
    return tuple(reaches)


def passed_through(store: Store) -> frozenset[tuple[str, str]]:
    """Return process and element of everything that any case of a small store went through."""
    with store.read() as tx:
        return frozenset((v.process_id, v.element) for case in _map_parents(tx) for v in tx.visits.select(case_id=case))


def _iterate_visits(store: Store, asserted: Collection[int]) -> Iterator[tuple[str, str]]:
    """Yield what the cases ``told`` of, those above and those below them have passed."""
    with store.read() as tx:
        above = _map_parents(tx)
        near = {
            *asserted,
            *(above[i] for i in asserted if above[i]),
            *(i for i, parent in above.items() if parent in asserted),
        }
        for ident in near:
            yield from ((visit.process_id, visit.element) for visit in tx.visits.select(case_id=ident or 0))


def _map_parents(tx: Transaction) -> dict[int, int | None]:
    """Return every case of a small store with the one above it."""
    parents: dict[int, int | None] = {}
    while True:
        try:
            case = tx.cases.get(len(parents) + 1)
        except NotFound:
            return parents
        parents[case.id] = case.parent_id
