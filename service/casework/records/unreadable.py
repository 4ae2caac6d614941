"""A cell that cannot be read stops no comparison: it is named, and what is looked at apart from it goes on."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from service.casework.desk.desk import Desk
from service.domain.proof.row_mark import RowMark
from service.store import MISREAD

log = logging.getLogger(__name__)

_Found = TypeVar("_Found")


def readable(
    desk: Desk, found: Iterable[_Found], cells: Callable[[Desk], list[RowMark]] | None = None
) -> Iterator[_Found | RowMark]:
    """Yield what a look finds; where it meets what it cannot read, name that instead of what else it would find.

    Where several looks are made at once, ``cells`` reads the tables once for all of them.
    """
    try:
        yield from found
    except MISREAD as error:
        yield from misread(desk, error, cells or unreadable_cells)


def misread(desk: Desk, error: Exception, read: Callable[[Desk], list[RowMark]] | None = None) -> list[RowMark]:
    """Name the cells that a look could not read; where each can be, say that it met values of another kind."""
    cells = (read or unreadable_cells)(desk)
    if cells:
        return cells
    log.error("a look was not made", exc_info=error)
    kind = type(error).__name__
    return [
        RowMark(
            f"有一项没有核对成：遇到了本系统从不写入的内容（{kind}，详见日志），其余照常核对",
            f"one look was not made: it met values that this program never writes ({kind}, see the log); all else is looked at",
        )
    ]


def unreadable_cells(desk: Desk) -> list[RowMark]:
    """Name the cells that cannot be read."""
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
