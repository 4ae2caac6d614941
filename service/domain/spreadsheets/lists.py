"""Read lists from spreadsheets: headings, and lines read strictly with a sentence for every wrong cell."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import Enum

from service.domain.spreadsheets.spreadsheet_cells import (
    CELL_FAULTS,
    DISPLAYED_AS_DAY,
    DISPLAYED_IN_PART,
    PART_OF_DAY,
    SHORTENED_NUMBER,
    extract_cell_text,
    find_cell_fault,
    value_of_cell,
)
from service.domain.text import Text
from service.domain.values.typed_text import CONTROL, clean_code, clean_number, clean_text, clean_word, split_words
from service.domain.values.typed_times import read_day as read_typed_day

_YES = {
    "是": True,
    "yes": True,
    "true": True,
    "1": True,
    "√": True,
    "否": False,
    "no": False,
    "false": False,
    "0": False,
}
_NOTHING = frozenset({"-", "--", "—", "——", "/", "\\", "无", "同上", "〃", "n/a", "nan", "null", "none"})
"""What people and programs write where there is nothing."""
_POWER_OF_TEN = re.compile(
    r"[+-]?(?:\d*[.,][\d.,]*E[+-]?\d{1,3}|\d{1,3}E\+\d{1,3}|\dE\d{1,2})", re.ASCII | re.IGNORECASE
)
"""How programs write long numbers (4,687E+11, 1.0E13, 1E5), unlike codes such as 2020E001."""


class CellKind(Enum):
    """What a cell holds; a code has no blanks and capitals only, a word (an address, a number to call) plain signs."""

    TEXT = "text"
    DAY = "day"
    NUMBER = "number"
    CHOICE = "choice"
    YES = "yes"
    WORDS = "words"
    CODE = "code"
    WORD = "word"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, what else it may be called, what its cells hold.

    ``choices`` are (value, label) of a choice; a cell may hold either. A column with ``given`` is written for
    people and not read back.
    A text has one line unless it may have ``lines``.
    A number is ``whole`` (an int) or not (its plain text), not below ``least``, and may be followed by its ``unit``.
    """

    id: str
    title: Text
    needed: bool = False
    kind: CellKind = CellKind.TEXT
    choices: tuple[tuple[str, str], ...] = ()
    aliases: tuple[str, ...] = ()
    hint: Text | None = None
    longest: int = 500
    given: bool = False
    lines: bool = False
    whole: bool = True
    least: int | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class CellMistake:
    """What is wrong with a line, in the column with heading ``field``."""

    field: Text
    reason: Text


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a list; ``number`` is that of the sheet, headings being line 1.

    ``values`` are by column: text, date, int, bool or a tuple of words; what is empty or wrong is left out.
    """

    number: int
    values: Mapping[str, object]
    mistakes: tuple[CellMistake, ...]

    def text(self, column: str) -> str:
        """Return a cell as text, "" where it is empty."""
        return str(self.values.get(column, ""))


class MissingHeadings(ValueError):
    """Columns that a list needs are not there; ``names`` are their headings."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__("、".join(names))
        self.names = tuple(names)


def read_lines(rows: Sequence[Sequence[str]], columns: Sequence[Column]) -> list[Line]:
    """Return the lines below the headings in the first row; empty lines are left out.

    Raises:
        MissingHeadings: a needed column is not there, or stands there twice.
    """
    places = _find_places(rows[0] if rows else (), columns)
    missing = [c.title.zh for c in columns if c.needed and c.id not in places]
    if missing:
        raise MissingHeadings(missing)
    read = [(c, places[c.id]) for c in columns if c.id in places]
    lines = []
    for number, row in enumerate(rows[1:], 2):
        cells = {c: _read_cell(c, row[i]) if i < len(row) else "" for c, i in read}
        if any(cells[c] for c, _ in read if not c.given):
            line = _read_line(number, cells)
            lines.append(line if not any(map(str.strip, row[len(rows[0]) :])) else _with_more_cells(line))
    return lines


def _read_cell(column: Column, cell: str) -> str:
    is_reckoned = column.kind in (CellKind.NUMBER, CellKind.YES)
    return clean_text(value_of_cell(cell) if is_reckoned else extract_cell_text(cell))


def _with_more_cells(line: Line) -> Line:
    """Refuse a line with cells beyond the last heading: a comma in a number or a name has moved them."""
    reason = Text(
        "这一行的格子比列名多，后面的内容没有列名（例如数字里的逗号把一格分成了两格），请改正后重新导入。",
        "This line has more cells than there are headings; a comma in a number, say, made two cells of one: correct it.",
    )
    return replace(line, mistakes=(*line.mistakes, CellMistake(Text("行", "line"), reason)))


def read_day(text: str) -> date | None:
    """Return the day a cell names (2026-03-01, 2026/3/1, 2026年3月1日), None where it names none."""
    try:
        return read_typed_day(re.sub(r"[ T]00:00(:00)?$", "", clean_word(text)))
    except ValueError:
        return None


def unread_columns(rows: Sequence[Sequence[str]], columns: Sequence[Column]) -> tuple[str, ...]:
    """Return the headings of columns that hold something and are not read; one without heading is called by its number."""
    head = rows[0] if rows else ()
    widest = max((len(row) for row in rows), default=0)
    read = set(_find_places(head, columns).values())
    filled = (i for i in range(widest) if i not in read and any(i < len(r) and r[i].strip() for r in rows[1:]))
    titles = [cell.strip() if cell not in CELL_FAULTS else "" for cell in head]
    names = ((titles[i] if i < len(titles) else "") or f"第{i + 1}列" for i in filled)
    return tuple(" ".join(name.split()) for name in names)


