"""Witnesses: scenarios that pass and may notice a mutant, by what they go through and look at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from service.casework.simulate.playing.play import Played
from service.casework.simulate.scenarios.scenario import Scenario
from service.catalog import Package
from service.domain.errors import NotFound
from service.store import Store
from tests.mutants import Mutant
from tests.support.passing import passed_through


@dataclass(frozen=True, slots=True)
class Witness:
    """A scenario that passes, with what it goes through: elements ("process/element"), documents, refusals.

    ``refused_at`` are the forms at which something is refused, ``looks_at`` the templates of documents that it expects;
    ``cost`` is what it takes to play: seconds, or steps.
    """

    name: str
    text: str
    scenario: Scenario
    cost: float
    visits: frozenset[str]
    documents: frozenset[str]
    refused_at: frozenset[str]
    looks_at: frozenset[str]


def witness_of(package: Package, store: Store, played: Played, name: str, text: str, cost: float) -> Witness:
    """Return the witness that a scenario just ``played`` on ``store`` is; ``text`` is its file."""
    scenario = played.scenario
    looks_at = frozenset(str(row["document"]) for row in _rows(scenario) if "document" in row)
    visits, refused = visits_of(store), frozenset(_refused_at(package, scenario))
    return Witness(name, text, scenario, cost, visits, frozenset(_documents(store)), refused, looks_at)


def visits_of(store: Store) -> frozenset[str]:
    """Return "process/element" of everything that any case of a small store went through."""
    return frozenset(f"{process}/{element}" for process, element in passed_through(store))


def concerns(mutant: Mutant, witness: Witness) -> bool:
    """Return whether a witness could notice a mutant."""
    return (
        bool(not mutant.passes or mutant.passes & witness.visits)
        and (not mutant.document or (mutant.document in witness.documents and mutant.document in witness.looks_at))
        and (not mutant.parameter or mutant.parameter not in witness.scenario.parameters)
        and (not mutant.refused_at or mutant.refused_at in witness.refused_at)
    )


def candidates(package: Package, mutant: Mutant, every: Iterable[Witness]) -> list[Witness]:
    """Return the witnesses that could notice a mutant, the likeliest first."""
    concerned = [witness for witness in every if concerns(mutant, witness)]
    readers = _readers(package, mutant.parameter)
    return sorted(
        concerned,
        key=lambda w: (
            -len(readers & w.visits) if mutant.parameter else 0,
            mutant.document not in w.looks_at,
            -sum(word in w.text for word in mutant.words),
            w.cost,
        ),
    )


def _rows(scenario: Scenario) -> list[Mapping[str, Any]]:
    return [*scenario.expect, *(move.value for move in scenario.moves if move.verb == "expect")]


def _refused_at(package: Package, scenario: Scenario) -> Iterator[str]:
    """Yield the forms at which something is refused in the scenario."""
    award = package.award
    for move in scenario.moves:
        if "refused" not in move.keys:
            continue
        if move.verb == "start" and move.value in award.processes:
            yield award.processes[move.value].start_form or ""
        elif move.verb == "action" and move.value in award.actions:
            yield award.actions[move.value].form or ""
        else:
            yield from (
                d.elements[str(move.value)].form for d in package.diagrams.values() if str(move.value) in d.elements
            )


def _readers(package: Package, parameter: str) -> frozenset[str]:
    """Return the elements whose own formulas read a parameter."""
    word = f"param.{parameter}"
    return frozenset(
        f"{diagram.process_id}/{e.id}"
        for diagram in package.diagrams.values() if parameter
        for e in diagram.elements.values()
        if any(word in text for text in (*e.properties.values(), *(e.operation.parameters.values() if e.operation else ())))
        or (e.timer and word in e.timer.expression)
        or any(word in flow.condition for flow in diagram.outgoing(e.id))
    )  # fmt: skip


def _documents(store: Store) -> Iterator[str]:
    with store.read() as tx:
        for ident in range(1, 10_000):
            try:
                tx.cases.get(ident)
            except NotFound:
                return
            yield from (document.template for document in tx.documents.select(case_id=ident))
