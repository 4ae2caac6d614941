"""What goes into the sheets of a workbook, whatever puts it together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from service.domain.spreadsheets.lists import Column
from service.domain.spreadsheets.spreadsheet_cells import neutralise_cell

_UNPRINTABLE = dict.fromkeys([*range(9), 11, 12, *range(14, 32)])

ListSheet = tuple[str, Sequence[Column], Iterable[Sequence[object]]]
"""Title, headings, rows."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula of the program's own, begun with ``=``, which a spreadsheet program computes."""

    text: str


@dataclass(frozen=True, slots=True)
class WorkbookSheet:
    """A sheet to be read: headings first, then rows of texts, numbers and formulas; ``widths`` of the columns in characters."""

    title: str
    rows: Sequence[Sequence[object]]
    widths: Sequence[int]


def sanitise_cell_text(text: str) -> str:
    """Return text of a length that a cell takes, without signs that none keeps, and never run as a formula."""
    return neutralise_cell(text.translate(_UNPRINTABLE)[:32_000])


def cell_text(value: object) -> str:
    """Return what a cell of a list says: a day like 2026-03-01, 是 and 否, several words with 、 between them."""
    if isinstance(value, bool):
        return "是" if value else "否"
    text = "、".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    return "" if value is None else text if isinstance(value, int | float) else sanitise_cell_text(text)
