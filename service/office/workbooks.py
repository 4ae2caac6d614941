"""Lists as .xlsx and .csv: headings that can be read back, cells that never run as formulas.

A service writes few of them: what puts them together is loaded with the first, as it takes memory and time.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from service.domain.spreadsheets.lists import Column
from service.office.sheets import ListSheet, WorkbookSheet, cell_text

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def write_xlsx(title: str, columns: Sequence[Column], rows: Iterable[Sequence[object]] = ()) -> bytes:
    """Return a workbook of one sheet: headings (needed ones starred), then ``rows``; the same rows give the same bytes.

    Texts are written as texts, and those a spreadsheet program would run get an apostrophe in front.
    """
    return write_book((title, columns, rows))


def write_book(*sheets: ListSheet) -> bytes:
    """Return a workbook of several such sheets, in their order."""
    from service.office.openpyxl_books import book_of_lists

    return book_of_lists(sheets)


def write_sheets(*sheets: WorkbookSheet) -> bytes:
    """Return a workbook of these sheets: cells wrap, the headings stay in view and offer filters; the same rows give the same bytes."""
    from service.office.openpyxl_books import book_of_texts

    return book_of_texts(sheets)


def write_csv(columns: Sequence[Column], rows: Iterable[Sequence[object]]) -> bytes:
    """Return the lines of a list, headings first, in UTF-8 with the mark by which office programs know it."""
    out, heads = io.StringIO(), [column.title.zh for column in columns]
    csv.writer(out).writerows([cell_text(value) for value in line] for line in (heads, *rows))
    return out.getvalue().encode("utf-8-sig")
