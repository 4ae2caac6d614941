"""Read spreadsheets into rows of text: .xlsx, and .csv in UTF-8 or GB 18030.

What a file claims to be is not believed: an archive that unpacks to too much, holds macros or is no workbook is refused.
"""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from itertools import islice
from zipfile import BadZipFile, ZipFile

from service.domain.errors import Invalid
from service.domain.files.uploads import FileKind, kind_of_content
from service.domain.spreadsheets.spreadsheet_cells import FORMULA_SIGNS
from service.domain.text import Text
from service.domain.wording.turning_signs import demand_plain_direction

MAX_ROWS = 5000
MAX_COLUMNS = 200
MAX_BYTES = 10 * 1024 * 1024
MAX_UNPACKED = 100 * 1024 * 1024
MAX_STYLES = 5 * 1024 * 1024
"""Unpacked bytes of a workbook's styles: openpyxl makes an object of each, thirty times as large."""


def read_rows(name: str, content: bytes) -> list[list[str]]:
    """Return the rows of a .csv, or of the first sheet of an .xlsx; raises Invalid for anything else, and for names turned around."""
    if len(content) > MAX_BYTES:
        raise Invalid(Text("表格超过10兆字节，请分几次导入。", "The table is larger than 10 MB: import it in parts."))
    rows = _from_xlsx(content) if name.lower().endswith(".xlsx") else _from_csv(name, content)
    if len(rows) > MAX_ROWS + 1:
        raise Invalid(
            Text(f"表格超过{MAX_ROWS}行，请分几次导入。", f"More than {MAX_ROWS} lines: import them in parts.")
        )
    for row in rows:
        demand_plain_direction("\t".join(row))
    return rows


def _from_xlsx(content: bytes) -> list[list[str]]:
    from openpyxl import load_workbook  # who only asks how large a table may be does without
    from openpyxl.utils.exceptions import InvalidFileException

    if kind_of_content(content) is not FileKind.XLSX or not _bearable(content):
        raise _unreadable()
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what the file says of its size may be wrong, or meant to do harm
        rows = sheet.iter_rows(max_row=MAX_ROWS + 2, max_col=MAX_COLUMNS, values_only=True)
        return _without_tail([[_cell(value) for value in row] for row in rows])
    except (
        BadZipFile,
        InvalidFileException,
        OSError,
        KeyError,
        ValueError,
        IndexError,
        TypeError,
        SyntaxError,
    ) as broken:
        raise _unreadable() from broken


def _unreadable() -> Invalid:
    return Invalid(
        Text(
            "这个文件不是可读的 .xlsx 表格（可能已损坏、加密、含有宏，或解压后过大），请用表格软件另存为 .xlsx 后重试。",
            "This is no readable .xlsx file (damaged, encrypted, with macros, or too large when unpacked): save it anew as .xlsx.",
        )
    )


def _without_tail(rows: list[list[str]]) -> list[list[str]]:
    """Leave out empty lines below and empty columns beside: programs keep thousands of them for their formatting."""
    while rows and not any(rows[-1]):
        rows.pop()
    widest = max((n for row in rows for n, cell in enumerate(row, 1) if cell), default=0)
    return [row[:widest] for row in rows]


def _bearable(content: bytes) -> bool:
    """Return whether the workbook says that it unpacks to no more than can be read."""
    with ZipFile(io.BytesIO(content)) as archive:
        entries = archive.infolist()
    styles = sum(entry.file_size for entry in entries if entry.filename.startswith("xl/styles"))
    return sum(entry.file_size for entry in entries) <= MAX_UNPACKED and styles <= MAX_STYLES


def _from_csv(name: str, content: bytes) -> list[list[str]]:
    if not name.lower().endswith(".csv"):
        raise Invalid(Text("请选择 .xlsx 或 .csv 表格。", "Choose an .xlsx or .csv file."))
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return _split(text if "\n" in text else text.replace("\r", "\n"))
    raise Invalid(Text("表格的文字编码读不出来，请另存为 UTF-8。", "The encoding is unknown: save it as UTF-8."))


def _split(text: str) -> list[list[str]]:
    """Return the lines of a .csv up to one more than may be, so that millions are never held."""
    if "\0" in text:
        raise Invalid(
            Text(
                "这个文件不是文字表格（其中有空字符），请用表格软件另存为 .csv 后重试。",
                "This is no table of text (it holds null characters): save it anew as .csv.",
            )
        )
    try:
        rows = list(islice(csv.reader(io.StringIO(text)), MAX_ROWS + 2))
    except csv.Error:
        raise Invalid(
            Text(
                "表格中有一格过长，或者引号没有成对。请改正后重试；长文请作为附件上传。",
                "A cell of the table is too long, or a quotation mark has no partner: correct it; send long texts as files.",
            )
        ) from None
    if any(any(row[MAX_COLUMNS:]) for row in rows):
        raise Invalid(
            Text(f"表格超过{MAX_COLUMNS}列，请删去多余的列。", f"More than {MAX_COLUMNS} columns: remove some.")
        )
    return [row[:MAX_COLUMNS] for row in rows]


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return value.strftime("%Y-%m-%d")
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    return text[1:] if text[:1] == "'" and text[1:].startswith(FORMULA_SIGNS) else text  # our own exports
