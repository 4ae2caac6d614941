"""Cells of tables that are opened by a spreadsheet."""

from __future__ import annotations

import re
from collections.abc import Mapping

from service.domain.text import Text

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""A text that begins with one of these is run by a spreadsheet program; those of double width where Chinese or Japanese is typed."""

NO_RESULT, MERGED, TOO_LONG, UNSHOWN, STRUCK, RAISED = "#无结果", "#合并", "#数字过长", "#不显示", "#删除线", "#上下标"
"""What stands in a cell that was read from a workbook and holds no value of its own."""
SHOWN = "（显示为{}）"
"""Ends the number of a cell whose format shows more than its digits."""
_SHOWN = re.compile("(.+)（显示为(.+)）", re.DOTALL)
PART_OF_DAY = "（部分）"
"""Ends the day of a cell that shows only a part of it: the rest is the spreadsheet program's guess."""
DISPLAYED_AS_DAY = Text(
    "表格软件把这一格当成了日期，原来的内容已经改变，请把这一列设为文本后重新填写。",
    "A spreadsheet program made a date of this cell: format the column as text and type it anew.",
)
DISPLAYED_IN_PART = Text(
    "这一格只显示日期的一部分，其余是表格软件猜的，请写全，如 2026-03-01。",
    "This cell shows only a part of a date, the rest is a spreadsheet program's guess: write all of it, such as 2026-03-01.",
)
SHORTENED_NUMBER = Text(
    "表格软件把这一格的长数字写成了科学记数，后面几位已经丢失，请把这一列设为文本后重新填写。",
    "A spreadsheet program wrote this long number in powers of ten and lost its last digits: format the column as text, type it anew.",
)

_TOO_NARROW = Text(
    "这一格只有 ####：保存时列太窄，原来的内容没有写进文件。请把列加宽后重新另存，或者重新填写。",
    "This cell holds #### alone: its column was too narrow when the file was saved. Make it wider and save the file anew.",
)
_ERRORS = ("#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#GETTING_DATA")
CELL_FAULTS: Mapping[str, Text] = {
    **{
        code: Text(
            f"这一格是公式错误 {code}，请改正公式，或者粘贴为数值。",
            f"This cell is the formula error {code}: correct the formula or paste its value.",
        )
        for code in _ERRORS
    },
    NO_RESULT: Text(
        "这一格的公式没有结果，请在表格软件中打开并保存一次，或者粘贴为数值。",
        "The formula of this cell has no result: open and save the file in a spreadsheet program, or paste its value.",
    ),
    MERGED: Text(
        "这一格与左边的格合并，不知道该填什么，请取消合并后填写。",
        "This cell is merged with the one on its left: unmerge and fill it in.",
    ),
    UNSHOWN: Text(
        "这一格有内容，但是单元格格式使它不显示（例如 ;;;）。请把格式改为常规，核对后再上传。",
        "This cell holds something that its number format does not show (such as ;;;): format it as General and look at it.",
    ),
    STRUCK: Text(
        "这一格有带删除线的内容，不知道还算不算数。请删去作废的内容、取消删除线后再上传。",
        "This cell holds what is struck through: delete what no longer holds and remove the strike.",
    ),
    RAISED: Text(
        "这一格有上标或者下标，读成一行会变成别的内容（10² 会成为 102）。请删去注释号，或者写成普通文字后再上传。",
        "This cell holds a superscript or subscript, which would run into the rest (10² into 102): delete marks of notes, "
        "or write plain text.",
    ),
    TOO_LONG: Text(
        "这一格是15位以上的数字，表格软件已经丢失末尾几位，请把这一列设为文本后重新填写。",
        "This number has more than 15 digits, of which spreadsheet programs lose the last: format the column as text, type it anew.",
    ),
}
"""Why a cell with this text is refused."""


_FORMS = (
    (re.compile("^#{2,}$"), _TOO_NARROW),
    (
        re.compile(r"^=(?:_xlfn\.)?DISPIMG\(", re.IGNORECASE),
        Text(
            "这一格是一张图片，读不出文字，请写成文字。",
            "This cell is a picture, of which nothing can be read: write it as text.",
        ),
    ),
    (
        re.compile(r"^=\s*[A-Z][A-Z0-9_.]*\(", re.IGNORECASE),
        Text(
            "这一格是没有算出结果的公式，请粘贴为数值。", "This cell is a formula without its result: paste its value."
        ),
    ),
    (
        re.compile(r"^[?？]{2,}$|\ufffd|锟斤拷"),
        Text(
            "这一格有转换编码时损坏的文字（�、??、锟斤拷），请从原来的文件重新另存为 UTF-8 或者 .xlsx。",
            "This cell holds text that a change of encoding has damaged: save the original file anew as UTF-8 or .xlsx.",
        ),
    ),
)
"""What a cell looks like that is refused, and why."""


def find_cell_fault(cell: str) -> Text | None:
    """Return why a cell is refused, None for one that holds a value."""
    return next((fault for form, fault in _FORMS if form.search(cell)), None) or CELL_FAULTS.get(cell.upper())


def value_of_cell(cell: str) -> str:
    """Return what a cell holds, whatever its format shows around it."""
    match = _SHOWN.fullmatch(cell)
    return match[1] if match else cell


def extract_cell_text(cell: str) -> str:
    """Return what a cell shows."""
    match = _SHOWN.fullmatch(cell)
    return match[2] if match else cell


def neutralise_cell(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula (see OWASP, CSV injection)."""
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text
