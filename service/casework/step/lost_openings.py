"""What operations of a case opened for tokens that were cancelled since: nobody comes to it any more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from service.casework.step.step import Step

Lost = Mapping[str, frozenset[int]]
"""Numbers by kind, as operations say what they open (`Operation.opens`)."""
_Openings = Mapping[str, frozenset[tuple[str, str]]]


def lost_openings(step: Step) -> Lost:
    """Return what was opened for tokens that are gone; the database is not asked."""
    found: dict[str, frozenset[int]] = {}
    visits = step.projection.visits
    for kind, places in _openings(step).items():
        passed = {place for place in places if "/".join(place) in visits}
        results = step.instance.results_of_lost(passed) if passed else ()
        numbers = {result[kind] for result in results if isinstance(result, Mapping) and result.get(kind) is not None}
        if numbers:
            found[kind] = frozenset(int(number) for number in numbers)
    return found


def _openings(step: Step) -> _Openings:
    """Return the service tasks of the case's version that open something, by its kind."""
    known, processes = step.desk.operations, step.package.processes

    def found() -> _Openings:
        places: dict[str, set[tuple[str, str]]] = {}
        for process_id, diagram in processes.items():
            for element in diagram.elements.values():
                operation = known.get(element.operation.operation) if element.operation is not None else None
                if operation is not None and operation.opens:
                    places.setdefault(operation.opens, set()).add((process_id, element.id))
        return {kind: frozenset(each) for kind, each in places.items()}

    return step.package.derived("service tasks that open something", found)
