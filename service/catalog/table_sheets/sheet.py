"""The sheet of a decision table: what an editor shows and hands back."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterator
from dataclasses import dataclass, replace
from typing import Annotated

from service.catalog.made_id import made_id
from service.catalog.tables.tables import TableDescription, read_table
from service.domain.errors import Invalid
from service.domain.feel.limits import MAX_TEXT
from service.domain.text import Text
from service.domain.values.bounds import Length, Name, OneOf

POLICIES = ("UNIQUE", "ANY", "PRIORITY", "FIRST", "COLLECT", "RULE ORDER", "OUTPUT ORDER")
AGGREGATIONS = ("", "SUM", "COUNT", "MIN", "MAX")
MOST_ROWS = 500
MOST_COLUMNS = 60
_Word = Annotated[str, Length(0, 200)]
_Formula = Annotated[str, Length(0, MAX_TEXT)]
_IDENT = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,119}")
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A column: of conditions with an ``expression``, or of results with a ``name``; "" as id makes a new one."""

    id: _Word
    label: _Word
    type: _Word
    expression: _Formula = ""
    name: _Word = ""


@dataclass(frozen=True, slots=True)
class TableSheetRow:
    """A row with a cell for every column; ``was`` is the id it has in the file, "" for a new row."""

    id: _Word
    was: _Word
    description: Annotated[str, Length(0, 2000)]
    inputs: tuple[_Formula, ...]
    outputs: tuple[_Formula, ...]


@dataclass(frozen=True, slots=True)
class TableSheet:
    """A decision table as it is edited."""

    id: _Word
    name: Name
    hit_policy: Annotated[str, OneOf(POLICIES)]
    aggregation: Annotated[str, OneOf(AGGREGATIONS)]
    inputs: Annotated[tuple[SheetColumn, ...], Length(0, MOST_COLUMNS)]
    outputs: Annotated[tuple[SheetColumn, ...], Length(0, MOST_COLUMNS)]
    rows: Annotated[tuple[TableSheetRow, ...], Length(0, MOST_ROWS)]


def sheet_of(table: TableDescription) -> TableSheet:
    """Return the sheet of a table as its file has it."""
    return TableSheet(
        table.id,
        table.name,
        table.hit_policy,
        table.aggregation,
        tuple(SheetColumn(c.id, c.label, c.type, expression=c.expression) for c in table.inputs),
        tuple(SheetColumn(c.id, c.label, c.type, name=c.name) for c in table.outputs),
        tuple(TableSheetRow(r.id, r.id, r.description, r.inputs, r.outputs) for r in table.rows),
    )


def read_sheet(content: bytes, file: str) -> TableSheet:
    """Return the sheet of a DMN file; raises Invalid for what is none, and for more than one decision."""
    table = read_table(content, file)
    if table.decisions != 1:
        raise Invalid(
            Text(
                f"“{file}”含有 {table.decisions} 个决策，这里一个文件只编辑一张表。请每个决策各存一个文件。",
                f"“{file}” holds {table.decisions} decisions; here a file is one table. Keep one decision per file.",
            )
        )
    return sheet_of(table)


def is_row_id(text: str) -> bool:
    """Tell whether a row may have this id: a letter first, then letters, digits and underscores."""
    return _IDENT.fullmatch(text) is not None


def require_sound(sheet: TableSheet) -> None:
    """Raise Invalid with the first thing that keeps a sheet from being written."""
    for mistake in _iterate_mistakes(sheet):
        raise Invalid(mistake)


def _iterate_mistakes(sheet: TableSheet) -> Iterator[Text]:
    if sheet.hit_policy not in POLICIES or sheet.aggregation not in AGGREGATIONS:
        yield Text("没有这种命中策略。请从列表中选择。", "There is no such hit policy: choose one of the list.")
    if len(sheet.rows) > MOST_ROWS or len(sheet.inputs) + len(sheet.outputs) > MOST_COLUMNS:
        yield Text(
            f"一张表最多 {MOST_ROWS} 行、{MOST_COLUMNS} 列。请拆成几张表。",
            f"A table has at most {MOST_ROWS} rows and {MOST_COLUMNS} columns: split it.",
        )
    if not sheet.outputs:
        yield Text("表里没有结果列。请至少留一列。", "The table has no column of results: keep one.")
    for number, row in enumerate(sheet.rows, 1):
        if len(row.inputs) != len(sheet.inputs) or len(row.outputs) != len(sheet.outputs):
            yield Text(f"第 {number} 行的格数与列数不同。", f"Row {number} has not as many cells as there are columns.")
        if row.id and not is_row_id(row.id):
            yield Text(
                f"第 {number} 行的编号“{row.id[:40]}”不能用：以字母开头，只含字母、数字和下划线，最长 120 个。",
                f"The id “{row.id[:40]}” of row {number} cannot be used: letters, digits and underscores, a letter first.",
            )
    for ident, count in Counter(row.id for row in sheet.rows if row.id).items():
        if count > 1:
            yield Text(
                f"编号“{ident}”有 {count} 行在用。请改成不同的编号。",
                f"{count} rows have the id “{ident}”: give each its own.",
            )
    names = Counter(column.name for column in sheet.outputs)
    for name, count in names.items():
        if count > 1 or (not name.strip() and len(sheet.outputs) > 1):
            yield Text(
                f"结果列的变量名“{name}”为空或者重复。",
                f"The name “{name}” of a result column is empty or stands twice.",
            )
    if any(_FORBIDDEN.search(text) for text in _iterate_texts(sheet)):
        yield Text("有的格里含有不可见的控制字符，请删去后重新输入。", "A cell holds control characters: type it anew.")


def _iterate_texts(sheet: TableSheet) -> Iterator[str]:
    yield sheet.name
    for column in (*sheet.inputs, *sheet.outputs):
        yield from (column.label, column.type, column.expression, column.name)
    for row in sheet.rows:
        yield from (row.description, *row.inputs, *row.outputs)


_PROVISIONAL = re.compile(r"(?:rule|row)(?:_\d+)?")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)+)"')
_REASON_COLUMNS = ("condition", "finding", "failure", "told", "clauses")
"""The results that tell what a row is about, in the order in which they are asked."""


def named_rows(sheet: TableSheet, used: Container[str]) -> TableSheet:
    """Return ``sheet`` with an id for each row that has none, or one that was only made up; those in ``used`` stay."""
    taken = {row.id for row in sheet.rows}
    rows = []
    for row in sheet.rows:
        ident = row.id
        if not ident or (_PROVISIONAL.fullmatch(ident) and ident not in used):
            ident = _choose_row_id(sheet, row, taken - {ident})
            taken.add(ident)
        rows.append(replace(row, id=ident))
    return replace(sheet, rows=tuple(rows))


def _choose_row_id(sheet: TableSheet, row: TableSheetRow, taken: set[str]) -> str:
    description = row.description.strip() or _name_row(sheet, row)
    if description:
        return made_id(description, taken, "rule")
    return row.id if row.id and row.id != "row" else made_id("", taken, "rule")


def _name_row(sheet: TableSheet, row: TableSheetRow) -> str:
    """Return the first words that a row finds, else the first clause that it cites; "" for an empty row."""
    cells = dict(zip((column.name for column in sheet.outputs), row.outputs, strict=True))
    matches = (_QUOTED.search(cells.get(name, "")) for name in _REASON_COLUMNS)
    return next((words[1] for words in matches if words), "")
