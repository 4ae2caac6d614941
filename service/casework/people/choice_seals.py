"""Settings, times of keeping, limits, calendars and sanctions without the seal of this installation: they do not hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from service.casework.desk.desk import Desk
from service.domain.text import Text
from service.store import CHOICES, Transaction

_AT_ONCE = 200

Late = Callable[[Transaction, str, Sequence[object]], None]
"""What tells, in the unit of work that seals them, which rows of a table were sealed."""


def seal_choices(desk: Desk, stopped: Callable[[], bool], late: Late) -> int:
    """Seal those that have none, some rows in a transaction; returns how many there were."""
    count = 0
    for name in CHOICES:
        after: tuple[Any, ...] | None = ()
        while after is not None and not stopped():
            with desk.store.write() as tx:
                page = tx.choices.page(name, after, _AT_ONCE)
                lacking = [row for row in page if tx.choices.lacks_seal(name, row)]
                for row in lacking:
                    tx.choices.seal(name, row)
                if lacking:
                    late(tx, name, [_key(name, row) for row in lacking])
            count += len(lacking)
            after = CHOICES[name].key_of(page[-1]) if page else None
    return count


def wrong_choices(desk: Desk) -> Iterator[Text]:
    """Name the rows that lack a seal, in words."""
    seals = desk.store.seals
    for name in CHOICES:
        after: tuple[Any, ...] | None = () if seals is not None and seals.asks_for(name) else None
        while after is not None:
            with desk.store.read() as tx:
                page = tx.choices.page(name, after, _AT_ONCE)
                lacking = [row for row in page if tx.choices.lacks_seal(name, row)]
            yield from (_words(name, _key(name, row)) for row in lacking)
            after = CHOICES[name].key_of(page[-1]) if page else None


def _key(name: str, row: Any) -> str:
    return "/".join(str(part) for part in CHOICES[name].key_of(row))


def _words(name: str, key: str) -> Text:
    return Text(
        f"表 {name} 第{key}行没有本系统的印记，不予采用",
        f"row {key} of table {name} lacks the seal of this program and does not hold",
    )
