"""Read the files of one award into its parts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TypeVar

from service.catalog.award import Award, read_award
from service.catalog.bpmn.model import Diagram
from service.catalog.bpmn.read import UnsoundDiagram, read_diagram
from service.catalog.documents.documents import DocumentTemplate, read_document
from service.catalog.jurisdiction import Jurisdiction, read_jurisdiction
from service.catalog.law.law import Law, read_law
from service.catalog.parameters.parameters import Parameter, read_parameters
from service.catalog.parameters.vocabulary import read_vocabulary
from service.catalog.problems import Problem
from service.catalog.source.fields import Fields, read_fields, require_format
from service.catalog.source.xml import XmlMistake
from service.catalog.tables.tables import TableDescription, read_table
from service.catalog.tree import Files, Places, get_file_stem
from service.domain.text import Text

Read = TypeVar("Read")


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything an award consists of; ``problems`` is what went wrong while reading.

    Diagrams by path; documents, tables and form paths by id (a table by decision id and file name).
    """

    jurisdiction: Jurisdiction
    law: Law
    award: Award
    diagrams: Mapping[str, Diagram]
    documents: Mapping[str, DocumentTemplate]
    tables: Mapping[str, TableDescription]
    forms: Mapping[str, str]
    scoring: Mapping[str, str]
    problems: tuple[Problem, ...]


def read_parts(files: Files, jurisdiction: str, award: str) -> Parts:
    """Read the closure of one award; mistakes become problems, never exceptions."""
    problems: list[Problem] = []
    report = problems.append
    places = Places(files, jurisdiction, award)
    place = read_jurisdiction(_load_fields(files, places.jurisdiction_file, report), jurisdiction)
    parts = Parts(
        place,
        read_law(_load_fields(files, places.law_file, report)),
        _load_award(files, places, award, place, report),
        _load_diagrams(files, places, report),
        MappingProxyType(
            {name: read_document(_load_fields(files, path, report), name) for name, path in places.documents().items()}
        ),
        _load_tables(files, places, report),
        MappingProxyType(places.forms()),
        MappingProxyType(places.scoring()),
        (),
    )
    return replace(parts, problems=tuple(problems))


def _load_fields(files: Files, path: str, report: Callable[[Problem], None]) -> Fields:
    return read_fields(files.get(path), path, report)


def _load_award(
    files: Files, places: Places, folder: str, place: Jurisdiction, report: Callable[[Problem], None]
) -> Award:
    fields = _load_fields(files, places.award_file, report)
    award = read_award(fields, folder, _load_parameters(files, places, fields, report))
    tiers = {tier.id: tier.text for tier in award.tiers}
    return replace(award, parameters=with_bodies(award.parameters, place, tiers))


def _load_parameters(
    files: Files, places: Places, award: Fields, report: Callable[[Problem], None]
) -> Mapping[str, Parameter]:
    require_format(award)
    if award.raw("parameters") is not None:
        message = Text("参数写在 parameters.yaml。", "Parameters stand in parameters.yaml.")
        remedy = Text("把这一段移到旁边的 parameters.yaml。", "Move them to the parameters.yaml beside this file.")
        award.problem("parameters", "parameters_place", message, remedy)
    if places.parameters_file not in files:
        return {}
    fields = _load_fields(files, places.parameters_file, report)
    require_format(fields)
    return read_parameters(fields, read_vocabulary(files, places.vocabulary(), report))


def _load_diagrams(files: Files, places: Places, report: Callable[[Problem], None]) -> Mapping[str, Diagram]:
    local_paths, shared = places.diagrams()
    read = {path: _try_reading(read_diagram, files[path], path, report) for path in (*local_paths, *shared)}
    return MappingProxyType({path: diagram for path, diagram in read.items() if diagram is not None})


def _load_tables(files: Files, places: Places, report: Callable[[Problem], None]) -> Mapping[str, TableDescription]:
    tables: dict[str, TableDescription] = {}
    local_paths, shared = places.tables()
    for path in (*local_paths, *shared):
        table = _try_reading(read_table, files[path], path, report)
        if table is not None:
            first = tables.get(table.id)
            if path in local_paths and first is not None and first.id == table.id:
                report(_repeats_decision(path, table.id, first.file))
            tables.setdefault(table.id, table)
            tables.setdefault(get_file_stem(path), table)
    return MappingProxyType(tables)


def _repeats_decision(path: str, ident: str, first: str) -> Problem:
    return Problem(
        path, ident, "duplicate_id",
        Text(f"决策编号“{ident}”在 {first} 中已经使用：两张表只有一张起作用。",
             f"Decision id “{ident}” is used in {first} already: only one of the two tables has effect."),
        Text("改成不同的编号，或者删去副本。", "Give it another id, or remove the copy."),
    )  # fmt: skip


def _try_reading(
    read: Callable[[bytes, str], Read], content: bytes, path: str, report: Callable[[Problem], None]
) -> Read | None:
    try:
        return read(content, path)
    except UnsoundDiagram as unsound:
        for fault in unsound.faults:
            report(fault)
        return None
    except XmlMistake as mistake:
        remedy = Text("改正该行，或重新从编辑器导出。", "Correct that line, or export again from the editor.")
        report(Problem(path, "", "xml", mistake.message, remedy, line=mistake.line))
        return None


def with_bodies(
    parameters: Mapping[str, Parameter], jurisdiction: Jurisdiction, tiers: Mapping[str, Text]
) -> Mapping[str, Parameter]:
    """Return the parameters, those whose values list bodies of ``jurisdiction`` or ``tiers`` with what these are called."""
    names = {**tiers, **{body.id: body.text for body in jurisdiction.bodies}}
    return MappingProxyType({ident: _with(one, names) for ident, one in parameters.items()})


_NAMING = ("tier", "unit")
"""The entries of a row that say of which tier or body it speaks."""


def _with(parameter: Parameter, names: Mapping[str, Text]) -> Parameter:
    lists = (dated.value for dated in parameter.values if isinstance(dated.value, tuple))
    items = [item for each in lists for item in each]
    named = (row.get(key) for row in items if isinstance(row, Mapping) for key in _NAMING)
    listed = {item for item in (*items, *named) if isinstance(item, str)}
    known = {ident: names[ident] for ident in sorted(listed & names.keys())}
    return replace(parameter, bodies=MappingProxyType(known)) if known else parameter
