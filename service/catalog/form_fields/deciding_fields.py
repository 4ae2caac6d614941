"""Which fields of forms decide: what conditions of flows, decision tables and barriers of a package read of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress

from service.catalog.bpmn.kinds import Kind
from service.catalog.feel import compiled
from service.catalog.package import Package
from service.catalog.tables.tables import TableDescription
from service.domain.feel import FeelSyntaxError

Path = tuple[str, ...]

_GROUND = "met"
"""The output of an eligibility table that decides; its others are words about it."""


def is_decided_by(package: Package, form: str, path: Path) -> bool:
    """Return whether a condition, a table or a barrier reads ``path`` of ``form``, or the group or list it lies in.

    It is read by the name of the form's record, or by what tasks with the form hand to their diagrams.
    """
    reads = package.derived(("deciding reads", form), lambda: _of_form(package, form))
    return any(path[: len(read)] == read for read in reads)


def _of_form(package: Package, form: str) -> frozenset[Path]:
    read = package.derived("conditions read", lambda: _collect_paths(_iterate_conditions(package)))
    tasks = (element for diagram in package.processes.values() for element in diagram.of(Kind.USER_TASK))
    return _read_of(form, (name for element in tasks if element.form == form for name in element.routes), read)


def _read_of(form: str, routes: Iterable[str], read: frozenset[Path]) -> frozenset[Path]:
    form_paths = {path[1:] for path in read if path[0] == form and len(path) > 1}
    for route in routes:
        *above, key = route.split(".")
        form_paths.update((*above, *path) for path in read if path[0] == key)
    return frozenset(form_paths)


def _iterate_conditions(package: Package) -> Iterator[str]:
    for diagram in package.processes.values():
        yield from (flow.condition for flow in diagram.flows.values() if flow.condition)
        for element in diagram.elements.values():
            yield element.barrier
            yield element.multi.completion if element.multi else ""
    for table in {id(table): table for table in package.tables.values()}.values():
        yield from _of_table(table)


def _of_table(table: TableDescription) -> Iterator[str]:
    yield from (column.expression for column in table.inputs)
    decide = [n for n, column in enumerate(table.outputs) if not table.is_eligibility or column.name == _GROUND]
    yield from (row.outputs[n] for row in table.rows for n in decide if n < len(row.outputs))


def _collect_paths(texts: Iterable[str]) -> frozenset[Path]:
    paths: set[Path] = set()
    for text in dict.fromkeys(filter(None, texts)):
        with suppress(FeelSyntaxError):  # told where it is checked
            paths.update(path[1:] if path[0] == "forms" and len(path) > 1 else path for path in compiled(text).paths)
    return frozenset(paths)
