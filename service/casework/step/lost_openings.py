"""What operations of a case opened for tokens that were cancelled since: nobody comes to it any more."""

from __future__ import annotations

from collections.abc import Container, Mapping

from service.catalog import Package
from service.engine import Instance
from service.sdk import Operation

Lost = Mapping[str, frozenset[int]]
"""Numbers by kind, as operations say what they open (`Operation.opens`)."""
_Openings = Mapping[str, frozenset[tuple[str, str]]]


def lost_openings(
    package: Package, operations: Mapping[str, Operation], instance: Instance, visits: Container[str]
) -> Lost:
    """Return what was opened for tokens of ``instance`` that are gone; the database is not asked.

    ``operations`` are the verbs of service tasks, ``visits`` the elements (process/element) that the case came to.
    """
    numbers_by_kind: dict[str, frozenset[int]] = {}
    for kind, places in _map_openings(package, operations).items():
        passed = {place for place in places if "/".join(place) in visits}
        results = instance.results_of_lost(passed) if passed else ()
        numbers = {result[kind] for result in results if isinstance(result, Mapping) and result.get(kind) is not None}
        if numbers:
            numbers_by_kind[kind] = frozenset(int(number) for number in numbers)
    return numbers_by_kind


def _map_openings(package: Package, operations: Mapping[str, Operation]) -> _Openings:
    """Return the service tasks of a version that open something, by its kind."""

    def collect_openings() -> _Openings:
        places: dict[str, set[tuple[str, str]]] = {}
        for process_id, diagram in package.processes.items():
            for element in diagram.elements.values():
                operation = operations.get(element.operation.operation) if element.operation is not None else None
                if operation is not None and operation.opens:
                    places.setdefault(operation.opens, set()).add((process_id, element.id))
        return {kind: frozenset(each) for kind, each in places.items()}

    return package.derived("service tasks that open something", collect_openings)