def _find_places(head: Sequence[str], columns: Sequence[Column]) -> dict[str, int]:
    words = {_normalise_heading(w): c.id for c in columns for w in (c.title.zh, c.title.en, c.id, *c.aliases)}
    places: dict[str, int] = {}
    for index, cell in enumerate(head):
        column = words.get(_normalise_heading(cell))
        if column is not None and column in places:
            raise MissingHeadings([f"{cell.strip()}（重复）"])
        if column is not None:
            places[column] = index
    return places


def _normalise_heading(heading: str) -> str:
    return re.sub(r"[\s*]", "", clean_word(heading)).lower()


def _read_line(number: int, cells: Mapping[Column, str]) -> Line:
    values: dict[str, object] = {}
    mistakes: list[CellMistake] = []
    for column, cell in cells.items():
        value = _read_value(column, cell)
        if isinstance(value, Text):
            mistakes.append(CellMistake(column.title, value))
        elif value is not None:
            values[column.id] = value
        elif column.needed:
            mistakes.append(CellMistake(column.title, Text("没有填写。", "It is empty.")))
    return Line(number, values, tuple(mistakes))


def read_value(column: Column, text: str) -> object | Text | None:
    """Return what a cell with this text holds, None where it is empty, or a sentence that says what is wrong with it."""
    return _read_value(column, _read_cell(column, text))


def _read_value(column: Column, cell: str) -> object | Text | None:
    value = _judge_cell(column, cell) if cell else None
    return cell if column.given and isinstance(value, Text) else value  # what is written for people has no faults


def _judge_cell(column: Column, cell: str) -> object | Text:
    """Return what the cell holds, or a sentence that says what is wrong with it."""
    fault = find_cell_fault(cell)
    if fault is not None:
        return fault
    if CONTROL.search(cell):
        return Text("含有无法显示的字符，请删除后重填。", "This holds invisible characters; remove them.")
    if column.kind is CellKind.TEXT and not column.lines and "\n" in cell:
        return Text("这一格有几行，请写成一行。", "This cell has several lines: write one.")
    if column.needed and clean_word(cell).lower() in _NOTHING:
        return Text(f"“{cell}”不是要填的内容，请照实填写。", f"“{cell}” is not what belongs here: fill it in.")
    if _POWER_OF_TEN.fullmatch(clean_word(cell)):
        return SHORTENED_NUMBER
    if re.fullmatch(rf"\d{{4}}-\d\d-\d\d{PART_OF_DAY}", cell, re.ASCII):
        return DISPLAYED_IN_PART if column.kind is CellKind.DAY else DISPLAYED_AS_DAY
    if len(cell) > column.longest:
        return Text(f"超过{column.longest}字。", f"Longer than {column.longest} characters.")
    match column.kind:
        case CellKind.DAY:
            return read_day(cell) or Text(
                f"“{cell}”不是日期，请写成 2026-03-01。", f"“{cell}” is no date: write 2026-03-01."
            )
        case CellKind.NUMBER:
            return _read_number(column, cell)
        case CellKind.YES:
            answer = _YES.get(clean_word(cell).lower())
            return Text(f"“{cell}”应为是或否。", f"“{cell}” must be yes or no.") if answer is None else answer
        case CellKind.WORDS:
            return split_words(cell)
        case CellKind.CHOICE:
            return _read_choice(column, cell)
        case CellKind.CODE:
            return clean_code(cell)
        case CellKind.WORD:
            return clean_word(cell)
    return cell


def _read_number(column: Column, cell: str) -> int | str | Text:
    """Return a number, or why the cell holds none; a comma that groups no thousands may be a decimal one, so it is refused."""
    plain = clean_number(clean_word(cell).removesuffix(column.unit))
    shape = r"[+-]?\d{1,12}(?:\.(?:0{1,2}|0{4,}))?" if column.whole else r"[+-]?\d{1,12}(?:\.\d{1,10})?"
    if not re.fullmatch(shape, plain, re.ASCII):
        wanted = ("整数", "whole number", "80") if column.whole else ("数字", "number", "80.5")
        return Text(
            f"“{_shorten_cell(cell)}”不是{wanted[0]}，请写阿拉伯数字，如 {wanted[2]}。",
            f"“{_shorten_cell(cell)}” is no {wanted[1]}: write one such as {wanted[2]}.",
        )
    if column.least is not None and Decimal(plain) < column.least:
        return Text(f"不能小于 {column.least}。", f"This cannot be less than {column.least}.")
    return int(plain.partition(".")[0]) if column.whole else plain


def _shorten_cell(cell: str) -> str:
    return cell if len(cell) <= 40 else f"{cell[:40]}…"


def _read_choice(column: Column, cell: str) -> str | Text:
    plain = clean_word(cell)
    for value, label in column.choices:
        if plain in (value, clean_word(label)):
            return value
    labels = "、".join(label for _, label in column.choices)
    return Text(f"“{_shorten_cell(cell)}”不在可选项之中：{labels}。", f"“{_shorten_cell(cell)}” is none of: {labels}.")
