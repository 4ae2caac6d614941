"""A cell that cannot be read stops no comparison: it is named, and what is looked at apart from it goes on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

from service.casework.desk.desk import Desk
from service.domain.row_mark import RowMark
from service.store import UNREADABLE

_Found = TypeVar("_Found")


def readable(desk: Desk, found: Iterable[_Found]) -> Iterator[_Found | RowMark]:
    """Yield what a look finds; where it meets cells that cannot be read, name those instead of what else it would find.

    Raises:
        Exception: the look raised it, and every cell can be read.
    """
    try:
        yield from found
    except UNREADABLE:
        cells = unreadable_cells(desk)
        if not cells:
            raise
        yield from cells


def unreadable_cells(desk: Desk) -> list[RowMark]:
    """Name the cells that cannot be read, of one table after another: the next is named once these are mended."""
    with desk.store.read() as tx:
        cells = tx.soundness.unreadable()
    return [
        RowMark(
            f"表 {one.table} 第{one.key}行 {one.column} 列的内容无法读取，是在系统之外写入的；改正以前，与它一并核对的其余内容未能核对",
            f"column {one.column} in row {one.key} of table {one.table} cannot be read: it was written beside this program;"
            " until it is mended, what is compared together with it is not",
            table=one.table,
            row=one.key,
        )
        for one in cells
    ]
