"""Rows of a decision table that differ, each with its cells before and after."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from service.catalog.differences.described import fields_of, name_of
from service.catalog.differences.diagrams import CELL, ELEMENT, element_of
from service.catalog.differences.records import Key, Record, Records
from service.catalog.source.xml import local

RULE = "rule"


@dataclass(frozen=True, slots=True)
class TableCellDifference:
    """A cell of a row: the column's name and what stands there on both sides, None where the row is not there."""

    column: str
    left: str | None
    right: str | None

    @property
    def same(self) -> bool:
        """Whether both sides say the same."""
        return self.left == self.right


@dataclass(frozen=True, slots=True)
class TableRowDifference:
    """A row that came, went or has another cell; ``left`` and ``right`` tell on which sides it is."""

    id: str
    name: str
    left: bool
    right: bool
    cells: tuple[TableCellDifference, ...]


def row_differences(left: Records, right: Records) -> Iterator[TableRowDifference]:
    """Yield every row of which a cell differs."""
    columns = {**_columns(left), **_columns(right)}
    for key in dict.fromkeys((*_rules(left), *_rules(right))):
        one, other = left.items.get(key), right.items.get(key)
        cells = tuple(
            TableCellDifference(name, *(_text(side, key[1], column) for side in (left, right)))
            for column, name in columns.items()
        )
        known = other or one
        if known is not None and not all(cell.same for cell in cells):
            yield TableRowDifference(key[1], name_of(key, known), one is not None, other is not None, cells)


def is_told_by_row(key: Key, record: Record, *, both: bool) -> bool:
    """Tell whether a record is a cell, or a rule that came or went: its row tells of it."""
    return key[0] == CELL or (not both and key[0] == ELEMENT and local(element_of(record)) == RULE)


def _rules(records: Records) -> Iterator[Key]:
    for key, record in records.items.items():
        if key[0] == ELEMENT and local(element_of(record)) == RULE:
            yield key


def _columns(records: Records) -> Mapping[str, str]:
    return {
        key[1]: str(element_of(record).get("label") or name_of(key, record))
        for key, record in records.items.items()
        if key[0] == ELEMENT and local(element_of(record)) in ("input", "output")
    }


def _text(side: Records, rule: str, column: str) -> str | None:
    record = side.items.get((CELL, rule, column))
    return None if record is None else fields_of((CELL, rule, column), record).get("text", "")
