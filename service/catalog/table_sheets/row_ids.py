"""Ids of rows: a new row is named by what it says, as soon as it says something, until somebody gives it another name."""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import replace

from service.catalog.made_id import made_id
from service.catalog.table_sheets.sheet import TableSheet, TableSheetRow

_PROVISIONAL = re.compile(r"(?:rule|row)(?:_\d+)?")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)+)"')
_TOLD_BY = ("condition", "finding", "failure", "told", "clauses")
"""The results that tell what a row is about, in the order in which they are asked."""


def named_rows(sheet: TableSheet, used: Container[str]) -> TableSheet:
    """Return ``sheet`` with an id for each row that has none, or one that was only made up; those in ``used`` stay."""
    taken = {row.id for row in sheet.rows}
    rows = []
    for row in sheet.rows:
        ident = row.id
        if not ident or (_PROVISIONAL.fullmatch(ident) and ident not in used):
            ident = _named(sheet, row, taken - {ident})
            taken.add(ident)
        rows.append(replace(row, id=ident))
    return replace(sheet, rows=tuple(rows))


def _named(sheet: TableSheet, row: TableSheetRow, taken: set[str]) -> str:
    said = row.description.strip() or _told(sheet, row)
    if said:
        return made_id(said, taken, "rule")
    return row.id if row.id and row.id != "row" else made_id("", taken, "rule")


def _told(sheet: TableSheet, row: TableSheetRow) -> str:
    """Return the first words that a row finds, else the first clause that it cites; "" for an empty row."""
    cells = dict(zip((column.name for column in sheet.outputs), row.outputs, strict=True))
    found = (_QUOTED.search(cells.get(name, "")) for name in _TOLD_BY)
    return next((words[1] for words in found if words), "")
