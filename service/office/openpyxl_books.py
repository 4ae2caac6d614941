"""The workbooks of `service.office.workbooks`, put together by openpyxl, which is loaded with this module."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from itertools import chain, islice
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.xml.constants import ARC_CORE
from openpyxl.xml.functions import tostring

from service.domain.spreadsheets.lists import CellKind, Column
from service.office.archive import without_clock
from service.office.sheets import Formula, ListSheet, WorkbookSheet, cell_text, sanitise_cell_text

_MOMENT = datetime(2020, 1, 1, tzinfo=UTC)
_CHOICE_ROWS = 5000
_LOOKED_AT = 200
"""So many rows are looked at for how wide the columns of a sheet are to be."""
_WIDEST, _WIDEST_HEADING = 48, 24
"""So many characters: a longer heading goes on in a further line, so that what stands below it says how wide a column is."""


def book_of_lists(sheets: Iterable[ListSheet]) -> bytes:
    """Return the file of `write_book`."""
    book = Workbook(write_only=True)
    for title, columns, rows in sheets:
        _fill_sheet(book.create_sheet(title[:31]), columns, rows)
    return _save_book(book)


def _fill_sheet(sheet: Any, columns: Sequence[Column], rows: Iterable[Sequence[object]]) -> None:
    _set_up_pages(sheet)
    remaining_rows = iter(rows)
    first = list(islice(remaining_rows, _LOOKED_AT))
    for index, column in enumerate(columns, 1):
        widest = max((_measure_value(row[index - 1]) for row in first if len(row) >= index), default=0)
        sheet.column_dimensions[get_column_letter(index)].width = min(
            _WIDEST, max(_get_column_width(column), widest + 2)
        )
    sheet.append([_build_heading(sheet, column) for column in columns])
    cells = _Cells(sheet)
    for row in chain(first, remaining_rows):
        sheet.append(cells.of(value) for value in row)
    for index, column in enumerate(columns, 1):
        if column.choices or column.kind is CellKind.YES:
            _offer_choices(sheet, get_column_letter(index), [label for _, label in column.choices] or ["是", "否"])


def book_of_texts(sheets: Iterable[WorkbookSheet]) -> bytes:
    """Return the file of `write_sheets`."""
    book = Workbook()
    book.remove(book.active)
    for wanted in sheets:
        sheet = book.create_sheet(wanted.title)
        for row in wanted.rows:
            sheet.append([_to_cell_value(value) for value in row])
        for cell in sheet[1]:
            cell.font = Font(bold=True)
        for column, width in enumerate(wanted.widths, 1):
            sheet.column_dimensions[get_column_letter(column)].width = width
        for cells in sheet.iter_rows(min_row=2):
            for cell in cells:
                cell.alignment = Alignment(wrap_text=True, vertical="top")
        _set_up_pages(sheet)
        sheet.auto_filter.ref = sheet.dimensions
    return _save_book(book)


def _set_up_pages(sheet: Any) -> None:
    """Let the heads stay in sight, and on paper stand on every page, landscape A4 and as wide as the sheet."""
    sheet.freeze_panes, sheet.print_title_rows = "A2", "1:1"
    sheet.page_setup.orientation, sheet.page_setup.paperSize, sheet.page_setup.fitToHeight = "landscape", 9, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _to_cell_value(value: object) -> object:
    """Return what goes into a cell: a text never runs as a formula."""
    if isinstance(value, Formula):
        return value.text
    return sanitise_cell_text(value) if isinstance(value, str) else value


def _save_book(book: Workbook) -> bytes:
    """Return the file of a workbook without the time at which it was made."""
    buffer = io.BytesIO()
    book.save(buffer)
    book.properties.creator, book.properties.created, book.properties.modified = "Laurel", _MOMENT, _MOMENT
    return without_clock(buffer.getvalue(), {ARC_CORE: tostring(book.properties.to_tree())})


def _build_heading(sheet: Any, column: Column) -> Any:
    cell = WriteOnlyCell(sheet, f"{column.title.zh}*" if column.needed else column.title.zh)
    cell.font, cell.alignment = Font(bold=True), Alignment(vertical="center", wrap_text=True)
    cell.fill = PatternFill("solid", fgColor="EEEEEE" if column.given else "E3EDE6")
    if column.hint is not None:
        cell.comment = Comment(f"{column.hint.zh}\n{column.hint.en}", "Laurel", height=80, width=260)
    return cell


class _Cells:
    """The cells of a sheet that is only written: one for texts and one for days, filled for each value.

    The sheet writes a cell before it asks for the next one, and a cell with a style takes long to make. What has no
    style goes as it is: the sheet tries each value in its last cell without one, and would take this for that.
    """

    def __init__(self, sheet: Any) -> None:
        self._text, self._day = (WriteOnlyCell(sheet) for _ in range(2))
        self._text.number_format, self._day.number_format = "@", "yyyy-mm-dd"

    def of(self, value: object) -> Any:
        """Return the cell of a value, which is another value's as soon as the next is asked for, or a plain value."""
        if isinstance(value, bool):
            return cell_text(value)
        if value is None or isinstance(value, int | float):
            return value
        if isinstance(value, date):
            self._day.value = value
            return self._day
        self._text.value = cell_text(value)
        self._text.data_type = "s"
        return self._text


def _offer_choices(sheet: Any, letter: str, labels: Sequence[str]) -> None:
    listed = ",".join(labels)
    if len(listed) < 250 and not any("," in label or '"' in label for label in labels):
        offered = DataValidation(type="list", formula1=f'"{listed}"', allow_blank=True)
        offered.add(f"{letter}2:{letter}{_CHOICE_ROWS}")
        sheet.data_validations.append(offered)


def _measure_value(value: object) -> int:
    """Return how many characters of a sheet a value takes: a Chinese one is as wide as two."""
    if value is None or isinstance(value, bool | int | float | date):
        return 0
    lines = cell_text(value).splitlines()
    return max((sum(2 if ord(sign) > 0x2E7F else 1 for sign in line) for line in lines), default=0)


def _get_column_width(column: Column) -> int:
    return {CellKind.DAY: 13, CellKind.NUMBER: 10, CellKind.YES: 8}.get(
        column.kind, min(_WIDEST_HEADING, max(12, 2 * len(column.title.zh) + 4))
    )
