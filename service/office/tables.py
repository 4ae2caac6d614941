"""Read spreadsheets into rows of text: .xlsx, and .csv in UTF-8 or GB 18030.

What a file claims to be is not believed: an archive that unpacks to too much, holds macros or is no workbook is refused.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any, TypeVar
from zipfile import BadZipFile, ZipFile

from service.domain.errors import Invalid
from service.domain.files.uploads import FileKind, kind_of_content
from service.domain.spreadsheets.spreadsheet_cells import (
    FORMULA_SIGNS,
    MERGED,
    NO_RESULT,
    PART_OF_DAY,
    RAISED,
    SHOWN,
    STRUCK,
    TOO_LONG,
    UNSHOWN,
)
from service.domain.text import Text
from service.domain.values.typed_text import clean_text
from service.domain.wording.numbers import write_han
from service.domain.wording.signs import require_plain_direction

MAX_ROWS = 5000
MAX_COLUMNS = 200
MAX_BYTES = 10 * 1024 * 1024
MAX_UNPACKED = 100 * 1024 * 1024
MAX_STYLES = 5 * 1024 * 1024
"""Unpacked bytes of a workbook's styles: openpyxl makes an object of each, thirty times as large."""

T = TypeVar("T")

_SPECIAL = re.compile(rb'<(?:\w+:)?(?:f|mergeCell|strike|vertAlign)[ >/]|hidden="(?:1|true)"|(?:ht|width)="0(?:\.0+)?"')
_PLACED = re.compile(rb'<(?:\w+:)?(?:row|c)\b[^>]*?\sr="([A-Z]*)(\d+)"')
"""Where a line or a cell of a sheet says that it stands."""
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_FORMAT_WORDS = re.compile(r'"([^"]*)"|\\(.)|\[[^\]]*\]')
"""What a number format shows beside digits: words in quotes, a sign after a backslash; and colours, which are not shown."""
_FORMAT_SECTION = re.compile(r'(?:"[^"]*"|\\.|[^;"\\])+|(?<=;)(?=;)|^(?=;)|(?<=;)$')
_FORMAT_PARTS = re.compile(r'"[^"]*"|\\.|.')
_PLACES = frozenset("0#?,")
_AS_TEXT = re.compile('^="([^"]*)"$')
"""How a .csv keeps a spreadsheet program from taking a code for a number."""
_SCALES = re.compile("[十百千万亿]")


def read_rows(name: str, content: bytes) -> list[list[str]]:
    """Return the rows of a .csv, or of the one filled sheet of an .xlsx, cells as cleaned text.

    Cells that hold no value of their own (a formula without result, merged sideways) hold one of `CELL_FAULTS`.

    Raises:
        Invalid: for anything else, hidden lines, several filled sheets, and names turned around.
    """
    if len(content) > MAX_BYTES:
        raise Invalid(Text("表格超过10兆字节，请分几次导入。", "The table is larger than 10 MB: import it in parts."))
    rows = _from_xlsx(content) if name.lower().endswith(".xlsx") else _from_csv(name, content)
    if len(rows) > MAX_ROWS + 1:
        raise Invalid(
            Text(f"表格超过{MAX_ROWS}行，请分几次导入。", f"More than {MAX_ROWS} lines: import them in parts.")
        )
    for row in rows:
        require_plain_direction("\t".join(row))
    return rows


def _from_xlsx(content: bytes) -> list[list[str]]:
    from openpyxl import load_workbook  # who only asks how large a table may be does without
    from openpyxl.utils.exceptions import InvalidFileException

    if kind_of_content(content) is not FileKind.XLSX or not _is_bearable(content):
        raise _build_unreadable()
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, rich_text=True)
        sheets = {sheet.title: _read_sheet(sheet) for sheet in book.worksheets if sheet.sheet_state == "visible"}
        title = _only_filled(sheets)
        rows = sheets[title]
        _require_order(content)
        if _needs_whole_sheet(content):
            _mark_faults(load_workbook(io.BytesIO(content), rich_text=True)[title], rows)
        return _without_tail(rows)
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
        raise _build_unreadable() from broken


def _read_sheet(sheet: Any) -> list[list[str]]:
    sheet.reset_dimensions()  # what the file says of its size may be wrong, or meant to do harm
    rows = []
    for row in sheet.iter_rows(max_row=MAX_ROWS + 2):
        cells = _bounded_row(row, (cell.value is not None for cell in row[MAX_COLUMNS:]))
        rows.append([_format_cell(cell.value, cell) for cell in cells])
    widest = max(map(len, rows), default=0)
    return [[*row, *[""] * (widest - len(row))] for row in rows]


