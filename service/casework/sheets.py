"""Tables as people keep them, read into rows of text: .xlsx, and .csv in UTF-8 or GB 18030."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from service.domain.errors import Invalid
from service.domain.text import Text

MAX_ROWS = 5000
MAX_BYTES = 10 * 1024 * 1024


def read_rows(name: str, content: bytes) -> list[list[str]]:
    """Return the rows of a .csv, or of the first sheet of an .xlsx; raises Invalid for anything else."""
    if len(content) > MAX_BYTES:
        raise Invalid(Text("表格超过10兆字节，请分几次导入。", "The table is larger than 10 MB: import it in parts."))
    rows = _from_xlsx(content) if name.lower().endswith(".xlsx") else _from_csv(name, content)
    if len(rows) > MAX_ROWS:
        raise Invalid(
            Text(f"表格超过{MAX_ROWS}行，请分几次导入。", f"More than {MAX_ROWS} lines: import them in parts.")
        )
    return rows


def _from_xlsx(content: bytes) -> list[list[str]]:
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        return [[_cell(value) for value in row] for row in sheet.iter_rows(max_row=MAX_ROWS + 1, values_only=True)]
    except (BadZipFile, InvalidFileException, OSError, KeyError, ValueError, IndexError) as broken:
        raise Invalid(
            Text("这个文件不是可读的 .xlsx 表格，请另存后重试。", "This is no readable .xlsx file: save it anew.")
        ) from broken


def _from_csv(name: str, content: bytes) -> list[list[str]]:
    if not name.lower().endswith(".csv"):
        raise Invalid(Text("请选择 .xlsx 或 .csv 表格。", "Choose an .xlsx or .csv file."))
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return [list(row) for row in csv.reader(io.StringIO(content.decode(encoding)))]
        except (UnicodeDecodeError, csv.Error):
            continue
    raise Invalid(Text("表格的文字编码读不出来，请另存为 UTF-8。", "The encoding is unknown: save it as UTF-8."))


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return value.strftime("%Y-%m-%d")
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
