"""A sheet as the lines of a spreadsheet, and back: columns are found by their headings, rows by their ids."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from service.catalog.table_sheets.sheet import SheetColumn, TableSheet, TableSheetRow, is_row_id
from service.domain.errors import Invalid
from service.domain.spreadsheets.lists import Column
from service.domain.spreadsheets.spreadsheet_cells import find_cell_fault, value_of_cell
from service.domain.text import Text
from service.domain.values.typed_text import clean_word

_IDENT = Column(
    "row_id",
    Text("编号", "Id"),
    hint=Text("行的编号：不要改；新增的行可以留空。", "The row's id: leave it; a new row may have none."),
)
_SAID = Column("description", Text("说明", "Description"))
_LONGEST = 10_000


def headings(sheet: TableSheet) -> tuple[Column, ...]:
    """Return the headings of a table's spreadsheet: id and description, conditions, results."""
    found = [_IDENT, _SAID]
    for kind, columns in (("条件", sheet.inputs), ("结果", sheet.outputs)):
        for column in columns:
            title = f"{kind}：{column.label or column.name or column.expression}"
            if title in (known.title.zh for known in found):
                title = f"{title}（{column.id}）"
            hint = column.expression or column.name
            found.append(Column(column.id, Text(title, title), hint=Text(hint[:500], hint[:500]), longest=_LONGEST))
    return tuple(found)


def lines(sheet: TableSheet) -> list[list[object]]:
    """Return a row of cells for each row of the table; a condition that everything meets is empty."""
    return [
        [row.id, row.description, *("" if text.strip() == "-" else text for text in row.inputs), *row.outputs]
        for row in sheet.rows
    ]


def taken_in(before: TableSheet, rows: Sequence[Sequence[str]]) -> TableSheet:
    """Return ``before`` with the rows of a spreadsheet instead of its own.

    Raises Invalid for headings that are missing, double or unknown, for an id that stands twice and for cells too long.
    """
    columns = headings(before)
    places = _places(rows[0] if rows else (), columns)
    known = {row.id: row for row in before.rows}
    found = []
    for number, row in enumerate(rows[1:], 2):
        cells = {
            column.id: value_of_cell(row[places[column.id]]).strip() if places[column.id] < len(row) else ""
            for column in columns
        }
        if any(cells.values()):
            _demand_bearable(number, cells, columns)
            found.append(_row(before, known, cells))
    if not found:
        raise Invalid(Text("表格中没有数据行，没有导入。", "There are no lines below the headings; nothing was taken."))
    return replace(before, rows=tuple(found))


def _row(before: TableSheet, known: dict[str, TableSheetRow], cells: dict[str, str]) -> TableSheetRow:
    ident = cells[_IDENT.id]
    old = known.get(ident)
    olds = (old.inputs, old.outputs) if old else ((), ())
    inputs = tuple(_cells(before.inputs, olds[0], cells, any_value="-"))
    outputs = tuple(_cells(before.outputs, olds[1], cells, any_value=""))
    return TableSheetRow(ident, ident if old else "", cells[_SAID.id], inputs, outputs)


def _cells(
    columns: tuple[SheetColumn, ...], old: tuple[str, ...], cells: dict[str, str], *, any_value: str
) -> Iterator[str]:
    """Yield the cells; one that says the same as before keeps its own writing."""
    for place, column in enumerate(columns):
        was = old[place] if place < len(old) else None
        text = cells[column.id]
        same = was is not None and _plain(was) == _plain(text)
        yield was if same and was is not None else (text or any_value)


def _plain(text: str) -> str:
    """Return a cell as it is compared: line ends and an unwritten condition alike."""
    return re.sub(r"[ \t]*\r?\n", "\n", "" if text.strip() == "-" else text.strip())


def _places(head: Sequence[str], columns: Sequence[Column]) -> dict[str, int]:
    written = [re.sub(r"[\s*]", "", clean_word(cell)) for cell in head]
    titles = {re.sub(r"[\s*]", "", clean_word(column.title.zh)): column for column in columns}
    unknown = [cell for cell in written if cell and cell not in titles]
    missing = [title for title in titles if title not in written]
    double = [cell for cell in dict.fromkeys(written) if cell and written.count(cell) > 1]
    for names, zh, en in (
        (unknown, "表里没有这样的列", "The table has no such columns"),
        (missing, "缺少列", "These columns are missing"),
        (double, "列重复", "These columns stand twice"),
    ):
        if names:
            listed = "、".join(name[:60] for name in names[:8])
            raise Invalid(
                Text(
                    f"{zh}：{listed}。没有导入。请先导出本表，在导出的文件上修改；增删列请在编辑器中做。",
                    f"{en}: {listed}. Nothing was taken. Export the table and change that file; columns are added in the editor.",
                )
            )
    return {column.id: written.index(title) for title, column in titles.items()}


def _demand_bearable(number: int, cells: dict[str, str], columns: Sequence[Column]) -> None:
    ident = cells[_IDENT.id]
    if ident and not is_row_id(ident):
        raise Invalid(
            Text(
                f"表格第 {number} 行的编号“{ident[:40]}”不能用，没有导入。新增的行请把编号留空，或以字母开头，只含字母、数字和下划线。",
                f"The id “{ident[:40]}” in line {number} cannot be used; nothing was taken. Leave the id of a new line empty, "
                "or use letters, digits and underscores, a letter first.",
            )
        )
    for column in columns:
        fault = find_cell_fault(cells[column.id])
        if fault is not None:
            raise Invalid(
                Text(
                    f"表格第 {number} 行“{column.title.zh}”：{fault.zh}没有导入。",
                    f"Line {number}, “{column.title.en}”: {fault.en} Nothing was taken.",
                )
            )
        if len(cells[column.id]) > column.longest:
            raise Invalid(
                Text(
                    f"表格第 {number} 行“{column.title.zh}”超过 {column.longest} 字，没有导入。",
                    f"Line {number}, “{column.title.zh}”, is longer than {column.longest} characters; nothing was taken.",
                )
            )