def _bounded_row(row: Sequence[T], filled_beyond: Iterable[object]) -> Sequence[T]:
    """Return the cells of a line up to the last column that may be, refusing a line that goes on behind it."""
    if any(filled_beyond):
        raise Invalid(
            Text(f"表格超过{MAX_COLUMNS}列，请删去多余的列。", f"More than {MAX_COLUMNS} columns: remove some.")
        )
    return row[:MAX_COLUMNS]


def _only_filled(sheets: Mapping[str, list[list[str]]]) -> str:
    """Return the title of the one visible sheet that holds something; nobody can tell which of several was meant."""
    filled = [title for title, rows in sheets.items() if any(any(row) for row in rows)]
    if len(filled) > 1:
        raise Invalid(
            Text(
                f"这个文件有{len(filled)}张工作表有内容：{'、'.join(filled)}。请只留下要导入的一张，另存后再上传。",
                f"This file has several filled sheets: {', '.join(filled)}. Keep the one to import and save it anew.",
            )
        )
    return (filled or list(sheets))[0]


def _needs_whole_sheet(content: bytes) -> bool:
    """Return whether a sheet has formulas, merged, hidden or inline rich cells, read only with the whole workbook in memory."""
    with ZipFile(io.BytesIO(content)) as archive:
        return any(
            _SPECIAL.search(archive.read(name)) for name in archive.namelist() if name.startswith("xl/worksheets/")
        )


def _require_order(content: bytes) -> None:
    """Raise Invalid where lines or cells of a sheet do not stand in their order: whoever reads on from each loses some."""
    with ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            if not name.startswith("xl/worksheets/"):
                continue
            line, column = 0, (0, b"")
            for letters, digits in _PLACED.findall(archive.read(name)):
                place = (len(letters), letters)
                if int(digits) < line or (letters and place <= column) or (not letters and int(digits) <= line):
                    raise Invalid(
                        Text(
                            f"表格第{int(digits)}行前后的行或格没有按次序存放（由其他程序生成），会漏读内容。请用表格软件打开，另存为 .xlsx 后再上传。",
                            f"Lines or cells around line {int(digits)} are not stored in order (another program wrote them), and some"
                            " would be lost: open the file in a spreadsheet program and save it anew as .xlsx.",
                        )
                    )
                line, column = int(digits), place


def _mark_faults(sheet: Any, rows: list[list[str]]) -> None:
    """Refuse hidden lines and columns; fill cells merged downwards; mark those merged sideways, rich ones and formulas without value."""
    _refuse_hidden(sheet, rows)
    for number, row in enumerate(sheet.iter_rows(max_row=len(rows), max_col=MAX_COLUMNS)):
        for at, cell in enumerate(row[: len(rows[number])]):
            if cell.data_type == "f" and not rows[number][at]:
                rows[number][at] = NO_RESULT
            elif isinstance(cell.value, list):  # inline rich text, of which reading line by line has only the signs
                rows[number][at] = _find_font_fault(cell.value, cell) or rows[number][at]
    for merged in sheet.merged_cells.ranges:
        first = rows[merged.min_row - 1][merged.min_col - 1] if merged.min_row <= len(rows) else ""
        for row in rows[merged.min_row - 1 : merged.max_row] if first else ():
            row[merged.min_col - 1] = first
            for at in range(merged.min_col, min(merged.max_col, len(row))):
                row[at] = MERGED


def _refuse_hidden(sheet: Any, rows: list[list[str]]) -> None:
    lines = [str(n) for n, row in enumerate(rows, 1) if any(row) and _is_hidden(sheet.row_dimensions[n], "height")]
    letters = [name for name, column in sheet.column_dimensions.items() if _is_hidden(column, "width")]
    if lines or letters:
        places = [f"第{'、'.join(lines[:5])}行"] * bool(lines) + [f"{'、'.join(letters[:5])}列"] * bool(letters)
        raise Invalid(
            Text(
                f"表格的{'和'.join(places)}被隐藏（可能是筛选）。请先取消隐藏，或者删去不导入的内容，再上传。",
                f"Lines ({', '.join(lines[:5]) or 'none'}) or columns ({', '.join(letters[:5]) or 'none'}) are hidden, "
                "perhaps by a filter: show or delete them first.",
            )
        )


