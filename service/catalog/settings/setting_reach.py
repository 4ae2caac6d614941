"""The reach of a setting: the clauses of the flows and table rows whose conditions read it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from service.catalog.coverage.coverage import list_package_citations
from service.catalog.package import Package
from service.catalog.parameters.parameters import Basis, Parameter
from service.catalog.tables.tables import TableDescription, TableRow

_READ = re.compile(r"\bparam\.(\w+)|get value\(param, \"(\w+)\"")
_ANY = ("", "-")


def settings_of(package: Package) -> Iterator[Parameter]:
    """Yield what the text leaves open with words to choose among; these are the settings that can change the way."""
    for parameter in package.award.parameters.values():
        if parameter.source is Basis.DEFAULT and parameter.choices:
            yield parameter


def list_declared_clauses(parameter: Parameter) -> frozenset[str]:
    """Return the clauses that a setting says another choice may let come out differently."""
    return frozenset((*parameter.clauses, *parameter.touches))


def reach(package: Package) -> Mapping[str, Mapping[str, tuple[str, str]]]:
    """Return for each parameter the clauses that depend on it, each with the file and the place where that is so.

    A clause depends on it where a way that cites it is taken, or the gateway before that way, or a row that cites it
    applies or holds, by what the parameter says.
    """
    cited: dict[tuple[str, str], list[str]] = {}
    for citation in list_package_citations(package):
        cited.setdefault((citation.file, citation.element), []).append(citation.clause)
    places_by_name: dict[str, dict[str, tuple[str, str]]] = {}
    for name, file, place in (*_iterate_conditions(package), *_iterate_rows(package)):
        for clause in cited.get((file, place), ()):
            places_by_name.setdefault(name, {}).setdefault(clause, (file, place))
    return places_by_name


def _iterate_conditions(package: Package) -> Iterator[tuple[str, str, str]]:
    for path, diagram in package.diagrams.items():
        for flow in diagram.flows.values():
            for name in names_in(flow.condition):
                yield name, path, flow.id
                yield name, path, flow.source


def _iterate_rows(package: Package) -> Iterator[tuple[str, str, str]]:
    for table in {id(table): table for table in package.tables.values()}.values():
        for row in table.rows:
            for name in names_of_row(table, row):
                yield name, table.file, row.id


def names_of_row(table: TableDescription, row: TableRow) -> frozenset[str]:
    """Return the parameters that a row of a table reads, those of the columns that it asks among them."""
    expressions = [
        column.expression for column, test in zip(table.inputs, row.inputs, strict=False) if test not in _ANY
    ]
    texts = (*expressions, *row.inputs, *row.outputs)
    return frozenset(name for text in texts for name in names_in(text))


def names_in(text: str) -> frozenset[str]:
    """Return the parameters that an expression reads."""
    return frozenset(name or other for name, other in _READ.findall(text))
