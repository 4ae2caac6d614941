"""Read lists from spreadsheets: headings, and lines read strictly with a sentence for every wrong cell."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum

from service.domain.text import Text

_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]00:00(?::00)?)?")
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


class CellKind(Enum):
    """What a cell holds."""

    TEXT = "text"
    DAY = "day"
    NUMBER = "number"
    CHOICE = "choice"
    YES = "yes"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, what else it may be called, what its cells hold.

    ``choices`` are (value, label) of a choice; a cell may hold either. A column with ``given`` is written for
    people and not read back.
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
    places = _places(rows[0] if rows else (), columns)
    missing = [c.title.zh for c in columns if c.needed and c.id not in places]
    if missing:
        raise MissingHeadings(missing)
    read = [(c, places[c.id]) for c in columns if c.id in places]
    lines = []
    for number, row in enumerate(rows[1:], 2):
        cells = {c: row[i].strip() if i < len(row) else "" for c, i in read}
        if any(cells[c] for c, _ in read if not c.given):
            lines.append(_line(number, cells))
    return lines


def read_day(text: str) -> date | None:
    """Return the day a cell names (2026-03-01, 2026/3/1, 2026年3月1日), None where it names none."""
    found = _DAY.fullmatch(text.strip())
    try:
        return date(*(int(part) for part in found.groups())) if found else None
    except ValueError:
        return None


def _places(head: Sequence[str], columns: Sequence[Column]) -> dict[str, int]:
    words = {_plain(w): c.id for c in columns for w in (c.title.zh, c.title.en, c.id, *c.aliases)}
    found: dict[str, int] = {}
    for index, cell in enumerate(head):
        column = words.get(_plain(cell))
        if column is not None and column in found:
            raise MissingHeadings([f"{cell.strip()}（重复）"])
        if column is not None:
            found[column] = index
    return found


def _plain(heading: str) -> str:
    return re.sub(r"[\s*＊]", "", heading).lower()


def _line(number: int, cells: Mapping[Column, str]) -> Line:
    values: dict[str, object] = {}
    mistakes: list[CellMistake] = []
    for column, cell in cells.items():
        found = _value(column, cell) if cell else None
        if isinstance(found, Text):
            mistakes.append(CellMistake(column.title, found))
        elif found is not None:
            values[column.id] = found
        elif column.needed:
            mistakes.append(CellMistake(column.title, Text("没有填写。", "It is empty.")))
    return Line(number, values, tuple(mistakes))


def _value(column: Column, cell: str) -> object | Text:
    """Return what the cell holds, or a sentence that says what is wrong with it."""
    if len(cell) > column.longest:
        return Text(f"超过{column.longest}字。", f"Longer than {column.longest} characters.")
    if column.kind is CellKind.DAY:
        return read_day(cell) or Text(
            f"“{cell}”不是日期，请写成 2026-03-01。", f"“{cell}” is no date: write 2026-03-01."
        )
    if column.kind is CellKind.NUMBER:
        return _number(cell)
    if column.kind is CellKind.YES:
        known = _YES.get(cell.lower())
        return Text(f"“{cell}”应为是或否。", f"“{cell}” must be yes or no.") if known is None else known
    if column.kind is CellKind.WORDS:
        return tuple(w.strip() for w in re.split(r"[、;；,，\n]", cell) if w.strip())
    if column.kind is CellKind.CHOICE:
        return _choice(column, cell)
    return cell


def _number(cell: str) -> int | Text:
    plain = re.sub(r"[,，\s%％元]", "", cell)
    if re.fullmatch(r"-?\d{1,12}(\.0+)?", plain):
        return int(plain.split(".")[0])
    return Text(f"“{cell}”不是整数。", f"“{cell}” is no whole number.")


def _choice(column: Column, cell: str) -> str | Text:
    for value, label in column.choices:
        if cell in (value, label):
            return value
    labels = "、".join(label for _, label in column.choices)
    return Text(f"“{cell}”不在可选项之中：{labels}。", f"“{cell}” is none of: {labels}.")