def _is_hidden(dimension: Any, size: str) -> bool:
    return bool(dimension.hidden) or getattr(dimension, size) == 0


def _build_unreadable() -> Invalid:
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


def _is_bearable(content: bytes) -> bool:
    """Return whether the workbook says that it unpacks to no more than can be read."""
    with ZipFile(io.BytesIO(content)) as archive:
        entries = archive.infolist()
    styles = sum(entry.file_size for entry in entries if entry.filename.startswith("xl/styles"))
    return sum(entry.file_size for entry in entries) <= MAX_UNPACKED and styles <= MAX_STYLES


def _from_csv(name: str, content: bytes) -> list[list[str]]:
    if name.lower().endswith((".xls", ".et", ".ods")):
        raise Invalid(
            Text(
                f"“{name}”是旧格式或者别的格式的表格，读不了。请用 WPS 或 Excel 打开，另存为 .xlsx 后再上传。",
                f"“{name}” is a spreadsheet of another format: save it as .xlsx and send that.",
            )
        )
    if not name.lower().endswith(".csv"):
        raise Invalid(Text("请选择 .xlsx 或 .csv 表格。", "Choose an .xlsx or .csv file."))
    wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return _split_lines(text if "\n" in text else text.replace("\r", "\n"))
    raise Invalid(Text("表格的文字编码读不出来，请另存为 UTF-8。", "The encoding is unknown: save it as UTF-8."))


def _split_lines(text: str) -> list[list[str]]:
    """Return the lines of a .csv up to one more than may be, so that millions are never held."""
    if "\0" in text:
        raise Invalid(
            Text(
                "这个文件不是文字表格（其中有空字符），请用表格软件另存为 .csv 后重试。",
                "This is no table of text (it holds null characters): save it anew as .csv.",
            )
        )
    try:
        head, _, rest = text.partition("\n")
        says = re.fullmatch(r'"?sep=(.)"?\r?', head, re.IGNORECASE)  # a line for the program alone
        text = rest if says else text
        sign = says[1] if says else max(",;\t", key=head.count)  # what programs of other countries put between cells
        rows = list(
            islice(csv.reader(io.StringIO(text), delimiter=sign, strict=True, skipinitialspace=True), MAX_ROWS + 2)
        )
    except csv.Error:
        raise Invalid(
            Text(
                "表格中有一格过长，或者引号没有成对、没有包住整格。请改正后重试；长文请作为附件上传。",
                "A cell of the table is too long, or a quotation mark has no partner or stands within a cell: correct it; send long texts as files.",
            )
        ) from None
    return [
        [_strip_apostrophe(clean_text(_AS_TEXT.sub(r"\1", cell))) for cell in _bounded_row(row, row[MAX_COLUMNS:])]
        for row in rows
    ]


def _format_cell(value: object, cell: Any) -> str:
    if value is None or value == "":
        return ""
    fault = _find_font_fault(value, cell)
    value = str(value) if isinstance(value, list) else value
    if not _is_visible(value, cell.number_format or ""):
        return UNSHOWN
    if fault:
        return fault
    if isinstance(value, datetime | date):
        return _format_day(value, cell.number_format or "")
    if isinstance(value, timedelta):  # [h]:mm
        seconds = round(abs(value).total_seconds())
        rest = f":{seconds % 60:02}" if seconds % 60 else ""
        return f"{'-' if value < timedelta(0) else ''}{seconds // 3600}:{seconds // 60 % 60:02}{rest}"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"  # as the sheet shows it
    if isinstance(value, int | float):
        return _format_number(value, cell.number_format or "")
    return _strip_apostrophe(clean_text(_ESCAPED.sub(lambda sign: chr(int(sign[1], 16)), str(value))))


def _find_font_fault(value: object, cell: Any) -> str:
    """Return what is wrong with how a value is written; a rich text is a list of strings and of blocks with a font."""
    parts = value if isinstance(value, list) else [value]
    usual = _find_font(cell)
    fonts = [getattr(part, "font", usual) for part in parts if str(part).strip()]
    if any(font is not None and font.strike for font in fonts):
        return STRUCK
    raised = ("superscript", "subscript")
    return RAISED if any(font is not None and font.vertAlign in raised for font in fonts) else ""


