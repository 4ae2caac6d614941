"""Settings, times of keeping, limits, calendars and sanctions without the seal of this installation: they do not hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from service.casework.desk.desk import Desk
from service.casework.records.unreadable import readable
from service.domain.proof.row_mark import MarkMatter, RowMark, matter_of
from service.domain.text import Text
from service.store import CHOICES, Store, Transaction

_COLUMNS = {
    "body.name": Text("name、name_en 或 details", "name, name_en or details"),
    "person.name": Text("name、email 或 telephone", "name, email or telephone"),
    "registration.telephone": Text(
        "name、contact、body_id、telephone 或 email", "name, contact, body_id, telephone or email"
    ),
}
"""Of what stands under a second seal: the columns that it binds."""

Late = Callable[[Transaction, str, Sequence[object]], None]
"""What tells, in the unit of work that seals them, which rows of a table were sealed."""


def seal_choices(desk: Desk, stopped: Callable[[], bool], late: Late, *, again: bool = False) -> int:
    """Seal those that have none, some rows in a transaction; returns how many there were.

    Where every row of a table must have one already, only those ``again`` that an old backup brought.
    """
    count, seals = 0, desk.store.seals
    for name in (each for each in CHOICES if again or seals is None or not seals.asks_for(each)):
        after: tuple[Any, ...] | None = ()
        while after is not None and not stopped():
            with desk.store.write() as tx:
                page = tx.choices.page(name, after, CHOICES[name].page)
                lacking = [row for row in page if tx.choices.lacks_seal(name, row)]
                for row in lacking:
                    tx.choices.seal(name, row)
                if lacking:
                    late(tx, name, [_key(name, row) for row in lacking])
            count += len(lacking)
            after = CHOICES[name].key_of(page[-1]) if page else None
    return count


def wrong_choices(desk: Desk) -> Iterator[RowMark]:
    """Name the rows that lack a seal, in words; what is looked at once a day is left out."""
    for name in (each for each, kind in CHOICES.items() if not kind.daily):
        yield from readable(desk, rows_of_others(desk.store, name))


def rows_of_others(store: Store, name: str) -> Iterator[RowMark]:
    """Name the rows of one table that lack a seal, in words; nothing before each must have one."""
    seals = store.seals
    after: tuple[Any, ...] | None = () if seals is not None and seals.asks_for(name) else None
    while after is not None:
        with store.read() as tx:
            page = tx.choices.page(name, after, CHOICES[name].page)
            lacking = [row for row in page if tx.choices.lacks_seal(name, row)]
        yield from (_words(name, _key(name, row), matter_of(CHOICES[name].rows.of(row))) for row in lacking)
        after = CHOICES[name].key_of(page[-1]) if page else None


def _key(name: str, row: Any) -> str:
    return "/".join(str(part) for part in CHOICES[name].key_of(row))


def _words(name: str, key: str, matter: MarkMatter) -> RowMark:
    if name in _COLUMNS:
        table, columns = name.partition(".")[0], _COLUMNS[name]
        return RowMark(
            f"表 {table} 第{key}行的 {columns.zh} 列不是由本系统写入的，不予采用",
            f"{columns.en} in row {key} of table {table} were not written by this program: nothing is done by them",
            table=table,
            row=key,
            matter=matter,
        )
    return RowMark(
        f"表 {name} 第{key}行没有本系统的印记，不予采用",
        f"row {key} of table {name} lacks the seal of this program and does not hold",
        table=name,
        row=key,
        matter=matter,
    )
