"""Mutants of decision tables: a row that cites is dropped, or its conditions and results say otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from service.catalog.closure import element_words
from service.catalog.package import Package
from service.catalog.source.formatting import DMN
from service.catalog.tables.tables import TableDescription, TableRow
from service.domain.text import Text
from tests.mutants.mutant import Edit, Mutant, MutatedPiece

_IN_DMN = f"{{{DMN}}}"


def mutants_of_tables(package: Package) -> Iterator[Mutant]:
    """Yield the mutants of the rows that cite a clause."""
    for table in {id(table): table for table in package.tables.values()}.values():
        passes = _deciding(package, table)
        for row in table.rows:
            for what, told, edit in _of_row(table, row) if table.clauses(row) else ():
                yield Mutant(
                    f"{table.id}/{row.id} {what}",
                    table.clauses(row),
                    told,
                    MutatedPiece.XML,
                    table.file,
                    edit,
                    row.id,
                    passes=passes,
                    words=(row.id,),
                )


def _deciding(package: Package, table: TableDescription) -> frozenset[str]:
    """Return the elements that name a table, as "process/element"."""
    names = {table.id, table.file.rpartition("/")[2].removesuffix(".dmn")}
    return frozenset(
        f"{d.process_id}/{e.id}"
        for d in package.diagrams.values()
        for e in d.elements.values()
        if names & set(element_words(e))
    )


def _of_row(table: TableDescription, row: TableRow) -> Iterator[tuple[str, Text, Edit | None]]:
    name = row.description or row.id
    yield "dropped", Text(f"“{name}”一行删去", f"row “{name}” dropped"), None
    for number, (column, test) in enumerate(zip(table.inputs, row.inputs, strict=False)):
        if test.strip() not in ("", "-"):
            told = Text(f"“{name}”的适用条件取反：{test}", f"condition of row “{name}” negated: {test}")
            yield f"input {column.id}", told, _entry("inputEntry", number, f"not({test})")
    for number, (output, entry) in enumerate(zip(table.outputs, row.outputs, strict=False)):
        if output.name == "met":
            told = Text(f"“{name}”的判断取反：{entry}", f"test of row “{name}” negated: {entry}")
            yield "met", told, _entry("outputEntry", number, f"not({entry})")
        elif re.fullmatch(r"[0-9]+(\.[0-9]+)?", entry.strip()):
            more = f"{float(entry) + 1:g}"
            told = Text(
                f"“{name}”的 {output.name} 由{entry}改为{more}", f"{output.name} of row “{name}” {more}, was {entry}"
            )
            yield f"output {output.name}", told, _entry("outputEntry", number, more)


def _entry(tag: str, number: int, text: str) -> Edit:
    def edit(node: Any) -> None:
        next(node.findall(f"{_IN_DMN}{tag}")[number].iter(f"{_IN_DMN}text")).text = text

    return edit