def _find_font(cell: Any) -> Any:
    try:
        return cell.font
    except IndexError:  # small programs name fonts that they do not write
        return None


def _is_visible(value: object, cell_format: str) -> bool:
    """Say whether a cell shows its value: ;;; shows none, 0;;; no negative number and no zero, ;;;@ texts alone."""
    sections = _FORMAT_SECTION.findall(cell_format.lower())
    if any(sign in cell_format for sign in ("[<", "[>", "[=")):
        return isinstance(value, str) or all(
            re.search("[0#?@]|general", _FORMAT_WORDS.sub("", part)) for part in sections
        )
    if not cell_format:
        return True
    if isinstance(value, str):
        return len(sections) < 4 or "@" in sections[3]
    place = 0
    if isinstance(value, int | float) and not isinstance(value, bool):
        place = 1 if value < 0 else 2 if value == 0 else 0
    section = sections[place] if place < len(sections) else sections[0]
    if value == 0 or isinstance(value, date):  # "-" for none
        return bool(section)
    return any(sign in _FORMAT_WORDS.sub("", section) for sign in "0#?@ymdhsg")


def _format_day(value: date, cell_format: str) -> str:
    """Return a day; one of which its cell shows a part alone was perhaps none: programs make a day of 1-2 and of 2020年5月."""
    shape = _FORMAT_WORDS.sub("", cell_format).lower()
    whole = not shape or shape == "general" or all(sign in shape for sign in "ymd")
    return value.strftime("%Y-%m-%d") if whole else value.strftime(f"%Y-%m-%d{PART_OF_DAY}")


def _format_number(value: float, cell_format: str) -> str:
    """Return a number, and what its cell shows where that is more or other than its digits: 3（显示为第3届）.

    Programs keep no more than fifteen digits, so a longer code is no longer itself. Shown with leading zeros (000000) or a
    scale of tens of thousands (0"万元") it is those; where the format divides (0!.0,"万") the value is whole already.
    """
    if abs(value) >= 10**15:
        return TOO_LONG
    percent = "%" in cell_format
    digits = f"{value * 100 if percent else value:.15g}"
    plain = format(Decimal(digits), "f")
    if re.fullmatch("0{2,}", cell_format) and plain.isdigit():
        return plain.zfill(len(cell_format))
    words = "".join(
        "".join(part for part in groups if part) for groups in _FORMAT_WORDS.findall(cell_format.partition(";")[0])
    )
    divides = "!" in cell_format or re.search(r"[0#?],(?![0#?,])", _FORMAT_WORDS.sub("", cell_format))
    if _SCALES.search(words) and not divides:
        return f"{plain}{words}"
    display = "" if percent or divides else _format_digits(plain, cell_format)
    return f"{plain}%" if percent else f"{plain}{SHOWN.format(display)}" if display else plain


def _format_digits(plain: str, cell_format: str) -> str:
    """Return a whole number between the words and signs of its format (第0届, 000-0000), "" where nothing stands among its digits."""
    section = re.sub(r"[_*].|\[[^\]]*\]", "", cell_format.partition(";")[0])
    section = re.sub("general|G/通用格式", "0", section, flags=re.IGNORECASE)
    parts = [
        (part[1:-1] if part[0] == '"' else part.removeprefix("\\"), part in _PLACES)
        for part in _FORMAT_PARTS.findall(section)
    ]
    around = "".join(text for text, is_place in parts if not is_place).strip(" ,.¥$￥€£()+")
    is_formal = "[DBNum" in cell_format and len(plain) < 4
    if not plain.isdigit() or not (around or is_formal) or any(text in ".E@/" for text, _ in parts):
        return ""
    digits = write_han(int(plain)) if is_formal else plain
    signs: list[str] = []
    places = sum(is_place and text != "," for text, is_place in parts)
    for text, is_place in reversed(parts):
        if not is_place:
            signs.append(text)
        elif text != ",":
            places -= 1
            taken = len(digits) if not places else 1
            signs.append(digits[-taken:] if digits else "0" if text == "0" else "")
            digits = digits[:-taken] if taken else ""
    return "".join(reversed(signs))


def _strip_apostrophe(text: str) -> str:
    """Leave out the apostrophe that our own exports put before what would run as a formula."""
    return text[1:] if text[:1] == "'" and text[1:].startswith(FORMULA_SIGNS) else text
